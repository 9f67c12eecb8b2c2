package checks

import (
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/tomldoc"
)

// answeringTeam gives the team that answers for the service. When there is none it says that the check does not apply,
// because owner-team asks for the team first, and gives nil.
func answeringTeam(in *Inspection) *catalog.Team {
	team := in.Service.Owner.Team
	if team == nil || placeholder(team.Name.Value) {
		in.NotApplicablef("the service has no owner that is a team. owner-team asks for it first")
		return nil
	}
	return team
}

// missingOfTeam states that the team's entry lacks something. A part of the entry that could not be read may hold it.
func missingOfTeam(in *Inspection, team *catalog.Team, format string, args ...any) *Requirement {
	for _, g := range in.Estate.Gaps {
		if g.Concerns(catalog.Teams) && g.Cause != catalog.Duplicate && g.Names[team.Name.Value] {
			return in.Undecidedf(g.At, format+", but %s could not be read (%s: %s)", append(slices.Clone(args), g.At, g.Cause, g.Detail)...)
		}
	}
	return in.Unmetf(team.At, format, args...)
}

// unreadCauses are the causes of gaps that hide whole entries, not parts of them.
var unreadCauses = []catalog.Cause{catalog.Syntax, catalog.Template, catalog.TooLarge, catalog.TooDeep, catalog.MissingObject, catalog.Encoding, catalog.Unsupported}

// hiddenEntry gives the first gap that may hide an entry of the given name: text that could not be read and names it,
// text of which nothing is known, or a list of entries outside what this run reads. nil when there is none.
func hiddenEntry(estate *catalog.Estate, kind catalog.Kind, name string) *catalog.Gap {
	for i := range estate.Gaps {
		g := &estate.Gaps[i]
		entries := g.Concerns(kind) || g.Concerns(catalog.Services) // a file of entries that does not parse counts as one of services
		switch {
		case !entries:
		case g.Cause == catalog.Unreachable, slices.Contains(unreadCauses, g.Cause) && (g.Names == nil || g.Names[name]):
			return g
		}
	}
	return nil
}

// placeholderWords stand for "not said yet".
var placeholderWords = []string{"unspecified", "unowned", "unknown", "unassigned", "undefined", "nobody", "none", "placeholder", "tbd", "todo", "fixme", "changeme"}

// placeholder reports whether a name only keeps a place: one of its words says so.
func placeholder(text string) bool {
	if len(text) > 64 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(placeholderWords, w) })
}

// Says reports whether a text says something, and does not only keep a place ("TBD").
func Says(text string) bool { return text != "" && !blank(text) }

// blank reports whether a text says nothing yet: all its words keep a place, or it begins with a note to oneself.
func blank(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) > 0 && slices.Contains([]string{"todo", "tbd", "fixme", "placeholder"}, words[0]) {
		return true
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(placeholderWords, w) && w != "n" && w != "a" && w != "na" })
}

// suggest gives a question that names the known word which was probably meant, "" when none is like it.
func suggest(word string, known []string) string {
	likely := slices.DeleteFunc(slices.Clone(known), func(k string) bool {
		return k == "" || len(k) > 2*len(word) || len(word) > 2*len(k) || !strings.EqualFold(k[:1], word[:min(1, len(word))])
	})
	if nearest := tomldoc.Nearest(word, likely); nearest != "" {
		return `. did you mean "` + nearest + `"?`
	}
	return ""
}

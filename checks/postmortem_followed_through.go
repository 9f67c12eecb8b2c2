package checks

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
)

var postmortemFollowedThrough = &Check{
	ID:       "postmortem-followed-through",
	Title:    "What kept an incident from being noticed led to an alert or a runbook that names it",
	Why:      "When users noticed first, the same incident will go unnoticed again until an alert or a runbook exists. One that names the postmortem shows why it is there, so that nobody takes it away.",
	Fix:      "Add the alert or the runbook, and link the postmortem from it: an annotation `postmortem: <path or address>` on the rule, or a link in the page. Or name the alert rule in the postmortem's action item.",
	Source:   "Google SRE book, ch. 15 \"Postmortem Culture\" (monitoring failure is a trigger); AWS Well-Architected operational readiness reviews (checklists grow from incidents).",
	Pillar:   Learning,
	Question: Recover,
	Severity: Medium,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Postmortems, catalog.Alerts, catalog.Runbooks},
	Run: func(in *Inspection) {
		all := postmortemsOf(in)
		for _, p := range all {
			if len(p.Item.Gap) > 0 {
				requireFollowUp(in, p)
			}
		}
		if g := in.Service.Gap(catalog.Postmortems); g != nil && len(all) > 0 {
			in.Undecidedf(g.At, "a postmortem may stand in %s, which could not be read (%s: %s)", g.At, g.Cause, g.Detail)
		}
		if len(all) > 0 {
			in.NotApplicablef("no postmortem of the service says that something kept the incident from being noticed")
		}
	},
}

func requireFollowUp(in *Inspection, p catalog.Linked[catalog.Postmortem]) {
	name, gap := postmortemName(p.Item), p.Item.Gap[0]
	if at, what := followUp(in.Survey, p.Item); what != "" {
		in.Metf(at, "postmortem %q led to %s", name, what).LinkedBy(p.By)
		return
	}
	q := in.Missingf(gap.At, "postmortem %q tells of a detection gap (%q), and no alert or runbook names the postmortem. add one with a link to %s, or name the alert rule in the action item",
		name, beginning(gap.Value), p.Item.At.File)
	sharedPostmortem(q, p, "postmortem gap", "no alert or runbook names postmortem %q", name)
}

// followUp gives what came of a postmortem: an alert or runbook that names it, or one that its actions name; "" for
// nothing.
func followUp(s *Survey, p *catalog.Postmortem) (at catalog.Place, what string) {
	marks := marksOf(s.Estate, p)
	for _, a := range s.Estate.Alerts {
		for _, l := range slices.Concat(a.Annotations, a.Labels) {
			if marks.in(l.Value) {
				return l.At.Or(a.At), "alert \"" + a.Name.Value + "\", which names it"
			}
		}
	}
	for _, page := range s.Estate.Pages {
		if page.Path == p.At.File {
			continue
		}
		if place, ok := marks.onPage(page); ok {
			return place, "runbook \"" + pageName(page) + "\", which names it"
		}
	}
	return namedByAction(s, p)
}

// marks are the texts by which a postmortem is known; "" for those that it shares with another one, or that may stand in
// a text by chance.
type marks struct {
	id, title string
	file      string // its path
	name      string // its file's name
}

func marksOf(e *catalog.Estate, p *catalog.Postmortem) marks {
	m := marks{id: p.ID.Value, title: p.Title.Value, file: strings.ToLower(p.At.File)}
	m.name = path.Base(m.file)
	if len(m.id) < 4 || !strings.ContainsFunc(m.id, unicode.IsDigit) {
		m.id = ""
	}
	if len(strings.Fields(m.title)) < 3 {
		m.title = ""
	}
	if len(bareStem(m.name)) < 8 {
		m.name = ""
	}
	for _, other := range e.Postmortems {
		if other == p {
			continue
		}
		if other.ID.Value == m.id {
			m.id = ""
		}
		if other.Title.Value == m.title {
			m.title = ""
		}
		if strings.EqualFold(path.Base(other.At.File), m.name) {
			m.name = ""
		}
	}
	return m
}

// bareStem gives a file's name up to its first dot.
func bareStem(name string) string {
	stem, _, _ := strings.Cut(name, ".")
	return stem
}

// in reports whether a text names the postmortem.
func (m marks) in(text string) bool {
	if m.id != "" && holdsWord(text, m.id) || m.title != "" && strings.Contains(text, m.title) {
		return true
	}
	return m.leadsTo(text)
}

// leadsTo reports whether an address or a path ends in the postmortem's, with or without the file's ending.
func (m marks) leadsTo(target string) bool {
	target, _, _ = strings.Cut(strings.ToLower(target), "#")
	target = strings.TrimSuffix(strings.ReplaceAll(target, "%20", " "), "/")
	last := path.Base(target)
	if m.name != "" && (last == m.name || last == bareStem(m.name)) {
		return true
	}
	whole := func(file string) bool { return target == file || strings.HasSuffix(target, "/"+file) }
	return whole(m.file) || whole(strings.TrimSuffix(m.file, path.Ext(m.file)))
}

func (m marks) onPage(page *catalog.Page) (catalog.Place, bool) {
	for _, l := range page.Links {
		if strings.ToLower(linkedFile(page.Path, l.Target)) == m.file || m.leadsTo(l.Target) || m.in(l.Text) {
			return l.At, true
		}
	}
	for _, h := range page.Headings {
		if m.in(h.Text) {
			return h.At, true
		}
	}
	for _, l := range page.FrontMatter {
		if m.in(l.Value) {
			return l.At, true
		}
	}
	return catalog.Place{}, false
}

// holdsWord reports whether a text has a word that is no part of a longer one.
func holdsWord(text, word string) bool {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	for start := 0; ; {
		i := strings.Index(text[start:], word)
		if i < 0 {
			return false
		}
		i += start
		before, after := []rune(text[:i]), []rune(text[i+len(word):])
		if (len(before) == 0 || !inWord(before[len(before)-1])) && (len(after) == 0 || !inWord(after[0])) {
			return true
		}
		start = i + len(word)
	}
}

// takesAway matches actions that end an alert or quiet it: no incident will be noticed by that.
var takesAway = regexp.MustCompile(`(?i)^\W*(?:delete|remove|drop|silence|mute|disable|retire|quiet)\b`)

// namedByAction gives an alert rule or a runbook of the estate that an action names or that its part of the postmortem links to.
func namedByAction(s *Survey, p *catalog.Postmortem) (at catalog.Place, what string) {
	for _, a := range p.Actions {
		if takesAway.MatchString(a.Text.Value) {
			continue
		}
		for _, word := range strings.FieldsFunc(a.Text.Value, notInName) {
			word = strings.Trim(word, ".:-/")
			if rules := s.alertsByName()[word]; len(rules) > 0 && namesRule(word) {
				return rules[0].At, "alert \"" + word + "\", which its action names"
			}
			if strings.Contains(word, "/") && tellsOfTrouble(s.Estate, word) {
				return catalog.Place{File: word}, word + ", which its action names"
			}
		}
	}
	if p.Page == nil {
		return catalog.Place{}, ""
	}
	for _, l := range p.Page.Links {
		if !inPromises(p, l.At) {
			continue
		}
		if file := linkedFile(p.At.File, l.Target); tellsOfTrouble(s.Estate, file) {
			return catalog.Place{File: file}, file + ", to which it links"
		}
	}
	return catalog.Place{}, ""
}

// tellsOfTrouble reports whether a file is a runbook or holds alert rules.
func tellsOfTrouble(e *catalog.Estate, file string) bool {
	return slices.ContainsFunc(e.Pages, func(p *catalog.Page) bool { return p.Path == file }) ||
		slices.ContainsFunc(e.Alerts, func(a *catalog.AlertRule) bool { return a.At.File == file })
}

func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-:./", r)
}

// namesRule reports whether a word can only be meant as a name: a capital or a sign stands inside it.
func namesRule(word string) bool {
	return len(word) >= 6 && strings.ContainsFunc(word[1:], func(r rune) bool { return unicode.IsUpper(r) || r == '_' || r == '-' || r == ':' })
}

// inPromises reports whether a place stands in the parts of a postmortem that say what changes.
func inPromises(p *catalog.Postmortem, at catalog.Place) bool {
	var part catalog.PostmortemPart
	line := 0
	for _, s := range p.Sections {
		if s.Heading.At.Line <= at.Line && s.Heading.At.Line >= line {
			part, line = s.Part, s.Heading.At.Line
		}
	}
	return part == catalog.ActionItems || part == catalog.Improvements
}

// linkedFile gives the path that a relative link of a page means, without its anchor.
func linkedFile(from, target string) string {
	target, _, _ = strings.Cut(target, "#")
	if target == "" || strings.Contains(target, "://") {
		return ""
	}
	target = strings.ReplaceAll(target, "%20", " ")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join(path.Dir(from), target)
}

package recovery

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// target is one of the two recovery objectives as a page names it.
type target struct {
	name  *regexp.Regexp
	other *regexp.Regexp
}

var (
	rtoName = regexp.MustCompile(`(?i)\bRTO\b|\brecovery[ _-]time(?:[ _-](?:objective|target))?\b|\btarget recovery time\b`)
	rpoName = regexp.MustCompile(`(?i)\bRPO\b|\brecovery[ _-]point(?:[ _-](?:objective|target))?\b`)
	rto     = target{rtoName, rpoName}
	rpo     = target{rpoName, rtoName}
	// reached are words of what was measured, as opposed to promised, and of what is another quantity: the "work recovery time"
	// comes after the systems are back.
	reached = regexp.MustCompile(`(?i)\b(?:actual|achieved|measured|met|observed|took|result|last|work[ _-]recovery|mean[ _-](?:time|recovery))\b`)
)

// names reports whether a name is that of the objective alone.
func (g target) names(name string) bool {
	name = strings.ReplaceAll(name, "_", " ")
	return g.name.MatchString(name) && !g.other.MatchString(name) && !reached.MatchString(name) && !unsettled.MatchString(name)
}

// unsettled matches headings, names and values of objectives that nobody has agreed to yet: "Proposed targets — pending
// sign-off", "TBD, perhaps 4 hours".
var unsettled = regexp.MustCompile(`(?i)\b(?:proposed|proposals?|pending|draft|tentative|aspirational|unconfirmed|awaiting|tbd|tbc|tba|todo|not (?:yet )?(?:agreed|committed|approved|signed off|confirmed|set)|to be (?:agreed|approved|confirmed|defined|determined|decided))\b`)

// isUnsettled reports whether the beginning of a value says that nobody has agreed to it.
func isUnsettled(value string) bool {
	const most = 60
	return unsettled.MatchString(value[:min(len(value), most)])
}

// proposals gives the question whether a line stands below a heading that says that nobody has agreed to what is below.
func (r *reader) proposals() func(line int) bool {
	all := r.allSections()
	return func(line int) bool {
		i, _ := slices.BinarySearchFunc(all, line+1, func(s section, line int) int { return s.Heading.At.Line - line })
		return i > 0 && all[i-1].below(unsettled.MatchString)
	}
}

// settled gives the sections whose headings do not say that what stands below them is only proposed.
func settled(sections []section) []section {
	return slices.DeleteFunc(slices.Clone(sections), func(s section) bool { return s.below(unsettled.MatchString) })
}

// objective gives the objective that the given parts of a page and its front matter state, by the first of: the front matter,
// "RTO: 4 hours" and tables of two columns, other tables, sentences and headings. Of several numbers of one sort, as for several
// components or grades of disaster, it is the longest one, which holds for all of them. Without any number it is the first
// short text in its place: "best effort".
func (r *reader) objective(sections []section, g target) catalog.Text {
	var stated []catalog.Text
	front := len(r.Page.FrontMatter)
	proposed := r.proposals()
	if t, ok := longestOf(r.frontMatter(g)); ok {
		return t
	}
	for _, f := range r.fields[front:] {
		switch {
		case isUnsettled(f.Value.Value) || proposed(f.Value.At.Line):
		case g.names(f.Name) && r.written(f.Value):
			stated = append(stated, g.cut(f.Value))
		default:
			if t, ok := g.paired(f); ok && r.written(t) {
				stated = append(stated, t)
			}
		}
	}
	var cells, said []catalog.Text
	for _, s := range settled(sections) {
		cells = append(cells, r.targetCells(s, g)...)
		said = append(said, r.sayings(s, g)...)
	}
	for _, sort := range [][]catalog.Text{stated, cells, said} {
		if t, ok := longestOf(sort); ok {
			return t
		}
	}
	for _, t := range slices.Concat(r.frontMatter(g), stated, cells) {
		if n := len(strings.Fields(t.Value)); n > 0 && n <= 16 && !g.name.MatchString(t.Value) { // else it explains the term
			return t
		}
	}
	return catalog.Text{}
}

// frontMatter gives what the front matter states; of a key such as rto_minutes with the unit.
func (r *reader) frontMatter(g target) []catalog.Text {
	var all []catalog.Text
	for _, l := range r.Page.FrontMatter {
		if !g.names(l.Key) || waits(l.Value) || isUnsettled(l.Value) {
			continue
		}
		t := l.Text()
		for _, unit := range []string{"seconds", "minutes", "hours", "days"} {
			if _, err := strconv.ParseFloat(l.Value, 64); err == nil && strings.HasSuffix(strings.ToLower(l.Key), unit) {
				t.Value += " " + unit
			}
		}
		all = append(all, t)
	}
	return all
}

// cut gives the text before the other objective's name: "1h, RPO: 5m" is "1h".
func (g target) cut(t catalog.Text) catalog.Text {
	if m := g.other.FindStringIndex(t.Value); m != nil && m[0] > 0 {
		t.Value = strings.Trim(t.Value[:m[0]], " ,;|/(-–")
	}
	return t
}

// paired gives the objective's half of "RTO/RPO: 4h / 1h".
func (g target) paired(f pages.Field) (catalog.Text, bool) {
	mine, other := g.name.FindStringIndex(f.Name), g.other.FindStringIndex(f.Name)
	if mine == nil || other == nil || reached.MatchString(f.Name) {
		return catalog.Text{}, false
	}
	halves := strings.FieldsFunc(f.Value.Value, func(r rune) bool { return strings.ContainsRune("/,;|", r) })
	if len(halves) != 2 {
		return catalog.Text{}, false
	}
	half := halves[0]
	if mine[0] > other[0] {
		half = halves[1]
	}
	return catalog.Text{Value: strings.TrimSpace(half), At: f.Value.At}, true
}

// targetCells gives the cells of a section's tables that state the objective: of a column or a row of its name, or of a
// table below a heading of its name.
func (r *reader) targetCells(s section, g target) []catalog.Text {
	var all []catalog.Text
	add := func(c catalog.Text) {
		if r.written(c) && !isUnsettled(c.Value) {
			all = append(all, c)
		}
	}
	for _, t := range s.Tables {
		columns := false
		for i, h := range t.Header {
			if g.names(h.Value) {
				columns = true
				for _, row := range t.Rows {
					add(row[i])
				}
			}
		}
		for _, row := range t.Rows {
			if g.names(row[0].Value) || !columns && g.names(s.Heading.Text) && !slices.ContainsFunc(t.Header, func(h catalog.Text) bool { return g.other.MatchString(h.Value) }) {
				for _, c := range row[1:] {
					if _, ok := number(c); ok {
						add(c)
					}
				}
			}
		}
	}
	return all
}

// behind matches what follows the objective's name when a sentence states it: "(Recovery Time Objective) is < 4 hours".
var behind = regexp.MustCompile(`(?i)^(?:\s*\([^()]*\))?(?:[\s:=*–-]|\b(?:targets?|goals?|objectives?|values?|is|are|of|for|to|be|must|should|shall|will|a|the|our|set|currently|defined|as|at)\b){0,12}((?:<=?|≤|~|≈|under|within|less than|up to|at most|max(?:imum)?|no more than|about)?\s*(?:\d|(?:zero|half an?|an?|one|two|three|four|five|six)\b).*)$`)

// sayings gives what the sentences of a section and its heading say right behind the objective's name.
func (r *reader) sayings(s section, g target) []catalog.Text {
	var all []catalog.Text
	for _, t := range append(s.Texts(), catalog.Text{Value: s.Heading.Text, At: s.Heading.At}) {
		if !r.written(t) {
			continue
		}
		for _, m := range g.name.FindAllStringIndex(t.Value, 4) {
			before := t.Value[:m[0]]
			if reached.MatchString(t.Value[max(0, m[0]-20):m[1]]) || illustrated(before) {
				continue
			}
			clause := g.clause(t.Value[m[1]:])
			if unsettled.MatchString(t.Value[max(0, m[0]-40):m[0]]) || isUnsettled(clause) {
				continue
			}
			if m := behind.FindStringSubmatch(clause); m != nil {
				all = append(all, catalog.Text{Value: strings.Trim(m[1], " )*-–,"), At: t.At})
			}
		}
	}
	return all
}

// clause gives what of a text belongs to the objective whose name stands before it: up to the other objective's name or the
// end of the sentence, and of a long one no more than a remark in brackets.
func (g target) clause(rest string) string {
	if end := g.other.FindStringIndex(rest); end != nil {
		rest = rest[:end[0]]
	}
	if end := strings.IndexAny(rest, ".;|"); end >= 0 && !strings.HasPrefix(rest[end:], ".5") {
		rest = rest[:end]
	}
	if len(rest) > longestClause {
		rest = rest[:strings.IndexByte(rest, ')')+1]
	}
	return rest
}

// longestClause is how much behind the name of an objective is about it, in bytes. More is a sentence that explains it.
const longestClause = 120

// illustrated reports whether what follows a text is an example: it stands behind "e.g." in the same brackets or sentence.
func illustrated(before string) bool {
	examples := illustrative.FindAllStringIndex(before, -1)
	if examples == nil {
		return false
	}
	since := before[examples[len(examples)-1][1]:]
	return !strings.ContainsAny(since, ")") && !sentenceEnd.MatchString(since)
}

var (
	illustrative = regexp.MustCompile(`(?i)\be\.?g\b\.?|\bfor example\b|\bsuch as\b`)
	sentenceEnd  = regexp.MustCompile(`[.!?](?:\s|$)`)
)

// longestOf gives the text that states the longest time.
func longestOf(texts []catalog.Text) (longest catalog.Text, found bool) {
	var best time.Duration
	for _, t := range texts {
		if d, ok := Objective(t.Value); ok && (!found || d > best) {
			longest, best, found = t, d, true
		}
	}
	return longest, found
}

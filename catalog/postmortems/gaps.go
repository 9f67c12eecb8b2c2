package postmortems

import (
	"regexp"
	"slices"

	"obsready/catalog"
	"obsready/catalog/pages"
)

var (
	// unnoticed matches sentences that say that nothing told of the incident, or told late.
	unnoticed = regexp.MustCompile(`(?i)\b(?:no|any|missing|without|lacked|lack of|absence of|insufficient|inadequate) (?:\w+[- ]){0,3}(?:alert(?:s|ing)?|monitor(?:s|ing)?|alarms?|probes?)\b` +
		`|\b(?:alert(?:s|ing)?|monitor(?:s|ing)?|alarms?|probes?)(?: \w+){0,3} (?:did(?: not|n't)|was(?: not|n't)|were(?: not|n't)|never|failed to|is missing|was missing|were missing)\b` +
		`|\b(?:alert(?:s|ing)?|monitor(?:s|ing)?|alarms?|probes?)\b(?: [\w'-]+){0,6} (?:not catch(?:ing)?|not cover(?:ing)?|too high|missed)\b` +
		`|\b(?:unnoticed|undetected|went unseen|blind spot)\b|\b(?:not|n't) (?:be(?:en)? )?(?:monitored|alerted on|alerted)\b` +
		`|\bwould have (?:\w+ )?(?:detected|alerted|fired|paged)\b`)
	// late matches what says so in a section about detection.
	late = regexp.MustCompile(`(?i)\b(?:users?|customers?|clients?|support|teams?|developers?)\b.{0,40}\b(?:reported|complained|noticed|notified|told|raised)\b` +
		`|\b(?:user|customer|manually|externally)[- ](?:reported|noticed|discovered|detected|found)\b|\breported by\b|\bwould have (?:\w+ )?(?:caught|shown|told|surfaced)\b|\bmanual(?:ly)?\b` +
		`|\b(?:not|n't) (?:\w+ )?(?:noticed|detected|caught|alert(?:ed)?|fire[d]?|page[d]?|notice|detect)\b|\b(?:delay(?:ed)?|too late|by chance|by accident|accidentally|could have been (?:noticed|detected))\b`)
	gapHeading = []string{"gap", "delayed detection", "didn't we detect", "not detected", "not noticed", "didn't we catch", "wasn't caught", "wasn't it detected", "wasn't it caught"}
	none       = regexp.MustCompile(`(?i)^\W*(?:none|n/?a|no gaps?|nothing|not applicable|no action items?|no actions?(?: needed| required)?)\b.{0,20}$`)
)

// gaps gives the sentences that say what kept the incident from being noticed at once, or would have shown it: those of
// the part about detection first.
func (r *reader) gaps() []catalog.Text {
	var all []catalog.Text
	known := map[catalog.Text]bool{}
	groups := r.groups()
	isDetection := func(g group) bool { return g.part == catalog.DetectionGap }
	rest := slices.DeleteFunc(slices.Clone(groups), isDetection)
	groups = slices.DeleteFunc(groups, func(g group) bool { return !isDetection(g) })
	for _, g := range append(groups, rest...) {
		for _, s := range sentences(g.Part) {
			if saysGap(g, s.Value) && !known[s] {
				known[s] = true
				all = append(all, s)
			}
		}
	}
	for _, f := range r.fieldsOf() {
		if f.part == catalog.DetectionGap && !slices.ContainsFunc(all, func(t catalog.Text) bool { return t.At.Line == f.Value.At.Line }) &&
			(unnoticed.MatchString(f.Value.Value) || late.MatchString(f.Value.Value)) {
			all = append(all, pages.Quote(f.Value))
		}
	}
	return all
}

func saysGap(g group, sentence string) bool {
	if none.MatchString(sentence) {
		return false
	}
	switch g.part {
	case catalog.DetectionGap:
		return pages.Means(g.Heading.Text, gapHeading...) != pages.NotAtAll || unnoticed.MatchString(sentence) || late.MatchString(sentence)
	case catalog.ContributingFactors, catalog.WentPoorly:
		return unnoticed.MatchString(sentence)
	}
	return false
}

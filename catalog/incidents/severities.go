package incidents

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

var (
	numberedLevel = regexp.MustCompile(`(?i)\b(sev(?:erity)?|priority|level|[ps])[\s:#-]*([0-5])\b`)
	opensNumbered = regexp.MustCompile(`(?i)^\W*(?:level:?\s+)?(sev(?:erity)?|priority|[ps])[\s:#-]*([0-5])\b`)
	opensNamed    = regexp.MustCompile(`(?i)^\W*(critical|blocker|catastrophic|urgent|emergency|major|high|significant|moderate|medium|minor|low|trivial|level\s*[0-5])\s*(?:$|[:(–—/|-]|severity|priority|impact|incidents?\b)`)
	aboutSeverity = regexp.MustCompile(`(?i)\bseverit(?:y|ies)\b|\bpriorit(?:y|ies)\b|\bclassif\w+|\b(?:incident|sev|impact|urgency|escalation) levels?\b|\btriage\b`)
)

// severities gives the levels that are declared: headings, items and rows that begin with one, when there are at least two
// different ones. Below a heading that speaks of severities they may be named without numbers ("Critical", "Minor"), and
// sentences that name two count when nothing is listed.
func severities(o *pages.Outline, units []unit) []catalog.Text {
	var declared []catalog.Text
	levels := map[string]bool{}
	for _, u := range units {
		if level := declaredLevel(u); level != "" {
			levels[level] = true
			add(&declared, u.Text)
		}
	}
	if len(levels) >= 2 {
		return declared
	}
	var named []catalog.Text
	levels = map[string]bool{}
	for _, u := range units {
		if !aboutSeverity.MatchString(u.above) && !aboutSeverity.MatchString(u.Value) && !aboutSeverity.MatchString(strings.Join(pages.Words(o.Page.Path), " ")) || u.form == heading {
			continue
		}
		found := numberedLevel.FindAllStringSubmatch(u.Value, -1)
		for _, m := range found {
			levels[strings.ToLower(m[1][:1])+m[2]] = true
		}
		if len(found) > 0 {
			add(&named, u.Text)
		}
	}
	if len(levels) >= 2 {
		return named
	}
	return nil
}

// declaredLevel gives the level that a unit declares, "" when it declares none.
func declaredLevel(u unit) string {
	texts := []string{u.Value}
	severe := aboutSeverity.MatchString(u.above) || aboutSeverity.MatchString(strings.Join(u.header, "\n"))
	switch {
	case u.form == row:
		texts = u.cells[:min(2, len(u.cells))]
	case u.form == sentence && !strings.Contains(u.above, "\n"):
		return ""
	}
	for _, text := range texts {
		if m := opensNumbered.FindStringSubmatch(text); m != nil && (len(m[1]) > 1 || severe || u.form == heading) {
			return strings.ToLower(m[1][:1]) + m[2]
		}
		if m := opensNamed.FindStringSubmatch(text); m != nil && severe && u.form != sentence {
			return strings.ToLower(strings.Join(strings.Fields(m[1]), " "))
		}
	}
	return ""
}

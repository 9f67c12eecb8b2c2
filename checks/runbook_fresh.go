package checks

import (
	"slices"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/dates"
)

var runbookFresh = &Check{
	ID:       "runbook-fresh",
	Title:    "Runbooks were reviewed lately",
	Why:      "A runbook for last year's system sends people the wrong way with confidence.",
	Fix:      "Read the page against the system, correct it, and write the day into its front matter: `last_reviewed: 2026-06-30`. Without one, the day of the file's last change in git counts.",
	Source:   "earthly/lunar-lib, policies on runbook and recovery plan reviews (90 and 180 days).",
	Pillar:   Runbooks,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Runbooks},
	All:      true,
	Run: func(in *Inspection) {
		for _, p := range readableRunbooks(in) {
			if label, ok := reviewLabel(p.Item); ok {
				requireReviewed(in, p, label)
			} else {
				requireChanged(in, p)
			}
		}
	},
}

// reviewKeys are front matter keys that say when a page was last looked at, the surest first, without signs and case.
var reviewKeys = []string{"lastreviewed", "lastreviewedon", "lastreviewedat", "reviewed", "reviewedon", "reviewedat", "reviewdate", "lastreview",
	"lastupdated", "lastupdatedon", "updated", "updatedat", "lastmodified", "lastmod", "modified"}

// reviewLabel gives the front matter's label that says when the page was last looked at, by the surest key that it has.
func reviewLabel(page *catalog.Page) (label catalog.Label, ok bool) {
	best := len(reviewKeys)
	for _, l := range page.FrontMatter {
		if i := slices.Index(reviewKeys, bareName(l.Key)); i >= 0 && i < best && strings.TrimSpace(l.Value) != "" {
			best, label, ok = i, l, true
		}
	}
	return label, ok
}

func requireReviewed(in *Inspection, p catalog.Linked[catalog.Page], label catalog.Label) {
	name := pageName(p.Item)
	when, ok := dates.Parse(label.Value)
	age, allowed := when.Until(in.Today()), dayCount(in.Settings.RunbookMaxAge)
	switch {
	case !ok:
		in.Unmetf(label.At, "%s %q of runbook %q is no day. write it as 2006-01-02", label.Key, label.Value, name).LinkedBy(p.By)
	case when.After(dates.Begun(in.Now)):
		in.Unmetf(label.At, "%s %q of runbook %q lies in the future. correct it", label.Key, label.Value, name).LinkedBy(p.By)
	case age > allowed:
		in.Unmetf(label.At, "runbook %q was last reviewed on %s, %d days ago. %d days are allowed: read it again and set %s", name, when, age, allowed, label.Key).LinkedBy(p.By)
	default:
		in.Metf(label.At, "runbook %q was last reviewed on %s", name, when).LinkedBy(p.By)
	}
}

// requireChanged judges a page that states no review by its last change in git.
func requireChanged(in *Inspection, p catalog.Linked[catalog.Page]) {
	page, name := p.Item, pageName(p.Item)
	age, allowed := in.Now.Sub(page.Changed), in.Settings.RunbookMaxAge
	switch {
	case page.Changed.IsZero():
		in.Undecidedf(page.At, "when runbook %q was last changed is not in the history that this run has. fetch the full history, or add last_reviewed to the front matter", name).
			Because("history of runbooks", "the history does not tell when runbooks were last changed").LinkedBy(p.By)
	case age > allowed && page.AtLeastAsOld:
		in.Unmetf(page.At, "runbook %q was last changed more than %s ago. %s are allowed: read it again and add last_reviewed to the front matter", name, wholeDays(age), wholeDays(allowed)).LinkedBy(p.By)
	case age > allowed:
		in.Unmetf(page.At, "runbook %q was last changed on %s, %s ago. %s are allowed: read it again and add last_reviewed to the front matter", name, page.Changed.Format(time.DateOnly), wholeDays(age), wholeDays(allowed)).LinkedBy(p.By)
	case page.AtLeastAsOld:
		in.Undecidedf(page.At, "runbook %q was last changed before %s, and the history was not followed further. add last_reviewed to the front matter", name, page.Changed.Format(time.DateOnly)).LinkedBy(p.By)
	default:
		in.Metf(page.At, "runbook %q was last changed on %s", name, page.Changed.Format(time.DateOnly)).LinkedBy(p.By)
	}
}

package site

import (
	"cmp"
	"html/template"
	"slices"
)

// worst is a check that fails for many services.
type worst struct {
	Check   link
	Title   template.HTML
	Level   level
	Failing int
	Unknown int
	Of      int // services that it applies to
}

// worst gives the ten checks that fail for the most services.
func (p page) worst() []worst {
	order := slices.Clone(p.site.standings)
	slices.SortStableFunc(order, func(a, b checkStanding) int { return cmp.Compare(b.fail, a.fail) })
	var rows []worst
	for _, s := range order[:min(10, len(order))] {
		if s.fail > 0 {
			rows = append(rows, worst{p.checkLink(s.check), spans(s.check.Title), levelView(s.check.Level), s.fail, s.unknown, s.fail + s.unknown + s.pass})
		}
	}
	return rows
}

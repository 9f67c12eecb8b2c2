package site

import (
	"cmp"
	"slices"
	"strings"

	"obsready/catalog"
)

// gapsView is what gaps.html shows: evidence that could not be read, and evidence that belongs to nobody.
type gapsView struct {
	frame
	Gaps      capped[gap]
	GapCauses []kindCount
	Orphans   []orphanGroup
}

func (p page) gapsPage() gapsView {
	e := p.site.report.Estate
	return gapsView{
		frame:     p.frame("Not read, not linked", p.estateLink()),
		Gaps:      p.gaps(e.Gaps, 100, 1000),
		GapCauses: gapCounts(e.Gaps),
		Orphans:   p.orphans(),
	}
}

// gapCounts says how many gaps have each cause, the most frequent first.
func gapCounts(gaps []catalog.Gap) []kindCount {
	byCause := map[catalog.Cause]int{}
	for _, g := range gaps {
		byCause[g.Cause]++
	}
	causes := make([]catalog.Cause, 0, len(byCause))
	for c := range byCause {
		causes = append(causes, c)
	}
	slices.SortFunc(causes, func(a, b catalog.Cause) int {
		return cmp.Or(cmp.Compare(byCause[b], byCause[a]), cmp.Compare(a, b))
	})
	counts := make([]kindCount, len(causes))
	for i, c := range causes {
		counts[i] = kindCount{string(c), number(byCause[c])}
	}
	return counts
}

// gap is evidence that could not be read.
type gap struct {
	Place  link
	Cause  string
	Kinds  string
	Detail string
}

func (p page) gaps(gaps []catalog.Gap, shown, limit int) capped[gap] {
	return capList(gaps, shown, limit, func(g catalog.Gap) gap {
		return gap{p.place(g.At), string(g.Cause), kindList(g.Kinds), g.Detail}
	})
}

func kindList(kinds []catalog.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

// orphanGroup is the evidence of one kind that belongs to no service.
type orphanGroup struct {
	Heading string
	Items   capped[orphan]
}

type orphan struct {
	Name    string
	Place   link
	Problem string
}

func (p page) orphans() []orphanGroup {
	byKind := orphansByKind(p.site.report.Estate.Orphans)
	var groups []orphanGroup
	for _, k := range catalog.Kinds {
		items := byKind[k]
		if len(items) == 0 {
			continue
		}
		slices.SortStableFunc(items, func(a, b catalog.Orphan) int { // what is wrong stands first
			return cmp.Compare(min(1, len(b.Problem)), min(1, len(a.Problem)))
		})
		groups = append(groups, orphanGroup{
			Heading: count(len(items), string(k), plural(k)),
			Items:   capList(items, 0, 200, func(o catalog.Orphan) orphan { return orphan{o.Name, p.place(o.At), o.Problem} }),
		})
	}
	return groups
}

func orphansByKind(orphans []catalog.Orphan) map[catalog.Kind][]catalog.Orphan {
	byKind := map[catalog.Kind][]catalog.Orphan{}
	for _, o := range orphans {
		byKind[o.Kind] = append(byKind[o.Kind], o)
	}
	return byKind
}

// orphanCounts says how many orphans there are of each kind, as in "31 alert rules".
func orphanCounts(orphans []catalog.Orphan) []string {
	byKind := orphansByKind(orphans)
	var counts []string
	for _, k := range catalog.Kinds {
		if n := len(byKind[k]); n > 0 {
			counts = append(counts, count(n, string(k), plural(k)))
		}
	}
	return counts
}

// plural gives the word for several pieces of evidence of a kind.
func plural(k catalog.Kind) string {
	switch {
	case k == catalog.Owners:
		return "CODEOWNERS files"
	case strings.HasSuffix(string(k), "entry"):
		return strings.TrimSuffix(string(k), "y") + "ies"
	}
	return string(k) + "s"
}

package reports

import (
	"fmt"
	"strings"

	"obsready/catalog"
)

// unread says in a line or two what could not be read, by its cause, and what belongs to nobody.
func unread(e *catalog.Estate) []fact {
	var list []fact
	if len(e.Gaps) > 0 {
		var causes []string
		for _, g := range gapCounts(e.Gaps) {
			causes = append(causes, number(g.n)+" "+string(g.cause))
		}
		list = append(list, fact{"Not read", count(len(e.Gaps), "gap") + ": " + strings.Join(causes, ", ")})
	}
	var orphans []string
	n := 0
	for _, o := range orphanCounts(e.Orphans) {
		orphans = append(orphans, count(o.n, string(o.kind)))
		n += o.n
	}
	if n > 0 {
		list = append(list, fact{"Not linked", strings.Join(orphans, ", ") + " " + belongs(n) + " to nobody"})
	}
	return list
}

// orphanCount is how much evidence of one kind found no service.
type orphanCount struct {
	kind   catalog.Kind
	n      int
	faulty *catalog.Orphan // the first one that says why; nil when none does
}

// orphanCounts counts the evidence that found no service, in the order of kinds.
func orphanCounts(orphans []catalog.Orphan) []orphanCount {
	index := map[catalog.Kind]*orphanCount{}
	for i, o := range orphans {
		if index[o.Kind] == nil {
			index[o.Kind] = &orphanCount{kind: o.Kind}
		}
		c := index[o.Kind]
		c.n++
		if c.faulty == nil && o.Problem != "" {
			c.faulty = &orphans[i]
		}
	}
	var counts []orphanCount
	for _, k := range catalog.Kinds {
		if c := index[k]; c != nil {
			counts = append(counts, *c)
		}
	}
	return counts
}

// unlinkedSection lists the evidence that found no service and the evidence that could not be read, by kind and cause.
func unlinkedSection(e *catalog.Estate) section {
	s := section{title: "Not linked, not read", detail: "where what is not read stands"}
	for _, c := range orphanCounts(e.Orphans) {
		it := item{text: count(c.n, string(c.kind)) + " " + belongs(c.n) + " to nobody"}
		if o := c.faulty; o != nil {
			it.details = append(it.details, fmt.Sprintf("%s %q at %s: %s", c.kind, o.Name, o.At, o.Problem))
		}
		s.items = append(s.items, it)
	}
	for _, g := range gapCounts(e.Gaps) {
		s.items = append(s.items, item{text: count(g.n, "gap") + " (" + string(g.cause) + "), as in " + g.first.At.String(), details: []string{g.first.Detail}})
	}
	return s
}

func belongs(n int) string {
	if n == 1 {
		return "belongs"
	}
	return "belong"
}

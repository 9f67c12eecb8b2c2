package load

import (
	"strings"
	"testing"

	"obsready/catalog"
)

// TestFaultOfAReader checks that a reader which fails hides its file only, and that the gap says which and why.
func TestFaultOfAReader(t *testing.T) {
	var l loader
	facts := l.survive("rules/a.yaml", func() catalog.Facts {
		var none *catalog.AlertRule
		return catalog.Facts{Alerts: []*catalog.AlertRule{{Name: none.Name}}}
	})
	if len(facts.Alerts) != 0 || len(facts.Gaps) != 1 {
		t.Fatalf("got %+v", facts)
	}
	g := facts.Gaps[0]
	if g.At.File != "rules/a.yaml" || !g.Concerns(catalog.Alerts) || !strings.Contains(g.Detail, "nil pointer") {
		t.Errorf("got %v", g)
	}
}

package grafana

import (
	"regexp"
	"strconv"

	"obsready/catalog"
	"obsready/catalog/secrets"
)

// Differences tells, as [Drift] does, how a live dashboard differs from one in git, from what their readers made of them. So it
// compares dashboards that no file of git holds as they are, such as those that a mixin or a chart gives.
//
// What the facts of a dashboard do not say is told by its looks: "${DS_…}" and "${VAR_…}" are what an import fills in, of several
// equal panels all but one are copies, and a text that differs from the live one only where that is masked is the same. Panels that
// show a library panel are compared by which one that is. Nothing of the two is changed.
func Differences(live, git *catalog.Dashboard, sources []catalog.LiveDataSource) []Difference {
	l, g := *live, *git
	l.Panels, g.Panels = distinct(live.Panels), distinct(git.Panels)
	c := comparison{sources: sources, read: true}
	return c.dashboards(&l, &g)
}

// exportInput matches what stands in an exported dashboard for what the one who imports it chooses.
var exportInput = regexp.MustCompile(`\$\{(?:DS|VAR)_[^}]+\}`)

// distinct gives panels without those that equal an earlier one, and without what library panels brought into them.
func distinct(panels []catalog.Panel) []catalog.Panel {
	var all []catalog.Panel
	seen := map[string]bool{}
	for _, p := range panels {
		if p.Library.Value != "" || p.LibraryName != "" {
			p = catalog.Panel{ID: p.ID, Library: p.Library, LibraryName: p.LibraryName}
		}
		key := strconv.Quote(p.Title.Value) + p.Type + strconv.Quote(p.Library.Value) + queries(&p)
		if !seen[key] {
			seen[key] = true
			all = append(all, p)
		}
	}
	return all
}

// shortestMask is how many bytes of a text have to be masked for it to have held a credential.
const shortestMask = 6

// hidden reports whether a live text is that of git but for the credentials that were taken out of it.
func (c *comparison) hidden(live, git string) bool {
	if !c.read {
		return false // git was masked before
	}
	if secrets.Redact(git) == live {
		return true
	}
	if len(live) != len(git) {
		return false
	}
	masked := 0
	for i := range len(live) {
		switch {
		case live[i] == git[i]:
		case live[i] != 'x':
			return false
		default:
			masked++
		}
	}
	return masked >= shortestMask
}

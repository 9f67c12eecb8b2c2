package grafana

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dashboards"
	"obsready/catalog/document"
	"obsready/catalog/secrets"
)

// Difference is one thing in which a live dashboard differs from the one in git.
type Difference struct {
	Kind  DifferenceKind
	Name  string // title of the panel, name of the variable; "" for the dashboard itself
	What  string // which part changed: "query", "type", "unit", "title", …; "" when all of it was added or removed
	Live  string // what Grafana has, "" for nothing
	InGit string
}

// DifferenceKind says what a difference is in.
type DifferenceKind string

// The kinds of differences.
const (
	Added      DifferenceKind = "added in Grafana"   // a panel or variable that git does not have
	Removed    DifferenceKind = "removed in Grafana" // one that only git has
	Changed    DifferenceKind = "changed in Grafana"
	Unreadable DifferenceKind = "unreadable" // one of the two is no dashboard, so that nothing is known
)

func (d Difference) String() string {
	switch {
	case d.Kind == Unreadable:
		return d.What
	case d.What == "":
		return fmt.Sprintf("%q was %s", d.Name, d.Kind)
	case d.Name == "":
		return fmt.Sprintf("%s was %s: %q, in git %q", d.What, d.Kind, d.Live, d.InGit)
	}
	return fmt.Sprintf("%s of %q was %s: %q, in git %q", d.What, d.Name, d.Kind, d.Live, d.InGit)
}

// Drift says how a live dashboard differs from the one in git in what somebody sees and asks with it: its title and tags, its
// variables, and the title, type, description, unit, data source and queries of its panels. None of these is what Grafana itself
// adds or changes, so that a dashboard that was only imported does not differ: ids, versions, defaults, the order of keys, library
// and gnet marks, inputs and what they stood for, the values that variables are saved with, time ranges, repeated copies of panels,
// and panels that a newer version of the schema replaced. The layout, colours and thresholds are not compared either.
//
// Both texts may have any form that catalog/dashboards reads, the two schemas included. The data sources of the live Grafana tell
// which names stand for which UIDs. Differences come in the order of the panels, those of git last.
func Drift(live, git []byte, sources []catalog.LiveDataSource) []Difference {
	masked, _ := secrets.Mask("live.json", git) // as the live one was, so that a credential is no difference
	l, ok := comparable(live)
	if !ok {
		return []Difference{{Kind: Unreadable, What: "the live JSON is no dashboard"}}
	}
	g, ok := comparable(masked)
	if !ok {
		return []Difference{{Kind: Unreadable, What: "the JSON in git is no dashboard"}}
	}
	c := comparison{sources: sources, inputs: inputNames(git)}
	return c.dashboards(l, g)
}

// comparable reads a dashboard without the copies of panels that older versions of Grafana save for the values of a variable.
func comparable(text []byte) (*catalog.Dashboard, bool) {
	docs, _ := document.ParseJSON("dashboard.json", bytes.TrimSpace(text))
	for _, doc := range docs {
		dropCopies(doc.Root)
		facts, ok := dashboards.Read(doc)
		if ok && len(facts.Dashboards) == 1 {
			return facts.Dashboards[0], true
		}
	}
	return nil, false
}

// dropCopies takes repeated copies out of the lists of a document.
func dropCopies(n *document.Node) {
	if n == nil {
		return
	}
	for _, p := range n.Pairs {
		dropCopies(p.Value)
	}
	n.Items = slices.DeleteFunc(n.Items, func(item *document.Node) bool { return item.Get("repeatPanelId").Str() != "" })
	for _, item := range n.Items {
		dropCopies(item)
	}
}

// inputNames gives the names of what an export asks for when it is imported, as in DS_PROMETHEUS.
func inputNames(git []byte) []string {
	docs, _ := document.ParseJSON("dashboard.json", git)
	var names []string
	for _, doc := range docs {
		for _, inputs := range []*document.Node{doc.Root.Get("__inputs"), doc.Root.Get("dashboard", "__inputs"), doc.Root.Get("spec", "__inputs")} {
			for _, input := range inputs.List() {
				if name := input.Get("name").Str(); name != "" {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// comparison collects differences.
type comparison struct {
	sources []catalog.LiveDataSource
	inputs  []string
	read    bool // of facts: see Differences
	found   []Difference
}

func (c *comparison) dashboards(live, git *catalog.Dashboard) []Difference {
	c.text("", "title", live.Title.Value, git.Title.Value)
	c.text("", "tags", tagList(live), tagList(git))
	c.variables(live, git)
	c.panels(live.Panels, git.Panels)
	return c.found
}

func (c *comparison) add(d Difference) { c.found = append(c.found, d) }

// text notes a part of something whose text differs in more than blanks at its ends and line ends. What an input stood for is
// not known.
func (c *comparison) text(name, what, live, git string) {
	live, git = plain(live), plain(git)
	if live != git && !c.holdsInput(git) && !c.hidden(live, git) {
		c.add(Difference{Kind: Changed, Name: name, What: what, Live: live, InGit: git})
	}
}

func plain(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }

func (c *comparison) holdsInput(text string) bool {
	named := slices.ContainsFunc(c.inputs, func(name string) bool { return strings.Contains(text, "${"+name+"}") })
	return named || c.read && exportInput.MatchString(text)
}

func tagList(d *catalog.Dashboard) string {
	var tags []string
	for _, t := range d.Tags {
		tags = append(tags, t.Value)
	}
	slices.Sort(tags)
	return strings.Join(slices.Compact(tags), ", ")
}

// variables compares the variables by name.
func (c *comparison) variables(live, git *catalog.Dashboard) {
	find := func(d *catalog.Dashboard, name string) *catalog.Variable {
		for i := range d.Variables {
			if d.Variables[i].Name.Value == name {
				return &d.Variables[i]
			}
		}
		return nil
	}
	for i := range live.Variables {
		v := &live.Variables[i]
		name := v.Name.Value
		old := find(git, name)
		if old == nil {
			c.add(Difference{Kind: Added, Name: "$" + name})
			continue
		}
		c.text("$"+name, "type", v.Type, old.Type)
		c.text("$"+name, "query", v.Query.Value, old.Query.Value)
	}
	for _, v := range git.Variables {
		if find(live, v.Name.Value) == nil && !slices.Contains(c.inputs, v.Name.Value) {
			c.add(Difference{Kind: Removed, Name: "$" + v.Name.Value})
		}
	}
}

package mixins

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
)

// part is a field of a mixin, with what it holds.
type part struct {
	field string
	kinds []catalog.Kind
}

// parts are the fields that are read. The spelling with underscores is the older one.
var parts = []part{
	{"prometheusAlerts", ruleKinds}, {"prometheusRules", ruleKinds}, {"prometheus_alerts", ruleKinds}, {"prometheus_rules", ruleKinds},
	{"lokiAlerts", ruleKinds}, {"lokiRules", ruleKinds}, {"grafanaDashboards", dashboardKinds}, {"grafana_dashboards", dashboardKinds},
}

var (
	ruleKinds      = []catalog.Kind{catalog.Alerts, catalog.Recordings}
	dashboardKinds = []catalog.Kind{catalog.Dashboards}
	allKinds       = []catalog.Kind{catalog.Alerts, catalog.Recordings, catalog.Dashboards}
)

// folderField holds the name of the folder in Grafana that a mixin's dashboards go to.
const folderField = "grafanaDashboardFolder"

// located are the fields whose values are searched for in the jsonnet.
var located = []string{"alert", "record", "title"}

// outcome is what came of a program.
type outcome struct {
	program program
	facts   catalog.Facts
	reads   map[string]bool // the files that its facts depend on
}

// read evaluates the program and gives the rules and dashboards that it makes. They stand where their names do in the
// jsonnet, as literals or put together, else in the entry's first line. A mixin that cannot be evaluated is a gap; its
// parts are tried one by one then, so that a dashboard's missing library does not hide the alerts.
//
// Another program is a gap only when it goes beyond its limits, or its text speaks of rules or dashboards and it needs
// nothing from outside: a function, a program with external variables or with native functions of another tool is no
// evidence by itself.
func (p program) read(ctx context.Context, runner *jsonnet.Runner, files jsonnet.Files) outcome {
	r := &reading{outcome: outcome{program: p, reads: map[string]bool{}}, runner: runner, files: files}
	r.vendor, r.alias = libraries(files, path.Dir(p.entry))
	out, gap := r.run(ctx, p.code(nil))
	switch {
	case gap == nil:
		r.take(out)
	case p.mixin:
		r.oneByOne(ctx, out, gap)
	case !p.silent(files, out, gap):
		r.gap(out, *gap, allKinds)
	}
	return r.outcome
}

// reading is a program that is being read.
type reading struct {
	outcome
	runner *jsonnet.Runner
	files  jsonnet.Files
	vendor []string
	alias  map[string]string
}

// run evaluates code that stands beside the program's entry.
func (r *reading) run(ctx context.Context, code string) (jsonnet.Output, *catalog.Gap) {
	file := path.Join(path.Dir(r.program.entry), "obsready evaluates "+path.Base(r.program.entry))
	out, gap := r.runner.Run(ctx, r.files, jsonnet.Program{File: file, Code: code, Vendor: r.vendor, Alias: r.alias, Locate: located})
	if gap != nil && gap.At.File == file {
		gap.At = catalog.Place{File: r.program.entry}
	}
	return out, gap
}

// oneByOne reads the parts of a mixin one by one, of which gap says that they failed together. The same fault is told once.
func (r *reading) oneByOne(ctx context.Context, whole jsonnet.Output, gap *catalog.Gap) {
	there := r.partsThere(ctx)
	switch len(there) {
	case 0: // it fails before it has parts
		r.gap(whole, *gap, allKinds)
		return
	case 1:
		r.gap(whole, *gap, there[0].kinds)
		return
	}
	known := map[string]int{} // index of the gap, from 1
	for _, part := range there {
		out, gap := r.run(ctx, r.program.code([]string{part.field}))
		switch {
		case gap == nil:
			r.take(out)
		case known[gap.String()] == 0:
			r.gap(out, *gap, part.kinds)
			known[gap.String()] = len(r.facts.Gaps)
		default:
			g := &r.facts.Gaps[known[gap.String()]-1]
			g.Kinds = slices.DeleteFunc(slices.Clone(allKinds), func(k catalog.Kind) bool { return !g.Concerns(k) && !slices.Contains(part.kinds, k) })
		}
	}
	if len(known) == 0 { // together they need too much
		r.gap(whole, *gap, allKinds)
	}
}

// partsThere gives the parts that a mixin has, without evaluating them; none when it is no mixin or fails before.
func (r *reading) partsThere(ctx context.Context) []part {
	out, gap := r.run(ctx, r.program.names())
	var names []string
	if gap != nil || json.Unmarshal(out.JSON, &names) != nil {
		return nil
	}
	var there []part
	for _, p := range parts {
		if slices.Contains(names, p.field) {
			there = append(there, p)
		}
	}
	return there
}

// silent reports whether a program that failed is none that gives evidence of its own. What renders a mixin of the catalog,
// which is read by itself, does not either. One that goes beyond its limits is never passed over.
func (p program) silent(files jsonnet.Files, out jsonnet.Output, gap *catalog.Gap) bool {
	switch gap.Cause {
	case catalog.TooCostly, catalog.TooDeep, catalog.TooLarge, catalog.HostileName:
		return false
	}
	renders := slices.ContainsFunc(out.Reads, func(p string) bool { return path.Base(p) == mixinFile && !apart(p) })
	return renders || out.Needs != "" || strings.Contains(gap.Detail, "manifest function") || !speaks(files, p.entry, strongSigns)
}

// gap notes what could not be evaluated. It may be about any service that the jsonnet names which was read, libraries
// left out.
func (r *reading) gap(out jsonnet.Output, g catalog.Gap, kinds []catalog.Kind) {
	g.Kinds = kinds
	g.Names = document.Words(strings.ReplaceAll(path.Dir(r.program.entry), "/", " "))
	switch {
	case out.Needs != "":
		g.Detail += fmt.Sprintf(". it needs %s, which is given when it is deployed: keep the rendered files in the catalog", out.Needs)
	case g.Cause == catalog.Failed && g.At.Line > 0:
		g.Detail += ". correct it, or keep the rendered files in the catalog"
	}
	for _, p := range out.Reads {
		if data, ok, err := r.files.Read(p); ok && err == nil && !apart(p) {
			maps.Copy(g.Names, document.Words(string(data)))
		}
	}
	r.facts.Gaps = append(r.facts.Gaps, g)
}

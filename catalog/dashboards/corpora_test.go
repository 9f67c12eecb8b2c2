package dashboards

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// brokenQueries are the public dashboards with queries that Prometheus refuses too: a placeholder of the program that
// writes them is left in, and a range is taken of an aggregated rate.
var brokenQueries = map[string]int{"radosgw-sync-overview.json": 1, "detail.json": 1}

// TestCorpora reads every dashboard of the public corpora and of recorded Grafana replies, where they are at hand. All
// of them are fine, so no part may be unreadable and no query but the known ones may fail to parse.
func TestCorpora(t *testing.T) {
	const shared = "../../../shared"
	if _, err := os.Stat(shared); err != nil {
		t.Skip("no corpora here")
	}
	for _, root := range []string{"corpora", "grafana-recordings"} {
		var all catalog.Facts
		tally := map[string]*counts{}
		for path := range files(t, filepath.Join(shared, root)) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			facts := readFile(path, data)
			checkPlaces(t, facts, func(string) string { return string(data) })
			all.Add(facts)
			folder := strings.Join(strings.Split(filepath.ToSlash(path), "/")[4:6], "/")
			if tally[folder] == nil {
				tally[folder] = &counts{}
			}
			tally[folder].add(facts)
		}
		ResolveLibraries(all.Dashboards, all.Libraries)
		checkQueries(t, all.Dashboards)
		for _, g := range all.Gaps {
			t.Errorf("gap %v", g)
		}
		for _, folder := range slices.Sorted(maps.Keys(tally)) {
			if c := tally[folder]; c.dashboards > 0 {
				t.Logf("%s: %v", folder, c)
			}
		}
		var total counts
		total.add(all)
		t.Logf("all: %v", &total)
		if total.dashboards == 0 || total.promQL == 0 || total.unresolved > 0 {
			t.Errorf("%s: the dashboards were not read", root)
		}
	}
}

// files gives the paths below a folder.
func files(t *testing.T, root string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && !yield(path) {
				return fs.SkipAll
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// readFile reads a file as the loader does: by its ending, without what does not parse.
func readFile(path string, data []byte) catalog.Facts {
	var docs []document.Document
	switch filepath.Ext(path) {
	case ".json":
		docs, _ = document.ParseJSON(path, data)
	case ".yaml", ".yml", ".tpl":
		docs, _ = document.ParseYAML(path, data)
	}
	return readDocuments(docs)
}

func checkQueries(t *testing.T, dashboards []*catalog.Dashboard) {
	t.Helper()
	broken := map[string]int{}
	for _, d := range dashboards {
		for _, p := range d.Panels {
			for _, q := range p.Queries {
				if q.Error == "" {
					continue
				}
				file := filepath.Base(q.At.File)
				if broken[file]++; broken[file] > brokenQueries[file] {
					t.Errorf("%v: %s does not parse: %s\n%s", q.At, q.Lang, q.Error, q.Text)
				}
			}
		}
	}
}

// counts is what a corpus holds.
type counts struct {
	dashboards, v2, libraries, panels, unresolved, variables int
	promQL, logQL, traceQL, other, errors                    int
}

func (c *counts) String() string { return fmt.Sprintf("%+v", *c) }

func (c *counts) add(f catalog.Facts) {
	c.dashboards += len(f.Dashboards)
	c.libraries += len(f.Libraries)
	for _, d := range f.Dashboards {
		if d.Schema == "v2" {
			c.v2++
		}
		c.variables += len(d.Variables)
		c.panels += len(d.Panels)
		for _, p := range d.Panels {
			if p.Unresolved {
				c.unresolved++
			}
			for _, q := range p.Queries {
				c.query(q)
			}
		}
	}
}

func (c *counts) query(q catalog.Query) {
	switch q.Lang {
	case catalog.PromQL:
		c.promQL++
	case catalog.LogQL:
		c.logQL++
	case catalog.TraceQL:
		c.traceQL++
	default:
		c.other++
	}
	if q.Error != "" {
		c.errors++
	}
}

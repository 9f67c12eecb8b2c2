package workflows

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// TestCorpora reads every workflow of the public corpora, where they are at hand. -v lists what it makes of them.
func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	count := map[string]int{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		file := strings.TrimPrefix(filepath.ToSlash(path), root+"/")
		if err != nil || d.IsDir() || FormatOf(file) != "github" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		docs, gaps := document.ParseYAML(file, data)
		count["files"]++
		for _, d := range docs {
			facts, ok := Read(d)
			if !ok {
				t.Errorf("%s: no workflow", file)
			}
			gaps = append(gaps, facts.Gaps...)
			for _, w := range facts.Workflows {
				tally(t, w, count)
			}
		}
		for _, g := range gaps {
			count["gap: "+string(g.Cause)]++
			t.Logf("%v", g)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v", count)
	if count["files"] == 0 {
		t.Error("no workflow was read of corpora that hold many")
	}
	if broken := count["gap: "+string(catalog.Syntax)]; broken*500 > count["files"] {
		t.Errorf("%d of %d workflows of real repositories do not parse", broken, count["files"])
	}
}

// tally counts what a workflow says, and checks that every tool has its place and every one that does not gate a reason.
func tally(t *testing.T, w *catalog.Workflow, count map[string]int) {
	for _, trigger := range w.Triggers {
		count["stage: "+string(trigger.Stage)]++
	}
	for _, j := range w.Jobs {
		count["jobs"]++
		if j.Triggers != nil {
			count["jobs narrowed"]++
		}
		for _, s := range j.Steps {
			count["steps"]++
			for _, tool := range s.Tools {
				count["purpose: "+string(tool.Purpose)]++
				if tool.Gates {
					count["gates: "+string(tool.Purpose)]++
				}
				if tool.Unsure {
					count["perhaps gates: "+string(tool.Purpose)]++
				}
				if tool.Gates != (tool.Why == "") || tool.Gates && tool.Unsure || tool.Purpose == testCluster {
					t.Errorf("%v: %s gates: %v, why: %q", tool.At, tool.Name, tool.Gates, tool.Why)
				}
				if tool.At.File != w.At.File || tool.At.Line == 0 {
					t.Errorf("%s at %v stands in %s", tool.Name, tool.At, w.At.File)
				}
				t.Logf("%v: %s, %s, gates: %v %s", tool.At, tool.Name, tool.Purpose, tool.Gates, tool.Why)
			}
		}
	}
}

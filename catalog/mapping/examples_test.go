package mapping

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/entries"
	"obsready/catalog/jsonnet"
)

var update = flag.Bool("update", false, "write the goldens")

// examples are the complete catalogs that the documentation points to.
var examples = []string{"one-list", "helm-values", "namespaces"}

const examplesFolder = "../../testdata/examples"

// onDisk gives the files below a folder.
func onDisk(t *testing.T, dir string) folder {
	t.Helper()
	files := folder{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, file)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// The goldens show what each example's program returns, with the places that findings will be told at.
func TestExamples(t *testing.T) {
	for _, name := range examples {
		t.Run(name, func(t *testing.T) {
			facts, _ := read(t, onDisk(t, filepath.Join(examplesFolder, name)), Program{})
			got := describe(facts)
			golden := filepath.Join(examplesFolder, name+".entries.golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// describe writes entries with the values that they state and where these stand.
func describe(facts catalog.Facts) string {
	var b strings.Builder
	state := func(key string, texts ...catalog.Text) {
		for _, t := range texts {
			if !t.IsZero() {
				fmt.Fprintf(&b, "  %-12s %s  %s\n", key, t.Value, t.At)
			}
		}
	}
	for _, s := range facts.Services {
		fmt.Fprintf(&b, "service %s  %s\n", s.ID, s.At)
		state("folder", catalog.Text{Value: s.Folder})
		state("description", s.Description)
		state("owner", s.Owner.Ref)
		state("tier", s.Tier)
		state("kind", s.Kind)
		state("exposure", s.Exposure)
		state("data", s.Data...)
		for _, d := range s.DependsOn {
			state("needs", d.Ref)
		}
		state("metrics", s.Signals.Metrics)
		for _, k := range catalog.Kinds {
			state("evidence", s.Wanted.Globs[k]...)
		}
		state("tags", s.Wanted.DashboardTags...)
	}
	for _, t := range facts.Teams {
		fmt.Fprintf(&b, "team %s  %s\n", t.ID, t.At)
		state("contact", t.Contact)
		state("oncall", t.Oncall)
		state("escalation", t.Escalation...)
	}
	for _, j := range facts.Journeys {
		fmt.Fprintf(&b, "journey %s  %s\n", j.ID, j.At)
		state("services", j.ServiceRefs...)
		state("slo", j.SLORefs...)
	}
	for _, o := range facts.SLOs {
		fmt.Fprintf(&b, "SLO %s  %s\n", o.Name.Value, o.At)
		state("objective", o.Objective)
	}
	for _, g := range facts.Gaps {
		fmt.Fprintf(&b, "gap %s\n", g)
	}
	return b.String()
}

// The page for users names every part of the contract.
func TestExamplesReadme(t *testing.T) {
	readme := onDisk(t, examplesFolder)["README.md"]
	words := append(slices.Clone(examples), entries.MappedKeys()...)
	for line := range strings.Lines(jsonnet.Natives) {
		words = append(words, strings.Fields(line)[0])
	}
	for _, word := range words {
		if name, _, _ := strings.Cut(word, "("); !strings.Contains(readme, name) {
			t.Errorf("README.md lacks %q", name)
		}
	}
	for _, name := range examples {
		for _, d := range []string{FileName, "obsready.toml"} {
			if _, err := os.Stat(filepath.Join(examplesFolder, name, d)); err != nil {
				t.Error(err)
			}
		}
	}
}

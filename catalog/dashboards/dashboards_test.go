package dashboards

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/document"
)

// TestRead reads the documents of each archive in testdata, one estate each, and compares what was found with the
// archive's last file. UPDATE_GOLDEN=1 writes it.
func TestRead(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("found no archives: %v", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var facts catalog.Facts
			want := &archive.Files[len(archive.Files)-1]
			texts := map[string]string{}
			for _, f := range archive.Files[:len(archive.Files)-1] {
				texts[f.Name] = string(f.Data)
				facts.Add(readText(t, f.Name, texts[f.Name]))
			}
			if t.Name() != "TestRead/quoted" { // only the beginning of such a string is known
				checkPlaces(t, facts, func(name string) string { return texts[name] })
			}
			ResolveLibraries(facts.Dashboards, facts.Libraries)
			got := describeFacts(facts)
			if os.Getenv("UPDATE_GOLDEN") != "" {
				want.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// readText reads a file's text as the loader does: by its ending, lists flattened, ConfigMaps unwrapped.
func readText(t *testing.T, name, text string) (facts catalog.Facts) {
	t.Helper()
	parse := document.ParseYAML
	if strings.HasSuffix(name, ".json") {
		parse = document.ParseJSON
	}
	docs, gaps := parse(name, []byte(text))
	if len(docs) == 0 || gaps != nil {
		t.Fatalf("%s: got %d documents and gaps %v", name, len(docs), gaps)
	}
	return readDocuments(docs)
}

func readDocuments(docs []document.Document) (facts catalog.Facts) {
	for _, d := range document.Flatten(docs) {
		inner, _ := document.Embedded(d)
		for _, each := range append(inner, d) {
			if f, ok := Read(each); ok {
				facts.Add(f)
			}
		}
	}
	return facts
}

// describeFacts writes all that was read, a line for each thing.
func describeFacts(f catalog.Facts) string {
	var b strings.Builder
	for _, d := range f.Dashboards {
		describeDashboard(&b, "dashboard", d)
	}
	for _, d := range f.Libraries {
		describeDashboard(&b, "library", d)
	}
	for _, g := range f.Gaps {
		fmt.Fprintf(&b, "gap %s at %s: %s\n", g.Cause, position(g.At), g.Detail)
	}
	return b.String()
}

func describeDashboard(b *strings.Builder, word string, d *catalog.Dashboard) {
	fmt.Fprintf(b, "%s %q %q %s", word, d.UID.Value, d.Title.Value, d.Schema)
	if d.Folder.Value != "" {
		fmt.Fprintf(b, " folder %q", d.Folder.Value)
	}
	if d.Editable {
		b.WriteString(" editable")
	}
	if len(d.Tags) > 0 {
		fmt.Fprintf(b, " tags %v", values(d.Tags))
	}
	fmt.Fprintf(b, " at %s\n", position(d.At))
	if d.Description.Value != "" {
		fmt.Fprintf(b, "  description %q\n", d.Description.Value)
	}
	for _, v := range d.Variables {
		fmt.Fprintf(b, "  variable %s: %s %q = %q\n", v.Name.Value, v.Type, v.Query.Value, v.Current)
	}
	for _, l := range d.Links {
		fmt.Fprintf(b, "  link %s\n", l.Value)
	}
	for _, p := range d.Panels {
		describePanel(b, p)
	}
}

func describePanel(b *strings.Builder, p catalog.Panel) {
	fmt.Fprintf(b, "  panel %d %q %s", p.ID, p.Title.Value, p.Type)
	for _, part := range []struct{ word, value string }{{"unit", p.Unit.Value}, {"of", p.Datasource.Value}} {
		if part.value != "" {
			fmt.Fprintf(b, " %s %s", part.word, part.value)
		}
	}
	if p.Row != "" {
		fmt.Fprintf(b, " in %q", p.Row)
	}
	if p.Library.Value != "" || p.LibraryName != "" {
		fmt.Fprintf(b, " library %q %q", p.Library.Value, p.LibraryName)
	}
	if p.Unresolved {
		b.WriteString(" unresolved")
	}
	fmt.Fprintf(b, " at %s\n", position(p.At))
	if p.Description.Value != "" {
		fmt.Fprintf(b, "    description %q\n", p.Description.Value)
	}
	if p.Content != "" {
		fmt.Fprintf(b, "    content %q\n", p.Content)
	}
	for _, q := range p.Queries {
		fmt.Fprintf(b, "    %s", strings.TrimRight(fmt.Sprintf("%s %s", q.Lang, q.Text), " "))
		fmt.Fprintf(b, " at %s", position(q.At))
		if q.Error != "" {
			fmt.Fprintf(b, ", error at %s: %s", position(q.ErrorAt), q.Error)
		}
		b.WriteString("\n")
	}
}

func position(p catalog.Place) string { return fmt.Sprintf("%d:%d", p.Line, p.Col) }

func values(texts []catalog.Text) []string {
	var all []string
	for _, t := range texts {
		all = append(all, t.Value)
	}
	return all
}

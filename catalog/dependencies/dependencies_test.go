package dependencies

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"obsready/catalog"
)

// TestManifests reads the repository of each archive and compares one line for each manifest with the file "want".
func TestManifests(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			var all []*catalog.Manifest
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				if !IsPath(f.Name) {
					t.Errorf("%s is no path of a manifest", f.Name)
				}
				facts := Read(f.Name, f.Data)
				if len(facts.Gaps) > 0 {
					t.Errorf("%s: gaps %v", f.Name, facts.Gaps)
				}
				all = append(all, facts.Manifests...)
			}
			Resolve(all)
			lines := make([]string, len(all))
			for i, m := range all {
				lines[i] = describe(m) + "\n"
			}
			slices.Sort(lines)
			if diff := cmp.Diff(want, strings.Join(lines, "")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// describe writes a manifest as "file ecosystem/tool declares lock packages/pinned "name" members … by lockfile".
func describe(m *catalog.Manifest) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s/%s", m.At.File, m.Ecosystem, m.Tool)
	if m.Declares {
		b.WriteString(" declares")
	}
	if m.Lock {
		b.WriteString(" lock")
	}
	fmt.Fprintf(&b, " %d/%d", m.Packages, m.Pinned)
	if !m.Name.IsZero() {
		fmt.Fprintf(&b, " %q", m.Name.Value)
	}
	if len(m.Members) > 0 {
		b.WriteString(" members")
	}
	for _, member := range m.Members {
		b.WriteString(" " + member.Value)
	}
	switch {
	case m.LockedBy != nil:
		b.WriteString(" by " + m.LockedBy.At.File)
	case m.Declares:
		b.WriteString(" unlocked")
	}
	return b.String()
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct{ file, text, name, member string }{
		{"a/package.json", "{\n \"name\": \"x\",\n \"workspaces\": [\"p/*\"]}", "a/package.json:2:11", "a/package.json:3:18"},
		{"go.mod", "// note\n\nmodule x\n", "go.mod:3", ""},
		{"go.work", "go 1.26\nuse (\n\t./a\n)\n", "", "go.work:3"},
		{"Cargo.toml", "[package]\nname = \"x\"\n[workspace]\n", "Cargo.toml:2:9", "Cargo.toml:3:2"},
	} {
		facts := Read(c.file, []byte(c.text))
		if len(facts.Manifests) != 1 {
			t.Fatalf("%s: got %+v", c.file, facts)
		}
		m := facts.Manifests[0]
		if got := m.Name.At.String(); got != c.name {
			t.Errorf("%s: the name is at %q, want %q", c.file, got, c.name)
		}
		if c.member != "" && m.Members[0].At.String() != c.member {
			t.Errorf("%s: the member is at %v, want %s", c.file, m.Members[0].At, c.member)
		}
	}
}

func TestGaps(t *testing.T) {
	for _, c := range []struct {
		file, text string
		cause      catalog.Cause
		line       int
		says       string
	}{
		{"package.json", "{\n  \"dependencies\": {", catalog.Syntax, 2, ""},
		{"package-lock.json", "{\"packages\":\n {\"node_modules/a\":", catalog.Syntax, 2, "write it again"},
		{"bun.lockb", "#!/usr/bin/env bun\n", catalog.Unsupported, 0, "save-text-lockfile"},
		{"pyproject.toml", "[project\n", catalog.Syntax, 1, ""},
		{"pom.xml", "<project>\n<artifactId>a</project>", catalog.Syntax, 2, "closed by"},
		{"pom.xml", "<project>\n<artifactId>{{ .Values.name }}</x></project>", catalog.Template, 2, "rendered copy"},
		{"requirements.txt", "flask==1.0\n\n{{ extra }}\nclick==8.0\n", catalog.Template, 3, `"{{ extra }}" is no requirement`},
		{"requirements.txt", "flask==1.0\nclick = 8\n", catalog.Syntax, 2, "one requirement"},
		{"go.mod", "\xff\xfe", catalog.Encoding, 0, "UTF-8"},
		{"yarn.lock", strings.Repeat("x", MaxBytes+1), catalog.TooLarge, 0, "limit"},
		{".github/dependabot.yml", "version: 1\nupdate_configs: []\n", catalog.Unsupported, 1, "version: 2"},
		{".github/dependabot.yml", "version: 2\nupdates:\n  - directory: /\n", catalog.BadValue, 3, "package-ecosystem"},
		{"renovate.json", "{\"extends\": [\n", catalog.Syntax, 2, ""},
	} {
		facts := Read(c.file, []byte(c.text))
		if len(facts.Gaps) != 1 {
			t.Errorf("%s: got gaps %v", c.file, facts.Gaps)
			continue
		}
		g := facts.Gaps[0]
		if g.Cause != c.cause || g.At.Line != c.line || !strings.Contains(g.Detail, c.says) {
			t.Errorf("%s: got gap %v, want %q in line %d saying %q", c.file, g, c.cause, c.line, c.says)
		}
		want := catalog.Manifests
		if isDependabot(c.file) || c.file == "renovate.json" {
			want = catalog.UpdateConfigs
		}
		if !g.Concerns(want) {
			t.Errorf("%s: the gap hides %v, want %s", c.file, g.Kinds, want)
		}
	}
}

// TestUnreadRequirementsDoNotLock holds that a file is not taken for fully pinned when a line of it was not understood.
func TestUnreadRequirementsDoNotLock(t *testing.T) {
	m := Read("requirements.txt", []byte("flask==1.0\nclick = 8\n")).Manifests[0]
	if m.Lock || !m.Declares {
		t.Errorf("got %+v", m)
	}
}

func TestIsPath(t *testing.T) {
	for file, want := range map[string]bool{
		"a/package.json": true, "dev-requirements.txt": true, "requirements/base.in": true, "x/Y.fsproj": true, "a/b.gemspec": true,
		"gradle/dependency-locks/compile.lockfile": true, "gradle/verification-metadata.xml": true, "x/libs.versions.toml": true,
		".github/dependabot.yaml": true, ".renovaterc": true, ".github/renovate.json5": true, "constraints-3.12.txt": true,
		"verification-metadata.xml": false, "dependabot.yml": false, "notes.txt": false, "other.lockfile": false, "package.json.md": false, "requirements.md": false,
	} {
		if IsPath(file) != want {
			t.Errorf("%s: got %v", file, !want)
		}
	}
}

// TestHostileGlobs resolves a workspace whose globs would take a naive matcher exponential time.
func TestHostileGlobs(t *testing.T) {
	glob := strings.Repeat("**/*a", 40) + strings.Repeat("{a,b}", 40)
	workspace := Read("package.json", []byte(fmt.Sprintf(`{"workspaces": [%q]}`, glob))).Manifests[0]
	below := Read(strings.Repeat("a/", 500)+"package.json", []byte(`{"dependencies": {"x": "1"}}`)).Manifests[0]
	if Resolve([]*catalog.Manifest{workspace, below}); below.LockedBy != nil {
		t.Errorf("locked by %v", below.LockedBy)
	}
}

func FuzzRead(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Name, file.Data)
		}
	}
	f.Add(".github/dependabot.yml", []byte("version: 2\nupdates:\n- package-ecosystem: npm\n  directory: /\n"))
	f.Add("renovate.json5", []byte("{enabled: false, // x\n}"))
	f.Fuzz(func(t *testing.T, file string, data []byte) {
		facts := Read(file, data)
		if !IsPath(file) && (len(facts.Manifests)+len(facts.UpdateConfigs)+len(facts.Gaps) > 0) {
			t.Fatal("facts of a file that is none")
		}
		lines := strings.Count(string(data), "\n") + 1
		valid := func(p catalog.Place) {
			if p.File != file || p.Line < 0 || p.Line > lines+1 || p.Col < 0 { // YAML's parser names the line after the last for what is missing there
				t.Fatalf("place %v of a file of %d lines", p, lines)
			}
		}
		for _, m := range facts.Manifests {
			valid(m.At)
			if m.Packages < 0 || m.Pinned < 0 || m.Pinned > m.Packages || m.Ecosystem == "" || m.Tool == "" {
				t.Fatalf("got %+v", m)
			}
			for _, text := range append(m.Members, m.Name) {
				if !text.IsZero() {
					valid(text.At)
				}
			}
		}
		for _, u := range facts.UpdateConfigs {
			valid(u.At)
		}
		for _, g := range facts.Gaps {
			valid(g.At)
			if g.Cause == "" || g.Detail == "" || len(g.Kinds) == 0 {
				t.Fatalf("an empty gap: %+v", g)
			}
		}
		Resolve(facts.Manifests)
	})
}

package dependencies

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"obsready/catalog"
)

func TestDependabot(t *testing.T) {
	const text = `version: 2
updates:
  - package-ecosystem: "gomod"
    directories: ["/", "/tool"]
  - package-ecosystem: npm
    directory: /web
    open-pull-requests-limit: 0
  - package-ecosystem: docker
    directory: /
    ignore:
      - dependency-name: "*"
  - package-ecosystem: pip
    directory: /
    ignore:
      - dependency-name: "*"
        update-types: ["version-update:semver-major"]
`
	compare(t, ".github/dependabot.yml", text, []string{
		`dependabot gomod in / /tool at 3:5`,
		`dependabot npm in /web at 5:5 disabled "open-pull-requests-limit: 0" at 7`,
		`dependabot docker in / at 8:5 disabled "ignore: dependency-name \"*\"" at 11`,
		`dependabot pip in / at 12:5`,
	})
	compare(t, ".github/dependabot.yml", "version: 2\nupdates: []\n", []string{`dependabot  in  at 0:0 disabled "no updates" at 2`})
}

func TestRenovate(t *testing.T) {
	compare(t, "renovate.json", `{"extends": ["config:recommended"]}`, []string{"renovate  in  at 1:0"})
	compare(t, ".github/renovate.json5", "// ours\n{\n  enabledManagers: ['gomod', 'pip_requirements', \"pep621\", 'custom.regex'], // few\n  includePaths: ['svc/**',],\n}\n",
		[]string{"renovate gomod pip custom.regex in svc/** at 2:0"})
	compare(t, ".renovaterc", "{\n  \"enabled\": false\n}", []string{`renovate  in  at 1:0 disabled "enabled: false" at 2`})
	compare(t, "renovate.json", `{"extends": [":disableRenovate"]}`, []string{`renovate  in  at 1:0 disabled "extends: :disableRenovate" at 1`})
	compare(t, "package.json", "{\"name\": \"x\",\n\"renovate\": {\"extends\": [\"x\"]}}", []string{"renovate  in  at 2:0"})
	compare(t, "package.json", `{"name": "x", "scripts": {"renovate": "npx renovate"}}`, nil)
}

func compare(t *testing.T, file, text string, want []string) {
	t.Helper()
	facts := Read(file, []byte(text))
	if len(facts.Gaps) > 0 {
		t.Errorf("%s: gaps %v", file, facts.Gaps)
	}
	var got []string
	for _, u := range facts.UpdateConfigs {
		line := fmt.Sprintf("%s %s in %s at %d:%d", u.Tool, values(u.Ecosystems), values(u.Folders), u.At.Line, u.At.Col)
		if !u.Disabled.IsZero() {
			line += fmt.Sprintf(" disabled %q at %d", u.Disabled.Value, u.Disabled.At.Line)
		}
		got = append(got, line)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: got\n%s\nwant\n%s", file, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func values(texts []catalog.Text) string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = text.Value
	}
	return strings.Join(list, " ")
}

// TestCorpora reads the update configurations of public repositories, where they are at hand: each must be read.
func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora/repo-hygiene"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	files, tools := 0, map[string]int{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !IsPath(path) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		facts := Read(path, data)
		files++
		for _, u := range facts.UpdateConfigs {
			tools[u.Tool]++
		}
		for _, g := range facts.Gaps {
			t.Errorf("%v", g)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 || tools["dependabot"] == 0 || tools["renovate"] == 0 {
		t.Errorf("read %d files with %v", files, tools)
	}
	t.Logf("%d files, %v", files, tools)
}

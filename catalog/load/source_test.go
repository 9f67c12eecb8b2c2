package load

import (
	"fmt"
	"strings"
	"testing"

	"obsready/catalog"
)

func TestSource(t *testing.T) {
	const manifest = "-- services/x/go.mod --\nmodule x\n"
	repository := func(address string) string { return "repository = \"" + address + "\"\n" }
	for name, c := range map[string]struct {
		entry string // of the service whose folder is services/x
		files string
		want  string // state, folder, place
	}{
		"nothing stated, no code":      {"", "", "  "},
		"manifest":                     {"", manifest, "here services/x services/x/go.mod"},
		"manifest further down":        {"", "-- services/x/cmd/go.mod --\nmodule x\n", "here services/x services/x/cmd/go.mod"},
		"Dockerfile":                   {"", "-- services/x/Dockerfile --\nFROM alpine:3\n", "here services/x services/x/Dockerfile"},
		"workflow":                     {"", "-- services/x/.github/workflows/ci.yaml --\n" + workflow, "here services/x services/x/.github/workflows/ci.yaml:1:1"},
		"chart":                        {"", "-- services/x/Chart.yaml --\napiVersion: v2\nname: x\nversion: 1.0.0\ndependencies: [{name: a, version: 1.0.0, repository: 'https://x'}]\n", "  "},
		"code of somebody else":        {"", "-- services/y/go.mod --\nmodule y\n", "  "},
		"code aside":                   {"", "-- services/x/testdata/go.mod --\nmodule x\n-- services/x/examples/.github/workflows/ci.yaml --\n" + workflow, "  "},
		"this repository":              {repository("https://github.com/acme/shop"), "", "here  services/x/service.toml:2:15"},
		"its code before its address":  {repository("https://github.com/acme/x"), manifest, "here services/x services/x/go.mod"},
		"a chart, and code elsewhere":  {repository("https://github.com/acme/x"), "-- services/x/Chart.yaml --\napiVersion: v2\nname: x\nversion: 1.0.0\n", "elsewhere  services/x/service.toml:2:15"},
		"with an ending":               {repository("https://github.com/acme/shop.git"), "", "here  services/x/service.toml:2:15"},
		"with a slash":                 {repository("https://github.com/acme/shop/"), "", "here  services/x/service.toml:2:15"},
		"ssh":                          {repository("git@github.com:acme/shop.git"), "", "here  services/x/service.toml:2:15"},
		"ssh with scheme":              {repository("ssh://git@github.com/acme/shop"), "", "here  services/x/service.toml:2:15"},
		"without scheme":               {repository("github.com/acme/shop"), "", "here  services/x/service.toml:2:15"},
		"other case":                   {repository("https://GitHub.com/Acme/Shop"), "", "here  services/x/service.toml:2:15"},
		"with a query":                 {repository("https://github.com/acme/shop?tab=readme-ov-file"), "", "here  services/x/service.toml:2:15"},
		"a folder of it":               {repository("https://github.com/acme/shop/tree/main/code/x"), "-- code/x/main.go --\n", "here code/x services/x/service.toml:2:15"},
		"a folder with escapes":        {repository("https://github.com/acme/shop/tree/main/code/x%20y"), "-- code/x y/main.go --\n", "here code/x y services/x/service.toml:2:15"},
		"a file of it":                 {repository("https://github.com/acme/shop/blob/main/code/x/main.go"), "-- code/x/main.go --\n", "here code/x services/x/service.toml:2:15"},
		"as GitLab writes it":          {repository("https://github.com/acme/shop/-/tree/main/code/x"), "-- code/x/main.go --\n", "here code/x services/x/service.toml:2:15"},
		"as Gitea writes it":           {repository("https://github.com/acme/shop/src/branch/main/code/x"), "-- code/x/main.go --\n", "here code/x services/x/service.toml:2:15"},
		"its root":                     {repository("https://github.com/acme/shop/tree/main"), "", "here  services/x/service.toml:2:15"},
		"a folder that is not there":   {repository("https://github.com/acme/shop/tree/main/code/gone"), "", "elsewhere  services/x/service.toml:2:15"},
		"a folder above":               {repository("https://github.com/acme/shop/tree/main/../../etc"), "", "elsewhere  services/x/service.toml:2:15"},
		"another repository":           {repository("https://github.com/acme/other"), "", "elsewhere  services/x/service.toml:2:15"},
		"a name that begins alike":     {repository("https://github.com/acme/shop-web"), "", "elsewhere  services/x/service.toml:2:15"},
		"issues of the repository":     {repository("https://github.com/acme/shop/issues"), "", "elsewhere  services/x/service.toml:2:15"},
		"no address":                   {repository("shop"), "", "elsewhere  services/x/service.toml:2:15"},
		"workflow named":               {"[evidence]\nworkflows = [\"/.github/workflows/x.yaml\"]\n", "-- .github/workflows/x.yaml --\n" + workflow, "here services/x services/x/service.toml:3:15"},
		"workflow named and not there": {"[evidence]\nworkflows = [\"/.github/workflows/y.yaml\"]\n", "", "  "},
	} {
		e := estate(t, "-- services/x/service.toml --\nname = \"x\"\n"+c.entry+c.files, func(o *Options) { o.Web = "https://github.com/acme/shop/" })
		s := e.Services[0].Source
		if got := fmt.Sprintf("%s %s %s", s.State, s.Folder, s.At); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestSourceWithoutWeb knows no repository by its address when its own is not known.
func TestSourceWithoutWeb(t *testing.T) {
	e := estate(t, "-- services/x/service.toml --\nname = \"x\"\nrepository = \"https://github.com/acme/shop\"\n", nil)
	if s := e.Services[0].Source; s.State != catalog.SourceElsewhere {
		t.Errorf("got %+v", s)
	}
}

// TestSourceOfTheWholeTree is the tree, whose only service stands at its root.
func TestSourceOfTheWholeTree(t *testing.T) {
	const text = "-- service.toml --\nname = \"x\"\n-- cmd/go.mod --\nmodule x\n"
	if s := estate(t, text, nil).Services[0].Source; s.State != catalog.SourceHere || s.Folder != "" || s.At.File != "cmd/go.mod" {
		t.Errorf("got %+v", s)
	}
	e := estate(t, text+"-- other/service.toml --\nname = \"y\"\n", nil)
	if s := service(t, e, "x").Source; s.State != catalog.SourceUnstated {
		t.Errorf("the tree of two services is neither's: got %+v", s)
	}
}

func TestRepositoryFolder(t *testing.T) {
	for file, want := range map[string]string{
		".github/workflows/ci.yaml": "", "a/.github/workflows/ci.yaml": "a", "a/b/.github/dependabot.yml": "a/b", "SECURITY.md": "", "docs/SECURITY.md": "", "a/docs/SECURITY.md": "a",
		".gitlab-ci.yml": "", "a/.circleci/config.yml": "a", ".github/rulesets/main.json": "", "a/renovate.json": "a", ".well-known/security.txt": "", "workflows": "",
	} {
		if got := repositoryFolder(file); got != want {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}

// TestPathFilters links a workflow to the services whose files can start it.
func TestPathFilters(t *testing.T) {
	const files = `
-- services/a/service.toml --
name = "a"
-- services/a/go.mod --
module a
-- services/a/docs/x.md --
-- services/b/service.toml --
name = "b"
-- services/b/src/app/main.js --
-- services/b/package.json --
{"name": "b", "dependencies": {"x": "1"}}
-- services/c/service.toml --
name = "c"
repository = "https://github.com/acme/shop"
`
	for filter, want := range map[string]string{
		"":                                              "a b c", // and c is the whole repository
		"paths: ['services/a/**']":                      "a c",
		"paths: ['/services/a/**']":                     "a c",
		"paths: [services/a]":                           "c", // a folder is no file
		"paths: ['services/*']":                         "c", // "*" stands for no slash
		"paths: ['services/*/*.mod']":                   "a c",
		"paths: ['**']":                                 "a b c",
		"paths: ['**.js']":                              "b c",
		"paths: ['**/docs/**']":                         "a c",
		"paths: ['services/**', '!services/b/**']":      "a c",
		"paths: ['!services/b/**', 'services/**']":      "a b c", // the last one decides
		"paths: ['services/**', '!**', '**/*.js']":      "b c",
		"paths: ['!services/a/**']":                     "c", // nothing lets anything through
		"paths: ['services/[ab]/**']":                   "a b c",
		"paths: ['service?/b/**']":                      "c",
		"paths: ['services?/b/**']":                     "b c",
		"paths: ['other/**']":                           "c",
		"paths-ignore: ['services/a/**']":               "b c",
		"paths-ignore: ['**/*.md']":                     "a b c",
		"paths-ignore: ['**']":                          "c",
		"paths: ['services/(/**']":                      "c",
		"paths: ['.github/**', 'services/b/src/**.js']": "b c",
	} {
		on := "on: {push: {" + filter + "}}\n"
		e := estate(t, files+"-- .github/workflows/ci.yaml --\n"+on+"jobs: {a: {runs-on: x, steps: [{run: make}]}}\n", func(o *Options) { o.Web = "https://github.com/acme/shop" })
		var got []string
		for _, s := range e.Services {
			if len(s.Workflows) > 0 {
				got = append(got, s.ID)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %q", filter, strings.Join(got, " "), want)
		}
	}
}

// TestPathFiltersOfTwoTriggers start the workflow by either.
func TestPathFiltersOfTwoTriggers(t *testing.T) {
	e := estate(t, "-- a/service.toml --\nname = \"a\"\n-- a/go.mod --\nmodule a\n-- b/service.toml --\nname = \"b\"\n-- b/go.mod --\nmodule b\n"+
		"-- .github/workflows/ci.yaml --\non: {push: {paths: ['a/**']}, schedule: [{cron: '0 0 * * *'}]}\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n", nil)
	if got := linkedTo(e, catalog.Workflows); got != "a: of the repository; b: of the repository" {
		t.Errorf("got %q", got)
	}
}

// TestPathFiltersOfLargeFolders are tried on the files that they can be about.
func TestPathFiltersOfLargeFolders(t *testing.T) {
	var b strings.Builder
	b.WriteString("-- a/service.toml --\nname = \"a\"\n-- a/go.mod --\nmodule a\n-- z/x --\n")
	for i := range maxFilterFiles {
		fmt.Fprintf(&b, "-- a/f%05d --\n", i)
	}
	b.WriteString("-- a/z/last.js --\n")
	for filter, want := range map[string]bool{"'a/z/*.js'": true, "'a/z/*.go'": false, "'z/**'": false, "'**/*.js'": true, "'**/*.go'": true /* not all files are tried */} {
		e := estate(t, b.String()+"-- .github/workflows/ci.yaml --\non: {push: {paths: ["+filter+"]}}\njobs: {a: {runs-on: x, steps: [{run: make}]}}\n", nil)
		if got := len(e.Services[0].Workflows) > 0; got != want {
			t.Errorf("%s: got %t, want %t", filter, got, want)
		}
	}
}

// TestAzurePaths stand for everything below them.
func TestAzurePaths(t *testing.T) {
	for path, want := range map[string]bool{"a": true, "/a/": true, "a/*": true, "a/go.mod": true, "b": false, "a/b": false} {
		e := estate(t, "-- a/service.toml --\nname = \"a\"\n-- a/go.mod --\nmodule a\n-- azure-pipelines.yml --\ntrigger: {branches: {include: [main]}, paths: {include: ['"+path+"']}}\n"+
			"pr: none\nsteps: [{script: make}]\n", nil)
		if got := len(e.Services[0].Workflows) > 0; got != want {
			t.Errorf("%s: got %t, want %t", path, got, want)
		}
	}
}

func FuzzPathFilter(f *testing.F) {
	for _, seed := range []string{"a/**", "!**.js", "[a-", "a++?", `\`, "**/**/**", "é?"} {
		f.Add(seed, "a/b.js")
		f.Add(seed, "/")
	}
	f.Fuzz(func(t *testing.T, pattern, file string) {
		for _, format := range []string{"github", "azure"} {
			filter := pathFilter(format, []catalog.Text{{Value: pattern}})
			if filter.admits(file) && !strings.HasPrefix(pattern, "!") && !strings.HasPrefix(file, filter[0].begin) {
				t.Errorf("%q matches %q, which does not begin with %q", pattern, file, filter[0].begin)
			}
		}
	})
}

// TestPipelinesAside are read only where a host may start them.
func TestPipelinesAside(t *testing.T) {
	for file, want := range map[string]bool{
		".github/workflows/ci.yaml": true, "testdata/.github/workflows/ci.yaml": false, "templates/go/.github/workflows/ci.yaml": false, "a/examples/b/.github/workflows/ci.yaml": false,
		"Jenkinsfile": true, "examples/Jenkinsfile": false, ".gitlab/ci/templates/x.yml": true, "templates/azure-pipelines-build.yml": true, ".azure-pipelines/templates/x.yml": true,
	} {
		if got := mayStart(file); got != want {
			t.Errorf("%s: got %t, want %t", file, got, want)
		}
	}
}

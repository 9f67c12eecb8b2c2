package checks

import (
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
	"obsready/checks/delivery"
)

var dependenciesScanned = &Check{
	ID:       "dependencies-scanned",
	Title:    "Dependencies are scanned for known vulnerabilities",
	Why:      "Most of a service is other people's code. Its vulnerabilities are published, and exploited within days.",
	Fix:      "Run a scanner on pull requests (dependency-review-action, osv-scanner, trivy, govulncheck, npm audit), or let Dependabot or Renovate propose updates of the ecosystems that the service uses: add `.github/dependabot.yml`.",
	Source:   "OpenSSF Scorecard, Vulnerabilities and Dependency-Update-Tool; NIST SSDF 1.1, PW.4; OpenSSF Security Baseline, OSPS-VM-05.",
	Pillar:   Supply,
	Question: Protect,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Workflows, catalog.UpdateConfigs, catalog.Manifests},
	Attest:   "the dependencies are scanned by a service outside of the pipelines",
	Run: func(in *Inspection) {
		wayOut := "run one on pull requests, or configure Dependabot or Renovate for its ecosystems"
		for _, c := range in.Service.UpdateConfigs {
			switch {
			case in.Service.Source.State != catalog.SourceHere || !proposesFor(in, c.Item):
			case c.Item.Disabled.Value == "":
				in.Metf(c.Item.At, "%s proposes updates of dependencies", c.Item.Tool).LinkedBy(c.By)
				return
			default:
				wayOut += ". " + c.Item.Tool + " is configured and switched off: " + c.Item.Disabled.Value
			}
		}
		requireScan(in, catalog.ScansDependencies, catalog.Manifests, "no dependency manifest of a programming language was found", wayOut)
	},
}

// dependabotNames are the names that Dependabot has for the ecosystems of manifests, where they differ.
// Source: GitHub, "Dependabot options reference", package-ecosystem.
var dependabotNames = map[string][]string{
	"npm": {"npm", "bun"}, "go": {"gomod"}, "pypi": {"pip", "uv"}, "rubygems": {"bundler"}, "hex": {"mix"}, "gradle": {"gradle", "maven"}, "conda": {"conda", "pip"},
}

// proposesFor reports whether an update configuration is about an ecosystem of the service, in the folder that it is used in:
// one for workflows or base images alone is not.
func proposesFor(in *Inspection, c *catalog.UpdateConfig) bool {
	return slices.ContainsFunc(in.Service.Manifests, func(m catalog.Linked[catalog.Manifest]) bool {
		isIts := func(e catalog.Text) bool {
			return e.Value == m.Item.Ecosystem || slices.Contains(dependabotNames[m.Item.Ecosystem], e.Value)
		}
		return delivery.BringsCode(m.Item) && (len(c.Ecosystems) == 0 || slices.ContainsFunc(c.Ecosystems, isIts)) && looksInto(in.Estate, c, m.Item)
	})
}

// workspaces are the files that make a folder the root of packages below it, by ecosystem: updates of the root are those of
// its packages.
var workspaces = map[string][]string{
	"npm": {"package.json"}, "cargo": {"Cargo.toml"}, "maven": {"pom.xml"}, "gradle": {"settings.gradle", "settings.gradle.kts"}, "pypi": {"uv.lock"}, "go": {"go.work"},
}

// looksInto reports whether an update configuration looks into the folder of a manifest: it names the folder, in words or by
// a pattern, or a folder above that is the root of a workspace, or none at all.
func looksInto(e *catalog.Estate, c *catalog.UpdateConfig, m *catalog.Manifest) bool {
	root, _, nested := strings.Cut(c.At.File, "/.github/")
	if !nested {
		root = strings.TrimSuffix(path.Dir(c.At.File), ".github")
	}
	root = strings.Trim(root, "./")
	folder := strings.Trim(strings.TrimPrefix(path.Dir("/"+m.At.File), "/"+root), "/")
	return len(c.Folders) == 0 || slices.ContainsFunc(c.Folders, func(f catalog.Text) bool {
		named := strings.Trim(path.Clean("/"+f.Value), "/")
		if matched, err := doublestar.Match(named, folder); matched || err != nil || named == folder || c.Tool == "renovate" {
			return true
		}
		return (named == "" || strings.HasPrefix(folder, named+"/")) && slices.ContainsFunc(workspaces[m.Ecosystem], func(file string) bool {
			return e.HasFile(strings.TrimPrefix(path.Join("/", root, named, file), "/"))
		})
	})
}

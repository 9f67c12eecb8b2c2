package checks

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"obsready/catalog"
)

var dependenciesLocked = &Check{
	ID:       "dependencies-locked",
	Title:    "Every dependency manifest has a lockfile",
	Why:      "Without one, two builds of the same commit differ, and the second may hold what somebody published an hour ago.",
	Fix:      "Commit the lockfile that the package manager writes (`package-lock.json`, `go.sum`, `poetry.lock`, `Cargo.lock` …) beside the manifest, or write exact versions.",
	Source:   "OpenSSF Scorecard, Pinned-Dependencies; SLSA 1.0, hermetic builds; OpenSSF Security Baseline, OSPS-QA-02.",
	Pillar:   Supply,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Manifests},
	All:      true,
	Run: func(in *Inspection) {
		if in.Service.KindName() == "library" {
			in.NotApplicablef("a library leaves the versions to those who use it")
			return
		}
		if !codeRead(in) {
			return
		}
		for _, group := range lockGroups(in.Service.Manifests, in.Service.Source.Folder) {
			requireLock(in, group)
		}
		if len(in.requirements) == 0 {
			notApplicableUnlessHidden(in, catalog.Manifests, "no dependency manifest of the service was found")
		}
	},
}

var (
	// developmentFile finds the requirements files of pip that say by their name that they are for those who work on the
	// service: nothing of them goes into it.
	developmentFile = regexp.MustCompile(`(?i)(?:^|/)(?:(?:[\w-]+[-_.])?requirements[-_.]?(?:dev|develop|development|test|tests|testing|docs?|lint|ci|build|local|typing|mypy)[\w-]*|(?:dev|development|test|tests|testing|docs?|lint|ci|local)[-_.]requirements|(?:requirements|docs?|tests?|e2e)/(?:dev|develop|development|test|tests|testing|docs?|lint|ci|local|requirements))\.(?:txt|in)$`)
	// developmentFolder finds the folders of tests and examples.
	developmentFolder = regexp.MustCompile(`(?i)(?:^|/)(?:(?:[a-z]+[-_])?(?:tests|e2e|examples?|fixtures?|benchmarks?)|test|testing|integration[-_]test|examples?[-_][a-z]+)/`)
)

// forDevelopment reports whether a manifest below a service's folder is not of the product by its path.
func forDevelopment(m *catalog.Manifest, folder string) bool {
	file := strings.TrimPrefix(m.At.File, folder+"/")
	return m.Ecosystem == "pypi" && developmentFile.MatchString(file) || developmentFolder.MatchString(file)
}

// lockGroups gives the manifests that declare dependencies of the product, in their order: those of one folder and
// ecosystem together when the same file locks them, or nothing does.
func lockGroups(manifests []catalog.Linked[catalog.Manifest], folder string) [][]catalog.Linked[catalog.Manifest] {
	type key struct {
		folder, ecosystem string
		lock              *catalog.Manifest
	}
	var groups [][]catalog.Linked[catalog.Manifest]
	index := map[key]int{}
	for _, m := range manifests {
		if !m.Item.Declares || forDevelopment(m.Item, folder) {
			continue
		}
		k := key{path.Dir(m.Item.At.File), m.Item.Ecosystem, m.Item.LockedBy}
		if k.lock == nil && exact(m.Item) {
			k.lock = m.Item
		}
		if i, ok := index[k]; ok {
			groups[i] = append(groups[i], m)
			continue
		}
		index[k] = len(groups)
		groups = append(groups, []catalog.Linked[catalog.Manifest]{m})
	}
	return groups
}

// exact reports whether a manifest names one version of each dependency.
func exact(m *catalog.Manifest) bool { return m.Packages > 0 && m.Pinned == m.Packages }

func requireLock(in *Inspection, group []catalog.Linked[catalog.Manifest]) {
	first := group[0].Item
	files, declare := first.At.File, "declares"
	if n := len(group) - 1; n > 0 {
		files, declare = fmt.Sprintf("%s and %d more of its folder", files, n), "declare"
	}
	switch {
	case first.LockedBy == first:
		in.Metf(first.At, "%s fixes the versions of its %s", first.At.File, count(first.Packages, "dependency", "dependencies")).LinkedBy(group[0].By)
	case first.LockedBy != nil:
		in.Metf(first.LockedBy.At, "%s locks the dependencies of %s", first.LockedBy.At.File, files).LinkedBy(group[0].By)
	case exact(first):
		in.Metf(first.At, "%s names the version of %s", first.At.File, count(first.Packages, "dependency", "dependencies")).LinkedBy(group[0].By)
	default:
		in.Unmetf(first.At, "%s %s dependencies (%s) and no lockfile fixes their versions. %s", files, declare, first.Ecosystem, lockWayOut(first)).LinkedBy(group[0].By)
	}
}

// lockFiles are what the package managers of ecosystems write, with the command that does.
var lockFiles = map[string]string{
	"npm": "commit package-lock.json, which npm install writes", "yarn": "commit yarn.lock, which yarn install writes", "pnpm": "commit pnpm-lock.yaml, which pnpm install writes",
	"go": "commit go.sum, which go mod tidy writes", "cargo": "commit Cargo.lock, which cargo build writes", "rubygems": "commit Gemfile.lock, which bundle lock writes",
	"composer": "commit composer.lock, which composer install writes", "nuget": "commit packages.lock.json, which dotnet restore --use-lock-file writes",
	"gradle": "commit gradle.lockfile, which gradle dependencies --write-locks writes", "terraform": "commit .terraform.lock.hcl, which terraform init writes",
	"helm": "commit Chart.lock, which helm dependency update writes", "poetry": "commit poetry.lock, which poetry lock writes", "uv": "commit uv.lock, which uv lock writes",
	"pipenv": "commit Pipfile.lock, which pipenv lock writes", "pypi": "write exact versions with pip-compile or uv pip compile", "maven": "write exact versions in place of ranges and snapshots",
	"pub": "commit pubspec.lock, which dart pub get writes", "hex": "commit mix.lock, which mix deps.get writes", "swift": "commit Package.resolved, which swift package resolve writes",
	"conda": "commit conda-lock.yml, which conda-lock writes", "jsonnet": "commit jsonnetfile.lock.json, which jb install writes", "nix": "commit flake.lock, which nix flake lock writes",
}

// lockWayOut says how the versions of a manifest are fixed.
func lockWayOut(m *catalog.Manifest) string {
	if way, ok := lockFiles[m.Tool]; ok {
		return way
	}
	return orElse(lockFiles[m.Ecosystem], "commit the one that its package manager writes")
}

// Package dependencies reads the files in which a product declares what it depends on, those that lock its versions, and
// the configuration of the tools that propose updates. It answers "what is declared, how much of it is fixed to one
// version, and which lockfile covers it?" and never "should this be locked?" or "is this version safe?".
//
// Manifests are many formats and mostly small; lockfiles are machine-written and may be huge, so that those are counted
// line by line or member by member and never built as trees. What stands in a folder of the same repository (a path, a
// workspace member, a project reference) is no dependency here: it cannot change by itself.
package dependencies

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Limits of what is read.
const (
	MaxBytes   = 32 << 20 // of a file
	maxMembers = 1000     // globs of one workspace
)

// format is how one kind of file is read.
type format struct {
	ecosystem, tool string
	lock            bool // it locks versions; the readers of files that both declare and lock decide for themselves
	// read fills in the manifest; false when the file turns out not to be a manifest.
	read func(s *source, m *catalog.Manifest) bool
}

// IsPath reports whether a file's name is one that a manifest, a lockfile or an update tool's configuration has.
func IsPath(file string) bool {
	if isDependabot(file) || isRenovate(file) {
		return true
	}
	_, ok := formatOf(file)
	return ok
}

// Read gives the manifest or the update configurations of a file; nothing when its content is of another kind than its
// name says, a gap when it cannot be read.
func Read(file string, data []byte) catalog.Facts {
	var facts catalog.Facts
	if isDependabot(file) || isRenovate(file) {
		facts = readUpdateConfig(file, data)
	}
	f, ok := formatOf(file)
	if !ok {
		return facts
	}
	s := &source{file: file, data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))}
	m := &catalog.Manifest{Ecosystem: f.ecosystem, Tool: f.tool, Lock: f.lock, At: catalog.Place{File: file}}
	if s.readable() && f.read(s, m) && (m.Declares || m.Lock || len(m.Members) > 0 || !m.Name.IsZero() || m.Packages > 0) {
		if f.lock {
			m.Pinned = m.Packages
		}
		facts.Manifests = append(facts.Manifests, m)
	}
	facts.Gaps = append(facts.Gaps, s.gaps...)
	return facts
}

// source is one file that is being read.
type source struct {
	file string
	data []byte
	kind catalog.Kind // of the evidence that a gap hides; "" for manifests
	gaps []catalog.Gap
}

// readable checks size and encoding. XML says its encoding itself.
func (s *source) readable() bool {
	switch {
	case len(s.data) > MaxBytes:
		s.gap(0, catalog.TooLarge, "the file has %d bytes and the limit is %d", len(s.data), MaxBytes)
	case !bytes.HasPrefix(bytes.TrimSpace(s.data[:min(len(s.data), 256)]), []byte("<")) && (!utf8.Valid(s.data) || bytes.IndexByte(s.data, 0) >= 0):
		s.gap(0, catalog.Encoding, "the file is not UTF-8 text. save it as UTF-8")
	default:
		return true
	}
	return false
}

// maxGapWords bounds the text whose words a gap keeps.
const maxGapWords = 1 << 20

func (s *source) gap(line int, cause catalog.Cause, detail string, args ...any) {
	s.addGap(catalog.Gap{At: catalog.Place{File: s.file, Line: line}, Cause: cause, Detail: fmt.Sprintf(detail, args...)})
}

func (s *source) addGap(g catalog.Gap) {
	g.Kinds = []catalog.Kind{catalog.Manifests}
	if s.kind != "" {
		g.Kinds = []catalog.Kind{s.kind}
	}
	if g.Names == nil && len(s.data) <= maxGapWords && g.Cause != catalog.Encoding {
		g.Names = document.Words(string(s.data))
	}
	s.gaps = append(s.gaps, g)
}

// text gives a string of the file with its place; the file's bytes are not kept alive by it.
func (s *source) text(value string, line int) catalog.Text {
	return catalog.Text{Value: strings.Clone(value), At: catalog.Place{File: s.file, Line: line}}
}

// lines goes through the lines of the file without their ends, counted from 1. A line is a part of the data.
func (s *source) lines(yield func(n int, line []byte) bool) {
	n := 0
	for line := range bytes.Lines(s.data) {
		n++
		if !yield(n, bytes.TrimRight(line, "\r\n")) {
			return
		}
	}
}

// yaml gives the root of a YAML file's first document; nil when there is none or it does not parse.
func (s *source) yaml() *document.Node { return s.root(document.ParseYAML(s.file, s.data)) }

// json gives the root of a JSON file; nil when it does not parse.
func (s *source) json() *document.Node { return s.root(document.ParseJSON(s.file, s.data)) }

func (s *source) root(docs []document.Document, gaps []catalog.Gap) *document.Node {
	for _, g := range gaps {
		s.addGap(g)
	}
	if len(docs) == 0 {
		return nil
	}
	return docs[0].Root
}

// tally counts the dependencies of one manifest, each name once.
type tally struct {
	names  map[string]bool // to whether it is pinned wherever it stands
	pinned int
}

// add counts a dependency. A name that stands several times, as for several platforms, is pinned when all of them are.
func (t *tally) add(name string, pinned bool) {
	was, known := t.names[name]
	switch {
	case !known:
		if t.names == nil {
			t.names = map[string]bool{}
		}
		t.names[strings.Clone(name)] = pinned
		if pinned {
			t.pinned++
		}
	case was && !pinned:
		t.names[name] = false
		t.pinned--
	}
}

// declare sets the manifest's numbers.
func (t *tally) declare(m *catalog.Manifest) {
	m.Packages, m.Pinned = len(t.names), t.pinned
	m.Declares = m.Packages > 0
}

// addMembers keeps globs of workspace folders: as they are written, without "./" before and "/" after them.
func addMembers(m *catalog.Manifest, globs ...catalog.Text) {
	for _, g := range globs {
		pattern, negated := strings.CutPrefix(g.Value, "!")
		pattern = strings.TrimRight(strings.TrimPrefix(pattern, "./"), "/")
		if pattern == "" || len(m.Members) >= maxMembers {
			continue
		}
		if negated {
			pattern = "!" + pattern
		}
		m.Members = append(m.Members, catalog.Text{Value: strings.Clone(pattern), At: g.At})
	}
}

// isLocal reports whether a version is rather a folder or file of the repository, or a member of the workspace.
func isLocal(version string) bool {
	return slices.ContainsFunc([]string{"file:", "link:", "workspace:", "portal:", "path:", "./", "../", "~/"}, func(prefix string) bool {
		return strings.HasPrefix(version, prefix)
	})
}

// formatOf gives the format of a file by its name, and by its folder where the name alone says too little.
func formatOf(file string) (format, bool) {
	dir, base := path.Split(file)
	if f, ok := formatByName(base); ok {
		return f, true
	}
	ext := strings.ToLower(path.Ext(base))
	switch {
	case ext == ".csproj" || ext == ".fsproj" || ext == ".vbproj":
		return format{"nuget", "dotnet", false, readProject}, true
	case ext == ".gemspec":
		return format{"rubygems", "bundler", false, readGemspec}, true
	case ext == ".tf":
		return format{"terraform", "terraform", false, readTerraform}, true
	case ext == ".lockfile" && (base == "gradle.lockfile" || strings.HasSuffix(dir, "gradle/dependency-locks/")):
		return format{"gradle", "gradle", true, readGradleLock}, true
	case strings.HasSuffix(base, ".versions.toml"):
		return format{"gradle", "gradle", false, readVersionCatalog}, true
	case base == "verification-metadata.xml" && path.Base(dir) == "gradle":
		return format{"gradle", "gradle", true, readVerification}, true
	case isConstraints(base):
		return format{"pypi", "pip", false, readConstraints}, true
	case isRequirements(dir, base):
		return format{"pypi", "pip", false, readRequirements}, true
	}
	return format{}, false
}

// formatByName knows the files that have one fixed name.
func formatByName(base string) (format, bool) {
	for _, known := range []func(string) (format, bool){javascriptFormat, goFormat, pythonFormat, otherFormat} {
		if f, ok := known(base); ok {
			return f, true
		}
	}
	return format{}, false
}

func otherFormat(base string) (format, bool) {
	switch base {
	case "Cargo.toml":
		return format{"cargo", "cargo", false, readCargo}, true
	case "Cargo.lock":
		return format{"cargo", "cargo", true, readCargoLock}, true
	case "Gemfile", "gems.rb":
		return format{"rubygems", "bundler", false, readGemfile}, true
	case "Gemfile.lock", "gems.locked":
		return format{"rubygems", "bundler", true, readGemfileLock}, true
	case "composer.json":
		return format{"composer", "composer", false, readComposer}, true
	case "composer.lock":
		return format{"composer", "composer", true, readComposerLock}, true
	case "pom.xml":
		return format{"maven", "maven", false, readPOM}, true
	case "build.gradle", "build.gradle.kts":
		return format{"gradle", "gradle", false, readGradle}, true
	case "settings.gradle", "settings.gradle.kts":
		return format{"gradle", "gradle", false, readGradleSettings}, true
	case "packages.lock.json":
		return format{"nuget", "dotnet", true, readNuGetLock}, true
	case "Directory.Packages.props":
		return format{"nuget", "dotnet", false, readCentralPackages}, true
	case "packages.config":
		return format{"nuget", "nuget", false, readPackagesConfig}, true
	case "pubspec.yaml":
		return format{"pub", "pub", false, readPubspec}, true
	case "pubspec.lock":
		return format{"pub", "pub", true, readPubspecLock}, true
	case "mix.exs":
		return format{"hex", "mix", false, readMix}, true
	case "mix.lock":
		return format{"hex", "mix", true, readMixLock}, true
	case "Package.swift":
		return format{"swift", "swiftpm", false, readSwift}, true
	case "Package.resolved":
		return format{"swift", "swiftpm", true, readSwiftLock}, true
	case ".terraform.lock.hcl":
		return format{"terraform", "terraform", true, readTerraformLock}, true
	case "Chart.yaml":
		return format{"helm", "helm", false, readChart}, true
	case "requirements.yaml":
		return format{"helm", "helm", false, readChartRequirements}, true
	case "Chart.lock":
		return format{"helm", "helm", true, readChartLock}, true
	case "requirements.lock":
		return format{"helm", "helm", false, readRequirementsLock}, true
	case "jsonnetfile.json":
		return format{"jsonnet", "jsonnet-bundler", false, readJsonnetfile}, true
	case "jsonnetfile.lock.json":
		return format{"jsonnet", "jsonnet-bundler", true, readJsonnetfile}, true
	case "flake.nix":
		return format{"nix", "nix", false, readFlake}, true
	case "flake.lock":
		return format{"nix", "nix", true, readFlakeLock}, true
	case "environment.yml", "environment.yaml":
		return format{"conda", "conda", false, readConda}, true
	case "conda-lock.yml", "conda-lock.yaml":
		return format{"conda", "conda-lock", true, readCondaLock}, true
	}
	return format{}, false
}

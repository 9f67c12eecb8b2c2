// Package mixins finds jsonnet that holds rules and dashboards, and reads what it gives. It answers "which rules and
// dashboards do the mixins and jsonnet programs of this catalog make, and where do they stand?" and never what they are
// worth. It evaluates nothing itself: package jsonnet does, with files of the catalog only.
//
// A mixin is a jsonnet object with prometheusAlerts, prometheusRules and grafanaDashboards, as
// https://monitoring.mixins.dev describes it. Its configuration (_config) is read with its defaults.
package mixins

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog/jsonnet"
)

// program is a mixin or a jsonnet program that may give rules or dashboards.
type program struct {
	entry string   // the file that findings are told with when nothing better is known
	parts []string // the files that make it together, in the order in which they are added up
	// mixin says that its place alone tells what it is, so that it is a gap when it cannot be evaluated.
	mixin bool
}

// IsPath reports whether a file may be what [Read] looks for, by its path alone: a mixin, a jsonnet program, or what tells
// where its libraries are.
func IsPath(file string) bool {
	base := path.Base(file)
	return !apart(file) && (path.Ext(base) == ".jsonnet" || base == mixinFile || base == bundlerFile)
}

// Names of files that jsonnet-bundler and the mixins' own convention give.
const (
	mixinFile   = "mixin.libsonnet"
	bundlerFile = "jsonnetfile.json"
	lockFile    = "jsonnetfile.lock.json"
	configFile  = "config.libsonnet"
)

// find gives the programs of a tree in the order of their entries:
//
//   - mixin.libsonnet of any folder
//   - of a folder with a jsonnetfile.json and without a mixin.libsonnet: its *.libsonnet that define what a mixin has,
//     taken together
//   - every *.jsonnet that may make rules or dashboards
//
// Libraries in vendor/, tests and examples are left out, and so is what is not own.
func find(files jsonnet.Files, own func(path string) bool) []program {
	var found []program
	survey := &survey{files: files, sources: map[string]source{}}
	folders := byFolder(files.Paths(), own)
	for _, dir := range folders.order {
		names := folders.names[dir]
		switch {
		case slices.Contains(names, mixinFile):
			p := path.Join(dir, mixinFile)
			found = append(found, program{entry: p, parts: []string{p}, mixin: true})
		case slices.Contains(names, bundlerFile):
			if p, ok := loose(files, dir, names); ok {
				found = append(found, p)
			}
		}
		for _, name := range names {
			p := path.Join(dir, name)
			if path.Ext(name) == ".jsonnet" && !isTest(name) && survey.worth(p) {
				found = append(found, program{entry: p, parts: []string{p}})
			}
		}
	}
	slices.SortFunc(found, func(a, b program) int { return strings.Compare(a.entry, b.entry) })
	return found
}

// folderList is the jsonnet of a tree, folder by folder.
type folderList struct {
	order []string
	names map[string][]string
}

func byFolder(paths []string, own func(path string) bool) folderList {
	l := folderList{names: map[string][]string{}}
	for _, p := range paths {
		base := path.Base(p)
		if ext := path.Ext(base); ext != ".jsonnet" && ext != ".libsonnet" && base != bundlerFile || apart(p) || !own(p) {
			continue
		}
		dir := path.Dir(p)
		if l.names[dir] == nil {
			l.order = append(l.order, dir)
		}
		l.names[dir] = append(l.names[dir], base)
	}
	return l
}

// loose gives the mixin of a folder whose files nobody adds up: those that define its parts, and the configuration first.
func loose(files jsonnet.Files, dir string, names []string) (program, bool) {
	var parts []string
	for _, name := range names {
		if path.Ext(name) == ".libsonnet" && name != configFile && speaks(files, path.Join(dir, name), mixinSigns) {
			parts = append(parts, path.Join(dir, name))
		}
	}
	if len(parts) == 0 {
		return program{}, false
	}
	p := program{entry: parts[0], mixin: true}
	if slices.Contains(names, configFile) {
		p.parts = append(p.parts, path.Join(dir, configFile))
	}
	p.parts = append(p.parts, parts...)
	return p, true
}

// apart reports whether a file is no evidence of this catalog's own: a library, a test, an example.
func apart(p string) bool {
	for dir := range strings.SplitSeq(path.Dir(p), "/") {
		switch strings.ToLower(dir) {
		case "vendor", "node_modules", "test", "tests", "testdata", "fixtures", "example", "examples":
			return true
		}
	}
	return false
}

func isTest(name string) bool {
	stem := strings.TrimSuffix(name, ".jsonnet")
	return stem == "test" || stem == "tests" || strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, ".test") || strings.HasSuffix(stem, "-test") || strings.HasPrefix(stem, "test_")
}

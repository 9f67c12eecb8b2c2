package dependencies

import (
	"bytes"
	"regexp"

	"obsready/catalog"
)

// exactCargo matches a requirement of one version: a bare version allows compatible ones.
var exactCargo = regexp.MustCompile(`^=\s*\d+\.\d+\.\d+[\w.+-]*$`)

// readCargo counts a package's own dependencies, for every target. What [workspace.dependencies] lists is not declared
// before a member names it.
//
// Cargo takes every package below a [workspace] for a member, but for the excluded ones, and refuses to build a package
// there that is none. So the workspace's globs begin with "**".
// https://doc.rust-lang.org/cargo/reference/workspaces.html
func readCargo(s *source, m *catalog.Manifest) bool {
	f, ok := s.toml()
	if !ok {
		return false
	}
	m.Name = f.text("package", "name")
	var t tally
	addCargo(&t, f.values)
	targets := f.table("target")
	for _, name := range sortedKeys(targets) {
		if target, ok := targets[name].(map[string]any); ok {
			addCargo(&t, target)
		}
	}
	t.declare(m)
	if f.table("workspace") != nil {
		addMembers(m, catalog.Text{Value: "**", At: f.places.At("workspace")})
		for _, not := range f.texts("workspace", "exclude") {
			addMembers(m, catalog.Text{Value: "!" + not.Value, At: not.At}, catalog.Text{Value: "!" + not.Value + "/**", At: not.At})
		}
		addMembers(m, f.texts("workspace", "members")...)
	}
	return true
}

func addCargo(t *tally, tables map[string]any) {
	for _, section := range []string{"dependencies", "dev-dependencies", "build-dependencies"} {
		table, _ := tables[section].(map[string]any)
		addVersions(t, table, exactCargo.MatchString)
	}
}

// readCargoLock counts the packages that have a source: those of the workspace itself have none.
func readCargoLock(s *source, m *catalog.Manifest) bool {
	for _, line := range s.lines {
		if bytes.HasPrefix(line, []byte("source = ")) {
			m.Packages++
		}
	}
	return true
}

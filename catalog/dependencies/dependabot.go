package dependencies

import (
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// isDependabot reports whether a file is Dependabot's configuration of the repository whose root its .github is in.
func isDependabot(file string) bool {
	dir, base := path.Split(file)
	return (base == "dependabot.yml" || base == "dependabot.yaml") && path.Base(dir) == ".github"
}

func readUpdateConfig(file string, data []byte) catalog.Facts {
	s := &source{file: file, data: data, kind: catalog.UpdateConfigs}
	if !s.readable() {
		return catalog.Facts{Gaps: s.gaps}
	}
	var configs []*catalog.UpdateConfig
	if isDependabot(file) {
		configs = readDependabot(s)
	} else {
		configs = readRenovate(s)
	}
	return catalog.Facts{UpdateConfigs: configs, Gaps: s.gaps}
}

// readDependabot gives one configuration for each entry of "updates".
// https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference
func readDependabot(s *source) []*catalog.UpdateConfig {
	root := s.yaml()
	if root == nil {
		return nil
	}
	if v := root.Get("version"); v.Str() != "2" {
		s.gap(v.Place().Line, catalog.Unsupported, "version %q of Dependabot's configuration is not read. set version: 2", v.Str())
		return nil
	}
	updates := root.Get("updates")
	if len(updates.List()) == 0 {
		at := updates.Place().Or(catalog.Place{File: s.file})
		return []*catalog.UpdateConfig{{Tool: "dependabot", Disabled: catalog.Text{Value: "no updates", At: at}, At: catalog.Place{File: s.file}}}
	}
	var configs []*catalog.UpdateConfig
	for _, u := range updates.List() {
		ecosystem := u.Get("package-ecosystem").Text()
		if ecosystem.Value == "" {
			s.gap(u.Place().Line, catalog.BadValue, "an entry of updates has no package-ecosystem. Dependabot reads none of the file until it has one")
			continue
		}
		configs = append(configs, &catalog.UpdateConfig{
			Tool:       "dependabot",
			Ecosystems: []catalog.Text{ecosystem},
			Folders:    append(u.Get("directory").Texts(), u.Get("directories").Texts()...),
			Disabled:   dependabotDisabled(u),
			At:         u.Place(),
		})
	}
	return configs
}

// dependabotDisabled gives why an entry proposes no version updates: a limit of none, or all dependencies ignored.
func dependabotDisabled(u *document.Node) catalog.Text {
	if limit := u.Get("open-pull-requests-limit").Text(); strings.TrimSpace(limit.Value) == "0" {
		return catalog.Text{Value: "open-pull-requests-limit: 0", At: limit.At}
	}
	for _, ignore := range u.Get("ignore").List() {
		if name := ignore.Get("dependency-name").Text(); name.Value == "*" && ignore.First("versions", "update-types") == nil {
			return catalog.Text{Value: `ignore: dependency-name "*"`, At: name.At}
		}
	}
	return catalog.Text{}
}

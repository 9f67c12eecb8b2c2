package dependencies

import (
	"bytes"
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonwalk"
)

// isRenovate reports whether a file may hold Renovate's configuration.
// https://docs.renovatebot.com/configuration-options/
func isRenovate(file string) bool {
	switch path.Base(file) {
	case "renovate.json", "renovate.json5", "renovate.jsonc", ".renovaterc", ".renovaterc.json", ".renovaterc.json5", ".renovaterc.jsonc", "package.json":
		return true
	}
	return false
}

// readRenovate gives the one configuration of a file; none when it is a package.json without one.
func readRenovate(s *source) []*catalog.UpdateConfig {
	inPackage := path.Base(s.file) == "package.json"
	if inPackage && !bytes.Contains(s.data, []byte(`"renovate"`)) {
		return nil
	}
	root := s.json5()
	if inPackage {
		s.gaps = nil // they are the manifest's
		root = root.Get("renovate")
	}
	if root == nil || root.Kind != document.Map {
		return nil
	}
	return []*catalog.UpdateConfig{{
		Tool:       "renovate",
		Ecosystems: renovateEcosystems(root),
		Folders:    root.Get("includePaths").Texts(),
		Disabled:   renovateDisabled(root),
		At:         catalog.Place{File: s.file, Line: root.Place().Line},
	}}
}

// json5 gives the root of a file that is JSON, perhaps with what JSON5 adds. The places of the latter are lines, since
// columns may have moved.
func (s *source) json5() *document.Node {
	if docs, gaps := document.ParseJSON(s.file, s.data); len(gaps) == 0 && len(docs) > 0 {
		return docs[0].Root
	}
	root := s.root(document.ParseJSON(s.file, jsonwalk.FromJSON5(s.data)))
	forgetColumns(root)
	return root
}

func forgetColumns(n *document.Node) {
	if n == nil {
		return
	}
	n.At.Col = 0
	for i := range n.Pairs {
		n.Pairs[i].Key.At.Col = 0
		forgetColumns(n.Pairs[i].Value)
	}
	for _, item := range n.Items {
		forgetColumns(item)
	}
}

func renovateDisabled(root *document.Node) catalog.Text {
	if enabled := root.Get("enabled"); enabled.Str() == "false" {
		return catalog.Text{Value: "enabled: false", At: enabled.Place()}
	}
	for _, preset := range root.Get("extends").Texts() {
		if preset.Value == ":disableRenovate" || preset.Value == "default:disableRenovate" {
			return catalog.Text{Value: "extends: " + preset.Value, At: preset.At}
		}
	}
	return catalog.Text{}
}

// renovateEcosystems gives the enabled managers by the names that Dependabot has for their ecosystems, or by their own
// where it has none; nil for all.
func renovateEcosystems(root *document.Node) []catalog.Text {
	var ecosystems []catalog.Text
	seen := map[string]bool{}
	for _, manager := range root.Get("enabledManagers").Texts() {
		name := dependabotName(manager.Value)
		if !seen[name] {
			seen[name] = true
			ecosystems = append(ecosystems, catalog.Text{Value: name, At: manager.At})
		}
	}
	return ecosystems
}

func dependabotName(manager string) string {
	switch manager {
	case "pip_requirements", "pip_setup", "pip-compile", "pipenv", "poetry", "pep621", "setup-cfg":
		return "pip"
	case "dockerfile", "docker-compose", "kubernetes":
		return "docker"
	case "gradle", "gradle-wrapper":
		return "gradle"
	case "maven", "maven-wrapper":
		return "maven"
	case "terraform", "terraform-version", "tflint-plugin":
		return "terraform"
	case "helmv3", "helm-requirements", "helm-values":
		return "helm"
	case "ruby-version":
		return "bundler"
	case "nvm", "nodenv":
		return "npm"
	case "git-submodules":
		return "gitsubmodule"
	}
	return strings.TrimSpace(manager)
}

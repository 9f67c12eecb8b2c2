package mixins

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog/jsonnet"
)

// Texts of jsonnet files.
var (
	// mixinSigns define a part of a mixin.
	mixinSigns = []string{"prometheusAlerts+:", "prometheusAlerts:", "prometheusRules+:", "prometheusRules:", "grafanaDashboards+:", "grafanaDashboards:",
		"prometheus_alerts+:", "prometheus_alerts:", "prometheus_rules+:", "prometheus_rules:"}
	// strongSigns mean rules or dashboards, so a program with one of them is a gap when it cannot be evaluated.
	strongSigns = append([]string{"grafonnet", "grafana.libsonnet", "dashboard.new(", "alert:", "'alert':", `"alert":`, "record:", "'record':", `"record":`, "schemaVersion", "groups:", "panels:",
		"prometheusAlerts", "prometheusRules", "grafanaDashboards", "PrometheusRule", "kube-prometheus", "mixin.libsonnet", "-mixin/"}, mixinSigns...)
	// faintSigns are texts of which a file that makes rules or dashboards has one, or its path.
	faintSigns = append([]string{"ashboard", "rafana", "lert", "mixin", "rometheus", "panels", "groups", "ules"}, strongSigns...)
)

// speaks reports whether a file holds one of the signs.
func speaks(files jsonnet.Files, p string, signs []string) bool {
	data, ok, err := files.Read(p)
	return err != nil || ok && hasSign(data, signs) // the gap of what cannot be read is told when it is evaluated
}

func hasSign(text []byte, signs []string) bool {
	return slices.ContainsFunc(signs, func(sign string) bool { return bytes.Contains(text, []byte(sign)) })
}

// survey looks through the jsonnet of a tree as text, before anything is evaluated.
type survey struct {
	files   jsonnet.Files
	sources map[string]source
}

// source is what the text of a file tells.
type source struct {
	there   bool
	speaks  bool     // it, or its path, has a faint sign
	imports []string // as written
}

// importExpression finds imports of code. One in a comment or a string does no harm.
var importExpression = regexp.MustCompile(`\bimport\s*@?["']([^"'\n]+)["']`)

func (s *survey) source(p string) source {
	if known, ok := s.sources[p]; ok {
		return known
	}
	data, ok, err := s.files.Read(p)
	found := source{there: ok || err != nil, speaks: err != nil || hasSign([]byte(p), faintSigns) || hasSign(data, faintSigns)}
	for _, m := range importExpression.FindAllSubmatch(data, -1) {
		found.imports = append(found.imports, string(m[1]))
	}
	s.sources[p] = found
	return found
}

// maxOwn bounds the files that a survey of one program looks at.
const maxOwn = 500

// worth reports whether a program is to be evaluated. Most of an estate's jsonnet describes deployments with the help of
// large libraries, which takes long: it is left alone when nothing in the program and in what it imports of the catalog's
// own speaks of rules or dashboards. A program without libraries takes no time to speak of.
func (s *survey) worth(program string) bool {
	own, needsLibrary := []string{program}, false
	for i := 0; i < len(own) && i < maxOwn; i++ {
		text := s.source(own[i])
		if text.speaks {
			return true
		}
		for _, imported := range text.imports {
			p, isOwn := s.resolve(path.Dir(own[i]), imported)
			needsLibrary = needsLibrary || !isOwn
			if isOwn && !slices.Contains(own, p) {
				own = append(own, p)
			}
		}
	}
	return !needsLibrary
}

// resolve finds an import among the catalog's own files: beside the importing one, or in lib/ of a folder above.
func (s *survey) resolve(dir, imported string) (string, bool) {
	candidate := path.Join(dir, imported)
	for {
		if strings.HasPrefix(candidate, "../") || path.IsAbs(imported) {
			return "", false
		}
		if s.source(candidate).there {
			return candidate, !apart(candidate)
		}
		if dir == "" {
			return "", false
		}
		candidate = path.Join(dir, "lib", imported)
		if dir == "." {
			dir = ""
		} else {
			dir = path.Dir(dir)
		}
	}
}

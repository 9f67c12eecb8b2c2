package workflows

import (
	"path"
	"strings"
)

// IsPath reports whether a file of this path would be a pipeline definition or commit hooks of a format that is known.
func IsPath(file string) bool { return FormatOf(file) != "" }

// FormatOf gives the format of a pipeline definition by its path alone, as [catalog.Workflow] names it; "" when the
// path is that of none.
func FormatOf(file string) string {
	dir, base := path.Split(file)
	in := func(folder string) bool { return strings.HasSuffix("/"+dir, "/"+folder+"/") }
	below := func(folder string) bool { return strings.Contains("/"+dir, "/"+folder+"/") }
	switch {
	case in(".github/workflows") && isYAML(base):
		return "github"
	case base == ".gitlab-ci.yml", base == ".gitlab-ci.yaml", strings.HasSuffix(base, ".gitlab-ci.yml"), below(".gitlab/ci") && isYAML(base):
		return "gitlab"
	case strings.HasPrefix(base, "azure-pipelines") && isYAML(base), (below(".azure-pipelines") || below(".pipelines")) && isYAML(base):
		return "azure"
	case in(".circleci") && (base == "config.yml" || base == "config.yaml"):
		return "circleci"
	case base == "Jenkinsfile", strings.HasPrefix(base, "Jenkinsfile") && strings.ContainsAny(base[len("Jenkinsfile"):][:1], "._-"), strings.HasSuffix(strings.ToLower(base), ".jenkinsfile"):
		return "jenkins"
	case below(".tekton") && isYAML(base):
		return "tekton"
	case base == ".pre-commit-config.yaml", base == ".pre-commit-config.yml":
		return "pre-commit"
	case isYAML(base) && (strings.TrimPrefix(stem(base), ".") == "lefthook" || strings.TrimPrefix(stem(base), ".") == "lefthook-local"):
		return "lefthook"
	case in(".husky") && !strings.HasPrefix(base, "_") && !strings.HasPrefix(base, "."):
		return "husky"
	}
	return ""
}

func isYAML(base string) bool {
	return strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")
}

func stem(base string) string { return strings.TrimSuffix(base, path.Ext(base)) }

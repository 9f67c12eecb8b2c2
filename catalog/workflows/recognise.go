package workflows

import (
	"strings"

	"obsready/catalog"
)

// The kinds of things by whose name a tool is recognised.
const (
	Action   = "action"   // GitHub action or reusable workflow: "aquasecurity/trivy-action@0.28.0"
	Image    = "image"    // container image that is run for what it does by itself, as a step
	Template = "template" // GitLab template or component: "Security/SAST.gitlab-ci.yml", "gitlab.com/components/sast/sast@1"
	Hook     = "hook"     // ID of a pre-commit hook: "gitleaks"
	Task     = "task"     // Azure or Tekton task, or a step of a Jenkins plug-in: "Docker@2", "trivy-scanner", "snykSecurity"
	Orb      = "orb"      // command or job of a CircleCI orb by the orb's full name: "snyk/snyk/scan"
)

// testCluster is what a tool is for that sets up a cluster, or the imitation of a cloud, for the time of a job: what is
// deployed after it is a test. [ForgetTests] takes it out.
const testCluster catalog.Purpose = "test cluster"

// NamedTools gives the tools that a thing of the given kind stands for, when nothing is known about its inputs.
func NamedTools(kind, name string) []catalog.Tool {
	return UsedTools(kind, name, nil)
}

// UsedTools gives the tools that a thing of the given kind and name stands for, run with the given inputs. A version
// after "@" (of an image after ":") does not matter. The tools have no place: the caller knows it.
func UsedTools(kind, name string, with []catalog.Label) []catalog.Tool {
	return usedTools(kind, name, with, nil)
}

// ImageTools gives the tools that a container runs when it is started from an image with the given command or
// arguments. Of an image that is not known, the arguments are taken for a command.
func ImageTools(image string, args []string) []catalog.Tool {
	return imageTools(image, args, nil)
}

// Shell is how a script is run.
type Shell struct {
	ErrExit  bool            // it stops at the first command that fails (`set -e`)
	PipeFail bool            // a pipeline fails when any of its commands does (`set -o pipefail`)
	Env      []catalog.Label // variables of the script that may set up a tool

	judged bool // a later script judges the exit codes that this one keeps
}

// Read gives the tools that a POSIX shell or Bash script uses, in the order of the script. at translates a position in the
// script (1-based, characters) to a place in the file; nil leaves the places unknown. A script that does not parse, is longer
// than [MaxScript] or names another interpreter in its first line yields nothing, and a gap when it names a tool that checks
// something. The gap's kinds are set; its place is that of the script's first character.
func (s Shell) Read(script string, at func(line, col int) catalog.Place) ([]catalog.Tool, *catalog.Gap) {
	return s.readInline(script, at, 0)
}

// usedTools is UsedTools with the variables of the step.
func usedTools(kind, name string, with, env []catalog.Label) []catalog.Tool {
	if kind == Image {
		return imageTools(name, nil, env)
	}
	if kind == Action && strings.HasPrefix(name, "docker://") {
		return imageTools(strings.TrimPrefix(name, "docker://"), fields(inputs(with).value("args")), env)
	}
	name = strings.ToLower(strings.TrimSpace(name))
	name, _, _ = strings.Cut(name, "@")
	return knowledge().match(kind, name, inputs(with), env)
}

// imageTools is ImageTools with the variables of the step.
func imageTools(image string, args []string, env []catalog.Label) []catalog.Tool {
	name := imageName(image)
	if name == "" {
		return nil
	}
	call := inputs{{Key: "args", Value: strings.Join(args, "\x00")}}
	if tools, known := knowledge().matchImage(name, call, args, env); known {
		return tools
	}
	return commandTools(args, env)
}

// imageName gives an image's name in lower case, without tag and digest; "" when a variable stands in it.
func imageName(image string) string {
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(image)), "@")
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		name = name[:colon]
	}
	if strings.ContainsAny(name, "${} ") {
		return ""
	}
	return name
}

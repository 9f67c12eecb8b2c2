package incidents

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog/pages"
)

// IsPath reports whether a path is that of a page about how incidents are handled: "docs/incident-response.md",
// "severity-levels.md", "on-call/handbook.md", "incident-management/roles.md". Reports of incidents, templates and examples
// are none, nor is what bears a day or a number.
func IsPath(file string) bool {
	if !pages.IsPath(file) {
		return false
	}
	name, folders := namesOf(file)
	if isAside(file) {
		return false
	}
	return processName(name) || len(name) == 1 && pages.HasWord(name, "incident", "incidents", "oncall", "severity", "severities") || joined(name) == "on call" ||
		slices.ContainsFunc(folders, processFolder)
}

// namesOf gives the words of a file's name and of each folder above it.
func namesOf(file string) (name []string, folders [][]string) {
	segments := strings.Split(path.Clean(file), "/")
	stem, _, _ := strings.Cut(segments[len(segments)-1], ".")
	for _, f := range segments[:len(segments)-1] {
		folders = append(folders, pages.Words(f))
	}
	return pages.Words(stem), folders
}

// isAside reports whether a path is that of a report, a form or an example.
func isAside(file string) bool {
	name, folders := namesOf(file)
	return excluded(name) || slices.ContainsFunc(folders, excluded)
}

// excluded reports whether a name is that of a report, a form or an example, or bears a day or a number.
func excluded(w []string) bool {
	if pages.HasWord(w, "template", "templates", "example", "examples", "sample", "samples", "postmortem", "postmortems", "mortem", "mortems", "pir", "rca", "report", "reports", "retrospective", "retrospectives",
		"fixtures", "testdata", "archive", "changelog", "blog", "posts", "simulation", "lab", "labs", "lesson", "lessons", "exercise", "exercises", "skill", "skills", "prompt", "prompts") {
		return true
	}
	return slices.ContainsFunc(w, func(x string) bool { return len(x) >= 4 && strings.Trim(x, "0123456789") == "" })
}

// about are what makes a page on the process of the word "incident".
var about = []string{"response", "process", "processes", "management", "handling", "plan", "plans", "playbook", "playbooks", "runbook", "procedure", "procedures", "policy", "policies", "guide", "guidelines",
	"roles", "role", "commander", "command", "lead", "severity", "severities", "priority", "priorities", "communication", "communications", "comms", "lifecycle", "handbook", "workflow", "escalation", "classification", "levels", "manual", "triage",
	"during", "responders", "responder", "what", "basics", "training", "coordination"}

// processName reports whether words are the name of an incident process or of a part of one.
func processName(w []string) bool {
	text := " " + joined(w) + " "
	has := func(phrase string) bool { return strings.Contains(text, " "+phrase+" ") }
	switch {
	case pages.HasWord(w, "incident", "incidents", "outage", "outages") && pages.HasWord(w, about...):
		return !has("post incident")
	case has("after an incident"), has("during an incident"), has("before an incident"), has("handling incidents"), has("managing incidents"):
		return true
	case pages.HasWord(w, "severity", "severities", "sev") && pages.HasWord(w, "levels", "level", "definitions", "matrix", "rubric", "ratings", "classification", "guide", "scale", "incident"):
		return true
	case (pages.HasWord(w, "oncall") || has("on call")) && pages.HasWord(w, "handbook", "process", "guide", "policy", "playbook", "procedure", "procedures", "runbook", "rotation", "expectations", "being", "whos"):
		return true
	}
	return has("incident commander") || has("incident lead") || has("war room") || has("major incident") || has("major incidents")
}

// speaksOfIncidents reports whether words are about incidents or those who are on call for them, and not only about
// severities, which vulnerabilities and defects have too.
func speaksOfIncidents(w []string) bool {
	return pages.HasWord(w, "incident", "incidents", "outage", "outages", "oncall", "paging", "downtime", "responder", "responders") || strings.Contains(" "+joined(w)+" ", " on call ")
}

func processFolder(w []string) bool {
	text := joined(w)
	return len(w) <= 3 && pages.HasWord(w, "incident", "incidents") && pages.HasWord(w, "response", "process", "management", "handling", "command", "handbook", "playbook", "docs") || text == "on call" || text == "oncall"
}

func joined(w []string) string { return strings.Join(w, " ") }

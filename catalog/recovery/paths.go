package recovery

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog/pages"
)

// IsPath reports whether a path is that of a recovery plan: a page such as "docs/disaster-recovery.md", "dr-plan.md",
// "business-continuity/shop.md" or "backup-and-restore.md", or a file recovery.toml. A template or an example is none, nor
// is a page about testing.
func IsPath(file string) bool {
	if isTOML(file, "recovery") {
		return true
	}
	name, folders := words(file)
	if name == nil || sample(name, folders) {
		return false
	}
	if pages.HasWord(name, "test", "tests", "testing", "tested", "exercise", "exercises", "drill", "drills", "gameday", "report", "results", "postmortem", "pir", "incident", "incidents",
		"summary", "changelog", "faq", "proposal", "design", "rfc", "adr") {
		return false
	}
	return planName(name) || slices.ContainsFunc(folders, func(f []string) bool { return planFolder(f) && !exerciseFolder(f) })
}

// IsExercisePath reports whether a path is that of the record of recovery exercises: a page in a folder such as
// "game-days/" or "dr-exercises/", one with such a name ("restore-drill-2026-03-01.md"), or a file exercise.toml or
// exercises.toml.
func IsExercisePath(file string) bool {
	if isTOML(file, "exercise") || isTOML(file, "exercises") {
		return true
	}
	name, folders := words(file)
	if name == nil || sample(name, folders) {
		return false
	}
	return exerciseName(name) || slices.ContainsFunc(folders, exerciseFolder)
}

func isTOML(file, name string) bool { return strings.EqualFold(path.Base(file), name+".toml") }

// deeds are what makes a page out of a subject: "recovery plan", "dr runbook".
var deeds = []string{"plan", "plans", "planning", "procedure", "procedures", "guide", "guides", "runbook", "runbooks", "strategy", "process", "playbook", "playbooks", "manual", "policy", "steps", "checklist"}

// surePlan reports whether words name a recovery plan as such, and not only what is restored.
func surePlan(w []string) bool {
	switch {
	case pages.HasWord(w, "disaster") && pages.HasWord(w, "recovery", "recover"), follow(w, "business", "continuity"):
		return true
	case pages.HasWord(w, "bcp", "bcdr", "drp", "disasterrecovery", "businesscontinuity"):
		return true
	}
	return pages.HasWord(w, "dr", "recovery", "continuity", "contingency", "failover", "restore") && pages.HasWord(w, deeds...)
}

// planName reports whether the words of a page's name are those of a recovery plan.
func planName(w []string) bool {
	switch {
	case surePlan(w):
		return true
	case pages.HasWord(w, "backup", "backups") && pages.HasWord(w, "restore", "restores", "restoring", "restoration", "recovery"):
		return true
	case pages.HasWord(w, "restore", "restoring", "restoration") && pages.HasWord(w, "database", "databases", "db", "data"):
		return true
	}
	return len(w) == 1 && pages.HasWord(w, "recovery", "dr", "restore", "contingency")
}

func planFolder(w []string) bool {
	return planName(w) || len(w) == 1 && pages.HasWord(w, "continuity")
}

var trials = []string{"test", "tests", "testing", "exercise", "exercises", "drill", "drills", "rehearsal", "rehearsals", "simulation", "simulations"}

// exerciseName reports whether the words of a page's name are those of a record of exercises.
func exerciseName(w []string) bool {
	switch {
	case follow(w, "game", "day"), follow(w, "game", "days"), pages.HasWord(w, "gameday", "gamedays", "tabletop", "tabletops", "drill", "drills"), follow(w, "chaos", "day"):
		return true
	case pages.HasWord(w, "dr", "recovery", "restore", "failover", "disaster", "continuity", "backup", "contingency") && pages.HasWord(w, trials...):
		return true
	}
	return len(w) == 1 && pages.HasWord(w, "exercise", "exercises")
}

// exerciseNamed reports whether a path says that its exercises are those of recovery: "exercises/3.md" may be part of a course.
func exerciseNamed(file string) bool {
	name, folders := words(file)
	named := func(w []string) bool {
		return exerciseName(w) && !pages.HasWord(w, "exercise", "exercises") || exerciseName(w) && len(w) > 1
	}
	return named(name) || slices.ContainsFunc(folders, named)
}

func exerciseFolder(w []string) bool { return exerciseName(w) }

// words gives the words of a page's name and of the folders above it, in lower case; no name for what is no page.
func words(file string) (name []string, folders [][]string) {
	if !pages.IsPath(file) {
		return nil, nil
	}
	segments := strings.Split(path.Clean(file), "/")
	stem, _, _ := strings.Cut(segments[len(segments)-1], ".")
	for _, f := range segments[:len(segments)-1] {
		folders = append(folders, pages.Words(f))
	}
	return pages.Words(stem), folders
}

func sample(name []string, folders [][]string) bool {
	is := func(w []string) bool {
		return pages.HasWord(w, "template", "templates", "example", "examples", "sample", "samples", "fixtures", "testdata", "archive", "archived",
			"enhancements", "proposals", "rfcs", "adr", "adrs", "blog", "posts")
	}
	return is(name) || slices.ContainsFunc(folders, is)
}

// follow reports whether one word stands right behind another.
func follow(w []string, first, second string) bool {
	for i := 1; i < len(w); i++ {
		if w[i-1] == first && w[i] == second {
			return true
		}
	}
	return false
}

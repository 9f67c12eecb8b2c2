package otherci

import (
	"regexp"
	"slices"

	"obsready/catalog"
	"obsready/catalog/workflows"
)

// occasion is one way in which a pipeline can start. Conditions are worked out for each of them.
type occasion int

const (
	mergeRequest occasion = iota // a merge request is opened or changed
	branchPush                   // a push to the branch of a change
	mainPush                     // a push to the default branch, or another one that lives on
	tagPush
	clock
	person
	call // by another pipeline
)

var occasions = []occasion{mergeRequest, branchPush, mainPush, tagPush, clock, person, call}

// stage gives the stage of what runs on the occasion.
func (o occasion) stage() catalog.Stage {
	switch o {
	case mergeRequest, branchPush:
		return catalog.OnPullRequest
	case mainPush:
		return catalog.OnMerge
	case tagPush:
		return catalog.OnBuild
	case clock:
		return catalog.OnSchedule
	case call:
		return catalog.OnCall
	}
	return catalog.Manual
}

// implied reports whether the occasion arises from work on the code, and need not be set up by anybody.
func (o occasion) implied() bool { return o <= tagPush }

// value is what a variable holds on an occasion.
type value struct {
	unknown bool
	typical []string // what it holds, each as good as the other; nothing when the variable is not set
	other   []string // what it may hold as well
	same    bool     // the typical texts are names of one thing, of which a file knows one: "main", "master"
	open    bool     // or another text that a file names: the name of a branch that lives on
	free    bool     // or a text of any form, as tags have
}

// Names of branches that stand for all of their sort.
var (
	changeBranches = value{typical: []string{"feature/a-change", "feature-a-change", "fix/a-change", "a-change"},
		other: []string{"feat/a-change", "hotfix/a-change", "bugfix/a-change", "dependabot/go/a", "renovate/a", "ABC-123-a-change"}}
	mainBranches = value{typical: defaultBranch.typical, same: true,
		other: []string{"develop", "dev", "release/1.2", "release-1.2", "1.2", "v1.2", "1-2-stable", "production", "staging"}, open: true}
	defaultBranch = value{typical: []string{"main", "master", "trunk"}, same: true}
	tagNames      = value{typical: []string{"v1.2.3", "1.2.3"}, other: []string{"v1.2.3-rc.1", "release-1.2.3", "release/1.2.3"}, open: true, free: true}
	// tagRefs is the same for a variable that holds the name of a branch on other occasions.
	tagRefs = value{typical: tagNames.typical, other: tagNames.other}
)

// branch gives the branch that is built on the occasion.
func (o occasion) branch() value {
	switch o {
	case mergeRequest, branchPush:
		return changeBranches
	case tagPush:
		return value{}
	}
	return mainBranches
}

func literal(text string) value { return value{typical: []string{text}} }

// with gives the value with a text before each of its own.
func (v value) with(prefix string) value {
	add := func(texts []string) []string {
		var all []string
		for _, t := range texts {
			all = append(all, prefix+t)
		}
		return all
	}
	v.typical, v.other = add(v.typical), add(v.other)
	return v
}

func (v value) set() workflows.Truth {
	switch {
	case v.unknown:
		return workflows.Maybe
	case len(v.typical) == 0:
		return workflows.No
	}
	return workflows.TruthOf(v.typical[0] != "")
}

// equals says whether two variables hold the same.
func (v value) equals(w value) workflows.Truth {
	if v.unknown || w.unknown {
		return workflows.Maybe
	}
	if len(v.typical) == 0 || len(w.typical) == 0 {
		return workflows.TruthOf(len(v.typical) == len(w.typical))
	}
	holds := func(in value, texts []string) workflows.Truth {
		switch {
		case slices.ContainsFunc(texts, func(t string) bool { return slices.Contains(in.typical, t) }):
			return workflows.Yes
		case in.open, slices.ContainsFunc(texts, func(t string) bool { return slices.Contains(in.other, t) }):
			return workflows.Maybe
		}
		return workflows.No
	}
	return max(holds(v, w.typical), holds(w, v.typical))
}

// longestPattern bounds the regular expressions that are compiled.
const longestPattern = 500

// matches says whether what the variable holds matches a regular expression.
func (v value) matches(pattern string) workflows.Truth {
	if v.unknown || len(pattern) > longestPattern {
		return workflows.Maybe
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return workflows.Maybe // a construct that only the pipeline's own engine knows
	}
	return v.satisfies(re.MatchString)
}

// satisfies says whether what the variable holds passes a test.
func (v value) satisfies(test func(string) bool) workflows.Truth {
	switch {
	case v.unknown:
		return workflows.Maybe
	case len(v.typical) == 0:
		return workflows.No
	case v.same && slices.ContainsFunc(v.typical, test), !slices.ContainsFunc(v.typical, func(t string) bool { return !test(t) }):
		return workflows.Yes
	case v.free, slices.ContainsFunc(v.typical, test), slices.ContainsFunc(v.other, test):
		return workflows.Maybe
	}
	return workflows.No
}

// addTrigger adds a trigger unless one of the same event and stage is there.
func addTrigger(triggers []catalog.Trigger, t catalog.Trigger) []catalog.Trigger {
	if slices.ContainsFunc(triggers, func(u catalog.Trigger) bool { return u.Stage == t.Stage && u.Event.Value == t.Event.Value }) {
		return triggers
	}
	return append(triggers, t)
}

// waiting gives the triggers of a job that waits for a person: the events stay, and none of them starts it by itself.
// What is shared with other jobs is not touched.
func waiting(triggers []catalog.Trigger) []catalog.Trigger {
	triggers = slices.Clone(triggers)
	for i := range triggers {
		if triggers[i].Stage != catalog.NoStage {
			triggers[i].Stage = catalog.Manual
		}
	}
	return triggers
}

package workflows

import (
	"slices"
	"strings"

	"obsready/catalog"
)

// Narrow gives what still starts a job or step under its condition: the triggers whose event and ref the condition
// does not rule out, each with the stage that is left of it. A push that is only acted on for the default branch stands
// at OnMerge, one of a tag at OnBuild. What the condition asks beside these rules nothing out. When nothing is left, one
// trigger of NoStage stands for that.
// Source: docs.github.com, "Evaluate expressions in workflows and actions".
func Narrow(starts []catalog.Trigger, condition string) []catalog.Trigger {
	if narrowed, changed := narrow(starts, condition); changed {
		return narrowed
	}
	return starts
}

// narrow is Narrow that reports whether the condition rules anything out.
func narrow(starts []catalog.Trigger, condition string) ([]catalog.Trigger, bool) {
	test, ok := parseCondition(condition)
	if !ok {
		return nil, false
	}
	var kept []catalog.Trigger
	changed := false
	for _, t := range starts {
		all := occasions(t)
		left := slices.DeleteFunc(slices.Clone(all), func(o occasion) bool { return test.holds(o) == No })
		changed = changed || len(left) < len(all)
		if len(left) == len(all) {
			kept = append(kept, t)
			continue
		}
		kept = append(kept, remaining(t, left)...)
	}
	if changed && len(kept) == 0 {
		kept = []catalog.Trigger{{Stage: catalog.NoStage}}
	}
	return kept, changed
}

// remaining gives what is left of a trigger on some of its occasions, by stage.
func remaining(t catalog.Trigger, left []occasion) []catalog.Trigger {
	if t.Event.Value != "push" {
		return slices.Repeat([]catalog.Trigger{t}, min(len(left), 1))
	}
	if slices.ContainsFunc(left, func(o occasion) bool { return o.on == feature }) {
		return []catalog.Trigger{t}
	}
	var kept []catalog.Trigger
	for _, o := range left {
		part := t
		if part.Stage = catalog.OnMerge; o.on == tag {
			part.Stage, part.Branches, part.IgnoredBranches = catalog.OnBuild, nil, nil
		}
		kept = append(kept, part)
	}
	return kept
}

// refKind is what an event is about.
type refKind int

const (
	anything refKind = iota
	feature          // a branch that changes come from
	mainline         // a default or release branch
	tag
	pull // the merge of a pull request that is tried out
)

// occasion is one kind of event that starts a workflow.
type occasion struct {
	event string // "" when it is that of another workflow
	on    refKind
	names []string // the branches it can be; nil when not known
}

// occasions gives the occasions of a trigger.
func occasions(t catalog.Trigger) []occasion {
	event := t.Event.Value
	switch event {
	case "push":
		return pushOccasions(t)
	case "pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment":
		return []occasion{{event: event, on: pull}}
	case "release":
		return []occasion{{event: event, on: tag}}
	case "schedule":
		return []occasion{{event: event, on: mainline}}
	case "workflow_call":
		return []occasion{{}}
	}
	return []occasion{{event: event}}
}

func pushOccasions(t catalog.Trigger) []occasion {
	main := occasion{event: "push", on: mainline, names: namesOf(t.Branches)}
	switch {
	case t.Stage == catalog.OnBuild:
		return []occasion{{event: "push", on: tag}}
	case t.Stage == catalog.OnMerge:
		return []occasion{main}
	case len(t.Branches) > 0 || len(t.IgnoredBranches) > 0:
		return []occasion{{event: "push", on: feature}, main}
	default:
		return []occasion{{event: "push", on: feature}, main, {event: "push", on: tag}}
	}
}

// maxNames is how many branches of a push are told apart: each condition of each job asks for them.
const maxNames = 50

// namesOf gives the names of branches, nil when patterns are among them or they are too many.
func namesOf(branches []catalog.Text) []string {
	if len(branches) > maxNames || slices.ContainsFunc(branches, func(b catalog.Text) bool { return strings.ContainsAny(b.Value, "*?[!+$") }) {
		return nil
	}
	var names []string
	for _, b := range branches {
		names = append(names, b.Value)
	}
	return names
}

// defaultNames are names of branches that no tag has.
var defaultNames = map[string]bool{"main": true, "master": true, "trunk": true, "develop": true}

// is compares a value of the context `github` with a literal.
func (o occasion) is(name, literal string) Truth {
	switch name {
	case "github.event_name":
		if o.event == "" {
			return Maybe
		}
		return TruthOf(strings.EqualFold(o.event, literal))
	case "github.ref":
		return o.ref(literal)
	case "github.ref_name":
		switch {
		case o.on == tag && defaultNames[literal]:
			return No
		case o.on == tag, o.on == pull:
			return Maybe
		}
		return o.ref("refs/heads/" + literal)
	case "github.ref_type":
		if o.on == anything || o.on == pull {
			return Maybe
		}
		return TruthOf((o.on == tag) == strings.EqualFold(literal, "tag"))
	}
	return Maybe
}

// ref compares the ref of the occasion with a full one.
func (o occasion) ref(literal string) Truth {
	branch, isBranch := strings.CutPrefix(literal, "refs/heads/")
	switch o.on {
	case feature:
		if !isBranch || mainBranch.MatchString(branch) {
			return No
		}
	case mainline:
		if !isBranch || o.names != nil && !slices.Contains(o.names, branch) {
			return No
		}
		if len(o.names) == 1 {
			return Yes
		}
	case tag:
		return min(TruthOf(strings.HasPrefix(literal, "refs/tags/")), Maybe)
	case pull:
		return min(TruthOf(strings.HasPrefix(literal, "refs/pull/")), Maybe)
	}
	return Maybe
}

// begins answers startsWith(github.ref, literal).
func (o occasion) begins(name, literal string) Truth {
	if name != "github.ref" || o.on == anything {
		return Maybe
	}
	prefix := map[refKind]string{feature: "refs/heads/", mainline: "refs/heads/", tag: "refs/tags/", pull: "refs/pull/"}[o.on]
	switch {
	case strings.HasPrefix(prefix, literal):
		return Yes
	case !strings.HasPrefix(literal, prefix):
		return No
	case o.on == feature && mainBranch.MatchString(strings.TrimPrefix(literal, prefix)+"x"):
		return No // startsWith(github.ref, 'refs/heads/release/')
	}
	return Maybe
}

// given answers whether a value of the context is there at all.
func (o occasion) given(name string) Truth {
	if o.event == "" || o.on == anything {
		return Maybe
	}
	if name == "github.head_ref" || name == "github.base_ref" || name == "github.event.pull_request" || strings.HasPrefix(name, "github.event.pull_request.") {
		return min(TruthOf(o.on == pull), Maybe)
	}
	return Maybe
}

// ofDefaultBranch answers whether the ref is that of the default branch.
func (o occasion) ofDefaultBranch() Truth {
	if o.on == anything || o.on == mainline {
		return Maybe
	}
	return No
}

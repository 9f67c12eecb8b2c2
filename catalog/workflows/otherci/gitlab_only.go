package otherci

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// onlyExcept says how a job with `only` and `except` runs on an occasion.
func onlyExcept(o occasion, s settings, set []catalog.Label) run {
	r := run{runs: workflows.Yes, at: s.get("only").Place().Or(s.get("except").Place())}
	if only := s.get("only"); only != nil {
		var at catalog.Place
		r.runs, at = refsHold(o, only, set)
		r.at, r.paths, r.named = at.Or(r.at), only.Get("changes").Texts(), !o.implied()
	} else if o == mergeRequest || !o.implied() {
		r.runs = workflows.No // the default is `only: [branches, tags]`
	}
	if except := s.get("except"); except != nil {
		if held, _ := refsHold(o, except, set); held == workflows.Yes {
			r.runs = workflows.No
		}
	}
	if r.manual = manualOf(s.get("when")); s.get("when").Str() == "never" {
		r.runs = workflows.No
	}
	return r
}

// refsHold says whether `only` or `except` takes an occasion, and where that is stated.
func refsHold(o occasion, n *document.Node, set []catalog.Label) (workflows.Truth, catalog.Place) {
	refs, holds, at := n, workflows.Yes, n.At
	if n.Kind == document.Map {
		refs = n.Get("refs")
	}
	if refs != nil {
		holds = workflows.No
		for _, ref := range refs.Texts() {
			if t := refHolds(o, ref.Value); t > holds {
				holds, at = t, ref.At
			}
		}
	} else if o == mergeRequest {
		holds = workflows.No
	}
	if variables := n.Get("variables"); variables != nil {
		any := workflows.No
		for _, condition := range variables.Texts() {
			any = max(any, evaluate(condition.Value, variablesOf(o, condition.Value, set)))
		}
		holds = min(holds, any)
	}
	return holds, at
}

// refHolds says whether a keyword, a branch's name or a pattern takes an occasion.
func refHolds(o occasion, ref string) workflows.Truth {
	ref, _, _ = strings.Cut(ref, "@") // of a project
	switch ref {
	case "branches":
		return workflows.TruthOf(o != mergeRequest && o != tagPush)
	case "tags":
		return workflows.TruthOf(o == tagPush)
	case "merge_requests", "external_pull_requests":
		return workflows.TruthOf(o == mergeRequest)
	case "schedules":
		return workflows.TruthOf(o == clock)
	case "pushes":
		return workflows.TruthOf(o == branchPush || o == mainPush || o == tagPush)
	case "web", "api", "triggers", "chat":
		return workflows.TruthOf(o == person)
	case "pipelines", "parent_pipelines":
		return workflows.TruthOf(o == call)
	}
	if o == mergeRequest {
		return workflows.No
	}
	built := o.branch()
	if o == tagPush {
		built = tagRefs
	}
	if strings.HasPrefix(ref, "/") && patternEnd(ref) > 0 {
		return built.matches(ref[1:patternEnd(ref)])
	}
	return built.equals(literal(ref))
}

package otherci

import (
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// outcome is what rules come to, whatever starts the pipeline.
type outcome struct {
	approval catalog.Text
	softens  bool // the job may fail, on the first occasion on which it runs by itself
}

// turnedOff reports whether every rule says that the job does not run.
func turnedOff(rules []*document.Node, when *document.Node) bool {
	if when.Str() == "never" {
		return true
	}
	return len(rules) > 0 && !slices.ContainsFunc(rules, func(r *document.Node) bool { return r.Get("when").Str() != "never" })
}

// run is how a job runs on one occasion.
type run struct {
	runs   workflows.Truth
	manual catalog.Text // `when: manual`
	soft   bool
	at     catalog.Place // of the rule that decided
	named  bool          // the rule names the occasion's event
	paths  []catalog.Text
}

// triggers gives the occasions on which a job runs; none when it runs whenever the pipeline does.
func (g *gitlab) triggers(s settings, job string) ([]catalog.Trigger, outcome) {
	before := g.lacked
	rules := g.items(s.get("rules"), "rules", job)
	incomplete := g.lacked > before
	soft := allowsFailure(s.get("allow_failure"))
	switch {
	case incomplete:
		return []catalog.Trigger{{Event: catalog.Text{Value: "rules", At: s.get("rules").Place()}}}, outcome{softens: soft}
	case s.get("rules") == nil && s.get("only") == nil && s.get("except") == nil:
		return withoutRules(s), outcome{softens: soft, approval: manualOf(s.get("when"))}
	}
	return g.startedBy(s, rules)
}

// withoutRules gives the triggers of a job that states no rules; none when it runs whenever the pipeline does.
func withoutRules(s settings) []catalog.Trigger {
	when := s.get("when").Text()
	switch {
	case s.lacking.Value != "":
		return []catalog.Trigger{{Event: s.lacking}}
	case when.Value == "manual":
		return []catalog.Trigger{{Event: when, Stage: catalog.Manual}}
	case when.Value == "never":
		return []catalog.Trigger{{Event: when, Stage: catalog.NoStage}}
	}
	return nil
}

// manualOf gives `when: manual`, and nothing for all other values.
func manualOf(when *document.Node) catalog.Text {
	if when.Str() != "manual" {
		return catalog.Text{}
	}
	return when.Text()
}

// startedBy gives the triggers of a job with rules, or with only and except. What a schedule, a person or another
// pipeline starts counts when a rule names it, or when nothing else starts the job.
func (g *gitlab) startedBy(s settings, rules []*document.Node) (found []catalog.Trigger, o outcome) {
	implied, named, byItself, waits := false, false, false, true
	for _, occ := range occasions {
		r := g.runOn(occ, s, rules)
		if r.runs == workflows.No || g.starts != nil && !g.starts[occ] || !occ.implied() && implied && !r.named {
			continue
		}
		implied, named = implied || occ.implied(), named || r.named
		t := catalog.Trigger{Event: catalog.Text{Value: occ.gitlabEvent(), At: r.at}, Stage: occ.stage(), Paths: r.paths}
		if r.manual.Value != "" {
			t.Stage = catalog.Manual
			o.approval = r.manual
		} else if occ == mainPush || occ == tagPush || occ == clock && r.named {
			byItself = true
		}
		if len(found) == 0 || waits && r.manual.Value == "" {
			o.softens, waits = r.soft, r.manual.Value != ""
		}
		found = addTrigger(found, t)
	}
	switch {
	case len(found) == 0:
		return notStarted(s, rules), outcome{softens: allowsFailure(s.get("allow_failure"))}
	case !implied && !named && o.approval.Value == "": // variables that this run does not know decide
		decides := conditionOf(s)
		decides.At = decides.At.Or(found[0].Event.At)
		found = []catalog.Trigger{{Event: decides}}
	case byItself:
		o.approval = catalog.Text{}
	}
	return found, o
}

// notStarted gives the trigger of a job that no occasion starts: it is turned off, or runs for a branch or variables of
// its own.
func notStarted(s settings, rules []*document.Node) []catalog.Trigger {
	n := s.get("rules")
	if n == nil {
		n = s.get("only")
	}
	if n == nil {
		n = s.get("except")
	}
	t := catalog.Trigger{Event: catalog.Text{Value: "rules", At: n.Place()}, Stage: catalog.Manual}
	if turnedOff(rules, s.get("when")) {
		t.Stage = catalog.NoStage
	}
	return []catalog.Trigger{t}
}

// runOn says how a job with rules, or with only and except, runs on an occasion.
func (g *gitlab) runOn(o occasion, s settings, rules []*document.Node) run {
	set := slices.Concat(s.variables, g.variables)
	when := s.get("when")
	if s.get("rules") == nil {
		r := onlyExcept(o, s, set)
		r.soft = allowsFailure(s.get("allow_failure"))
		return r
	}
	for _, rule := range rules {
		if rule.Kind != document.Map {
			continue
		}
		condition := rule.Get("if")
		holds := workflows.Yes
		if condition != nil {
			holds = evaluate(condition.Str(), variablesOf(o, condition.Str(), set))
		}
		if rule.Get("exists") != nil {
			holds = min(holds, workflows.Maybe)
		}
		own := rule.Get("when")
		if own == nil {
			own = when
		}
		switch {
		case holds == workflows.No, own.Str() == "never" && holds == workflows.Maybe:
			continue
		case own.Str() == "never":
			return run{}
		}
		soft := rule.Get("allow_failure")
		if soft == nil {
			soft = s.get("allow_failure")
		}
		r := run{runs: holds, soft: allowsFailure(soft), at: rule.At, named: names(condition.Str(), o), paths: changesOf(rule.Get("changes"))}
		r.manual = manualOf(own)
		return r
	}
	return run{}
}

// names reports whether a condition names the event of an occasion.
func names(condition string, o occasion) bool {
	source := o.gitlabSource()
	return slices.ContainsFunc(slices.Concat(source.typical, source.other), func(t string) bool { return strings.Contains(condition, t) })
}

func changesOf(n *document.Node) []catalog.Text {
	if n != nil && n.Kind == document.Map {
		n = n.Get("paths")
	}
	return n.Texts()
}

// allowsFailure reports whether a job's failure is ignored. With a list of exit codes it is when 1 is among them, which
// is what a tool that found something exits with.
func allowsFailure(n *document.Node) bool {
	if n != nil && n.Kind == document.Map {
		return slices.ContainsFunc(n.Get("exit_codes").Texts(), func(t catalog.Text) bool { return t.Value == "1" })
	}
	return n.Bool()
}

// conditionOf gives the first condition of a job as written.
func conditionOf(s settings) catalog.Text {
	for _, rule := range asList(s.get("rules")) {
		if condition := rule.Get("if").Text(); condition.Value != "" {
			return condition
		}
	}
	for _, key := range []string{"only", "except"} {
		if refs := s.get(key).Texts(); len(refs) > 0 {
			return refs[0]
		}
	}
	return s.get("when").Text()
}

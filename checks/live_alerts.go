package checks

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

// liveRule is an alert rule that Grafana or a data source evaluates.
type liveRule struct {
	*catalog.LiveRule
	source *catalog.LiveRules
}

// where tells who evaluates a rule.
func (r liveRule) where() string {
	if r.isGrafanas() {
		return "Grafana"
	}
	return fmt.Sprintf("data source %q", r.source.Name)
}

// isGrafanas reports whether Grafana itself evaluates the rule, and sends and silences what it fires.
func (r liveRule) isGrafanas() bool { return r.source.Source == catalog.GrafanaRules }

// watched is an alert of a service with the rules that it is in Grafana.
type watched struct {
	name  string
	at    catalog.Place
	link  *catalog.Link      // nil for one that only Grafana has
	alert *catalog.AlertRule // likewise
	rules []liveRule         // empty for one that Grafana does not show
}

// watchedAlerts gives the alerts of the service: those of git, then those that only Grafana has.
func watchedAlerts(in *Inspection) []watched {
	live := in.live()
	var all []watched
	ours := map[*catalog.LiveRule]bool{}
	for _, a := range in.Service.Alerts {
		w := watched{name: a.Item.Name.Value, at: nameAt(a), link: &a.By, alert: a.Item, rules: live.rulesOf(a.Item)}
		for _, r := range w.rules {
			ours[r.LiveRule] = true
		}
		all = append(all, w)
	}
	for _, r := range live.rulesAbout(in.Service) {
		if !ours[r.LiveRule] {
			all = append(all, watched{name: r.Name, at: live.rulePlace(r), rules: []liveRule{r}})
		}
	}
	return all
}

// rulePlace gives where a rule is shown.
func (l *liveEstate) rulePlace(r liveRule) catalog.Place {
	if r.UID == "" {
		return catalog.Place{File: l.URL + "/alerting/list"}
	}
	return catalog.Place{File: l.URL + "/alerting/grafana/" + url.PathEscape(r.UID) + "/view"}
}

// rulesOf gives the rules that an alert of git is loaded as: those of its name whose labels do not contradict its own. Of several
// in one source those of its group are taken, when there are any.
func (l *liveEstate) rulesOf(a *catalog.AlertRule) []liveRule {
	known, ok := l.loaded.Load(a)
	if !ok {
		known, _ = l.loaded.LoadOrStore(a, l.findRules(a))
	}
	return known.([]liveRule)
}

func (l *liveEstate) findRules(a *catalog.AlertRule) []liveRule {
	var found []liveRule
	for _, r := range l.rules[a.Name.Value] {
		if agree(a, r) {
			found = append(found, r)
		}
	}
	inGroup := map[*catalog.LiveRules]bool{}
	for _, r := range found {
		if r.Group == a.Group.Value {
			inGroup[r.source] = true
		}
	}
	return slices.DeleteFunc(found, func(r liveRule) bool { return inGroup[r.source] && r.Group != a.Group.Value })
}

// agree reports whether no label that an alert of git sets has another value in the rule.
func agree(a *catalog.AlertRule, r liveRule) bool {
	return !slices.ContainsFunc(a.Labels, func(l catalog.Label) bool {
		value, has := r.Labels[l.Key]
		return has && value != l.Value && !variable(l.Value)
	})
}

// seenFormat says where alerts of the estate in one format are loaded.
type seenFormat struct{ anywhere, inGrafana bool }

// seenFormats gives the formats of which some alert of the estate is loaded, so that Grafana surely shows who evaluates them.
func (l *liveEstate) seenFormats() map[string]seenFormat {
	seen := map[string]seenFormat{}
	for _, a := range l.estate.Alerts {
		at := seen[a.Format]
		if at.inGrafana {
			continue
		}
		for _, r := range l.rulesOf(a) {
			at.anywhere, at.inGrafana = true, at.inGrafana || r.isGrafanas()
		}
		seen[a.Format] = at
	}
	return seen
}

// rulesMissing says why an alert that no source shows may be evaluated nevertheless; nil when it is surely not.
func (l *liveEstate) rulesMissing(a *catalog.AlertRule) *catalog.Trouble {
	if len(l.Rules) == 0 {
		return (catalog.LivePart[catalog.LiveRule]{}).Missing()
	}
	for i := range l.Rules {
		if t := missingRules(&l.Rules[i]); t != nil && l.mayEvaluate(&l.Rules[i], a) {
			return t
		}
	}
	if t := l.hides(a); t != nil {
		return t
	}
	switch {
	case a.Format == "grafana":
		return nil
	case l.DataSources.Missing() != nil:
		return l.DataSources.Missing()
	case !l.seen()[a.Format].anywhere:
		return &catalog.Trouble{Cause: catalog.Unreachable, Detail: "no alert of the catalog's rule files is shown, so what evaluates them may be no data source of this Grafana"}
	}
	return nil
}

// hides says why Grafana itself may have an alert of git that it does not show; nil when it surely has not. Rule files are looked for
// there when one of them is loaded there.
func (l *liveEstate) hides(a *catalog.AlertRule) *catalog.Trouble {
	for i := range l.Rules {
		if r := &l.Rules[i]; r.Source == catalog.GrafanaRules && (a.Format == "grafana" || l.seen()[a.Format].inGrafana) {
			return r.MayHide(a.UID)
		}
	}
	return nil
}

// mayEvaluate reports whether a source can have an alert of git: Grafana any, data sources none in its form, and Loki none in PromQL.
func (l *liveEstate) mayEvaluate(source *catalog.LiveRules, a *catalog.AlertRule) bool {
	if source.Source == catalog.GrafanaRules || a.Format == "grafana" {
		return source.Source == catalog.GrafanaRules
	}
	d := l.DataSource(source.Source)
	return d == nil || d.Type != "loki" || a.Expr.Lang != catalog.PromQL
}

// silencedBy gives the silence that surely keeps a rule quiet, nil for none. A matcher on a label that only the series have is not
// sure, and data sources have their alerts silenced elsewhere.
func (l *liveEstate) silencedBy(r liveRule) *catalog.LiveSilence {
	if !r.isGrafanas() {
		return nil
	}
	for i := range l.Silences.Items {
		s := &l.Silences.Items[i]
		misses := func(m catalog.LiveMatcher) bool { return !surelyMatches(m, r) }
		if s.State == "active" && len(s.Matchers) > 0 && !slices.ContainsFunc(s.Matchers, misses) {
			return s
		}
	}
	return nil
}

func surelyMatches(m catalog.LiveMatcher, r liveRule) bool {
	value, known := r.Labels[m.Name]
	if m.Name == "alertname" {
		value, known = r.Name, true
	}
	if !known || variable(value) || len(m.Value) > maxPattern {
		return false
	}
	switch m.Op {
	case "=":
		return value == m.Value
	case "!=":
		return value != m.Value
	}
	re, err := regexp.Compile("^(?:" + m.Value + ")$")
	return err == nil && re.MatchString(value) == (m.Op == "=~")
}

// router gives Grafana's notification policies, or why what they are is not known.
func (l *liveEstate) router() (*catalog.Router, *catalog.Trouble) {
	for _, t := range []*catalog.Trouble{l.Policies.Missing(), l.ContactPoints.Missing()} {
		if t != nil {
			return nil, t
		}
	}
	r := grafana.Router(l.Live)
	if r == nil {
		return nil, &catalog.Trouble{Cause: catalog.NotFound, Detail: "Grafana shows no notification policy"}
	}
	return r, nil
}

// noneWatched says that there is no alert to judge, unless one may stand in what Grafana did not tell or in what could not be read.
// missing is why Grafana may have one that it does not show.
func noneWatched(in *Inspection, missing *catalog.Trouble, why string) {
	if !in.Service.Operated() {
		in.NotApplicablef("a library has no alerts of its own")
		return
	}
	if t := missing; t != nil {
		in.Undecidedf(in.Service.At, "whether Grafana evaluates alerts of service %q is not known: %s", in.Service.Name.Value, because(t))
		return
	}
	nothingToJudge(in, why)
}

// rulesTrouble says why a rule that is not shown may be there nevertheless; nil when all rules were had. A data source that knows no
// rules, as a Loki without a ruler, evaluates none.
func (l *liveEstate) rulesTrouble() *catalog.Trouble {
	if len(l.Rules) == 0 {
		return (catalog.LivePart[catalog.LiveRule]{}).Missing()
	}
	for i := range l.Rules {
		if t := missingRules(&l.Rules[i]); t != nil && t.Cause != catalog.NotFound {
			return t
		}
	}
	return nil
}

// ownRulesTrouble is rulesTrouble for the rules that Grafana itself evaluates.
func (l *liveEstate) ownRulesTrouble() *catalog.Trouble {
	for i := range l.Rules {
		if l.Rules[i].Source == catalog.GrafanaRules {
			return missingRules(&l.Rules[i])
		}
	}
	return (catalog.LivePart[catalog.LiveRule]{}).Missing()
}

// missingRules says why a source may have a rule that is not shown, and which source it is.
func missingRules(source *catalog.LiveRules) *catalog.Trouble {
	t := source.Rules.Missing()
	if t == nil || source.Source == catalog.GrafanaRules {
		return t
	}
	t = cmp.Or(source.Rules.Trouble, t)
	return &catalog.Trouble{Cause: t.Cause, Status: t.Status, Detail: fmt.Sprintf("data source %q does not tell its rules: %s", source.Name, t.Detail)}
}

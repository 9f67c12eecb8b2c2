package catalog

import "time"

// SLO is one service level objective: a promise with its measurement.
type SLO struct {
	Name        Text
	Title       Text
	Description Text
	Service     Text
	Format      string  // "native", "openslo/v1", "openslo/v1alpha", "sloth/v1", "sloth CRD", "pyrra", "grafana"
	Objective   Text    // as written, with unit as the format has it
	Percent     float64 // the objective in percent, in (0,100) when valid; 0 when not stated
	Window      Text    // duration as written: "30d"; the first of them when several are stated
	Windows     []Text  // all that are stated: a valid SLO has at most one, the tool's own default when there is none
	Calendar    bool    // the first window begins anew with each calendar period instead of rolling
	Dimension   Text    // what it promises, when the specification says so: "availability", "latency", …
	PolicyRef   Text    // path or address of its error budget policy, when the specification names one
	Indicator   Indicator
	// IndicatorRef names an OpenSLO SLI that stands on its own; slos.Resolve makes Indicator of it.
	IndicatorRef Text
	Labels       []Label
	Annotations  []Label // of its alerts
	Alerting     SLOAlerting
	At           Place

	// Resolved by load against the whole estate:
	PolicyLink ResolvedLink  // where PolicyRef leads, or that of the journey, service or team that names a policy for it
	Policy     *BudgetPolicy // nil when none was found
	PolicyBy   string        // why that one: "named by the SLO", "of journey \"Payment\"", "of team \"payments\"", "of the whole estate"
}

// Indicator is what an SLO measures.
type Indicator struct {
	Kind      string  // "ratio", "bad ratio", "raw", "threshold", "latency", "bool gauge"; "" when it was not found
	Good      []Query // good events, or all but bad ones
	Bad       []Query
	Total     []Query
	Raw       []Query
	Threshold Text // of a latency or threshold indicator
	Success   bool // of a raw indicator: its value is the share of good events; else that of bad ones
}

// Queries gives all queries of the indicator.
func (i Indicator) Queries() []Query {
	var all []Query
	for _, qs := range [][]Query{i.Good, i.Bad, i.Total, i.Raw} {
		all = append(all, qs...)
	}
	return all
}

// SLOAlerting is whether the specification generates alerts.
type SLOAlerting struct {
	Name     Text
	Page     bool // paging burn-rate alerts are generated or declared
	Ticket   bool
	Absent   bool   // an alert for the signal's absence
	Policies []Text // OpenSLO alert policies and conditions that it names; after slos.Resolve those that were not found
	Alerts   []Text // names of the alert rules that a native specification says watch it
	Burns    []Burn // the burn-rate conditions that are stated, or that the format's tool generates for the window
}

// Burn is one burn-rate condition: the error budget burns faster than Factor times the rate that would just use it up
// in the SLO's window, over both windows.
// Source: SRE workbook, chapter 5 "Multiwindow, Multi-Burn-Rate Alerts".
type Burn struct {
	Long, Short time.Duration // Short is 0 when only one window is looked at
	Factor      float64       // 1 uses the budget up in exactly the SLO's window
	Page        bool          // else it opens a ticket
	At          Place
}

// AlertPolicy is an OpenSLO alert policy, or alert condition, that stands on its own, for slos.Resolve.
type AlertPolicy struct {
	Kind     string // "AlertPolicy", "AlertCondition"
	Name     Text
	Alerting SLOAlerting // what it states; its Policies are the conditions that it names
	// Silent says that the policy does not alert when its conditions hold, only when they end or when data is missing.
	Silent bool
	At     Place
}

// BudgetPolicy is a document that says what changes when an error budget is spent. The texts are sentences or list
// items as written, the surest first.
// Source: SRE workbook, appendix B "Example Error Budget Policy".
type BudgetPolicy struct {
	Page         *Page
	Triggers     []Text // when it applies: "if the budget is exhausted", "more than 20 % in one incident"
	Consequences []Text // what changes then: releases stop, reliability first, a postmortem
	Deciders     []Text // who decides and who is asked in a dispute
	// Review is the day it is to be looked at again, as written; else the day that follows from the last review and how
	// often it is reviewed, as 2006-01-02; else how often, as in "quarterly". See dates.Parse.
	Review   Text
	Approved Text // the day it was agreed, as written
	At       Place
}

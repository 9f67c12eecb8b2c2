package checks

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"obsready/catalog"
)

var sloBurnRate = &Check{
	ID:    "slo-burn-rate",
	Title: "Alerts on an SLO compare how fast its budget burns over a long and a short window",
	Why: "A threshold on one window either pages for a spike that harms nobody or misses a slow leak that empties the budget. " +
		"A long window tells that a real share of the budget is gone, a short one that it still burns; the factor between them and the objective tells how urgent that is.",
	Fix: "Compare the error ratio over two windows with the factor times the budget, as in `errors:ratio_rate1h > (14.4 * 0.001) and errors:ratio_rate5m > (14.4 * 0.001)` for 99.9 % over 30 days. " +
		"Usual pairs are 14.4 over 1h and 5m and 6 over 6h and 30m for pages, 3 over 1d and 2h and 1 over 3d and 6h for tickets. Sloth, Pyrra and Grafana generate them.",
	Source:   "SRE workbook, chapter 5 \"Alerting on SLOs\", section 6 and its recommended parameters (2 % of the budget in 1 hour, 5 % in 6 hours, 10 % in 3 days, short window 1/12 of the long one); the windows of Sloth and Pyrra.",
	Pillar:   SLOs,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.SLOs, catalog.Alerts},
	Run: func(in *Inspection) {
		if noSLOs(in) {
			return
		}
		for _, o := range in.Service.SLOs {
			if o.Item.Percent > 0 && o.Item.Percent < 100 { // else slo-valid tells
				requireBurnRate(in, o)
			}
		}
		in.NotApplicablef("no SLO of the service has an alert that is read and a valid objective: see slo-alerted and slo-valid")
	},
}

// burnRate is a condition on the budget of one SLO.
type burnRate struct {
	burnCondition
	by   string // `alert "CheckoutBurns"`, "the Sloth alerting"
	page bool
	sure bool // it is known to be on this SLO, and not only on its metrics
	link catalog.Link
}

// requireBurnRate states whether the alerts on an SLO are burn-rate alerts with windows and factors that fit: those that
// are generated, else those of the catalog. An SLO without any is slo-alerted's finding.
func requireBurnRate(in *Inspection, o promised) {
	slo := o.Item
	if generates(slo) {
		if len(slo.Alerting.Burns) == 0 {
			in.Undecidedf(slo.At, "over which windows the %s alerting of SLO %q looks is not known. state the window of the SLO, or keep the generated rules in the catalog", sloFormat(slo), slo.Name.Value).LinkedBy(o.By)
			return
		}
		judgeBurns(in, o, generatedBurns(o))
		return
	}
	watchers := watchersOf(in, slo)
	burns, unread := in.watchedBurns(watchers)
	pairs := in.pairsOn(slo, burns)
	switch {
	case len(watchers) == 0:
	case len(pairs) > 0:
		judgeBurns(in, o, pairs)
	case len(unread) > 0:
		w := unread[0]
		in.Undecidedf(w.Item.Expr.At, "what alert %q on SLO %q compares is not read. write it as PromQL with its comparison", w.Item.Name.Value, slo.Name.Value).LinkedBy(w.By)
	case len(burns) > 0:
		b := burns[0]
		in.Unmetf(b.at, "%s looks at the budget of SLO %q over one window only (%s), so a spike pages or a slow leak goes unseen. compare a long and a short window with the same factor: %s",
			b.by, slo.Name.Value, b.windows(), examplePair(slo)).LinkedBy(b.link)
	default:
		w := watchers[0]
		in.Unmetf(nameAt(w.alert), "alert %q on SLO %q is no burn-rate alert: it compares no share of bad events over a long and a short window. write one: %s",
			w.Item.Name.Value, slo.Name.Value, examplePair(slo)).LinkedBy(w.By)
	}
}

// examplePair gives the condition that the SRE workbook recommends for a first page on an SLO.
func examplePair(o *catalog.SLO) string {
	limit := fmt.Sprintf("14.4 * %s", number(budgetOf(o)))
	return fmt.Sprintf("ratio over 1h > %s and ratio over 5m > %s", limit, limit)
}

// budgetOf gives the share of events that an SLO lets be bad.
func budgetOf(o *catalog.SLO) float64 { return (100 - o.Percent) / 100 }

// number writes a number without the noise of computing.
func number(f float64) string { return fmt.Sprintf("%.4g", f) }

// generatedBurns gives the conditions that an SLO's tool generates or its specification states.
func generatedBurns(o promised) []burnRate {
	var all []burnRate
	for _, b := range o.Item.Alerting.Burns {
		c := burnCondition{long: b.Long, short: b.Short, factor: b.Factor, limit: b.Factor * budgetOf(o.Item), at: b.At.Or(o.Item.At)}
		all = append(all, burnRate{c, "the " + sloFormat(o.Item) + " alerting", b.Page, true, o.By})
	}
	return all
}

// watchedBurns reads the conditions of alerts. unread are those whose expression cannot be read here: it does not parse,
// is no PromQL, or is compared in other steps of a Grafana rule.
func (s *Survey) watchedBurns(watchers []watcher) (burns []burnRate, unread []watcher) {
	for _, w := range watchers {
		conditions, err := s.burnConditions(w.Item)
		if err != nil || w.Item.Expr.Error != "" || len(conditions) == 0 && w.Item.Format == "grafana" {
			unread = append(unread, w)
			continue
		}
		for _, c := range conditions {
			burns = append(burns, burnRate{c, fmt.Sprintf("alert %q", w.Item.Name.Value), hasFold(s.Settings.PageSeverities, w.Item.Severity.Value), w.sure, w.By})
		}
	}
	return burns, unread
}

// pairsOn gives the conditions with two windows, without those that are written for the budget of another SLO of the same
// metrics, when there are others.
func (in *Inspection) pairsOn(o *catalog.SLO, burns []burnRate) []burnRate {
	var pairs, own []burnRate
	for _, b := range burns {
		if b.short == 0 {
			continue
		}
		pairs = append(pairs, b)
		if b.sure || !in.onAnother(b, o) {
			own = append(own, b)
		}
	}
	if len(own) > 0 {
		return own
	}
	return pairs
}

// onAnother reports whether a condition is written for the budget of another SLO, of those that the same metrics may
// measure.
func (in *Inspection) onAnother(b burnRate, o *catalog.SLO) bool {
	if b.budget == 0 || sameBudget(b.budget, o) {
		return false
	}
	return slices.ContainsFunc(promisedSLOs(in.Service), func(other *catalog.SLO) bool { return other != o && sameBudget(b.budget, other) })
}

// sameBudget reports whether a share is the budget of an SLO, but for rounding.
func sameBudget(budget float64, o *catalog.SLO) bool {
	return math.Abs(budget/budgetOf(o)-1) <= budgetNoise
}

// judgeBurns states what is wrong with the conditions on an SLO's budget, one finding for each, or that all of them fit.
// A condition that can never hold is a finding only when no other one pages or tickets in its place: at an objective
// below 93 % the usual factor of 14.4 is more than everything.
func judgeBurns(in *Inspection, o promised, burns []burnRate) {
	slo := o.Item
	var fine, idle []string
	for _, b := range burns {
		factor := b.factorFor(slo)
		told := fmt.Sprintf("%s over %s", number(factor), b.windows())
		switch flaw := b.flaw(slo); {
		case flaw != "":
			in.Unmetf(b.at, "%s watches SLO %q at a burn rate of %s, which does not fit: %s", b.by, slo.Name.Value, told, flaw).LinkedBy(b.link)
		case factor*budgetOf(slo) >= 1:
			idle = append(idle, told)
		default:
			fine = append(fine, told)
		}
	}
	switch {
	case len(fine) > 0:
		text := strings.Join(fine, ", ")
		if len(idle) > 0 {
			text += fmt.Sprintf(". at an objective of %v %% the condition of %s can never hold", roundPercent(slo.Percent), strings.Join(idle, ", "))
		}
		in.Metf(burns[0].at, "the budget of SLO %q is watched at burn rates of %s (%s)", slo.Name.Value, text, burns[0].by).LinkedBy(burns[0].link)
	case len(idle) > 0:
		in.Unmetf(burns[0].at, "the conditions on the budget of SLO %q can never hold: at an objective of %v %% a burn rate of %s is more than all events. take smaller factors",
			slo.Name.Value, roundPercent(slo.Percent), strings.Join(idle, ", ")).LinkedBy(burns[0].link)
	}
}

// factorFor gives the factor of a condition as it is for an SLO, whatever budget its expression was written for.
func (b burnRate) factorFor(o *catalog.SLO) float64 {
	if b.limit > 0 {
		return b.limit / budgetOf(o)
	}
	return b.factor
}

// The bounds within which windows and factors are taken as fitting. They hold those of the SRE workbook, of Sloth's and
// Pyrra's defaults, and of the windows that Sloth's users make for weeks.
const (
	shortestPart  = 1.0 / 24 // of the long window, for the short one; 1/12 is usual, Pyrra has 1/16
	longestPart   = 1.0 / 4
	smallestShare = 0.005 // of the budget that burns before an alert fires; 0.02 is usual
	pageShare     = 0.15  // most of it for a page; 0.02 and 0.05 are usual
	ticketShare   = 0.5   // most of it for a ticket; 0.1 is usual, Sloth's windows for a week have 0.42
	ticketFactor  = 0.9   // slower burning keeps the promise; Sloth's windows for a week have 0.98
	pageFactor    = 1.9   // slower burning can wait for a ticket; Pyrra's slowest page has 7
	budgetNoise   = 0.02  // relative difference that is taken for rounding: 0.0333 for 1/30
)

// flaw says what does not fit about a condition on the budget of an SLO, with the way out, "" when it fits.
func (b burnRate) flaw(o *catalog.SLO) string {
	budget, factor, window := budgetOf(o), b.factorFor(o), windowOf(o)
	part := float64(b.short) / float64(b.long)
	share := factor * float64(b.long) / float64(window)
	switch {
	case b.budget > 0 && !sameBudget(b.budget, o):
		return fmt.Sprintf("its expression takes %s for the budget, but the objective of %v %% leaves %s. write %s * %s", number(b.budget), roundPercent(o.Percent), number(budget), number(b.factor), number(budget))
	case b.short == 0:
		return "it looks at one window only. add a short one of about a twelfth, with the same factor"
	case part < shortestPart || part > longestPart:
		return fmt.Sprintf("its short window is to tell that the budget still burns. take about a twelfth of %s, as in %s", model.Duration(b.long), model.Duration(twelfth(b.long)))
	case window > 0 && b.long >= window:
		return fmt.Sprintf("its long window is not shorter than the SLO's own, %s. take a part of that", model.Duration(window))
	case factor < ticketFactor:
		return "a burn rate below 1 keeps the promise. take a factor of 1 or more"
	case b.page && factor < pageFactor:
		return "a burn as slow as that can wait until the morning. make it a ticket, and page from a factor of 6 on"
	case window > 0 && share < smallestShare:
		return fmt.Sprintf("it fires when %s of the budget is gone, which is noise. take a longer window or a larger factor", sharePercent(share))
	case window > 0 && b.page && share > pageShare, window > 0 && share > ticketShare:
		return fmt.Sprintf("it fires only when %s of the budget is gone. take a shorter window or a smaller factor, for 2 to 10 %%", sharePercent(share))
	}
	return ""
}

// twelfth gives a twelfth of a window in whole minutes.
func twelfth(d time.Duration) time.Duration { return max((d / 12).Round(time.Minute), time.Minute) }

func sharePercent(share float64) string { return fmt.Sprintf("%.2g %%", 100*share) }

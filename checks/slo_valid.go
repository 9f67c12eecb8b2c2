package checks

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"obsready/catalog"
	"obsready/catalog/slos"
)

var sloValid = &Check{
	ID:    "slo-valid",
	Title: "Each SLO states a target that can be kept and missed, over one window, and what it is about",
	Why: "An objective of 100 % has no error budget: the first failure breaks it, so it steers nothing. Two windows are two promises, and a window of hours forgives nothing or everything. " +
		"Without a description nobody knows later which promise the numbers stand for.",
	Fix:      "Set the objective above 0 and below 100 % in the unit of the format (Sloth, Pyrra and native entries: `99.9`; OpenSLO and Grafana: `0.999`), one window of 28 or 30 days, and a description that says what is promised to whom.",
	Source:   "SRE workbook, chapter 2 \"Implementing SLOs\" (appropriate time windows); Google SRE book, chapter 3 \"Embracing Risk\"; the specifications of OpenSLO, Sloth and Pyrra.",
	Pillar:   SLOs,
	Question: Promise,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.SLOs},
	All:      true,
	Run: func(in *Inspection) {
		if noSLOs(in) {
			return
		}
		for _, o := range in.Service.SLOs {
			requireObjective(in, o)
			requireWindow(in, o)
			requireSLI(in, o)
			requireDescription(in, o)
			requireSLOOwner(in, o)
		}
	},
}

// promised is an SLO of a service with the reason why it is the service's.
type promised = catalog.Linked[catalog.SLO]

// noSLOs reports whether the service has no SLO, and says what follows from that: slo-defined asks for one, so the other
// checks do not apply, unless one may stand in what could not be read.
func noSLOs(in *Inspection) bool {
	if len(in.Service.SLOs) > 0 {
		return false
	}
	if in.Service.Gap(catalog.SLOs) != nil {
		in.Missingf(in.Service.At, "no SLO of the service was found")
	}
	in.NotApplicablef("the service has no SLO: see slo-defined")
	return true
}

// requireObjective states whether an SLO's objective leaves an error budget. One below 1 % is a share that was written
// where a percentage belongs, and one of more than 100 % the other way round.
func requireObjective(in *Inspection, o promised) {
	slo := o.Item
	name, written, at := slo.Name.Value, slo.Objective.Value, slo.Objective.At.Or(slo.At)
	switch {
	case strings.TrimSpace(written) == "":
		in.Unmetf(at, "SLO %q has no objective. state one above 0 and below 100 %%", name).LinkedBy(o.By)
	case variable(written) || strings.Contains(written, "{{"):
		in.Undecidedf(at, "the objective of SLO %q is a template: %q. keep a rendered copy in the catalog", name, written).LinkedBy(o.By)
	case slo.Percent == 100:
		in.Unmetf(at, "objective %q of SLO %q is 100 %%, which leaves no error budget: the first failure breaks it. choose what users really need, as in 99.9 %%", written, name).LinkedBy(o.By)
	case slo.Percent > 100 && statesShares(slo):
		in.Unmetf(at, "objective %q of SLO %q is more than 100 %%. this format (%s) states shares: write 0.999 for 99.9 %%", written, name, sloFormat(slo)).LinkedBy(o.By)
	case slo.Percent > 0 && slo.Percent < 1 && !statesShares(slo):
		in.Unmetf(at, "objective %q of SLO %q is less than 1 %%. this format (%s) states percentages: write 99.9 for 99.9 %%", written, name, sloFormat(slo)).LinkedBy(o.By)
	case slo.Percent <= 0 || slo.Percent > 100:
		in.Unmetf(at, "objective %q of SLO %q is not above 0 and below 100 %%. correct it", written, name).LinkedBy(o.By)
	default:
		in.Metf(at, "SLO %q promises %v %%", name, roundPercent(slo.Percent)).LinkedBy(o.By)
	}
}

// roundPercent takes the noise of computing out of a percentage.
func roundPercent(p float64) float64 { return float64(int64(p*1e6+0.5)) / 1e6 }

// statesShares reports whether the format of an SLO writes 0.999 for 99.9 %.
func statesShares(o *catalog.SLO) bool {
	return strings.HasPrefix(o.Format, "openslo") || o.Format == "grafana"
}

// slothWindow is the window of an SLO in Sloth's formats, which name none: an option of Sloth's command.
const slothWindow = 30 * 24 * time.Hour

// windowOf gives the window of an SLO, 0 when it states none that can be read.
func windowOf(o *catalog.SLO) time.Duration {
	if len(o.Windows) == 0 && o.Window.Value == "" && strings.HasPrefix(o.Format, "sloth") {
		return slothWindow
	}
	return slos.Duration(o.Window.Value)
}

// calendarUnits end windows of a month, a quarter or a year as OpenSLO writes them.
const calendarUnits = "MQY"

// requireWindow states whether an SLO has one window of a sensible length. Periods of the calendar are taken as they are.
func requireWindow(in *Inspection, o promised) {
	slo := o.Item
	name, written, at := slo.Name.Value, slo.Window.Value, slo.Window.At.Or(slo.At)
	window := windowOf(slo)
	shortest, longest := in.Settings.SLOWindowMinimum, in.Settings.SLOWindowMaximum
	switch {
	case len(slo.Windows) > 1:
		in.Unmetf(slo.Windows[1].At.Or(at), "SLO %q has %d windows, %s. keep one: each would be another promise", name, len(slo.Windows), quoteAll(texts(slo.Windows))).LinkedBy(o.By)
	case written == "" && window > 0:
		in.Metf(at, "SLO %q has the window of Sloth's command, %s unless it says otherwise", name, model.Duration(window)).LinkedBy(o.By)
	case written == "":
		in.Unmetf(at, "SLO %q states no window. state one, as in 30d", name).LinkedBy(o.By)
	case variable(written):
		in.Undecidedf(at, "the window of SLO %q is a template: %q. keep a rendered copy in the catalog", name, written).LinkedBy(o.By)
	case window == 0:
		in.Unmetf(at, "window %q of SLO %q is no duration. write one, as in 30d", written, name).LinkedBy(o.By)
	case slo.Calendar && window >= shortest || strings.ContainsAny(written, calendarUnits):
		in.Metf(at, "SLO %q has a window of %s", name, written).LinkedBy(o.By)
	case window < shortest:
		way := "take 28 or 30 days"
		if statesShares(slo) && strings.HasSuffix(written, "m") {
			way += ", or write \"1M\" for a month: \"m\" are minutes"
		}
		in.Unmetf(at, "window %q of SLO %q is shorter than %s: one bad hour decides it, and weekends are in it or not. %s", written, name, model.Duration(shortest), way).LinkedBy(o.By)
	case window > longest:
		in.Unmetf(at, "window %q of SLO %q is longer than %s: a bad month is hardly seen in it, and failures long past still bind. take 28 or 30 days", written, name, model.Duration(longest)).LinkedBy(o.By)
	default:
		in.Metf(at, "SLO %q has a window of %s", name, written).LinkedBy(o.By)
	}
}

func texts(all []catalog.Text) []string {
	values := make([]string, len(all))
	for i, t := range all {
		values[i] = t.Value
	}
	return values
}

// requireSLI states whether an SLO says how it is measured. One that names an indicator of another place, or leaves it to
// a plugin or a template, cannot be decided.
func requireSLI(in *Inspection, o promised) {
	slo := o.Item
	name, i := slo.Name.Value, slo.Indicator
	halves := len(i.Good)+len(i.Bad) > 0 && len(i.Total) > 0
	switch {
	case i.Kind == "" && slo.IndicatorRef.Value != "":
		in.Undecidedf(slo.IndicatorRef.At, "SLO %q is measured by indicator %q, which is not in the catalog. keep it there, or state the indicator in the SLO", name, slo.IndicatorRef.Value).LinkedBy(o.By)
	case i.Kind == "" || len(i.Queries()) == 0:
		if g := in.indicatorGap(slo); g != nil {
			in.Undecidedf(g.At, "how SLO %q is measured is not known: %s", name, g.Detail).LinkedBy(o.By)
			return
		}
		in.Unmetf(slo.At, "SLO %q has no indicator. state the good and all events that it counts", name).LinkedBy(o.By)
	case strings.HasSuffix(i.Kind, "ratio") && !halves:
		in.Unmetf(slo.At, "SLO %q has only one half of its ratio. state both queries", name).LinkedBy(o.By)
	default:
		in.Metf(i.Queries()[0].At, "SLO %q is measured by a %s", name, indicatorKind(i)).LinkedBy(o.By)
	}
}

// indicatorGap gives the gap that explains why an SLO's indicator could not be read, nil when none does.
func (in *Inspection) indicatorGap(o *catalog.SLO) *catalog.Gap {
	for i := range in.Estate.Gaps {
		g := &in.Estate.Gaps[i]
		explains := g.Cause == catalog.Unsupported || g.Cause == catalog.Template || g.Cause == catalog.Unreachable
		if explains && g.Concerns(catalog.SLOs) && g.At.File == o.At.File && (g.Names == nil || g.Names[o.Name.Value]) {
			return g
		}
	}
	return nil
}

// indicatorKind names a kind of indicator for a message.
func indicatorKind(i catalog.Indicator) string {
	switch i.Kind {
	case "ratio":
		return "ratio of good events"
	case "bad ratio":
		return "ratio of bad events"
	case "latency":
		return "ratio of events in time"
	case "raw":
		return "query of the ratio itself"
	case "threshold":
		return "threshold on a metric"
	}
	return "gauge that is 1 or 0"
}

func requireDescription(in *Inspection, o promised) {
	slo := o.Item
	if text := slo.Description.Value; strings.TrimSpace(text) != "" && !blank(text) {
		in.Metf(slo.Description.At.Or(slo.At), "SLO %q is described", slo.Name.Value).LinkedBy(o.By)
		return
	}
	in.Unmetf(slo.Description.At.Or(slo.At), "SLO %q has no description. say what is promised to whom", slo.Name.Value).LinkedBy(o.By)
}

// ownerLabels name who answers for an SLO.
var ownerLabels = []string{"owner", "team", "squad"}

// requireSLOOwner states who answers for an SLO: whom its label names, else the owner of its service. That a service has
// an owner is what owner-team asks, so nothing is stated where both are missing.
func requireSLOOwner(in *Inspection, o promised) {
	slo := o.Item
	i := slices.IndexFunc(slo.Labels, func(l catalog.Label) bool { return slices.Contains(ownerLabels, l.Key) && l.Value != "" })
	owner := in.Service.Owner.Ref
	switch {
	case i >= 0 && placeholder(slo.Labels[i].Value):
		in.Unmetf(slo.Labels[i].At, "owner %q of SLO %q is a placeholder. name the team that answers for it", slo.Labels[i].Value, slo.Name.Value).LinkedBy(o.By)
	case i >= 0:
		in.Metf(slo.Labels[i].At, "SLO %q is owned by %q", slo.Name.Value, slo.Labels[i].Value).LinkedBy(o.By)
	case owner.Value != "" && !placeholder(teamName(owner.Value)):
		in.Metf(owner.At, "SLO %q is owned by %q, the owner of its service", slo.Name.Value, owner.Value).LinkedBy(o.By)
	}
}

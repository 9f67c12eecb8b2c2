package measure

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// finding is what one condition of an expression tells.
type finding struct {
	class      Class
	dimension  Dimension
	confidence Confidence
	reason     Reason
	condition  condition
	series     series
}

// judge reads an expression and decides what it measures.
func (r *reader) judge(expr parser.Expr) Judgement {
	return r.decideOf(r.conditions(expr, fires))
}

func (r *reader) decideOf(all []condition) Judgement {
	if !slices.ContainsFunc(all, func(c condition) bool { return !c.vacant() }) {
		return conclude(Meta, Heartbeat, High, Reason{"it reads no series: a heartbeat or a clock", r.source.query.At})
	}
	best, ok := r.strongest(all)
	if !ok {
		return undecided("nothing is known of the series that it reads", r.source.query.At)
	}
	return conclude(best.class, best.dimension, best.confidence, best.reason, details(best, all)...)
}

// strongest chooses the finding that speaks for the whole expression. What fires the alert speaks first. A symptom that
// only narrows it makes the whole a symptom when users feel it for sure: "much CPU is used, and requests fail".
func (r *reader) strongest(all []condition) (finding, bool) {
	var best finding
	found, heartbeat := false, false
	for _, c := range all {
		if c.role == mutes {
			continue
		}
		if c.vacant() {
			heartbeat = heartbeat || c.role == fires && c.op == 0 && c.shape == number
			continue
		}
		f := decide(c)
		f.condition = c
		if c.role == narrows && !harms(f) {
			continue
		}
		if !found || f.weight() > best.weight() {
			best, found = f, true
		}
	}
	if heartbeat && (!found || best.class != Symptom) {
		return finding{class: Meta, dimension: Heartbeat, confidence: High, reason: Reason{"it fires whatever the series say", r.source.query.At}}, true
	}
	if !found {
		// Only what narrows is left: "vector(1) and up == 0".
		for _, c := range all {
			if c.role == narrows && !c.vacant() {
				f := decide(c)
				f.condition = c
				return f, true
			}
		}
	}
	return best, found
}

func harms(f finding) bool {
	return f.class == Symptom && f.confidence > Low && (f.dimension == Errors || f.dimension == Latency || f.dimension == Budget)
}

// weight orders findings: what is known before what is guessed, then symptoms, the monitoring, causes.
func (f finding) weight() int {
	order := map[Class]int{Unknown: 0, Cause: 1, Meta: 2, Symptom: 3}[f.class]
	if f.confidence > Low {
		order += 10
	}
	return order
}

// decide says what a condition tells: of the series that it looks at the one that tells most.
func decide(c condition) finding {
	var best finding
	for i, s := range c.looked() {
		if s.subject.side == nobody && len(c.whole) > 0 {
			s.subject = c.whole[0].subject // the whole says whose the part is
			s.subject.certain = false
		}
		f := c.budgeted(decideSeries(c, s))
		f.series = s
		if i == 0 || f.weight() > best.weight() {
			best = f
		}
	}
	if best.reason.At == (catalog.Place{}) {
		best.reason.At = best.series.at
	}
	return best
}

// budgeted makes the burn of an error budget of a share of failures that is compared to a multiple of what an SLO leaves.
func (c condition) budgeted(f finding) finding {
	if c.burn && f.class == Symptom && (f.dimension == Errors || f.dimension == Latency || f.dimension == Availability) {
		f.dimension, f.confidence = Budget, High
		f.reason.Text = "it watches the burn of an error budget: " + f.reason.Text
	}
	return f
}

// looked gives the series that a condition is about: the part of a whole rather than the whole.
func (c condition) looked() []series {
	if len(c.parts) > 0 {
		return c.parts
	}
	return c.whole
}

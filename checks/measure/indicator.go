package measure

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// Indicator says which dimension of a service an SLO's indicator measures. A dimension that the SLO states decides; what
// its queries measure stands in the reasons, and Contradicts tells when users would not feel that. The class is that of
// the indicator: Symptom for what users notice, which an SLO should promise, or Cause.
func (m *Meter) Indicator(s *catalog.SLO) Judgement {
	j := m.indicated(s)
	stated, ok := statedDimension(s)
	if !ok {
		return j
	}
	first := Reason{fmt.Sprintf("the SLO says that it promises %s", stated), s.Dimension.At.Or(s.At)}
	if j.Dimension != Other && j.Confidence > Low && !sameSide(stated, j.Dimension) {
		j.Reasons[0].Text = fmt.Sprintf("its queries measure %s: %s", j.Dimension, j.Reasons[0].Text)
	}
	result := conclude(Symptom, stated, High, first, j.Reasons...)
	result.Declared, result.Measured = Symptom, j.Measured
	return result
}

// statedDimension gives the dimension that an SLO states, in the words that are used for it.
func statedDimension(s *catalog.SLO) (Dimension, bool) {
	word := strings.ToLower(strings.TrimSpace(s.Dimension.Value))
	if d, ok := dimensionWords[word]; ok {
		return d, true
	}
	return Dimension(word), slices.Contains(dimensions, Dimension(word))
}

var dimensionWords = map[string]Dimension{
	"error rate": Errors, "error-rate": Errors, "success rate": Errors, "uptime": Availability, "performance": Latency, "speed": Latency,
	"recovery-time": RecoveryTime, "quality": Correctness, "staleness": Freshness,
}

// sameSide reports whether two dimensions may be those of one indicator: that requests succeed is called availability.
func sameSide(a, b Dimension) bool {
	of := func(d Dimension) Dimension {
		if d == Errors || d == Correctness {
			return Availability
		}
		return d
	}
	return of(a) == of(b)
}

// indicated judges the queries of an indicator as one condition: good or bad events as part of all, or a value.
func (m *Meter) indicated(s *catalog.SLO) Judgement {
	i := s.Indicator
	if i.Kind == "latency" {
		return conclude(Symptom, Latency, High, Reason{"it is an indicator of how long requests take", s.At})
	}
	total := m.operandOf(i.Total)
	var best finding
	for n, q := range slices.Concat(i.Good, i.Bad, i.Raw) {
		o := m.operandOf([]catalog.Query{q})
		if o.vacant() {
			continue
		}
		c := condition{operand: o}
		if len(i.Raw) == 0 {
			c.shape, c.whole = promised(o), total.parts
		}
		f := decide(c)
		f.condition = c
		if f.class == Cause && len(i.Raw) == 0 && f.series.subject.side != inside {
			f = finding{class: Symptom, dimension: Availability, confidence: Low, series: f.series,
				reason: Reason{fmt.Sprintf("it counts good and bad %s, and nothing says what makes them so (%s)", things(f.series), f.series.metric), f.series.at}}
		}
		if n == 0 || best.class == "" || f.weight() > best.weight() {
			best = f
		}
	}
	if best.class == "" {
		return undecided("no query of its indicator tells what it measures", s.At)
	}
	if best.dimension == Errors {
		best.dimension = Availability
	}
	return conclude(best.class, best.dimension, best.confidence, best.reason, details(best, nil)...)
}

// promised gives the shape of a part of all events.
func promised(o operand) shape {
	if o.shape == rate || o.shape == plain || o.shape == counted {
		return ratio
	}
	return o.shape
}

// operandOf reads the queries of one half of an indicator.
func (m *Meter) operandOf(queries []catalog.Query) operand {
	var all operand
	for _, q := range queries {
		if q.Lang != catalog.PromQL || q.Error != "" {
			continue
		}
		expr, offsets, err := promql.Expr(q)
		if err != nil {
			continue
		}
		r := &reader{meter: m, source: source{query: q, offsets: offsets}}
		all = either(all, r.operand(expr))
	}
	return all
}

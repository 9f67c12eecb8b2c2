package measure

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
)

// declared gives the class that a label of the rule states, and "" when none does. A label with another word than a
// class's declares nothing: alert_type is used for other things too.
func (m *Meter) declared(a *catalog.AlertRule) (Class, Reason) {
	for _, key := range m.options.ClassLabels {
		label, ok := a.Label(key)
		if !ok {
			continue
		}
		if class, ok := classWords[strings.ToLower(strings.TrimSpace(label.Value))]; ok {
			return class, Reason{fmt.Sprintf("its label %s says %s", key, class), label.At.Or(a.At)}
		}
	}
	return "", Reason{}
}

var classWords = map[string]Class{
	"symptom": Symptom, "cause": Cause,
	"meta": Meta, "heartbeat": Meta, "deadman": Meta, "watchdog": Meta, "monitoring": Meta,
}

// declare makes a class that a label states the judgement's own. What was measured, how sure that is and why stays.
func declare(j Judgement, class Class, why Reason) Judgement {
	j.Declared = class
	j.Reasons = slices.Insert(j.Reasons, 0, why)
	if j.Class == class || j.Class == Unknown || j.Confidence == Low {
		j.Confidence = High
		if j.Class != class {
			// The label decides where the expression left it open.
			j.Measured = Unknown
		}
	}
	if j.Class != class {
		j.Class, j.Dimension = class, Other
	}
	return j
}

// sloLabels name the SLO that an alert watches. The first three are those of generators, whose rules watch an SLO even
// where its specification is not in the estate.
var sloLabels = []string{"sloth_slo", "sloth_severity", "pyrra_slo", "slo", "slo_name"}

// ofSLO judges a rule that says by a label that it watches an SLO: it measures what that promises. A label that people
// write by hand does not make a symptom of what is surely none.
func (m *Meter) ofSLO(a *catalog.AlertRule, measured Judgement) (Judgement, bool) {
	for i, key := range sloLabels {
		label, ok := a.Label(key)
		if !ok || label.Value == "" {
			continue
		}
		at := label.At.Or(a.At)
		if i >= 3 && measured.Class != Unknown && measured.Confidence == High {
			continue
		}
		if slo := m.slos[label.Value]; slo != nil {
			j := m.Indicator(slo)
			dimension := j.Dimension
			if dimension == Other {
				dimension = Budget
			}
			return conclude(Symptom, dimension, High, Reason{fmt.Sprintf("its label %s names the SLO %q", key, slo.Name.Value), at}, j.Reasons...), true
		}
		if i < 3 {
			return conclude(Symptom, Budget, High, Reason{fmt.Sprintf("its label %s says that it was generated from an SLO", key), at}), true
		}
	}
	return Judgement{}, false
}

func conclude(class Class, d Dimension, c Confidence, first Reason, more ...Reason) Judgement {
	return Judgement{Class: class, Measured: class, Dimension: d, Confidence: c, Reasons: append([]Reason{first}, more...)}
}

package measure

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// series is one selector of an expression, a leaf of its tree.
type series struct {
	metric   string            // as written
	name     string            // as the tables write it
	words    []string          // of the name
	matchers []*labels.Matcher // without that of the name; those of the recorded series through which it is read come last
	// operations is the last part of a recorded name, as in "ratio_rate5m", when the rule that records it is not known.
	operations string
	rated      bool // what counts is how much it grows
	past       bool // its value of some time ago is meant
	logs       bool // it stands for log lines
	at         catalog.Place
	via        *recorded // the recorded series that stands for it, or nil
	subject    subject
}

func newSeries(s *parser.VectorSelector, carried []*labels.Matcher) series {
	metric := s.Name
	own := make([]*labels.Matcher, 0, len(s.LabelMatchers)+len(carried))
	for _, m := range s.LabelMatchers {
		if m.Name != model.MetricNameLabel {
			own = append(own, m)
		} else if metric == "" && (m.Type == labels.MatchRegexp || m.Type == labels.MatchEqual) {
			metric = m.Value
		}
	}
	name, operations := cutRecorded(metric)
	found := series{
		metric: metric, name: normal(name), words: split(name), operations: operations,
		matchers: append(own, carried...), past: s.OriginalOffset > 0,
	}
	if metric == logLines || found.has(lineLabel) {
		found.logged()
	}
	found.rated = found.saysIn(operations, "rate", "increase", "irate", "delta") || burnt(metric)
	found.subject = subjectOf(found)
	return found
}

// logged fills in what a series that stands for log lines tells: the words are those of the lines that are looked for and
// of the label filters on what happened.
func (s *series) logged() {
	if s.metric == logLines {
		s.metric, s.name, s.words = "log lines", "", nil
	}
	s.logs = true
	for _, m := range s.matchers {
		switch m.Name {
		case lineLabel, "event", "msg", "message", "action":
			if m.Type == labels.MatchEqual {
				s.words = append(s.words, split(m.Value)...)
			}
		case "job", "unit", "app", "syslog_identifier":
			for _, w := range split(m.Value) {
				if known().words["machine"][w] {
					s.words = append(s.words, w)
				}
			}
		}
	}
	s.words = slices.DeleteFunc(append(s.words, "line"), func(w string) bool { return w == "status" })
}

func burnt(metric string) bool { return strings.Contains(metric, "burn") }

// cutRecorded splits the name of a recorded series by the convention level:metric:operations into the metric and the
// operations. Other names are their own metric.
// Source: Prometheus documentation, "Recording rules".
func cutRecorded(name string) (metric, operations string) {
	if strings.IndexByte(name, ':') < 0 {
		return name, ""
	}
	parts := strings.Split(strings.Trim(name, ":"), ":")
	last := parts[len(parts)-1]
	switch {
	case len(parts) > 2 && operation(last) && !burnt(name):
		return strings.Join(parts[1:len(parts)-1], "_"), strings.ToLower(last)
	case len(parts) == 2 && operation(last) && !burnt(last):
		return parts[0], strings.ToLower(last)
	}
	return strings.Join(parts, "_"), ""
}

// operation reports whether the last part of a name says what was done, and nothing else: "rate5m", "p99_rate1h".
func operation(part string) bool {
	for _, w := range split(part) {
		if w = withoutRange(w); w != "" && !known().words["operation"][w] {
			return false
		}
	}
	return true
}

// withoutRange cuts the range from the end of an operation: "rate" of "rate5m", "p" of "p99", nothing of "1h".
func withoutRange(word string) string {
	unit := strings.TrimRight(word, "smhdwy")
	if digits := strings.TrimRight(unit, "0123456789"); digits != unit {
		return digits
	}
	return word
}

// saysIn reports whether a word stands in the operations of a recorded name.
func (s series) saysIn(operations string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(operations, w) {
			return true
		}
	}
	return false
}

func (s series) tells(what string) bool { return known().tells(what, s.words) }

// has reports whether a matcher is on the label.
func (s series) has(label string) bool {
	return s.matcher(func(m *labels.Matcher) bool { return m.Name == label }) != nil
}

// matcher gives the first matcher for which f holds, or nil.
func (s series) matcher(f func(m *labels.Matcher) bool) *labels.Matcher {
	for _, m := range s.matchers {
		if f(m) {
			return m
		}
	}
	return nil
}

// summarised reports whether the series is a quantile or mean already: of a client's summary, or a recorded one.
func (s series) summarised() bool {
	return s.has("quantile") || s.saysIn(s.operations, "quantile", "p9", "p50", "mean", "avg", "median") || s.tells("summary")
}

// takesTime reports whether the value of the series is how long something takes, and not when it happened.
func (s series) takesTime() bool {
	return s.tells("durations") && !s.timestamp()
}

// timestamp reports whether the value of the series is a time.
func (s series) timestamp() bool { return s.tells("timestamps") }

// share reports whether the series is a share already.
func (s series) share() bool {
	return s.saysIn(s.operations, "ratio", "percent") || s.tells("shares")
}

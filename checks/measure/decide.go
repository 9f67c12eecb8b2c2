package measure

import (
	"fmt"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// decideSeries says what a condition tells of one of its series: what is known of the series first, then what the
// condition makes of it.
func decideSeries(c condition, s series) finding {
	switch {
	case s.subject.target:
		return c.targets(s)
	case s.subject.side == monitoring && s.subject.why == "" && !s.subject.settled && s.tells("backstage") && !s.tells("monitors"):
		return c.inner(s).likely()
	case s.subject.side == monitoring:
		return c.found(Meta, Monitoring, s, "it watches the monitoring itself (%s)", c.naming(s))
	case s.subject.side == harm:
		return c.harmed(s)
	case s.subject.side == users:
		return c.asked(s)
	case s.subject.side == product && c.shape == counted && c.where == nil && c.none():
		return c.found(Symptom, Availability, s, "it fires when none of the product is left (%s)", s.metric).likely()
	case s.subject.side == product && s.named("latency") && c.shape == plain && !s.tells("resource") && !s.tells("backstage"):
		return c.found(Symptom, Latency, s, "it watches how long the product takes (%s)", s.metric).likely()
	case s.subject.side == product && !s.tells("backstage") && !s.tells("states") && (s.tells("demand") || s.bare()):
		if f, ok := c.seen(s); ok {
			return f.likely()
		}
		return c.inner(s)
	case s.subject.side == inside, s.subject.side == product:
		return c.inner(s)
	}
	return c.unheard(s)
}

// bare reports whether the name of a product's series says no more than the product and that something fails or takes
// long: "postgresql_errors_total", so that it is what its clients get.
func (s series) bare() bool {
	for _, w := range s.words[1:] {
		k := known().words
		if !k["failing"][w] && !k["durations"][w] && !k["neutral"][w] && !k["operation"][w] {
			return false
		}
	}
	return true
}

// found makes a finding. It is sure to the degree that the series is known.
func (c condition) found(class Class, d Dimension, s series, format string, args ...any) finding {
	confidence := Medium
	if s.subject.certain {
		confidence = High
	}
	return finding{class: class, dimension: d, confidence: confidence, reason: Reason{Text: fmt.Sprintf(format, args...)}}
}

func (f finding) guessed() finding {
	f.confidence = Low
	return f
}

func (f finding) likely() finding {
	f.confidence = min(f.confidence, Medium)
	return f
}

// naming gives the series as messages name it: the metric, with the matcher that tells whose it is.
func (c condition) naming(s series) string {
	if s.subject.why != "" {
		return fmt.Sprintf("%s with %s", s.metric, s.subject.why)
	}
	return s.metric
}

// targets says what a condition on "up" tells: of the monitoring when its targets are the monitoring's, of the service
// when none of its targets is left, else of some targets of many.
func (c condition) targets(s series) finding {
	switch {
	case s.subject.side == monitoring:
		return c.found(Meta, Monitoring, s, "it fires when a part of the monitoring is not scraped (%s)", c.naming(s))
	case c.shape == absence, c.noneLeft():
		return c.found(Symptom, Availability, s, "it fires when no target is left (%s)", s.metric)
	case c.shape == ratio || c.all:
		return c.found(Cause, State, s, "it watches how many targets are left, of which some still answer (%s)", s.metric).likely()
	}
	return c.found(Cause, State, s, "it fires for single targets, of which others may be left (%s)", s.metric).likely()
}

// harmed says what a series tells that users feel whatever is done with it.
func (c condition) harmed(s series) finding {
	d := s.subject.dimension
	switch {
	case d == Budget:
		f := c.found(Symptom, Budget, s, "it watches the burn of an error budget (%s)", s.metric)
		f.confidence = High
		return f
	case c.shape == absence:
		return c.found(Meta, Monitoring, s, "it fires when the measurement itself is gone (%s)", s.metric).likely()
	case d == Freshness:
		return c.found(Symptom, d, s, "it watches the age of what somebody waits for (%s)", s.metric)
	case strings.HasPrefix(s.name, "probe_"):
		return c.found(Symptom, d, s, "it probes from outside (%s)", s.metric)
	}
	return c.found(Symptom, d, s, "users feel what it watches, which is %s (%s)", d, s.metric)
}

// asked says how what callers ask for goes.
func (c condition) asked(s series) finding {
	if f, ok := c.seen(s); ok {
		return f
	}
	d := s.subject.dimension
	switch {
	case c.shape == absence && s.has("le"):
		return c.found(Meta, Monitoring, s, "it fires when the measurement of an SLI is gone (%s)", s.metric).likely()
	case c.shape == absence:
		return c.found(Symptom, Availability, s, "it fires when the service reports no %s any more (%s)", things(s), s.metric).likely()
	case d == Availability:
		return c.reachable(s)
	case c.quiet(s):
		return c.found(Symptom, Throughput, s, "it fires when %s stay away (%s)", things(s), s.metric).likely()
	case d != Other:
		return c.found(Symptom, d, s, "callers see what it watches, which is %s (%s)", d, s.metric).likely()
	case s.takesTime() && !s.tells("saturation"):
		return c.found(Symptom, Latency, s, "it watches how long %s take (%s)", things(s), s.metric).likely()
	case s.rated:
		return c.found(Cause, Saturation, s, "it watches how much is asked for and not how it goes (%s)", s.metric).likely()
	case s.subject.certain || s.tells("states"):
		return c.found(Cause, innerDimension(c, s), s, "it watches a number or state of %s and not how they go (%s)", things(s), s.metric).likely()
	}
	return c.found(Cause, State, s, "it watches a number of %s, and nothing says that it does harm (%s)", things(s), s.metric).guessed()
}

// reachable says what a series of who is there to answer tells: users notice when nobody is, not when one of many is not.
func (c condition) reachable(s series) finding {
	gone := c.noneLeft() || c.none() && !c.each && !strings.HasSuffix(s.name, "_up")
	switch {
	case gone, s.named("unavailable", "offline", "offlinepartitions") || s.hasValue("color", "red"):
		return c.found(Symptom, Availability, s, "it fires when nothing is left that answers (%s)", s.metric).likely()
	}
	return c.found(Cause, State, s, "it watches single instances, or how many of them are left (%s)", s.metric).likely()
}

func (s series) hasValue(label, value string) bool {
	for _, m := range s.matchers {
		if m.Name == label && m.Value == value && m.Type.String() == "=" {
			return true
		}
	}
	return false
}

// seen recognises what callers see in the shape of a condition: failures, waiting, old data.
func (c condition) seen(s series) (finding, bool) {
	share := c.shape == ratio || s.share() || c.inverse && s.rated
	switch {
	case c.timely(s):
		return c.found(Symptom, Latency, s, "%s", latencyText(c, s)), true
	case s.failing() && s.timestamp():
		return finding{}, false
	case s.failing():
		f := c.found(Symptom, Errors, s, "%s", failureText(c, s, share))
		if !share && !s.rated {
			f = f.likely()
		}
		return f, true
	case s.succeeding() && share:
		return c.found(Symptom, Errors, s, "it watches the share of %s that succeed (%s)", things(s), named(s, s.success())), true
	case c.ends(s):
		return c.found(Symptom, Errors, s, "it watches which share of %s comes to a good end (%s of %s)", things(s), s.metric, c.whole[0].metric).likely(), true
	case c.shape == age && (s.timestamp() || s.succeeding() || s.named("last", "latest", "time")):
		return c.found(Symptom, Freshness, s, "it watches how long ago something last happened (%s)", s.metric).likely(), true
	}
	return finding{}, false
}

// timely recognises how long callers wait: a quantile or mean of durations, or the share that is answered in time.
func (c condition) timely(s series) bool {
	bucket := s.has("le") && c.shape == ratio
	if !s.takesTime() && !bucket && !(s.has("quantile") && s.subject.side == users) {
		return false
	}
	return bucket || c.shape == quantile || c.shape == mean || s.summarised()
}

// ends recognises a falling share of one thing that is asked for in another: orders that are paid of orders.
func (c condition) ends(s series) bool {
	if c.shape != ratio || c.past || !c.falls() || len(c.whole) == 0 || s.has("le") {
		return false
	}
	w := c.whole[0]
	return s.subject.side == users && w.subject.side == users && s.metric != w.metric && s.rated && w.rated && !s.tells("states") && !s.takesTime()
}

// quiet recognises that there is less of something than there used to be, or none.
func (c condition) quiet(s series) bool {
	counter := s.rated || c.past
	if c.shape == ratio && !c.past {
		return false
	}
	return counter && (c.none() || c.falls() || c.op == parser.EQLC)
}

// inner says what a series tells that is not of what callers ask for.
func (c condition) inner(s series) finding {
	d := s.subject.dimension
	if d == Other || d == State || d == Monitoring {
		d = innerDimension(c, s)
	}
	switch {
	case c.shape == absence && c.where == nil:
		return c.found(Meta, Monitoring, s, "it fires when the measurement itself is gone (%s)", s.metric).likely()
	case c.shape == prediction:
		return c.found(Cause, d, s, "it foresees the end of something inside (%s)", s.metric)
	case s.tells("backstage"):
		return c.found(Cause, d, s, "it watches work that nobody outside waits for, or its state (%s)", s.metric)
	}
	return c.found(Cause, d, s, "it watches %s inside (%s)", describe(d), s.metric)
}

func describe(d Dimension) string {
	switch d {
	case Other, State, Resource:
		return "a resource or state"
	case Expiry:
		return "when something expires"
	case Change:
		return "a change"
	}
	return string(d)
}

// unheard judges a series of which neither tables nor words tell whose it is.
func (c condition) unheard(s series) finding {
	switch {
	case c.shape == absence:
		return c.found(Symptom, Availability, s, "it fires when something reports nothing any more (%s)", s.metric).guessed()
	case s.tells("waiting") && (s.takesTime() || c.shape == age):
		return c.found(Symptom, Freshness, s, "it watches how long something waits (%s)", s.metric)
	}
	if s.named("latency", "latencies") && c.shape == plain {
		return c.found(Symptom, Latency, s, "it watches how long something takes, and who waits is not told (%s)", s.metric).guessed()
	}
	if f, ok := c.seen(s); ok {
		if f.dimension == Errors && c.shape != ratio && !s.share() {
			return c.found(Cause, Errors, s, "it counts failures, and nothing says that callers see them (%s)", s.metric).guessed()
		}
		if f.dimension == Latency && c.shape != ratio {
			f.reason.Text = fmt.Sprintf("it watches how long something takes, and who waits is not told (%s)", s.metric)
			return f.guessed()
		}
		return f.likely()
	}
	if c.disagree {
		return c.found(Symptom, Correctness, s, "it fires when what should be equal differs (%s)", s.metric)
	}
	if c.quiet(s) {
		return c.found(Symptom, Throughput, s, "it fires when there is less of something, or none (%s)", s.metric).guessed()
	}
	return c.found(Cause, innerDimension(c, s), s, "nothing says that callers see it, and most such series tell of the inside (%s)", s.metric).guessed()
}

// innerDimension gives what a cause measures, by what is done with the series and the words of its name.
func innerDimension(c condition, s series) Dimension {
	switch {
	case c.shape == changing || s.tells("change"):
		return Change
	case s.tells("expiry"):
		return Expiry
	case s.failing() && (s.rated || c.shape == ratio):
		return Errors
	case s.tells("resource"):
		return Resource
	case c.timely(s):
		return Latency
	case c.shape == age, s.tells("waiting") && s.takesTime():
		return Freshness
	case s.tells("saturation"):
		return Saturation
	}
	return State
}

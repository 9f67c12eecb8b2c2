package routes

import (
	"regexp"

	"obsready/catalog"
)

// label is one label that the matchers of a router look at.
type label struct {
	name     string
	matchers []matcher
	seen     map[Value]int  // which finding a value leads to
	ids      map[string]int // the same, by the finding itself
	findings []finding
}

// matcher is a matcher with its pattern, which is nil when it has none or one that does not compile.
type matcher struct {
	catalog.Matcher
	pattern *regexp.Regexp
}

// outcome is what a matcher says of a value.
type outcome byte

const (
	no outcome = iota
	yes
	maybe
)

// finding is what the matchers of a label say of one value, and why the value is not known.
type finding struct {
	outcomes []outcome
	unknown  string
}

// add gives the position of a matcher among those of the label.
func (l *label) add(m catalog.Matcher) int {
	for i := range l.matchers {
		if l.matchers[i].Matcher == m {
			return i
		}
	}
	compiled := matcher{Matcher: m}
	if m.Op == "=~" || m.Op == "!~" {
		compiled.pattern, _ = compile(m.Value) // one that does not compile leaves the outcome open
	}
	l.matchers = append(l.matchers, compiled)
	return len(l.matchers) - 1
}

// look gives the number of the finding on a value.
func (l *label) look(v Value) int {
	if id, ok := l.seen[v]; ok {
		return id
	}
	f := finding{outcomes: make([]outcome, len(l.matchers)), unknown: v.Unknown}
	key := make([]byte, len(l.matchers), len(l.matchers)+len(v.Unknown))
	for i := range l.matchers {
		f.outcomes[i] = l.matchers[i].outcome(v)
		key[i] = byte(f.outcomes[i])
	}
	key = append(key, v.Unknown...)
	id, ok := l.ids[string(key)]
	if !ok {
		id = len(l.findings)
		l.findings = append(l.findings, f)
		l.ids[string(key)] = id
	}
	l.seen[v] = id
	return id
}

func (m *matcher) outcome(v Value) outcome {
	holds := false
	switch {
	case v.Unknown != "" && m.pattern != nil && m.Value == ".*": // holds whatever the value is
		holds = true
	case v.Unknown != "" || isTemplate(m.Value):
		return maybe
	case m.Op == "=" || m.Op == "!=":
		holds = v.Text == m.Value
	case m.pattern == nil:
		return maybe
	default:
		holds = m.pattern.MatchString(v.Text)
	}
	if holds == (m.Op == "=" || m.Op == "=~") {
		return yes
	}
	return no
}

// MayMatch reports whether all matchers may hold for an alert, as far as its labels are known.
func MayMatch(matchers []catalog.RouteMatcher, labels Labels) bool {
	for _, m := range matchers {
		l := label{}
		l.add(m.Matcher)
		if m.Op != "" && l.matchers[0].outcome(labels(m.Name)) == no {
			return false
		}
	}
	return true
}

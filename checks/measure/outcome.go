package measure

import (
	"slices"
	"strings"
	"unicode"

	"github.com/prometheus/prometheus/model/labels"
)

// outcome is how something ended, as far as a matcher chooses by it.
type outcome int

const (
	anyOutcome outcome = iota
	wentWell
	wentWrong
)

// outcomeOf says which outcome a matcher chooses: by the codes that it holds for, else by the words of its value. See
// knowledge/outcomes.txt.
func outcomeOf(m *labels.Matcher) outcome {
	label, hint := false, false
	for _, w := range split(m.Name) {
		label = label || known().outcomes["label"][w]
		hint = hint || known().outcomes["hint"][w]
	}
	switch {
	case !label && !hint:
		return anyOutcome
	case label && chooses(m, "badcode", "goodcode"):
		return wentWrong
	case label && chooses(m, "goodcode", "badcode"):
		return wentWell
	}
	return outcomeOfWords(m, label)
}

// chooses reports whether a matcher holds for some of the wanted codes and leaves out some of the others.
func chooses(m *labels.Matcher, wanted, others string) bool {
	return some(known().outcomes[wanted], m.Matches) && some(known().outcomes[others], func(c string) bool { return !m.Matches(c) })
}

func some(set map[string]bool, f func(string) bool) bool {
	for w := range set {
		if f(w) {
			return true
		}
	}
	return false
}

func outcomeOfWords(m *labels.Matcher, label bool) outcome {
	names := split(m.Name)
	negative := m.Type == labels.MatchNotEqual || m.Type == labels.MatchNotRegexp
	if slices.Contains(names, "error") || slices.Contains(names, "exception") {
		// error="" is what ended without one, error!="" what ended with one.
		if value := letters(m.Value); value == "" || known().outcomes["none"][value] {
			anything := m.Type == labels.MatchRegexp && m.Value != ""
			if negative || anything {
				return wentWrong
			}
			return wentWell
		}
	}
	good, bad := valueWords(m.Value)
	switch {
	case good && bad:
		return anyOutcome
	case good && negative, bad && !negative:
		if negative && !label && !readiness(names) {
			return anyOutcome
		}
		return wentWrong
	case good, bad && label:
		return wentWell
	}
	return anyOutcome
}

// readiness reports whether the label's name is one of a state that is reached in the end, as the phase of a job.
func readiness(names []string) bool {
	return slices.Contains(names, "phase") || slices.Contains(names, "state") || slices.Contains(names, "conclusion")
}

// valueWords reports whether the alternatives of a value say that something went well, and that it did not.
func valueWords(value string) (good, bad bool) {
	for alternative := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune("|()", r) }) {
		whole := letters(alternative)
		if known().outcomes["good"][whole] {
			good = true
			continue
		}
		bad = bad || known().outcomes["bad"][whole] || slices.ContainsFunc(split(alternative), func(w string) bool { return known().outcomes["bad"][w] && len(w) > 1 })
	}
	return good, bad
}

// letters gives the letters and digits of a text in lower case.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// failure gives the matcher by which a series is of what went wrong, or nil.
func (s series) failure() *labels.Matcher {
	return s.matcher(func(m *labels.Matcher) bool { return outcomeOf(m) == wentWrong })
}

// success gives the matcher by which a series is of what went well, or nil.
func (s series) success() *labels.Matcher {
	return s.matcher(func(m *labels.Matcher) bool { return outcomeOf(m) == wentWell })
}

// failing reports whether the series is of what went wrong, by a matcher or its name.
func (s series) failing() bool {
	return s.failure() != nil || s.tells("failing") && s.success() == nil && !s.named("success", "successful")
}

// succeeding reports whether the series is of what went well.
func (s series) succeeding() bool {
	return s.failure() == nil && (s.success() != nil || s.tells("succeeding") && !s.tells("failing"))
}

func (s series) named(words ...string) bool {
	return slices.ContainsFunc(s.words, func(w string) bool { return slices.Contains(words, w) })
}

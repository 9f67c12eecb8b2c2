package checks

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// outcomes are labels that say how something ended.
var outcomes = regexp.MustCompile(`(?i)code|status|result|outcome|error|exception|success|state|reason|response_class`)

// The values of such labels, in lower case, as matchers are held against them.
var (
	failureValues = strings.Fields("500 502 503 504 5xx 404 429 4xx unknown internal unavailable dataloss deadlineexceeded deadline_exceeded resourceexhausted " +
		"error err errored failed failure fail false timeout servfail status_code_error invalid denied rejected crashloopbackoff oomkilled")
	successValues = strings.Fields("200 201 204 2xx ok success succeeded successful true completed complete status_code_ok noerror hit")
)

// narrowed reports whether a matcher leaves only the failures.
func (s series) narrowed() bool { return slices.ContainsFunc(s.matchers, leavesFailures) }

// leavesFailures reports whether a matcher on an outcome selects failures and no success, or takes a success away.
func leavesFailures(m catalog.Matcher) bool {
	if !outcomes.MatchString(m.Name) {
		return false
	}
	if variable(m.Value) { // "${error_status}": its name is all that is known
		value := strings.ToLower(m.Value)
		return strings.Contains(value, "err") || strings.Contains(value, "fail")
	}
	if m.Op == "!=" && (m.Value == "" || strings.EqualFold(m.Value, "none")) {
		return strings.Contains(m.Name, "error") || strings.Contains(m.Name, "exception")
	}
	matches := valueMatcher(m)
	success, failure := slices.ContainsFunc(successValues, matches), slices.ContainsFunc(failureValues, matches)
	if m.Op == "=" || m.Op == "=~" {
		return failure && !success
	}
	return success // what the matcher excludes
}

// maxPattern bounds the patterns that are compiled.
const maxPattern = 1000

// valueMatcher gives a function that reports whether a value in lower case is the matcher's or fits its pattern.
func valueMatcher(m catalog.Matcher) func(string) bool {
	if m.Op == "=" || m.Op == "!=" {
		return func(value string) bool { return strings.EqualFold(value, m.Value) }
	}
	if len(m.Value) <= maxPattern {
		if re, err := regexp.Compile("^(?i:" + m.Value + ")$"); err == nil {
			return re.MatchString
		}
	}
	return func(string) bool { return false }
}

// byOutcome reports whether values are grouped by how things ended.
func (s series) byOutcome() bool { return slices.ContainsFunc(s.grouped, outcomes.MatchString) }

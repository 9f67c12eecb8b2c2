package secrets

import (
	"fmt"
	"regexp"
	"strings"
)

// header matches what follows "Authorization" in a header, wherever it is written.
var header = regexp.MustCompile("^(?i:authorization)[\"'`]?[ \t]{0,4}(?:=>|[:=,])?[ \t]{0,4}[\"'`]?(?i:(bearer|basic|token|apikey|genie_?key|splunk))[ \t:=]{1,4}([A-Za-z0-9+/_.~=-]{8,600})")

// findAuthorization looks for the credentials of an Authorization header.
func findAuthorization(s *scan, at int) {
	window := s.text[at:min(len(s.text), at+700)]
	m := header.FindSubmatchIndex(window)
	if m == nil {
		return
	}
	scheme, value := strings.ToLower(string(window[m[2]:m[3]])), string(window[m[4]:m[5]])
	found := finding{from: at + m[4], to: at + m[5], rule: "credentials of an Authorization header", general: true}
	if s.lax {
		s.add(found)
		return
	}
	if allowed(s.text, at) {
		return
	}
	if scheme == "basic" {
		plain, ok := decodedText(value)
		user, password, colon := strings.Cut(plain, ":")
		if ok && colon && isPassword(user, password) {
			found.why = "it decodes to a user's name and a password"
			s.add(found)
		}
		return
	}
	if strings.HasPrefix(value, "eyJ") { // a JSON Web Token is looked at by itself
		return
	}
	if _, ok := literal(value); ok {
		found.why = fmt.Sprintf("it follows %q, and its entropy is %.1f bits for each character", scheme, entropy(value))
		s.add(found)
	}
}

package secrets

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
)

// maxAuthority bounds what is looked at after "://".
const maxAuthority = 250

// commonPasswords are those of examples and of databases on a developer's machine. Words that hold "pass" or "secret"
// are examples anyway.
var commonPasswords = strings.Fields("admin root guest user username postgres mysql mongo mongodb redis rabbitmq rabbit grafana pwd pw test tester demo dev local localhost letmein foo bar baz abc minio minioadmin elastic changeme xxx pass key apikey basic auth none empty hello world")

// findAddress looks for "scheme://user:password@host".
func findAddress(s *scan, at int) {
	if at == 0 || !isLetter(s.text[at-1]) && !(s.text[at-1] >= '0' && s.text[at-1] <= '9') {
		return
	}
	start := at + len("://")
	window := s.text[start:min(len(s.text), start+maxAuthority)]
	if end := bytes.IndexAny(window, " \t\r\n\"'`<>|\\,"); end >= 0 {
		window = window[:end]
	}
	// A password may hold a slash that somebody forgot to escape; a path with "@" in it is far more common.
	if slash := bytes.IndexAny(window, "/?#"); slash >= 0 {
		window = window[:slash]
	}
	sign := bytes.LastIndexByte(window, '@')
	colon := bytes.IndexByte(window, ':')
	if colon < 0 || sign < colon+2 {
		return
	}
	user, password := string(window[:colon]), string(window[colon+1:sign])
	found := finding{from: start + colon + 1, to: start + sign, rule: "password in an address"}
	if s.lax {
		s.add(found)
		return
	}
	if isPassword(user, password) && !isExample(string(window[sign+1:])) && !allowed(s.text, start) {
		found.why = "it stands between a user's name and a host"
		s.add(found)
	}
}

// isPassword reports whether a password is written out and neither a placeholder nor one that everybody knows.
func isPassword(user, password string) bool {
	if plain, err := url.PathUnescape(password); err == nil {
		password = plain
	}
	lower := strings.ToLower(password)
	switch {
	case len(password) < 6, !stated(password), !literalForm.MatchString(password), strings.ContainsAny(password, `<>{}[]()`):
		return false
	case strings.Contains(lower, strings.ToLower(user)) && user != "", slices.Contains(commonPasswords, lower), isExample(lower):
		return false
	case strings.Trim(lower, "abcdefghijklmnopqrstuvwxyz_-") == "" && len(lower) < 20: // a word
		return false
	}
	return entropy(password) >= 2.5
}

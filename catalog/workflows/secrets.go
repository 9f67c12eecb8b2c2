package workflows

import (
	"regexp"
	"strings"

	"obsready/catalog"
)

// secretNames are parts of the names of variables and inputs that hold credentials.
var secretNames = regexp.MustCompile(`(?i)passw(?:or)?d|passphrase|token|secret|credential|api[-_]?key|private[-_]?key|access[-_]?key|[-_]key$|^key$|dsn|connection|cookie|authorization|(?:^|[-_])(?:pass|pwd|auth|salt|pin)(?:[-_]|$)`)

// harmlessNames end like secrets and name something else.
var harmlessNames = map[string]bool{"cache-key": true, "restore-key": true, "shared-key": true, "prefix-key": true, "primary-key": true}

// credentials are what credentials look like wherever they stand: user information in a URL, authorization schemes,
// private keys, assignments and query parameters, and the tokens of common vendors.
var credentials = regexp.MustCompile(`(?i)://[^\s"'/]*:[^\s"'/]*@|\b(?:bearer|basic)\s+[A-Za-z0-9+/_=.-]{8,}|-----BEGIN|(?:password|passwd|pwd|token|api[-_]?key|access[-_]?key|account[-_]?key|secret)["']?\s*[=:]\s*["']?[^\s"'$]|[?&](?:sig|signature|key|code)=|\beyJ[A-Za-z0-9_-]{10,}|\bA[KS]IA[0-9A-Z]{12,}|\bgh[pousr]_[A-Za-z0-9]{16,}|\bgithub_pat_|\bglpat-|\bxox[abeprs]-|\bsk[-_][A-Za-z0-9_-]{16,}|\bAIza[0-9A-Za-z_-]{20,}|\bnpm_[A-Za-z0-9]{30,}|\bpypi-[A-Za-z0-9_-]{30,}|\$(?:apr1|2[aby]|5|6)\$`)

var (
	reference = regexp.MustCompile(`(?s)\$\{\{.*?\}\}`)
	plain     = regexp.MustCompile(`^(?i:true|false|yes|no|none|auto|read|write|[0-9]{1,4})?$`)
)

// shown gives variables or inputs as they may be kept: the value is empty where it, or what it stands under, looks like
// a credential. Expressions such as `${{ secrets.X }}` are only the names of credentials and stay.
func shown(labels []catalog.Label) []catalog.Label {
	for i, l := range labels {
		if isCredential(l.Key, l.Value) {
			labels[i].Value = ""
		}
	}
	return labels
}

func isCredential(name, value string) bool {
	rest := strings.TrimSpace(reference.ReplaceAllString(value, ""))
	if plain.MatchString(rest) {
		return false
	}
	named := secretNames.MatchString(name) && !harmlessNames[strings.ToLower(name)]
	return named || credentials.MatchString(rest)
}

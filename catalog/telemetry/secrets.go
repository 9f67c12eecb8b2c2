package telemetry

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// secretVariables are parts of the names of environment variables that hold credentials. The list errs on the side of
// too much: KEYCLOAK_URL loses its value, which nobody asks for.
var secretVariables = regexp.MustCompile(`(?i)PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|KEY|CREDENTIAL|DSN|CONNECTION|HEADERS|COOKIE|AUTHORIZATION|(?:^|_)(?:PASS|PWD|AUTH|SALT|PIN)(?:_|$)`)

// secretSettings are the same for keys of configuration, labels and annotations, where a bare "key" mostly names an
// attribute. An annotation with the last applied configuration holds a whole manifest.
var secretSettings = regexp.MustCompile(`(?i)passw(?:or)?d|passphrase|token|secret|credential|api[-_.]?key|(?:^|[-_.])key[-_]pem|[-_](?:key|dsn)$|(?-i:[a-z]Key)$|^dsn$|authorization|cookie|connection[-_]?string|headers$|last-applied-configuration|basicauth\.users`)

// harmlessKeys end like secrets and name an attribute.
var harmlessKeys = map[string]bool{"routing_key": true, "partition_key": true, "group_by_key": true, "allowed_headers": true, "exposed_headers": true}

// credentials are what credentials look like wherever they stand: user information in a URL, authorization schemes,
// private keys, connection strings and query parameters, and the tokens of common vendors.
var credentials = regexp.MustCompile(`(?i)://[^\s"']*@|\b(?:bearer|basic)\s+[A-Za-z0-9+/_=.-]{8,}|-----BEGIN|(?:password|passwd|pwd|token|api[-_]?key|access[-_]?key|account[-_]?key|secret|authorization)["']?\s*[=:]|[?&](?:sig|signature|key|code)=|\beyJ[A-Za-z0-9_-]{10,}|\bA[KS]IA[0-9A-Z]{12,}|\bgh[pousr]_[A-Za-z0-9]{16,}|\bglpat-|\bxox[abeprs]-|\bsk[-_][A-Za-z0-9_-]{16,}|\bAIza[0-9A-Za-z_-]{20,}|\$(?:apr1|2[aby]|5|6)\$`)

// withheld gives a value as it may be kept: "" when it, or the name it stands under, looks like a credential.
func withheld(value string, secretName bool) string {
	if secretName || credentials.MatchString(value) {
		return ""
	}
	return value
}

func isSecretSetting(key string) bool {
	return secretSettings.MatchString(key) && !harmlessKeys[strings.ToLower(key)]
}

// shownLabels gives the scalar entries of a map of labels or annotations, without credentials.
func shownLabels(n *document.Node) []catalog.Label {
	labels := n.Labels()
	for i, l := range labels {
		labels[i].Value = withheld(l.Value, isSecretSetting(l.Key))
	}
	return labels
}

// shownVariable gives an environment variable, without a credential.
func shownVariable(name, value string, at catalog.Place) catalog.Label {
	return catalog.Label{Key: name, Value: withheld(value, secretVariables.MatchString(name)), At: at}
}

// shownText gives a text, without a credential.
func shownText(t catalog.Text) catalog.Text {
	return catalog.Text{Value: withheld(t.Value, false), At: t.At}
}

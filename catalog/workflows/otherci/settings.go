package otherci

import (
	"regexp"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/secrets"
)

// secretNames are parts of the names of variables and inputs that hold credentials. The list errs on the side of too
// much.
var secretNames = regexp.MustCompile(`(?i)passw|passphrase|token|secret|credential|api[-_]?key|private[-_]?key|access[-_]?key|[-_]key$|dsn|connection[-_]?string|cookie|authorization|(?:^|[-_])(?:pass|pwd|auth|pat)(?:[-_]|$)`)

// kept gives the scalar entries of a map of variables or inputs, without credentials.
func kept(n *document.Node) []catalog.Label {
	labels := n.Labels()
	for i, l := range labels {
		labels[i].Value = shown(l.Key, l.Value)
	}
	return labels
}

// shown gives the value of a variable or input as it may be kept.
func shown(name, value string) string {
	if secretNames.MatchString(name) {
		return ""
	}
	return secrets.Redact(value)
}

// shownText gives a text that may hold a credential, as an address can, as it may be kept.
func shownText(t catalog.Text) catalog.Text {
	t.Value = secrets.Redact(t.Value)
	return t
}

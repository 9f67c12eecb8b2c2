package pages

import (
	"strings"

	"obsready/catalog"
	"obsready/catalog/secrets"
)

// Limits of a quote.
const (
	maxQuote  = 500     // in characters
	maxQuoted = 4 << 10 // how much of a text is looked at for credentials, in bytes
)

// Quote gives a text as facts keep it: the first 500 characters of a long one, with "[redacted]" in place of everything that
// has the form of a credential, and apart from the memory of the file that it was cut out of. What [secrets.Mask] leaves
// in a file because it may be an example can still be a password, and reports are read by many.
func Quote(t catalog.Text) catalog.Text {
	t.Value = quote(t.Value)
	return t
}

func quote(text string) string {
	short := strings.ToValidUTF8(text[:min(len(text), maxQuoted)], "")
	runes := []rune(secrets.Redact(short))
	if len(runes) > maxQuote || len(text) > maxQuoted {
		return string(runes[:min(len(runes), maxQuote-1)]) + "…"
	}
	return string(runes)
}

// Quotes gives each of some texts as [Quote] does, in place.
func Quotes(texts []catalog.Text) {
	for i := range texts {
		texts[i] = Quote(texts[i])
	}
}

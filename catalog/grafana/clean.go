package grafana

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	"obsready/catalog/secrets"
)

// maxText bounds a text of a reply that is kept, in bytes.
const maxText = 2000

// clean gives a text that came from Grafana without credentials, the token above all, and not too long.
func clean(text string, token Token) string {
	if text == "" {
		return ""
	}
	if token != "" {
		text = strings.ReplaceAll(text, string(token), hidden)
	}
	text = strings.ToValidUTF8(secrets.Redact(text), "\uFFFD")
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + " …"
	}
	return text
}

// line gives a message that came from Grafana as clean does, on one line, and without the user and the query of addresses: messages of
// data sources quote the address that was asked, with whatever key its settings add to it.
func line(text string, token Token) string {
	return clean(address.ReplaceAllString(strings.Join(strings.Fields(text), " "), "$1$2"), token)
}

// address matches an address: its scheme, a user, host with path, and what comes after them.
var address = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)(?:[^\s"\'/?#\\]*@)?([^\s"\'?#\\]*)(?:[?#][^\s"\'\\]*)?`)

// cleanValue gives a decoded JSON value in canonical form, without the token and without what is certainly a credential.
func (c *client) cleanValue(value any) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	if text, err = Canonical(text); err != nil {
		return nil, err
	}
	text = bytes.ReplaceAll(text, []byte(c.options.Token), []byte(hidden))
	masked, found := secrets.Mask("live.json", text)
	if len(found) == 0 {
		return text, nil
	}
	if canonical, err := Canonical(masked); err == nil {
		return canonical, nil
	}
	return encode(redactStrings(value)) // a credential reached over the end of a string
}

// redactStrings gives a decoded JSON value in which each string is redacted by itself.
func redactStrings(value any) any {
	switch v := value.(type) {
	case string:
		return secrets.Redact(v)
	case []any:
		for i := range v {
			v[i] = redactStrings(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = redactStrings(v[key])
		}
	}
	return value
}

// cleanAll cleans the values of a map in place, and gives it.
func cleanAll(texts map[string]string, token Token) map[string]string {
	for key, text := range texts {
		texts[key] = clean(text, token)
	}
	return texts
}

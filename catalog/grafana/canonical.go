package grafana

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"obsready/catalog"
)

// maxNested is how deep a dashboard may be nested. Those of public catalogs stay below 20.
const maxNested = 200

var errNested = &failure{cause: catalog.TooDeep, detail: fmt.Sprintf("it is nested deeper than %d lists and objects, as no dashboard is", maxNested)}

// nesting gives how deep a JSON text is nested.
func nesting(text []byte) int {
	depth, deepest := 0, 0
	quoted, escaped := false, false
	for _, b := range text {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '[' || b == '{':
			depth++
			deepest = max(deepest, depth)
		case b == ']' || b == '}':
			depth--
		}
	}
	return deepest
}

// Canonical gives a JSON text in one form: keys in order, no blanks, numbers as they were written, no escapes but those that JSON
// needs. Equal values with the same numbers give equal bytes, and a canonical text stays as it is.
//
// A text that is nested deeper than any dashboard is an error: its indentation in live.json would take more than it does.
func Canonical(text []byte) ([]byte, error) {
	if nesting(text) > maxNested {
		return nil, errNested
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not JSON: text stands after the value")
	}
	return encode(value)
}

// encode gives a decoded JSON value in canonical form.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

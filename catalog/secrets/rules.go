package secrets

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

// rulesFile is the table of token shapes. Its format is documented in its first lines.
//
//go:embed rules.toml
var rulesFile string

// rule is one shape of a provider's tokens. The fields are documented in rules.toml.
type rule struct {
	Name     string
	Keywords []string
	Fold     bool
	Before   int
	Pattern  string
	Named    bool
	Beside   string
	Entropy  float64
	Check    string
	Source   string

	shape    *regexp.Regexp // Pattern, anchored
	neighbor *regexp.Regexp // Beside, nil for none
}

// table is what one scan needs: the rules and the filter that finds their keywords.
type table struct {
	rules  []rule
	filter *filter
}

// rules gives the table, which is made once. That the embedded file is sound is a matter of this package's tests.
var rules = sync.OnceValue(func() *table {
	t, err := newTable(rulesFile)
	if err != nil {
		panic(err)
	}
	return t
})

// newTable reads rules in the format of rules.toml.
func newTable(text string) (*table, error) {
	var file struct{ Rule []rule }
	meta, err := toml.Decode(text, &file)
	if err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("rules: unknown key %q", unknown[0].String())
	}
	t := &table{rules: file.Rule}
	var words []keyword
	for i := range t.rules {
		r := &t.rules[i]
		if r.shape, err = regexp.Compile("^(?:" + r.Pattern + ")"); err != nil {
			return nil, fmt.Errorf("rule %q: %w", r.Name, err)
		}
		if r.Beside != "" {
			if r.neighbor, err = regexp.Compile(r.Beside); err != nil {
				return nil, fmt.Errorf("rule %q: %w", r.Name, err)
			}
		}
		if _, known := tests[r.Check]; r.Check != "" && !known {
			return nil, fmt.Errorf("rule %q: unknown check %q", r.Name, r.Check)
		}
		for _, k := range r.Keywords {
			words = append(words, keyword{text: k, fold: r.Fold, find: r.find})
		}
	}
	for _, f := range finders {
		for _, k := range f.keywords {
			words = append(words, keyword{text: k, fold: f.fold, find: f.find})
		}
	}
	if t.filter, err = newFilter(words); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	return t, nil
}

// maxToken bounds the text that a pattern is tried on, so that a scan takes time in proportion to the text.
const maxToken = 1500

// find looks for the rule's token at a keyword.
func (r *rule) find(s *scan, at int) {
	start := at
	for start > 0 && at-start < r.Before && isTokenByte(s.text[start-1]) {
		start--
	}
	if !r.Named && !s.wordBegins(start) {
		return
	}
	window := s.text[start:min(len(s.text), start+maxToken)]
	m := r.shape.FindSubmatchIndex(window)
	if m == nil {
		return
	}
	if end := start + m[1]; end < len(s.text) && isWordByte(s.text[end]) {
		return
	}
	from, to := credential(m)
	whole, value := string(window[:m[1]]), string(window[from:to])
	found := finding{from: start, to: start + m[1], rule: r.Name}
	if r.Named {
		found.from, found.to = start+from, start+to
	}
	if s.lax {
		s.add(found)
		return
	}
	if isExample(value) || allowed(s.text, start) || r.neighbor != nil && !r.hasNeighbor(s.text, found) {
		return
	}
	if why, ok := r.judge(whole, value); ok {
		found.why = "its form fits, and " + why
		s.add(found)
	}
}

// credential gives the bounds of the first group of a match that took part in it, else those of the whole match.
func credential(match []int) (from, to int) {
	for i := 2; i+1 < len(match); i += 2 {
		if match[i] >= 0 {
			return match[i], match[i+1]
		}
	}
	return match[0], match[1]
}

// judge says why a token is believed to be real, and whether it is.
func (r *rule) judge(whole, value string) (why string, ok bool) {
	bits := entropy(value)
	if bits < r.Entropy {
		return "", false
	}
	if test := tests[r.Check]; test != nil {
		if why, ok = test(whole, value); !ok || why != "" {
			return why, ok
		}
	}
	return fmt.Sprintf("its entropy is %.1f bits for each character", bits), true
}

// near is how far from a token its neighbour may stand.
const near = 300

// hasNeighbor reports whether a random text of the form that must stand beside the token does.
func (r *rule) hasNeighbor(text []byte, token finding) bool {
	for _, around := range [][]byte{text[max(0, token.from-near):token.from], text[token.to:min(len(text), token.to+near)]} {
		for _, m := range r.neighbor.FindAllSubmatch(around, -1) {
			if value := string(m[len(m)-1]); looksRandom(value) && !isExample(value) {
				return true
			}
		}
	}
	return false
}

// isTokenByte reports whether a byte can stand inside a token.
func isTokenByte(c byte) bool { return isWordByte(c) || strings.IndexByte("-.~", c) >= 0 }

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

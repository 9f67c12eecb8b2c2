package pages

import (
	"strings"
	"testing"
	"unicode/utf8"

	"obsready/catalog"
)

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"Call the database team":                           "Call the database team",
		"psql with password=tr0ub4dor-9":                   "psql with password=[redacted]",
		strings.Repeat("é", 600):                           strings.Repeat("é", 499) + "…",
		strings.Repeat("a ", 3000):                         strings.Repeat("a ", 249) + "a…",
		strings.Repeat("b", 490) + " password=tr0ub4dor-9": strings.Repeat("b", 490) + " password…",
		"": "",
	} {
		at := catalog.Place{File: "a.md", Line: 3}
		if got := Quote(catalog.Text{Value: text, At: at}); got.Value != want || got.At != at {
			t.Errorf("%.40q: got %q", text, got)
		}
	}
}

func FuzzQuote(f *testing.F) {
	f.Add("password=tr0ub4dor-9")
	f.Add("\xff\xfe token: a")
	f.Fuzz(func(t *testing.T, text string) {
		if got := quote(text); !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxQuote {
			t.Errorf("%q is quoted as %q", text, got)
		}
	})
}

package workflows

import (
	"strings"
	"testing"
)

// TestTable reads every line of tools.txt; an unknown kind, purpose or clause fails.
func TestTable(t *testing.T) {
	table, errs := parseTable(toolsText)
	for _, err := range errs {
		t.Error(err)
	}
	for kind, rules := range table.rules {
		for _, r := range rules {
			if kind != Template && strings.ToLower(r.words[0]) != r.words[0] {
				t.Errorf("%s %s: names of this kind are compared in lower case", kind, r.words[0])
			}
		}
	}
}

// TestBadLines says what is wrong with a line instead of passing over it.
func TestBadLines(t *testing.T) {
	for line, want := range map[string]string{
		"spell | x | x | test":                         `kind "spell"`,
		"command |  | x | test":                        "without a name",
		"command | x | x | magic":                      `purpose "magic"`,
		"command | x | x | test | sometimes":           `clause "sometimes"`,
		"command | x | x |":                            "no purpose",
		"action | a/b | x | test | gates if exit-code": `clause "gates if exit-code"`,
	} {
		_, errs := parseTable("# comment\n" + line)
		if len(errs) != 1 || !strings.Contains(errs[0].Error(), want) || !strings.HasPrefix(errs[0].Error(), "line 2: ") {
			t.Errorf("%s: got %v, want one error with %q", line, errs, want)
		}
	}
}

package pages

import (
	"slices"
	"testing"
)

func TestNameWords(t *testing.T) {
	for name, want := range map[string][]string{
		"IncidentResponse":   {"incident", "response"},
		"incident-response":  {"incident", "response"},
		"Incident response!": {"incident", "response"},
		"RTO_RPO v2":         {"rto", "rpo", "v2"},
		"":                   nil,
	} {
		if got := Words(name); !slices.Equal(got, want) {
			t.Errorf("%q: got %q", name, got)
		}
	}
	if !HasWord(Words("DR-plan"), "plan", "guide") || HasWord(Words("planning"), "plan") {
		t.Error("words are compared as parts of words")
	}
}

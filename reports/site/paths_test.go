package site

import (
	"strings"
	"testing"
)

func TestPathsAreSafeAndUnique(t *testing.T) {
	ids := []string{
		"payments", "Payments", "PAYMENTS", "a/b", "a-b", "a b", "", ".", "..", "../../etc/passwd", "con", "aux.x", "COM1", "no-team", "x.", "x-",
		strings.Repeat("n", 500), strings.Repeat("n", 501), "支払い", "支払", "\x00", "a\nb", "payments", "payments-" + "0f0f0f0f", "a:b", "a*b", "-rf",
	}
	n := newNamer("services")
	seen := map[string]string{}
	for _, id := range ids {
		p := n.path(id)
		name := strings.TrimSuffix(strings.TrimPrefix(p, "services/"), ".html")
		folded := strings.ToLower(name)
		if other, ok := seen[folded]; ok {
			t.Errorf("%q and %q share %s", id, other, p)
		}
		seen[folded] = id
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" || strings.HasPrefix(name, "-") || strings.Contains(name, "..") || len(name) > 140 || deviceNames.MatchString(name) {
			t.Errorf("%q has the file name %q", id, name)
		}
	}
}

// TestPathsAreStable proves that a page keeps its address when others come and go.
func TestPathsAreStable(t *testing.T) {
	for _, id := range []string{"payments", "Payments", "ns/checkout", "支払い"} {
		alone := newNamer("services").path(id)
		crowd := newNamer("services")
		for _, other := range []string{"a", "PAYMENTS", "ns-checkout", "x"} {
			crowd.path(other)
		}
		if among := crowd.path(id); among != alone {
			t.Errorf("%q moved from %s to %s", id, alone, among)
		}
	}
}

func TestSpelledNameThatIsTaken(t *testing.T) {
	n := newNamer("services")
	first := n.path("Payments")
	taken := newNamer("services")
	taken.path(strings.TrimSuffix(strings.TrimPrefix(first, "services/"), ".html"))
	if second := taken.path("Payments"); second == first {
		t.Errorf("both have %s", first)
	}
}

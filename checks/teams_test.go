package checks

import (
	"testing"

	"obsready/catalog"
)

func TestPlaceholders(t *testing.T) {
	for name, want := range map[string]bool{"unspecified": true, "reliability_unowned": true, "team-tbd": true, "payments": false, "unowned-goods": true, "nonetheless": false, "todos": false} {
		if got := placeholder(name); got != want {
			t.Errorf("placeholder(%q) = %v", name, got)
		}
	}
	for value, want := range map[string]bool{
		"": true, "-": true, "n/a": true, "TODO: ask the team": true, "unknown": true, "none": true,
		"Finds unknown users": false, "https://git.example/shop/unknown": false, "a": true, "Tracks none of your data": false, "#payments": false,
	} {
		if got := blank(value); got != want {
			t.Errorf("blank(%q) = %v", value, got)
		}
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"payments", "search", "", "platform"}
	for word, want := range map[string]string{
		"paymnts": `. did you mean "payments"?`, "Payments": `. did you mean "payments"?`, "logistics": "", "": "", "p": "",
	} {
		if got := suggest(word, known); got != want {
			t.Errorf("suggest(%q) = %q, want %q", word, got, want)
		}
	}
}

// TestHiddenEntry tells gaps that may hide an entry from those that cannot.
func TestHiddenEntry(t *testing.T) {
	services, teams := []catalog.Kind{catalog.Services}, []catalog.Kind{catalog.Teams}
	for name, c := range map[string]struct {
		gap  catalog.Gap
		want bool
	}{
		"unread text that names it":       {catalog.Gap{Kinds: services, Cause: catalog.Syntax, Names: map[string]bool{"payments": true}}, true},
		"unread text that does not":       {catalog.Gap{Kinds: services, Cause: catalog.Syntax, Names: map[string]bool{"search": true}}, false},
		"unread text of unknown content":  {catalog.Gap{Kinds: teams, Cause: catalog.MissingObject}, true},
		"a bad value in another entry":    {catalog.Gap{Kinds: services, Cause: catalog.BadValue, Names: map[string]bool{"payments": true}}, false},
		"a list outside of what was read": {catalog.Gap{Kinds: services, Cause: catalog.Unreachable, Names: map[string]bool{}}, true},
		"a dashboard":                     {catalog.Gap{Kinds: []catalog.Kind{catalog.Dashboards}, Cause: catalog.Syntax}, false},
	} {
		estate := &catalog.Estate{Gaps: []catalog.Gap{c.gap}}
		if got := hiddenEntry(estate, catalog.Teams, "payments") != nil; got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

package checks

import (
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/owners"
)

func newText(s string) catalog.Text { return catalog.Text{Value: s} }

func TestOwnsAs(t *testing.T) {
	team := &catalog.Team{ID: "acme/team-payments", Name: newText("team-payments"), Contact: newText("pay@example.org"), Aliases: []catalog.Text{newText("@acme/checkout-devs"), newText("billing")}}
	for owner, want := range map[string]bool{
		"@acme/payments": true, "@acme/team-payments": true, "@Acme/Payments-Team": true, "@group/sub/payments": true, "@payments": true,
		"@other/checkout-devs": false, "@acme/checkout-devs": true, "@acme/billing": true, "pay@example.org": true,
		"@acme/payments-ops": false, "@ada": false, "ops@example.org": false, "@": false,
	} {
		if got := ownsAs(team, owner); got != want {
			t.Errorf("%q: got %v, want %v", owner, got, want)
		}
	}
}

// TestNoCodeOwners gives the absence of the file to every service, as one cause; a file that could not be read is no
// absence.
func TestNoCodeOwners(t *testing.T) {
	team := &catalog.Team{ID: "payments", Name: newText("payments")}
	svc := &catalog.Service{Name: newText("checkout"), Owner: catalog.Owner{Ref: newText("payments"), Team: team}, At: catalog.Place{File: "checkout/service.toml"}}
	estate := &catalog.Estate{Services: []*catalog.Service{svc}}
	settings := DefaultSettings()
	r := ownerCodeowners.Inspect(NewSurvey(estate, &settings, time.Time{}).About(svc))
	if r.Verdict != Fail || r.Requirements[0].Cause == nil || r.Requirements[0].Cause.Key != "no CODEOWNERS" {
		t.Errorf("got %+v", r)
	}
	estate.Gaps = []catalog.Gap{{Kinds: []catalog.Kind{catalog.Owners}, At: catalog.Place{File: "CODEOWNERS"}, Cause: catalog.Encoding}}
	if r := ownerCodeowners.Inspect(NewSurvey(estate, &settings, time.Time{}).About(svc)); r.Verdict != Unknown {
		t.Errorf("an unreadable file: got %+v", r)
	}
}

func TestEffectiveCodeOwners(t *testing.T) {
	estate := &catalog.Estate{}
	for _, file := range []string{".gitlab/CODEOWNERS", "docs/CODEOWNERS", "CODEOWNERS", ".github/CODEOWNERS"} {
		estate.CodeOwners = append(estate.CodeOwners, &catalog.CodeOwners{At: catalog.Place{File: file}})
		if got := effectiveCodeOwners(estate, ""); got.At.File != file {
			t.Errorf("got %s, want %s", got.At.File, file)
		}
	}
}

// FuzzMayMatch proves that leaving out rules does not change which one decides.
func FuzzMayMatch(f *testing.F) {
	for _, pattern := range []string{"*", "*.toml", "/services/", "services/*/service.toml", "**/checkout", `/my\ app/`, "/a?c/", "service.toml", "docs/**/x"} {
		f.Add(pattern, "services/checkout/service.toml")
	}
	f.Add(`/my\ app/`, "my app/service.toml")
	f.Fuzz(func(t *testing.T, pattern, file string) {
		if strings.ContainsAny(pattern, "\n\r") || file == "" || len(file) > 256 {
			return
		}
		facts := owners.Read("CODEOWNERS", []byte(pattern+" @acme/payments"))
		if len(facts.CodeOwners) == 0 || len(facts.CodeOwners[0].Rules) != 1 {
			return
		}
		c := facts.CodeOwners[0]
		_, want := owners.Match(c, file)
		if _, got := decidingRule(c, file); got != want {
			t.Errorf("%q and %q: got %v, want %v", pattern, file, got, want)
		}
	})
}

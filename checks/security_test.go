package checks

import (
	"testing"
	"time"

	"obsready/catalog"
)

// securityVerdict inspects a service whose code is here, on 30 June 2026.
func securityVerdict(c *Check, svc *catalog.Service, files ...string) Result {
	svc.Source.State = catalog.SourceHere
	svc.At = catalog.Place{File: "shop/service.toml", Line: 1}
	settings := DefaultSettings()
	estate := &catalog.Estate{Services: []*catalog.Service{svc}, Files: files,
		CodeOwners: []*catalog.CodeOwners{{At: catalog.Place{File: "CODEOWNERS"}, Rules: []catalog.OwnerRule{{Pattern: catalog.Text{Value: "*"}, Owners: []catalog.Text{{Value: "@acme/shop"}}}}}}}
	return c.Inspect(NewSurvey(estate, &settings, time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)).About(svc))
}

// TestSecretThatEnded holds that a token which states its end does harm through that day and none after it.
func TestSecretThatEnded(t *testing.T) {
	for until, want := range map[string]Verdict{"": Fail, "2026-06-30": Fail, "2026-06-29": Pass, "2030-01-01": Fail} {
		svc := &catalog.Service{Secrets: []catalog.Linked[catalog.Secret]{{Item: &catalog.Secret{Rule: "JSON Web Token", Why: "its header decodes", Until: until, At: catalog.Place{File: "a.yaml", Line: 1}}}}}
		if got := securityVerdict(secretsAbsent, svc); got.Verdict != want {
			t.Errorf("until %q: got %s, want %s", until, got.Verdict, want)
		}
	}
}

// TestReviewBySettings holds that a file of settings for the default branch has to demand review by code owners, that
// those for other branches do not matter, and that one of several is enough.
func TestReviewBySettings(t *testing.T) {
	protection := func(branch string, codeOwners bool) catalog.Linked[catalog.BranchProtection] {
		return catalog.Linked[catalog.BranchProtection]{Item: &catalog.BranchProtection{Branch: catalog.Text{Value: branch}, Reviews: 1, CodeOwners: codeOwners, At: catalog.Place{File: ".github/settings.yml", Line: 2}}}
	}
	type linked = []catalog.Linked[catalog.BranchProtection]
	for name, test := range map[string]struct {
		all  linked
		want Verdict
	}{
		"no file":         {nil, Pass},
		"demanded":        {linked{protection("main", true)}, Pass},
		"not demanded":    {linked{protection("main", false)}, Fail},
		"another branch":  {linked{protection("release/*", false)}, Pass},
		"one of two":      {linked{protection("~DEFAULT_BRANCH", false), protection("main", true)}, Pass},
		"default of host": {linked{protection("~DEFAULT_BRANCH", false)}, Fail},
	} {
		if got := securityVerdict(securityReview, &catalog.Service{BranchProtections: test.all}, "main.go"); got.Verdict != test.want {
			t.Errorf("%s: got %s (%v), want %s", name, got.Verdict, got.Requirements, test.want)
		}
	}
}

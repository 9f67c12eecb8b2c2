package load

import (
	"strings"
	"testing"

	"obsready/catalog"
)

// slo gives the SLO of the given name.
func slo(t *testing.T, e *catalog.Estate, name string) *catalog.SLO {
	t.Helper()
	for _, o := range e.SLOs {
		if o.Name.Value == name {
			return o
		}
	}
	t.Fatalf("no SLO %q", name)
	return nil
}

const nativeSLO = `
[[slo]]
name = "checkout-availability"
objective = 99.9
ratio = 'job:errors:ratio_rate5m{job="checkout"}'
`

// TestPolicyLadder adds one way to find a policy after the other, the surest last.
func TestPolicyLadder(t *testing.T) {
	const service = "name = \"checkout\"\nowner = \"payments\"\n"
	const policy = " --\n# Error budget policy\n"
	steps := []struct{ add, page, by string }{
		{"-- docs/privacy-policy.md --\n# Privacy policy\n", "", ""},
		{"-- docs/error-budget-policy.md" + policy, "docs/error-budget-policy.md", "of the whole estate"},
		{"-- teams/payments/docs/slo-policy.md" + policy, "teams/payments/docs/slo-policy.md", `below the folder of team "payments"`},
		{"-- services/checkout/slo.md" + policy, "services/checkout/slo.md", `below the folder of service "checkout"`},
		{"TEAM", "docs/team.md", `of team "payments"`},
		{"SERVICE", "docs/service.md", `of service "checkout"`},
		{"JOURNEY", "docs/journey.md", `of journey "Pay"`},
		{"SLO", "docs/own.md", "named by the SLO"},
	}
	files, on := "-- docs/team.md --\n-- docs/service.md --\n-- docs/journey.md --\n# Journey\n-- docs/own.md --\n# Own\n", map[string]bool{}
	for _, s := range steps {
		if strings.HasPrefix(s.add, "--") {
			files += s.add
		} else {
			on[s.add] = true
		}
		ref := func(key, page string) string {
			if on[key] {
				return "budget_policy = \"/docs/" + page + "\"\n"
			}
			return ""
		}
		e := estate(t, files+
			"-- teams/payments/team.toml --\nname = \"payments\"\n"+ref("TEAM", "team.md")+
			"-- services/checkout/service.toml --\n"+service+ref("SERVICE", "service.md")+nativeSLO+ref("SLO", "own.md")+
			"-- journey.toml --\nname = \"Pay\"\nslo = \"checkout-availability\"\n"+ref("JOURNEY", "journey.md"), nil)
		o := slo(t, e, "checkout-availability")
		got := ""
		if o.Policy != nil {
			got = o.Policy.Page.Path
			if !o.Policy.Page.Changed.Equal(changed) {
				t.Errorf("%s: the page is not dated: %v", got, o.Policy.Page.Changed)
			}
		}
		if got != s.page || o.PolicyBy != s.by {
			t.Errorf("got %q (%s), want %q (%s)", got, o.PolicyBy, s.page, s.by)
		}
		if len(e.Pages) != 0 || len(e.Gaps) != 0 || e.Counts.Kinds[catalog.Policies] != len(e.Policies) {
			t.Errorf("a policy is no runbook: got pages %v, gaps %v", e.Pages, e.Gaps)
		}
	}
}

func TestTwoPoliciesOfTheEstate(t *testing.T) {
	e := estate(t, "-- services.toml --\n[[service]]\nname = \"checkout\"\n"+strings.Replace(nativeSLO, "[[slo]]", "[[service.slo]]", 1)+
		"-- docs/a/error-budget-policy.md --\n# A\n-- docs/b/error-budget-policy.md --\n# B\n-- docs/slos.md --\n# SLOs\n", nil)
	if o := slo(t, e, "checkout-availability"); o.Policy != nil || o.PolicyBy != "" || len(e.Policies) != 2 {
		t.Errorf("got %+v of %d policies", o.Policy, len(e.Policies))
	}
}

// TestPolicyLinks follows references in every form.
func TestPolicyLinks(t *testing.T) {
	for ref, want := range map[string]catalog.LinkState{
		"policy.md":                                             catalog.LinkOK,
		"/docs/slo.md#error-budget-policy":                      catalog.LinkOK,
		"https://docs.example.org/policies/p":                   catalog.LinkOK,
		"https://github.com/acme/catalog/blob/main/docs/slo.md": catalog.LinkOK,
		"/docs/slo.md#nothing":                                  catalog.NoSuchAnchor,
		"docs/none.md":                                          catalog.NoSuchFile,
		"https://wiki.example.com/policy":                       catalog.Elsewhere,
		"the usual one":                                         catalog.Malformed,
		"docs/{{ .team }}.md":                                   catalog.Unfilled,
		"docs/binary.md":                                        catalog.Unreadable,
		"docs/policy.yaml":                                      catalog.Malformed,
	} {
		e := estate(t, "-- services/checkout/service.toml --\nname = \"checkout\"\nbudget_policy = '"+ref+"'\n"+nativeSLO+
			"-- services/checkout/policy.md --\n# What we do\n-- docs/slo.md --\n# SLOs\n## Error budget policy\n-- policies/p.md --\n# P\n-- docs/binary.md --\n\xff\n-- docs/policy.yaml --\na: 1\n-- docs/error-budget-policy.md --\n# P\n",
			func(o *Options) {
				o.Web = "https://github.com/acme/catalog"
				o.Sites = []Site{{URL: "https://docs.example.org/policies", Folder: "policies", Suffix: []string{".md"}}}
			})
		o := slo(t, e, "checkout-availability")
		if o.PolicyLink.State != want || (o.Policy != nil) != (want == catalog.LinkOK) || o.PolicyLink.Link.Value != ref {
			t.Errorf("%s: got %q (%s) and policy %v, want %q", ref, o.PolicyLink.State, o.PolicyLink.Detail, o.Policy, want)
		}
		if gap := want == catalog.Unreadable; gap != (service(t, e, "checkout").Gap(catalog.Policies) != nil) {
			t.Errorf("%s: got gaps %v", ref, e.Gaps)
		}
	}
}

// TestNativeSLOs finds the services of native SLOs.
func TestNativeSLOs(t *testing.T) {
	e := estate(t, `
-- services/checkout/service.toml --
name = "checkout"
[[slo]]
name = "inside"
objective = 99
ratio = 'up{job="cart"}'
-- services/cart/service.toml --
name = "cart"
-- services/cart/slo.toml --
[[slo]]
name = "below"
objective = 99
ratio = 'up{job="checkout"}'
[[slo]]
name = "elsewhere"
service = "checkout"
objective = 99
ratio = 'up{job="cart"}'
-- slos.toml --
[[slo]]
name = "at the root"
service = "cart"
objective = 99
ratio = 'up'
[[slo]]
name = "by matcher"
objective = 99
ratio = 'up{job="cart"}'
[[slo]]
name = "nobody's"
service = "unknown"
objective = 99
ratio = 'up'
`, nil)
	var got []string
	for _, s := range e.Services {
		for _, o := range s.SLOs {
			got = append(got, s.ID+" "+o.Item.Name.Value+": "+o.By.String())
		}
	}
	want := []string{
		`cart below: below the service's folder: services/cart`,
		`cart at the root: by SLO: service "cart"`,
		`cart by matcher: by matcher: matcher job="cart"`,
		`checkout elsewhere: by SLO: service "checkout"`,
		`checkout inside: by SLO: service "checkout"`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") || len(e.Gaps) != 0 || len(e.Orphans) != 1 {
		t.Errorf("got\n%s\ngaps %v, orphans %v", strings.Join(got, "\n"), e.Gaps, e.Orphans)
	}
}

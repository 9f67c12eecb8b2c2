package history

import (
	"fmt"
	"hash/maphash"
	"maps"
	"strings"
	"testing"
	"time"

	"reflect"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/scorecard"
)

// TestEveryTypeHasADigest: what is added to the vocabulary must have a digest, or be left out on purpose.
func TestEveryTypeHasADigest(t *testing.T) {
	d := newDigester(newIndex(&catalog.Estate{}, maphash.MakeSeed()))
	d.typeOf(reflect.TypeFor[catalog.Service]()) // panics at a type that it does not know
	var walk func(of reflect.Type, seen map[reflect.Type]bool)
	walk = func(of reflect.Type, seen map[reflect.Type]bool) {
		if seen[of] || of == timeType || of == placeType {
			return
		}
		seen[of] = true
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice:
			walk(of.Elem(), seen)
		case reflect.Map:
			for _, part := range []reflect.Type{of.Key(), of.Elem()} {
				if part.Kind() == reflect.Struct {
					t.Errorf("%v has structs as keys or values, which cannot be walked in place", of)
				}
				walk(part, seen)
			}
		case reflect.Struct:
			for i := range of.NumField() {
				f := of.Field(i)
				if !f.IsExported() {
					t.Errorf("%v.%s is not exported, so that it cannot be read", of, f.Name)
				}
				if !unseen[f.Name] {
					walk(f.Type, seen)
				}
			}
		}
	}
	walk(reflect.TypeFor[catalog.Service](), map[reflect.Type]bool{})
}

const (
	twoServices = `
[[service]]
name = "checkout"
kind = "request"
owner = "payments"
[[service]]
name = "cart"
kind = "request"
owner = "payments"
`
	payments = `
[[team]]
name = "payments"
`
	alertOnRecorded = `
groups:
- name: checkout
  rules:
  - alert: CheckoutFails
    expr: checkout:errors:ratio{env="prod"} > 0.1
    labels: {service: checkout, severity: page, slo: checkout-availability}
`
)

// TestDigestReaches: what stands far from a service and yet matters to it changes its digest, and what only moves in a
// file, or is another service's, does not.
func TestDigestReaches(t *testing.T) {
	base := map[string]string{
		"services.toml":         twoServices,
		"teams.toml":            payments,
		"alerts/checkout.yaml":  alertOnRecorded,
		"rules/errors.yaml":     recordingRule("checkout:errors:ratio", "checkout:errors:rate / checkout:requests:rate"),
		"rules/rates.yaml":      recordingRule("checkout:errors:rate", `sum(rate(errors_total{job="x"}[5m]))`),
		"rules/unrelated.yaml":  recordingRule("cart:errors:rate", `sum(rate(errors_total{job="cart"}[5m]))`),
		"alerts/up.yaml":        upAlert("AnyDown", `up == 0`),
		"alerts/cart-down.yaml": upAlert("CartDown", `up{job="cart"} == 0`),
	}
	tests := []struct {
		name    string
		file    string
		content string
		changes bool
	}{
		{"a rule that records what the alert reads", "rules/errors.yaml", recordingRule("checkout:errors:ratio", "1 - checkout:success:ratio"), true},
		{"a rule that such a rule reads", "rules/rates.yaml", recordingRule("checkout:errors:rate", `sum(rate(faults_total[5m]))`), true},
		{"another rule of a name", "rules/more.yaml", recordingRule("checkout:errors:ratio", "vector(1)"), true},
		{"a rule of a name that was not recorded", "rules/more.yaml", recordingRule("checkout:requests:rate", "sum(rate(requests_total[5m]))"), true},
		{"a rule that nothing of the service reads", "rules/unrelated.yaml", recordingRule("cart:errors:rate", "vector(1)"), false},
		{"lines above a rule", "rules/errors.yaml", "# a comment\n\n" + recordingRule("checkout:errors:ratio", "checkout:errors:rate / checkout:requests:rate"), false},
		{"lines above an alert", "alerts/checkout.yaml", "# a comment\n\n" + alertOnRecorded, false},
		{"the SLO that a label names", "slo/a.yaml", sloSpec("checkout-availability"), true},
		{"an SLO that no label names", "slo/a.yaml", sloSpec("cart-availability"), false},
		{"an alert for the targets of this service", "alerts/up2.yaml", upAlert("CheckoutDown", `up{job="Checkout"} == 0`), true},
		{"its own entry", "services.toml", strings.Replace(twoServices, `"request"`, `"batch"`, 1), true},
		{"the entry of another one", "services.toml", strings.Replace(twoServices, "name = \"cart\"\nkind = \"request\"", "name = \"cart\"\nkind = \"batch\"", 1), false},
		{"its team", "teams.toml", payments + "oncall = \"rota\"\n", true},
	}
	seed := maphash.MakeSeed()
	before := digestsOf(t, base, seed)["checkout"]
	for _, test := range tests {
		files := maps.Clone(base)
		if files[test.file] == test.content {
			t.Errorf("%s: nothing changes", test.name)
		}
		files[test.file] = test.content
		if changed := digestsOf(t, files, seed)["checkout"] != before; changed != test.changes {
			t.Errorf("%s: changed is %v", test.name, changed)
		}
	}
}

// Of a name that very many rules record, as SLO tools do, only those matter that can record what is read.
func TestDigestOfManyRules(t *testing.T) {
	rules := func(changed int) map[string]string {
		files := map[string]string{"services.toml": twoServices, "teams.toml": payments, "alerts/checkout.yaml": alertOnRecorded}
		for i := range many + 50 {
			expr := fmt.Sprintf("sum(rate(errors_total{job=%q}[5m]))", fmt.Sprint("s", i))
			if i == changed {
				expr = "vector(1)"
			}
			env := fmt.Sprint("test", i)
			if i == 120 || i == 130 {
				env = "prod"
			}
			files[fmt.Sprintf("rules/%03d.yaml", i)] = recordingRule("checkout:errors:ratio", expr) + "    labels: {env: " + env + "}\n"
		}
		return files
	}
	seed := maphash.MakeSeed()
	before := digestsOf(t, rules(-1), seed)["checkout"]
	for changed, matters := range map[int]bool{0: true, 1: false, 119: false, 120: true, 130: false, 149: false} {
		if got := digestsOf(t, rules(changed), seed)["checkout"] != before; got != matters {
			t.Errorf("rule %d: changed is %v", changed, got)
		}
	}
}

func TestSurroundings(t *testing.T) {
	base := map[string]string{"services.toml": twoServices, "teams.toml": payments, "alerts/up.yaml": upAlert("AnyDown", `up == 0`)}
	seed := maphash.MakeSeed()
	before := around(t, base, seed)
	for _, test := range []struct {
		file, content   string
		teams, watchers bool
	}{
		{"teams.toml", payments + "members = [\"Ada Lovelace\"]\n", true, false},
		{"alerts/up.yaml", upAlert("AnyDown", `up != 0`), false, true},
		{"alerts/up2.yaml", upAlert("CartDown", `up{job="cart"} == 0`), false, false},
		{"alerts/up2.yaml", upAlert("ClusterDown", `up{cluster="cart"} == 0`), false, true},
	} {
		files := maps.Clone(base)
		files[test.file] = test.content
		after := around(t, files, seed)
		if (after.teams != before.teams) != test.teams || (after.watchers != before.watchers) != test.watchers {
			t.Errorf("%s with %q: teams changed %v, watchers changed %v", test.file, test.content, after.teams != before.teams, after.watchers != before.watchers)
		}
	}
}

func recordingRule(name, expr string) string {
	return fmt.Sprintf("groups:\n- name: r\n  rules:\n  - record: %s\n    expr: '%s'\n", name, expr)
}

func upAlert(name, expr string) string {
	return fmt.Sprintf("groups:\n- name: u\n  rules:\n  - alert: %s\n    expr: '%s'\n    labels: {severity: page}\n", name, expr)
}

func sloSpec(name string) string {
	return fmt.Sprintf(`apiVersion: openslo/v1
kind: SLO
metadata: {name: %s}
spec:
  service: other
  indicator:
    metadata: {name: i}
    spec:
      ratioMetric:
        good: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(good_total[5m]))'}}}
        total: {metricSource: {type: Prometheus, spec: {query: 'sum(rate(all_total[5m]))'}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  objectives: [{target: 0.99}]
`, name)
}

func estateOf(t *testing.T, files map[string]string) *catalog.Estate {
	t.Helper()
	estate, err := load.Load(t.Context(), tree.FromFiles(files, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)), scorecard.DefaultPolicy().Load)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range estate.Gaps {
		t.Fatal(g)
	}
	return estate
}

func digestsOf(t *testing.T, files map[string]string, seed maphash.Seed) map[string]uint64 {
	t.Helper()
	estate := estateOf(t, files)
	d := newDigester(newIndex(estate, seed))
	all := map[string]uint64{}
	for _, svc := range estate.Services {
		all[svc.ID] = d.digest(svc)
	}
	return all
}

func around(t *testing.T, files map[string]string, seed maphash.Seed) surroundings {
	t.Helper()
	estate := estateOf(t, files)
	return newDigester(newIndex(estate, seed)).surroundings(estate)
}

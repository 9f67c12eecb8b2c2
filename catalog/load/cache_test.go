package load

import (
	"context"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/story"
	"obsready/catalog/tree"
)

// differ gives where two values differ that may refer to each other in circles, "" when they do not. What is one in the
// one value has to be one in the other: a page that is dated is the page that a runbook link leads to.
func differ(a, b any) string {
	d := differences{to: map[uintptrOf]uintptr{}, from: map[uintptrOf]uintptr{}}
	d.walk(reflect.ValueOf(a), reflect.ValueOf(b), "")
	return d.found
}

type uintptrOf struct {
	at uintptr
	of reflect.Type
}

type differences struct {
	to, from map[uintptrOf]uintptr
	found    string
}

func (d *differences) note(at, format string, args ...any) {
	if d.found == "" {
		d.found = at + ": " + fmt.Sprintf(format, args...)
	}
}

func (d *differences) walk(a, b reflect.Value, at string) {
	switch {
	case d.found != "":
		return
	case a.IsValid() != b.IsValid() || a.IsValid() && a.Type() != b.Type():
		d.note(at, "%v and %v", a, b)
		return
	case !a.IsValid():
		return
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() != b.IsNil() {
			d.note(at, "nil %t and %t", a.IsNil(), b.IsNil())
		}
		if !a.IsNil() && !b.IsNil() && d.first(a, b, at) {
			d.walk(a.Elem(), b.Elem(), at)
		}
	case reflect.Interface:
		d.walk(a.Elem(), b.Elem(), at)
	case reflect.Struct:
		for i := range a.NumField() {
			d.walk(a.Field(i), b.Field(i), at+"."+a.Type().Field(i).Name)
		}
	case reflect.Slice:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			d.note(at, "%d elements (nil %t) and %d (nil %t)", a.Len(), a.IsNil(), b.Len(), b.IsNil())
			return
		}
		for i := range a.Len() {
			d.walk(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", at, i))
		}
	case reflect.Array:
		for i := range a.Len() {
			d.walk(a.Index(i), b.Index(i), at)
		}
	case reflect.Map:
		if a.Len() != b.Len() || a.IsNil() != b.IsNil() {
			d.note(at, "%d keys and %d", a.Len(), b.Len())
			return
		}
		for _, k := range a.MapKeys() {
			d.walk(a.MapIndex(k), b.MapIndex(k), fmt.Sprintf("%s[%v]", at, k))
		}
	default:
		if !a.Equal(b) {
			d.note(at, "%v and %v", a, b)
		}
	}
}

// first notes that two pointers stand for each other, and reports whether they are new.
func (d *differences) first(a, b reflect.Value, at string) bool {
	ka, kb := uintptrOf{a.Pointer(), a.Type()}, uintptrOf{b.Pointer(), b.Type()}
	to, seenA := d.to[ka]
	from, seenB := d.from[kb]
	if seenA != seenB || seenA && (to != kb.at || from != ka.at) {
		d.note(at, "what is one there is two here")
	}
	d.to[ka], d.from[kb] = kb.at, ka.at
	return !seenA
}

// print gives a hash of all that a value holds, also of what stands in its slices behind their ends.
func print(value any) uint64 {
	var h maphash.Hash
	h.SetSeed(printSeed)
	seen := map[uintptrOf]int{}
	var walk func(v reflect.Value)
	number := func(n uint64) { maphash.WriteComparable(&h, n) }
	walk = func(v reflect.Value) {
		number(uint64(v.Kind()))
		switch v.Kind() {
		case reflect.Invalid:
		case reflect.Pointer:
			key := uintptrOf{v.Pointer(), v.Type()}
			n, known := seen[key]
			if !known && !v.IsNil() {
				n = len(seen) + 1
				seen[key] = n
				walk(v.Elem())
			}
			number(uint64(n))
		case reflect.Interface:
			walk(v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		case reflect.Slice:
			number(uint64(v.Len()))
			if !v.IsNil() {
				v = v.Slice(0, v.Cap())
			}
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Map:
			var sum uint64
			for _, k := range v.MapKeys() {
				sum += maphash.String(printSeed, fmt.Sprint(k)) * maphash.String(printSeed, fmt.Sprint(v.MapIndex(k)))
			}
			number(sum)
		default:
			h.WriteString(fmt.Sprint(v))
		}
	}
	walk(reflect.ValueOf(value))
	return h.Sum64()
}

var printSeed = maphash.MakeSeed()

// prints gives the print of everything in a cache.
func (c *Cache) prints() map[any]uint64 {
	all := map[any]uint64{}
	for key, k := range c.files {
		all[key] = print(k.value)
	}
	for key, k := range c.rosters {
		all[key] = print(k.value)
	}
	for key, k := range c.mentions {
		all[key] = print(k.value)
	}
	return all
}

// unchanged fails when something that was in the cache when the prints were taken is another thing now.
func (c *Cache) unchanged(t *testing.T, before map[any]uint64) {
	t.Helper()
	for key, now := range c.prints() {
		if old, known := before[key]; known && old != now {
			t.Errorf("Load wrote to what the cache keeps of %v", key)
		}
	}
}

// checkCached loads trees one after the other with one cache and fails when an estate is not as a fresh one, or when a
// load wrote to what the cache keeps. Estates that were made before stay as they were, too.
func checkCached(t *testing.T, o Options, trees ...*tree.Tree) {
	t.Helper()
	o.Cache = nil
	fresh, known := make([]*catalog.Estate, len(trees)), map[*tree.Tree]*catalog.Estate{}
	for i, tr := range trees {
		if known[tr] == nil {
			known[tr] = mustLoad(t, tr, o)
		}
		fresh[i] = known[tr]
	}
	o.Cache, o.Workers = NewCache(), 3
	made := make([]*catalog.Estate, len(trees))
	for i, tr := range trees {
		before := o.Cache.prints()
		made[i] = mustLoad(t, tr, o)
		o.Cache.unchanged(t, before)
		if found := differ(fresh[i], made[i]); found != "" {
			t.Errorf("with the cache, tree %d of %d is another one at %s", i+1, len(trees), found)
		}
	}
	for i := range trees {
		if found := differ(fresh[i], made[i]); found != "" {
			t.Errorf("a later load changed the estate of tree %d of %d at %s", i+1, len(trees), found)
		}
	}
}

func mustLoad(t *testing.T, tr *tree.Tree, o Options) *catalog.Estate {
	t.Helper()
	e, err := Load(context.Background(), tr, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// history gives a tree as it was at each commit of its history, the latest first.
func history(t *testing.T, head *tree.Tree) []*tree.Tree {
	t.Helper()
	commits, whole, err := head.Log(time.Time{})
	if err != nil || !whole {
		t.Fatal(whole, err)
	}
	if len(commits) == 0 {
		return []*tree.Tree{head}
	}
	var all []*tree.Tree
	for _, c := range commits {
		at, err := head.At(c.Hash)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { at.Close() })
		all = append(all, at)
	}
	return all
}

// checkHistory is checkCached for all commits, in both directions, and jumping.
func checkHistory(t *testing.T, o Options, head *tree.Tree) {
	t.Helper()
	trees := history(t, head)
	checkCached(t, o, trees...)
	slices.Reverse(trees)
	checkCached(t, o, trees...)
	checkCached(t, o, trees[0], trees[len(trees)-1], trees[0], trees[len(trees)-1], trees[len(trees)/2])
}

func TestCacheOfTheDemo(t *testing.T) {
	st, commit, err := story.Build(os.DirFS("../../testdata/demo"), ".")
	if err != nil {
		t.Fatal(err)
	}
	head, err := tree.FromStorage(st, commit)
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultOptions()
	o.Web = "https://git.example/garden/catalog"
	checkHistory(t, o, head)
}

// TestCacheServesManyAtOnce has every commit of the demo loaded at the same time.
func TestCacheServesManyAtOnce(t *testing.T) {
	st, commit, err := story.Build(os.DirFS("../../testdata/demo"), ".")
	if err != nil {
		t.Fatal(err)
	}
	head, err := tree.FromStorage(st, commit)
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultOptions()
	o.Workers = 2
	trees := history(t, head)[:12]
	made := make([]*catalog.Estate, len(trees))
	o.Cache = NewCache()
	var wg sync.WaitGroup
	for i, tr := range trees {
		wg.Go(func() { made[i], _ = Load(context.Background(), tr, o) })
	}
	wg.Wait()
	o.Cache = nil
	for i, tr := range trees {
		if found := differ(mustLoad(t, tr, o), made[i]); found != "" {
			t.Errorf("commit %d is another one at %s", i, found)
		}
	}
}

// finished has one of each thing that Load finishes with what stands in other files.
const finished = `
-- org/teams.yaml --
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments}
spec: {type: team, children: [], members: [ada, edsger, grace]}
-- org/users.yaml --
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: barbara}
spec: {memberOf: [payments]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: alan}
spec: {memberOf: [payments]}
-- pay/service.toml --
name = "pay"
owner = "payments"
depends_on = ["pay", "ledger"]
repository = "https://user:secret@git.example/acme/pay"
-- pay/dashboard.json --
{"title": "Pay", "uid": "pay", "panels": [{"id": 1, "libraryPanel": {"uid": "errors", "name": "Errors"}}, {"id": 2, "type": "stat", "targets": []}]}
-- shared/library.json --
{"uid": "errors", "name": "Errors", "kind": 1, "model": {"type": "timeseries", "title": "Errors", "targets": [{"expr": "up{job=\"pay\"}"}]}}
-- grafana/policies.yaml --
apiVersion: 1
policies: [{orgId: 1, receiver: payments}]
-- grafana/points.yaml --
apiVersion: 1
contactPoints: [{name: payments, receivers: [{type: pagerduty}]}]
-- alertmanager.yaml --
route: {receiver: payments}
receivers: [{name: payments, pagerduty_configs: [{routing_key_file: /run/key}]}]
-- .tekton/run.yaml --
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r, annotations: {pipelinesascode.tekton.dev/on-event: "[pull_request]"}}
spec: {pipelineRef: {name: p}}
-- .tekton/p.yaml --
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: p}
spec: {tasks: [{name: x, taskRef: {name: t}}]}
-- .tekton/t.yaml --
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec: {steps: [{image: x, script: gitleaks detect}]}
-- pay/package.json --
{"name": "pay", "dependencies": {"left-pad": "^1.0.0"}}
-- pay/package-lock.json --
{"lockfileVersion": 3, "packages": {"node_modules/left-pad": {"version": "1.0.0"}}}
-- pay/sbom.cdx.json --
{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"name": "left-pad", "version": "1.0.0"}]}
-- pay/slo.yaml --
version: prometheus/v1
service: pay
slos: [{name: availability, objective: 99.9, sli: {events: {error_query: 'sum(rate(e{job="pay"}[{{.window}}]))', total_query: 'sum(rate(t{job="pay"}[{{.window}}]))'}}, alerting: {name: A}}]
-- pay/error-budget-policy.md --
# Error budget policy

When the error budget is spent, all feature releases stop until it is back.
-- pay/threat-model.md --
# Threat model of pay

## Threats

- A thief reads card numbers. Mitigation: they are encrypted
-- pay/docs/recovery-plan.md --
# Recovery plan of pay

RTO: 1 h

## Steps

1. Restore the database from the last snapshot
2. Run helm rollback pay
-- pay/incident-process.md --
# Incident process

## Roles

- Incident commander: leads, and decides what is mitigated first
-- pay/postmortems/2026-01-02-outage.md --
# Postmortem: outage

## Impact

Users could not pay for an hour.

## Action items

- [ ] Test the restore (owner: ada, due 2026-02-01)
-- SECURITY.md --
# Security policy

Write to security@acme.example. We answer within two days.
-- pay/alerts.yaml --
groups: [{name: g, rules: [{alert: A, expr: 'e{job="pay"} > 1', labels: {severity: page, team: payments}, annotations: {runbook_url: /SECURITY.md, dashboard_url: pay}}]}]
-- pay/alerts_test.yaml --
rule_files: [alerts.yaml]
tests: [{interval: 1m, alert_rule_test: [{eval_time: 1m, alertname: A}]}]
`

// TestCacheCopiesWhatIsFinished also shows that the fixture has each of the things: else it would prove nothing.
func TestCacheCopiesWhatIsFinished(t *testing.T) {
	e := estate(t, finished, nil)
	a, pay := e.Alerts[0], service(t, e, "pay")
	for what, ok := range map[string]bool{
		"a team has members of another file":       len(e.Teams) == 1 && len(e.Teams[0].Members) == 5,
		"a service depends on one":                 pay.DependsOn[0].Service == pay && pay.Owner.Team == e.Teams[0],
		"a library panel is resolved":              len(e.Dashboards) == 1 && !e.Dashboards[0].Panels[0].Unresolved,
		"a contact point is joined":                len(e.Routers) == 2 && len(e.Routers[1].Receivers) == 1,
		"a pipeline has the trigger of its caller": slices.ContainsFunc(e.Workflows, func(w *catalog.Workflow) bool { return len(w.Triggers) > 1 }),
		"a manifest is locked":                     slices.ContainsFunc(e.Manifests, func(m *catalog.Manifest) bool { return m.LockedBy != nil && m.LockedBy != m }),
		"an SBOM is dated":                         len(e.SBOMs) == 1 && e.SBOMs[0].Changed.Equal(changed),
		"an SLO has its policy":                    len(e.SLOs) == 1 && e.SLOs[0].Policy != nil && e.SLOs[0].Policy.Page.Changed.Equal(changed),
		"a threat model is dated":                  len(e.ThreatModels) == 1 && e.ThreatModels[0].Page.Changed.Equal(changed),
		"a recovery plan is dated":                 len(e.RecoveryPlans) == 1 && e.RecoveryPlans[0].Page.Changed.Equal(changed),
		"an incident process is dated":             len(e.IncidentProcesses) > 0 && e.IncidentProcesses[0].Page.Changed.Equal(changed),
		"a postmortem is dated":                    len(e.Postmortems) == 1 && e.Postmortems[0].Changed.Equal(changed),
		"an alert has all that load finds":         a.Runbook.Page != nil && a.Dashboard.Dashboard == e.Dashboards[0] && len(a.TestedBy) == 1 && a.Team.Team == e.Teams[0] && len(a.Deliveries) == 1,
		"a security policy shares its page":        len(e.SecurityPolicies) == 1 && e.SecurityPolicies[0].Page == a.Runbook.Page,
	} {
		if !ok {
			t.Errorf("it is not so that %s", what)
		}
	}
}

// TestCacheKnowsWhatIsAskedOfAPage has other files decide what one page is read for.
func TestCacheKnowsWhatIsAskedOfAPage(t *testing.T) {
	page := "-- docs/x.md --\n# Restore the shop\n\n## Threats\n\n- A thief takes a key\n\n## Roll back\n\n1. Run `helm rollback shop`\n2. Wait\n\n## Error budget\n\nWhen the budget is spent, releases stop.\n"
	entry := func(more string) string {
		return "-- s/service.toml --\nname = \"shop\"\nowner = \"a\"\n" + more + page + "-- teams/a/team.toml --\nname = \"a\"\n"
	}
	variants := []string{
		entry(""),
		entry("[links]\nrunbook = [\"/docs/x.md\"]\n"),
		entry("[evidence]\nrunbooks = [\"/docs/x.md\"]\n"),
		entry("[evidence]\nthreat_models = [\"/docs/x.md\"]\n"),
		entry("[evidence]\npostmortems = [\"/docs/x.md\"]\n"),
		entry("[recovery]\nplan = \"/docs/x.md\"\n"),
		entry("budget_policy = \"/docs/x.md\"\n"),
		entry("") + "incident_process = \"/docs/x.md\"\n",
	}
	var trees []*tree.Tree
	for _, text := range variants {
		trees = append(trees, filesOf(text))
	}
	o := DefaultOptions()
	o.HistorySince = changed.AddDate(0, -6, 0)
	checkCached(t, o, append(trees, trees...)...)
}

// TestCacheBeginsAnew has the options say that entries are to be read in another way.
func TestCacheBeginsAnew(t *testing.T) {
	tr := filesOf("-- catalog-info.yaml --\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: shop\n  labels: {tier: '1', importance: '2'}\nspec: {type: service, owner: a, lifecycle: production}\n")
	o := DefaultOptions()
	o.Cache = NewCache()
	first := mustLoad(t, tr, o)
	o.Labels.Tier = []string{"importance"}
	second := mustLoad(t, tr, o)
	if a, b := first.Services[0].Tier.Value, second.Services[0].Tier.Value; a != "1" || b != "2" {
		t.Errorf("tier %q, then %q of another label", a, b)
	}
}

// TestCacheKeepsLimits has a file become too large for the options.
func TestCacheKeepsLimits(t *testing.T) {
	tr := filesOf("-- s/service.toml --\nname = \"shop\"\n-- s/runbooks/a.md --\n# A\n\nOne two three four five six seven.\n")
	o := DefaultOptions()
	o.Cache = NewCache()
	if e := mustLoad(t, tr, o); len(e.Pages) != 1 || len(e.Gaps) != 0 {
		t.Fatal(e.Gaps)
	}
	o.MaxPageBytes = 10
	if e := mustLoad(t, tr, o); len(e.Pages) != 0 || len(e.Gaps) != 1 || e.Gaps[0].Cause != catalog.TooLarge {
		t.Errorf("%d pages, gaps %v", len(e.Pages), e.Gaps)
	}
}

// TestCacheForgets has what no load needs any more be dropped.
func TestCacheForgets(t *testing.T) {
	o := DefaultOptions()
	o.Cache = NewCache()
	for i := range 10 {
		mustLoad(t, filesOf(fmt.Sprintf("-- s/service.toml --\nname = \"s%d\"\n", i)), o)
	}
	if n := len(o.Cache.files); n > 3 {
		t.Errorf("the cache keeps %d files of which the last loads needed one", n)
	}
}

func TestCacheOfCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Skip("no corpora here")
	}
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			t.Parallel()
			files := map[string]string{}
			err := filepath.WalkDir(filepath.Join(root, f.Name()), func(p string, d fs.DirEntry, err error) error {
				if err != nil || !d.Type().IsRegular() {
					return err
				}
				data, err := os.ReadFile(p)
				files[filepath.ToSlash(strings.TrimPrefix(p, filepath.Join(root, f.Name())+string(filepath.Separator)))] = string(data)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			all := tree.FromFiles(files, changed)
			for p := range files { // every seventh file changes, and some are gone
				switch h := len(p) + len(files[p]); {
				case h%7 == 0:
					files[p] += "\n"
				case h%31 == 0:
					delete(files, p)
				}
			}
			next := tree.FromFiles(files, changed.AddDate(0, 0, 7))
			o := DefaultOptions()
			o.HistorySince = changed.AddDate(0, -6, 0)
			checkCached(t, o, all, next, all)
		})
	}
}

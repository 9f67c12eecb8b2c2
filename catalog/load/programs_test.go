package load

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
	"obsready/catalog/tree"
)

func TestMain(m *testing.M) {
	jsonnet.BecomeChild()
	os.Exit(m.Run())
}

// withPrograms has the jsonnet of the catalog evaluated.
func withPrograms(o *Options) {
	o.Jsonnet = jsonnet.New(jsonnet.Options{Timeout: time.Minute})
}

// shown lists rules, dashboards and gaps with their places and whose they are.
func shown(e *catalog.Estate) string {
	whose := map[any]string{}
	note := func(item any, s *catalog.Service, by catalog.Link) { whose[item] += ", " + s.ID + " " + by.String() }
	for _, s := range e.Services {
		for _, x := range s.Alerts {
			note(x.Item, s, x.By)
		}
		for _, x := range s.Recordings {
			note(x.Item, s, x.By)
		}
		for _, x := range s.Dashboards {
			note(x.Item, s, x.By)
		}
	}
	var b strings.Builder
	for _, a := range e.Alerts {
		fmt.Fprintf(&b, "alert %s %s%s\n", a.Name.Value, a.Name.At, whose[a])
	}
	for _, r := range e.Recordings {
		fmt.Fprintf(&b, "record %s %s%s\n", r.Name.Value, r.Name.At, whose[r])
	}
	for _, d := range e.Dashboards {
		fmt.Fprintf(&b, "dashboard %s %s%s\n", d.Title.Value, d.Title.At, whose[d])
	}
	for _, g := range e.Gaps {
		fmt.Fprintf(&b, "gap %s\n", g)
	}
	return b.String()
}

func expect(t *testing.T, got string, want ...string) {
	t.Helper()
	if w := strings.Join(want, "\n") + "\n"; got != w {
		t.Errorf("got\n%s\nwant\n%s", got, w)
	}
}

// A program's rules stand where their names do, and belong to the service that they stand with, or that the program
// stands with when they come from a library.
func TestMixins(t *testing.T) {
	e := estate(t, `
-- services/checkout/service.toml --
name = "checkout"
-- services/checkout/mixin.libsonnet --
{
  prometheusAlerts+:: { groups: [{ name: 'g', rules: [
    { alert: 'CheckoutDown', expr: 'up == 0' },
    (import 'slo-lib/slo.libsonnet').alert('Checkout'),
  ] }] },
  prometheusRules+:: { groups: [{ name: 'g', rules: [(import 'team.libsonnet').rule] }] },
}
-- services/cart/service.toml --
name = "cart"
[evidence]
dashboards = ["/boards/cart.jsonnet"]
-- services/cart/own.libsonnet --
{ alert: 'CartDown', expr: 'up == 0' }
-- services/ledger/service.toml --
name = "ledger"
-- all.jsonnet --
{ groups: [{ name: 'g', rules: [import 'services/cart/own.libsonnet', { alert: 'Ledger', expr: 'up{job="ledger"} == 0' }, { alert: 'Nobody', expr: 'up == 0' }] }] }
-- boards/cart.jsonnet --
(import 'board.libsonnet')('Cart board')
-- boards/board.libsonnet --
function(title) { title: title, schemaVersion: 39, panels: [] }
-- lib/team.libsonnet --
{ rule: { record: 'a:b', expr: 'up' } }
-- services/checkout/jsonnetfile.json --
{}
-- services/checkout/lib/team.libsonnet --
import '../../../lib/team.libsonnet'
-- vendor/slo-lib/slo.libsonnet --
{ alert(name):: { alert: name + 'Errors', expr: 'errors > 1' } }
-- vendor/slo-lib/mixin.libsonnet --
{ prometheusAlerts+:: { groups: [{ name: 'g', rules: [{ alert: 'OfTheLibrary', expr: 'up' }] }] } }
-- old/mixin.libsonnet --
error 'nobody reads this'
`, func(o *Options) {
		withPrograms(o)
		o.Ignore = append(o.Ignore, "old/**", "boards/board.libsonnet")
	})
	expect(t, shown(e),
		"alert CartDown services/cart/own.libsonnet:1:11, cart below the service's folder: services/cart",
		`alert Ledger all.jsonnet:1:81, ledger by matcher: matcher job="ledger"`,
		"alert Nobody all.jsonnet:1:133",
		"alert CheckoutDown services/checkout/mixin.libsonnet:3:15, checkout below the service's folder: services/checkout",
		"alert CheckoutErrors vendor/slo-lib/slo.libsonnet:1:26, checkout below the service's folder: services/checkout",
		"record a:b lib/team.libsonnet:1:20, checkout below the service's folder: services/checkout",
		`dashboard Cart board boards/cart.jsonnet:1:29, cart named by the service: glob "/boards/cart.jsonnet"`,
	)
}

// Files that were rendered from a mixin, and files that a mixin makes others of, count once.
func TestMixinsCountOnce(t *testing.T) {
	e := estate(t, `
-- service.toml --
name = "checkout"
-- mixin.libsonnet --
{
  prometheusAlerts+:: { groups: [{ name: 'g', rules: [{ alert: 'Down', expr: 'up  == 0' }, { alert: 'New', expr: 'up == 0' }] }] },
  grafanaDashboards+:: {
    'board.json': (import 'board.json') + { uid: 'checkout', title: 'Checkout / Board' },
    'same.json': import 'same.json',
  },
}
-- board.json --
{"title": "Board", "uid": "x7", "schemaVersion": 39, "panels": []}
-- same.json --
{"title": "Same", "uid": "same", "schemaVersion": 39, "panels": []}
-- rendered/alerts.yaml --
groups: [{name: g, rules: [{alert: Down, expr: up == 0}]}]
-- rendered/same.json --
{"title": "Same", "uid": "same", "schemaVersion": 39, "panels": []}
`, withPrograms)
	got := shown(e)
	for _, want := range []string{"alert Down rendered/alerts.yaml", "alert New mixin.libsonnet:2:102", "dashboard Checkout / Board mixin.libsonnet:4:70", "dashboard Same rendered/same.json:1:12"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("no %s, or several, in\n%s", want, got)
		}
	}
	for text, count := range map[string]int{"alert ": 2, "dashboard ": 2, "gap": 0} {
		if strings.Count(got, text) != count {
			t.Errorf("%d times %q in\n%s", strings.Count(got, text), text, got)
		}
	}
}

// Programs that go beyond their limits are gaps, and the rest of the catalog is judged.
func TestMixinsHostile(t *testing.T) {
	const stack = "the program recurses without end, or deeper than jsonnet allows. look for endless recursion or data that grows, or keep the rendered files in the catalog"
	e := estate(t, `
-- a/service.toml --
name = "a"
-- a/mixin.libsonnet --
{ prometheusAlerts+:: { groups: [{ name: 'g', rules: [{ alert: 'Down', expr: 'up == 0' }] }] } }
-- b/service.toml --
name = "b"
-- b/mixin.libsonnet --
local f(x) = 1 + f(x + 1); { prometheusAlerts+:: f(0) }
-- c/mixin.libsonnet --
(import 'd.libsonnet') + {}
-- c/d.libsonnet --
(import 'mixin.libsonnet') + {}
-- d/mixin.libsonnet --
{ prometheusAlerts+:: importstr '../../etc/passwd' }
-- e/mixin.libsonnet --
{ prometheusAlerts+:: importstr '/etc/passwd' }
-- f/mixin.libsonnet --
`+strings.Repeat("[", 20000)+"\n", withPrograms)
	got := strings.Split(shown(e), "\n")
	want := []string{
		"alert Down a/mixin.libsonnet:1:65, a below the service's folder: a",
		"gap b/mixin.libsonnet:1:18: too deep: " + stack,
		"gap c/mixin.libsonnet:1:2: too deep: " + stack,
		`gap d/mixin.libsonnet:1:23: hostile name: the import "../../etc/passwd" in "d/mixin.libsonnet" leads out of the catalog, and imports are read from it only. copy the file into it`,
		`gap e/mixin.libsonnet:1:23: hostile name: the import "/etc/passwd" is an absolute path, and imports are read from the catalog only. copy the file into it`,
		"gap f/mixin.libsonnet: too deep: ",
		"",
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	a, b := service(t, e, "a"), service(t, e, "b")
	if len(a.Gaps) > 0 || len(b.Gaps) != 1 || !b.Gaps[0].Concerns(catalog.Alerts) {
		t.Errorf("a has the gaps %v, b %v", a.Gaps, b.Gaps)
	}
}

// The catalog's own program says what the files mean that it reads: what looks like entries there counts no more, other
// evidence in them does, and a mixin beside it is read as well.
func TestMappingAndMixins(t *testing.T) {
	e := estate(t, `
-- catalog.jsonnet --
{ services: [s { at: s['@place'], evidence: { alerts: ['mixins/%s/*' % s.name] } } for s in std.native('parsePlaced')('apps/services.toml').app] }
-- apps/services.toml --
[[app]]
name = "checkout"
[[service]]
name = "not-an-entry-any-more"
-- mixins/checkout/mixin.libsonnet --
{ prometheusAlerts+:: { groups: [{ name: 'g', rules: [{ alert: 'Down', expr: 'up == 0' }] }] } }
`, withPrograms)
	var services []string
	for _, s := range e.Services {
		services = append(services, s.ID+" "+s.At.String())
	}
	if got := strings.Join(services, ", "); got != "checkout apps/services.toml:1:3" {
		t.Errorf("services %s", got)
	}
	expect(t, shown(e), `alert Down mixins/checkout/mixin.libsonnet:1:65, checkout named by the service: glob "/mixins/checkout/*"`)
}

// Each repository's programs find the files of their own repository only, by paths from its root.
func TestMixinsOfRepositories(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "checkout", `
-- mixin/mixin.libsonnet --
{
  prometheusAlerts+:: { groups: [{ name: 'g', rules: [{ alert: 'Down', expr: (import 'slo/up.libsonnet') }] }] },
  prometheusRules+:: { groups: [{ name: 'g', rules: [import 'only-in-the-catalog/rule.libsonnet'] }] },
  grafanaDashboards+:: { 'a.json': import '../../../secret.libsonnet' },
}
-- vendor/slo/up.libsonnet --
'up == 0'
-- catalog.jsonnet --
{ services: [{ name: 'not-listed-here' }] }
`)
	bareRepository(t, root, "mono", `
-- services/cart/alerts.jsonnet --
{ groups: [{ name: 'g', rules: [(import '../../lib/a.libsonnet')('Cart')] }] }
-- services/other/alerts.jsonnet --
{ groups: [{ name: 'g', rules: [(import '../../lib/a.libsonnet')('Other')] }] }
-- lib/a.libsonnet --
function(name) { alert: name + 'Down', expr: 'up == 0' }
`)
	e := withRepositories(t, root, `
-- services/checkout/service.toml --
name = "checkout"
repository = "ROOT/checkout"
-- services/cart/service.toml --
name = "cart"
repository = "ROOT/mono//services/cart"
-- secret.libsonnet --
{ title: 'Secret', schemaVersion: 39, panels: [] }
-- vendor/only-in-the-catalog/rule.libsonnet --
{ record: 'a:b', expr: 'up' }
-- vendor/slo/up.libsonnet --
'of the catalog'
`, withPrograms)
	got := shown(e)
	for _, want := range []string{
		"alert Down local/checkout/mixin/mixin.libsonnet:2:65, checkout below the service's folder: local/checkout\n",
		"gap local/checkout/mixin/mixin.libsonnet:3:54: unreachable: the library file \"only-in-the-catalog/rule.libsonnet\"",
		"gap local/checkout/mixin/mixin.libsonnet:4:36: unreachable: the import \"../../../secret.libsonnet\"",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if len(e.Services) != 2 || len(e.Alerts) != 2 || len(e.Dashboards)+len(e.Recordings) > 0 {
		t.Errorf("got\n%s", got)
	}
	i := slices.IndexFunc(e.Alerts, func(a *catalog.AlertRule) bool { return a.Name.Value == "Down" })
	if i < 0 || e.Alerts[i].Expr.Text != "up == 0" {
		t.Errorf("the library of the catalog was taken: %s", got)
	}
}

// Imports lead through the links that jsonnet-bundler makes in vendor/, and never out of the repository.
func TestMixinsBehindLinks(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"mixin.libsonnet":           `{ prometheusAlerts+:: { groups: [{ name: 'g', rules: [(import 'lib/up.libsonnet')] }] }, grafanaDashboards+:: { 'a.json': import 'out/a.json' } }`,
		"vendor/x/lib/up.libsonnet": `{ alert: 'Down', expr: 'up == 0' }`,
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "a.json"), []byte(`{"title": "Outside", "panels": []}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"vendor/lib": "x/lib", "vendor/out": outside} {
		if err := os.Symlink(to, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Skip("this system makes no symbolic links: ", err)
		}
	}
	bareRepository(t, dir, ".git", "-- service.toml --\n")
	if err := os.WriteFile(filepath.Join(dir, ".git", "config"), []byte("[core]\n\tbare = false\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	opened, err := tree.Open(dir, tree.Options{WorkTree: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	o := DefaultOptions()
	withPrograms(&o)
	e, err := Load(context.Background(), opened, o)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, shown(e),
		"alert Down vendor/lib/up.libsonnet:1:11",
		`gap mixin.libsonnet:1:123: unreachable: the library file "out/a.json" that "mixin.libsonnet" imports is not in the catalog. run "jb install" and commit vendor/, or keep the rendered files in the catalog`,
	)
}

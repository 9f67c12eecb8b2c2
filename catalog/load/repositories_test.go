package load

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/remote"
	"obsready/catalog/story"
	"obsready/catalog/tree"
)

// bareRepository makes the bare repository root/name of https://github.com/acme/name, with one commit of the files of a
// txtar text for each text, a day apart from the beginning of 2026 on.
func bareRepository(t *testing.T, root, name string, commits ...string) {
	t.Helper()
	archives := fstest.MapFS{}
	for i, text := range commits {
		header := fmt.Sprintf("date: 2026-01-%02dT00:00:00Z\nauthor: A <a@acme.example>\n\nchange\n", i+1)
		archives[fmt.Sprintf("s/%d.txtar", i)] = &fstest.MapFile{Data: []byte(header + text)}
	}
	from, _, err := story.Build(archives, "s")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, name)
	to := filesystem.NewStorage(osfs.New(dir), cache.NewObjectLRUDefault())
	if err := to.Init(); err != nil {
		t.Fatal(err)
	}
	for _, o := range from.Objects {
		if _, err := to.SetEncodedObject(o); err != nil {
			t.Fatal(err)
		}
	}
	for _, ref := range []plumbing.ReferenceName{"refs/heads/main", plumbing.HEAD} {
		r, err := from.Reference(ref)
		if err == nil {
			err = to.SetReference(r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	config := "[core]\n\tbare = true\n[remote \"origin\"]\n\turl = https://github.com/acme/" + name + ".git\n"
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
}

// withRepositories has the repositories below a folder read. The word ROOT in the catalog stands for their address.
func withRepositories(t *testing.T, root, text string, change func(*Options)) *catalog.Estate {
	t.Helper()
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	address := "file:///" + strings.TrimPrefix(filepath.ToSlash(root), "/")
	return estate(t, strings.ReplaceAll(text, "ROOT", address), func(o *Options) {
		o.Web = "https://github.com/acme/catalog"
		o.Repositories = func(ctx context.Context, repositories []remote.Repository) []remote.Result {
			return remote.Fetch(ctx, repositories, remote.Options{Rules: remote.Rules{Roots: []string{root}}, CacheDir: filepath.Join(root, "cache"), Offline: true, Now: changed})
		}
		if change != nil {
			change(o)
		}
	})
}

// placesOf gives where the evidence of a service stands, by kind.
func placesOf(s *catalog.Service) string {
	var all []string
	note := func(kind string, at catalog.Place) { all = append(all, kind+" "+at.File) }
	for _, x := range s.Alerts {
		note("alert", x.Item.At)
	}
	for _, x := range s.Dashboards {
		note("dashboard", x.Item.At)
	}
	for _, x := range s.Runbooks {
		note("runbook", x.Item.At)
	}
	for _, x := range s.SLOs {
		note("slo", x.Item.At)
	}
	for _, x := range s.Workloads {
		note("workload", x.Item.At)
	}
	for _, x := range s.Workflows {
		note("workflow", x.Item.At)
	}
	for _, x := range s.Manifests {
		note("manifest", x.Item.At)
	}
	for _, x := range s.ImageBuilds {
		note("image", x.Item.At)
	}
	for _, x := range s.UpdateConfigs {
		note("updates", x.Item.At)
	}
	for _, x := range s.SecurityPolicies {
		note("security", x.Item.At)
	}
	for _, x := range s.Secrets {
		note("secret", x.Item.At)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "\n")
}

func lines(text ...string) string { return strings.Join(text, "\n") }

const (
	sloth = "version: prometheus/v1\nservice: %s\nslos:\n- name: availability\n  objective: 99.9\n  sli: {events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{.window}}]))'}}\n  alerting: {name: x}\n"

	// ownRepository is all that a service has, under a name that another service of the catalog has too.
	ownRepository = `
-- service.toml --
name = "somebody-else"
unheard_of = 1
-- attestations.toml --
-- alerts.yaml --
groups: [{name: g, rules: [{alert: Down, expr: 'up{service="cart"} == 0', annotations: {runbook_url: /docs/runbooks/down.md}}]}]
-- docs/runbooks/down.md --
# Down
Do what is right. See [the other](/docs/runbooks/other.md).
-- docs/SECURITY.md --
# Security policy
Write to security@acme.example. We answer within 2 days.
-- dashboards/overview.json --
{"uid": "u", "title": "Overview", "schemaVersion": 39, "panels": []}
-- examples/Dockerfile --
FROM scratch
-- Dockerfile --
FROM alpine:3.20
-- go.mod --
module example.org/x
-- .github/CODEOWNERS --
* @acme/payments
-- .github/dependabot.yml --
version: 2
updates: [{package-ecosystem: gomod, directory: /, schedule: {interval: weekly}}]
-- .github/workflows/ci.yaml --
` + workflow + `
-- vendor/x/alerts.yaml --
groups: [{name: g, rules: [{alert: Vendored, expr: 'up == 0'}]}]
-- alertmanager.yml --
route: {receiver: nobody}
receivers: [{name: nobody}]
-- slo.yaml --
`
)

// TestRepositoriesOfServices gives each service what its own repository holds, and to no other one.
func TestRepositoriesOfServices(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "checkout", ownRepository+fmt.Sprintf(sloth, "checkout"))
	bareRepository(t, root, "docs", ownRepository+fmt.Sprintf(sloth, "cart")) // a name that has a meaning in paths
	e := withRepositories(t, root, `
-- services.toml --
[[service]]
name = "checkout"
repository = "ROOT/checkout"
[[service.link]]
-- services/cart/service.toml --
name = "cart"
repository = "ROOT/docs"
-- services/search/service.toml --
name = "search"
repository = "https://github.com/acme/catalog"
-- services/ledger/service.toml --
name = "ledger"
-- .github/workflows/own.yaml --
`+workflow+`
-- SECURITY.md --
# Security policy
Write to security@acme.example.
-- rules/search.yaml --
groups: [{name: g, rules: [{alert: Slow, expr: 'up{service="search"} == 0', annotations: {runbook_url: 'https://github.com/acme/checkout/blob/main/docs/runbooks/down.md'}}]}]
`, nil)
	own := func(folder string) string {
		return lines("alert "+folder+"/alerts.yaml", "dashboard "+folder+"/dashboards/overview.json", "image "+folder+"/Dockerfile", "manifest "+folder+"/go.mod",
			"runbook "+folder+"/docs/runbooks/down.md", "security "+folder+"/docs/SECURITY.md", "slo "+folder+"/slo.yaml",
			"updates "+folder+"/.github/dependabot.yml", "workflow "+folder+"/.github/workflows/ci.yaml")
	}
	for id, want := range map[string]string{
		"checkout": own("local/checkout"),
		"cart":     own("local/docs"),
		"search":   lines("alert rules/search.yaml", "runbook local/checkout/docs/runbooks/down.md", "security SECURITY.md", "workflow .github/workflows/own.yaml"),
		"ledger":   "",
	} {
		if got := placesOf(service(t, e, id)); got != want {
			t.Errorf("%s has\n%s\nwant\n%s", id, got, want)
		}
	}
	if len(e.Services) != 4 || len(e.Routers) > 0 || len(e.Orphans) > 0 {
		t.Errorf("services %d, routers %d, orphans %v", len(e.Services), len(e.Routers), e.Orphans)
	}
	s := service(t, e, "checkout")
	if src := s.Source; src.State != catalog.SourceHere || src.Folder != "local/checkout" || src.At.String() != "services.toml:3:15" {
		t.Errorf("source %+v", src)
	}
	a := s.Alerts[0].Item
	if a.Runbook.State != catalog.LinkOK || a.Runbook.Page.Path != "local/checkout/docs/runbooks/down.md" {
		t.Errorf("a path from the root is one in the repository: %+v", a.Runbook)
	}
	if link := e.Revision.Link(a.At); !strings.HasPrefix(link, "https://github.com/acme/checkout/blob/") || !strings.HasSuffix(link, "/alerts.yaml#L1") {
		t.Errorf("link %q", link)
	}
	if page := s.Runbooks[0].Item; !page.Changed.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) || page.AtLeastAsOld {
		t.Errorf("the page changed %v", page.Changed)
	}
	var owners []string
	for _, c := range e.CodeOwners {
		owners = append(owners, c.At.File)
	}
	if want := []string{"local/checkout/.github/CODEOWNERS", "local/docs/.github/CODEOWNERS"}; !slices.Equal(owners, want) {
		t.Errorf("CODEOWNERS %q", owners)
	}
}

// TestMonorepo gives services the folders that they name, and what holds for the whole repository.
func TestMonorepo(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "mono", `
-- services/cart/alerts.yaml --
`+alertFile(`up{service="pay"} == 0`, "")+`
-- services/cart/package.json --
{"name": "cart", "dependencies": {"left-pad": "1.0.0"}}
-- services/pay/Dockerfile --
FROM alpine:3.20
-- services/pay/.github/workflows/dead.yaml --
`+workflow+`
-- services/other/alerts.yaml --
`+alertFile(`up{service="cart"} == 0`, "")+`
-- services/other/broken.yaml --
groups: [{alert:
-- services/other/runbooks/linked.md --
# Linked
Do it.
-- services/other/runbooks/unread.md --
# Unread
-- rules/shared.yaml --
`+alertFile(`up{service="cart"} == 0`, "")+`
-- package.json --
{"private": true, "workspaces": ["services/*"]}
-- package-lock.json --
{"lockfileVersion": 3, "packages": {"node_modules/left-pad": {"version": "1.0.0"}}}
-- SECURITY.md --
# Security policy
Write to security@acme.example.
-- docker-compose.yml --
services: {pay: {image: 'pay:1'}, search: {image: 'search:1'}}
-- .github/workflows/all.yaml --
`+workflow)
	asked := 0
	e := withRepositories(t, root, `
-- services.toml --
[[service]]
name = "cart"
repository = "ROOT/mono//services/cart"
evidence = {alerts = ["/local/mono/rules/*.yaml"]}
[[service]]
name = "pay"
repository = "ROOT/mono//services/pay"
[[service]]
name = "search"
-- pay.yaml --
groups: [{name: g, rules: [{alert: Slow, expr: 'up{service="pay"} == 0', annotations: {runbook_url: 'https://github.com/acme/mono/blob/main/services/other/runbooks/linked.md'}}]}]
`, func(o *Options) {
		open := o.Repositories
		o.Repositories = func(ctx context.Context, all []remote.Repository) []remote.Result {
			asked++
			results := open(ctx, all)
			if len(results) != 2 || results[0].Tree != results[1].Tree {
				t.Error("two services of one repository do not share it")
			}
			return results
		}
	})
	for id, want := range map[string]string{
		"cart": lines("alert local/mono/rules/shared.yaml", "alert local/mono/services/cart/alerts.yaml", "manifest local/mono/services/cart/package.json",
			"security local/mono/SECURITY.md", "workflow local/mono/.github/workflows/all.yaml"),
		"pay": lines("alert pay.yaml", "image local/mono/services/pay/Dockerfile", "manifest local/mono/package-lock.json", "manifest local/mono/package.json",
			"runbook local/mono/services/other/runbooks/linked.md", "security local/mono/SECURITY.md", "workflow local/mono/.github/workflows/all.yaml",
			"workload local/mono/docker-compose.yml"),
		"search": "",
	} {
		if got := placesOf(service(t, e, id)); got != want {
			t.Errorf("%s has\n%s\nwant\n%s", id, got, want)
		}
	}
	if len(e.Gaps) > 0 || asked != loads || len(e.Revision.Mounts) != 1 {
		t.Errorf("gaps %v, asked %d times, mounts %+v", e.Gaps, asked, e.Revision.Mounts)
	}
}

// TestUnreadRepositories makes what cannot be read a gap of the services that name it, and of no other ones.
func TestUnreadRepositories(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "mono", "-- a/x --\n")
	e := withRepositories(t, root, `
-- services/gone/service.toml --
name = "gone"
repository = "ROOT/gone"
-- services/folder/service.toml --
name = "folder"
repository = "ROOT/mono//b"
-- services/hostile/service.toml --
name = "hostile"
repository = "ext::sh -c touch% /tmp/x"
-- services/secret/service.toml --
name = "secret"
repository = "https://me:hunter2@git.example/x"
-- services/outside/service.toml --
name = "outside"
repository = "file:///"
-- services/uncached/service.toml --
name = "uncached"
repository = "https://git.example/acme/x"
-- services/retired/service.toml --
name = "retired"
lifecycle = "retired"
repository = "https://git.example/acme/y"
-- services/read/service.toml --
name = "read"
repository = "ROOT/mono//a"
-- services/here/service.toml --
name = "here"
repository = "git@github.com:acme/catalog.git"
-- services/none/service.toml --
name = "none"
`, nil)
	for id, want := range map[string]struct {
		cause catalog.Cause
		state catalog.SourceState
	}{
		"gone": {catalog.NotFound, catalog.SourceUnread}, "folder": {catalog.NotFound, catalog.SourceUnread}, "hostile": {catalog.Refused, catalog.SourceUnread},
		"secret": {catalog.Refused, catalog.SourceUnread}, "outside": {catalog.Refused, catalog.SourceUnread}, "uncached": {catalog.NotFetched, catalog.SourceUnread},
		"retired": {"", catalog.SourceElsewhere}, "read": {"", catalog.SourceHere}, "here": {"", catalog.SourceHere}, "none": {"", catalog.SourceUnstated},
	} {
		s := service(t, e, id)
		if strings.Contains(s.Repository.Value, "hunter2") {
			t.Errorf("%s: repository %q", id, s.Repository.Value)
		}
		if s.Source.State != want.state {
			t.Errorf("%s: source %+v", id, s.Source)
		}
		g := s.Gap(catalog.Alerts)
		switch {
		case (g == nil) != (want.cause == ""):
			t.Errorf("%s: gap %v", id, g)
		case g == nil:
		case g.Cause != want.cause || g.At != s.Repository.At || strings.Contains(g.Detail, "hunter2") || g.Concerns(catalog.Services):
			t.Errorf("%s: gap %v", id, g)
		}
	}
	if len(e.Gaps) != 6 || !slices.IsSortedFunc(e.Gaps, func(a, b catalog.Gap) int { return a.At.Compare(b.At) }) {
		t.Errorf("gaps %v", e.Gaps)
	}
}

// TestGapsInRepositories are those of the services that name the repository.
func TestGapsInRepositories(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "mono", "-- a/alerts.yaml --\ngroups: [{alert:\n-- .github/workflows/x.yaml --\non: [\n-- b/x --\n")
	e := withRepositories(t, root, `
-- all.toml --
-- services.toml --
[[service]]
name = "a"
repository = "ROOT/mono//a"
[[service]]
name = "b"
repository = "ROOT/mono//b"
[[service]]
name = "c"
`, nil)
	if got := withGap(e, catalog.Alerts); got != "a" {
		t.Errorf("gap of alerts: %q", got)
	}
	if got := withGap(e, catalog.Workflows); got != "a b" {
		t.Errorf("gap of workflows: %q", got)
	}
}

// TestAgesInShallowRepositories are at least those of the commit at which the history ends.
func TestAgesInShallowRepositories(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "x", "-- runbooks/old.md --\n# Old\n", "-- other --\n", "-- runbooks/young.md --\n# Young\n")
	full, err := tree.Open(filepath.Join(root, "x"), tree.Options{Ref: "HEAD^"})
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	if err := os.WriteFile(filepath.Join(root, "x", "shallow"), []byte(full.Revision().Commit+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := withRepositories(t, root, "-- service.toml --\nname = \"x\"\nrepository = \"ROOT/x\"\n", nil)
	got := ""
	for _, p := range e.Pages {
		got += fmt.Sprintf("%s %s %t\n", p.Path, p.Changed.Format(time.DateOnly), p.AtLeastAsOld)
	}
	if want := "local/x/runbooks/old.md 2026-01-02 true\nlocal/x/runbooks/young.md 2026-01-03 false\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestWorkersOfRepositories checks that the estate does not depend on the number of workers.
func TestWorkersOfRepositories(t *testing.T) {
	root := t.TempDir()
	var text strings.Builder
	for i := range 6 {
		name := fmt.Sprintf("r%d", i)
		bareRepository(t, root, name, ownRepository+fmt.Sprintf(sloth, name))
		for _, s := range []string{"a", "b"} {
			fmt.Fprintf(&text, "-- s/%s%s/service.toml --\nname = \"%s%s\"\nrepository = \"ROOT/%s\"\n", name, s, name, s, name)
		}
	}
	one := withRepositories(t, root, text.String(), nil)
	many := withRepositories(t, root, text.String(), func(o *Options) { o.Workers = 8 })
	if !reflect.DeepEqual(one, many) {
		t.Error("one worker and eight read different estates")
	}
	for _, s := range one.Services {
		if len(s.Alerts) != 1 || len(s.SLOs) != 1 || s.SLOs[0].Item.Indicator.Kind == "" {
			t.Errorf("%s: alerts %d, SLOs %d", s.ID, len(s.Alerts), len(s.SLOs))
		}
	}
}

// TestCancelledWhileFetching ends the run, and closes what was opened.
func TestCancelledWhileFetching(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	o := DefaultOptions()
	o.Repositories = func(_ context.Context, all []remote.Repository) []remote.Result {
		cancel()
		return make([]remote.Result, len(all))
	}
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte("-- service.toml --\nname = \"x\"\nrepository = \"https://git.example/x\"\n")).Files {
		files[f.Name] = string(f.Data)
	}
	if _, err := Load(ctx, tree.FromFiles(files, changed), o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestDashboardsOfRepositories has the files of a repository name dashboards of it and of the catalog, by path and title,
// and not those that another one happens to call the same.
func TestDashboardsOfRepositories(t *testing.T) {
	root := t.TempDir()
	alert := func(name, dashboard string) string {
		return fmt.Sprintf("{alert: %s, expr: 'up == 0', annotations: {dashboard: %q}}, ", name, dashboard)
	}
	board := func(uid, title string) string {
		return fmt.Sprintf(`{"uid": %q, "title": %q, "schemaVersion": 39, "panels": []}`+"\n", uid, title)
	}
	bareRepository(t, root, "cart", "-- alerts/a.yaml --\ngroups: [{name: g, rules: ["+alert("Path", "dashboards/d.json")+alert("Beside", "../dashboards/d.json")+
		alert("Title", "Overview")+alert("Shared", "Estate")+alert("Foreign", "Of pay")+alert("UID", "pay-uid")+alert("Grafana", "https://grafana.example/d/same/x")+"]}]\n-- dashboards/d.json --\n"+board("same", "Overview"))
	bareRepository(t, root, "pay", "-- d.json --\n"+board("pay-uid", "Of pay")+"-- e.json --\n"+board("same", "Overview"))
	e := withRepositories(t, root, `
-- cart/service.toml --
name = "cart"
repository = "ROOT/cart"
-- pay/service.toml --
name = "pay"
repository = "ROOT/pay"
[evidence]
dashboards = ["Of pay"]
-- journeys.toml --
[[journey]]
name = "buy"
services = ["pay"]
dashboard = "Of pay"
-- all.json --
`+board("all", "Estate")+`-- same.json --
`+board("same", "Overview"), nil)
	want := map[string]string{"Path": "local/cart/dashboards/d.json", "Beside": "local/cart/dashboards/d.json", "Title": "local/cart/dashboards/d.json",
		"Shared": "all.json", "Foreign": "", "UID": "local/pay/d.json", "Grafana": "local/cart/dashboards/d.json"}
	for _, a := range service(t, e, "cart").Alerts {
		got := ""
		if d := a.Item.Dashboard.Dashboard; d != nil {
			got = d.At.File
		}
		if got != want[a.Item.Name.Value] {
			t.Errorf("%s leads to %q, want %q", a.Item.Name.Value, got, want[a.Item.Name.Value])
		}
		delete(want, a.Item.Name.Value)
	}
	if len(want) > 0 {
		t.Errorf("there is no alert for %v", want)
	}
	if j := e.Journeys[0]; j.Dashboard == nil || j.Dashboard.At.File != "local/pay/d.json" {
		t.Errorf("a journey's dashboard is in the repository of one of its services: %+v", j.Dashboard)
	}
}

// TestNamesInRepositories has what cannot be read of another repository hide evidence there, and nothing of the entry.
func TestNamesInRepositories(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "cart", "-- a\\b.yaml --\n-- x --\n")
	e := withRepositories(t, root, "-- cart/service.toml --\nname = \"cart\"\nrepository = \"ROOT/cart\"\n", nil)
	s := service(t, e, "cart")
	if len(s.Gaps) != 1 || s.Gap(catalog.Alerts) == nil {
		t.Fatalf("gaps %+v", s.Gaps)
	}
	for _, k := range []catalog.Kind{catalog.Services, catalog.Teams, catalog.Owners, catalog.Attestations} {
		if s.Gap(k) != nil {
			t.Errorf("%s are said in the catalog alone", k)
		}
	}
}

// TestAddressesOfBranches leads to the branch that an address names, whose name may hold a slash.
func TestAddressesOfBranches(t *testing.T) {
	mount := func(folder, ref string) catalog.Mount {
		return catalog.Mount{Folder: folder, Revision: catalog.Revision{Ref: ref, Web: "https://gitlab.acme.example/pay/cart"}}
	}
	l := &loader{}
	l.estate.Revision = catalog.Revision{Ref: "HEAD", Web: "https://gitlab.acme.example/catalog", Mounts: []catalog.Mount{mount("cart", "main"), mount("cart@release-1.2", "release/1.2")}}
	for address, want := range map[string]string{
		"https://gitlab.acme.example/catalog/-/blob/main/docs/x.md":         "docs/x.md",
		"https://gitlab.acme.example/pay/cart/-/blob/main/docs/x.md":        "cart/docs/x.md",
		"https://gitlab.acme.example/pay/cart/-/blob/release/1.2/docs/x.md": "cart@release-1.2/docs/x.md",
		"https://gitlab.acme.example/pay/cart/-/blob/develop/docs/x.md":     "cart/docs/x.md",
		"https://gitlab.acme.example/pay/cart2/-/blob/main/docs/x.md":       "",
		"https://gitlab.acme.example/pay/cart/-/issues/1":                   "",
		"https://other.acme.example/pay/cart/-/blob/main/docs/x.md":         "",
		"https://raw.githubusercontent.com/pay/cart/main/docs/x.md":         "cart/docs/x.md",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := l.ownAddress(u); got != want || ok != (want != "") {
			t.Errorf("%s leads to %q, want %q", address, got, want)
		}
	}
}

// TestPartOfRepository does not know of dashboards that stand where nothing is read.
func TestPartOfRepository(t *testing.T) {
	root := t.TempDir()
	bareRepository(t, root, "mono", `
-- cart/alerts.yaml --
groups: [{name: g, rules: [{alert: Path, expr: 'up == 0', annotations: {dashboard: /dashboards/d.json}}, {alert: Title, expr: 'up == 0', annotations: {dashboard: The Overview}}]}]
-- dashboards/d.json --
{"uid": "u", "title": "The Overview", "schemaVersion": 39, "panels": []}
`)
	for address, want := range map[string]catalog.LinkState{"ROOT/mono//cart": catalog.Elsewhere, "ROOT/mono": catalog.LinkOK} {
		e := withRepositories(t, root, "-- cart/service.toml --\nname = \"cart\"\nrepository = \""+address+"\"\n", nil)
		for _, a := range service(t, e, "cart").Alerts {
			if got := a.Item.Dashboard; got.State != want {
				t.Errorf("%s, %s: %+v, want %v", address, a.Item.Name.Value, got, want)
			}
		}
	}
}

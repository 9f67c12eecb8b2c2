package load

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog/story"
	"obsready/catalog/tree"
)

// past is a history told in commits: the day of each in January 2026, what it moves or removes, and its files.
func past(t *testing.T, commits ...string) *tree.Tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for i, c := range commits {
		head, files := c, ""
		if at := strings.Index(c, "-- "); at >= 0 {
			head, files = c[:at], c[at:]
		}
		day := time.Date(2026, 1, i+1, 0, 0, 0, 0, time.UTC)
		text := fmt.Sprintf("date: %s\nauthor: A <a@example.org>\n%s\nchange\n%s", day.Format(time.RFC3339), strings.TrimLeft(head, "\n"), files)
		fsys[fmt.Sprintf("%04d.txtar", i)] = &fstest.MapFile{Data: []byte(text)}
	}
	st, head, err := story.Build(fsys, ".")
	if err != nil {
		t.Fatal(err)
	}
	tr, err := tree.FromStorage(st, head)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// changesIn gives the changes of all services as "service, day of 2026: what", a beginning marked with a star.
func changesIn(t *testing.T, tr *tree.Tree, change func(*Options)) []string {
	t.Helper()
	o := DefaultOptions()
	if change != nil {
		change(&o)
	}
	if commits, _, err := tr.Log(time.Time{}); err != nil || len(commits) < 12 {
		checkHistory(t, o, tr)
	}
	e := mustLoad(t, tr, o)
	var all []string
	for _, s := range e.Services {
		for _, c := range s.Changes {
			mark := ""
			if c.Begin {
				mark = "*"
			}
			all = append(all, fmt.Sprintf("%s, %d: %s%s", s.ID, c.When.YearDay(), c.What, mark))
		}
	}
	return all
}

func component(name, rest string) string {
	return fmt.Sprintf("---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: %s\nspec:\n  type: service\n%s", name, rest)
}

func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		commits []string
		want    []string
	}{
		"every trigger": {
			commits: []string{
				"-- a/service.toml --\nname = \"a\"\nexposure = \"internal\"\n",
				"-- a/service.toml --\nname = \"a\"\nexposure = \"internet\"\ndepends_on = [\"ledger\", \"cart\"]\n",
				"-- a/service.toml --\nname = \"a\"\nexposure = \"internet\"\ndepends_on = [\"cart\", \"ledger\"]\ndata = [\"payment\"]\nhandles = [\"authentication\", \"ai\"]\nthird_parties = [\"stripe\"]\n",
			},
			want: []string{
				`a, 3: data class "payment" was added`,
				"a, 3: it began to handle authentication",
				"a, 3: it began to handle AI",
				`a, 3: third party "stripe" was added`,
				`a, 2: dependency "ledger" was added`,
				`a, 2: dependency "cart" was added`,
				`a, 2: exposure became "internet" (was "internal")`,
				"a, 1: the service was added*",
			},
		},
		"what is taken away is no trigger": {
			commits: []string{
				"-- a/service.toml --\nname = \"a\"\nexposure = \"internet\"\ndepends_on = [\"ledger\"]\ndata = [\"payment\", \"pii\"]\nhandles = [\"ai\"]\n",
				"-- a/service.toml --\nname = \"a\"\nexposure = \"internal\"\ndata = [\"pii\"]\n",
				"-- a/service.toml --\nname = \"a\"\nexposure = \"partner\"\ndata = [\"pii\"]\n",
			},
			want: []string{`a, 3: exposure became "partner" (was "internal")`, "a, 1: the service was added*"},
		},
		"an exposure that is stated later": {
			commits: []string{
				"-- a/service.toml --\nname = \"a\"\n-- b/service.toml --\nname = \"b\"\n",
				"-- a/service.toml --\nname = \"a\"\nexposure = \"internet\"\n-- b/service.toml --\nname = \"b\"\nexposure = \"internal\"\n",
			},
			want: []string{`a, 2: exposure was stated: "internet"`, "a, 1: the service was added*", "b, 1: the service was added*"},
		},
		"another way to write the same": {
			commits: []string{
				"-- c/catalog-info.yaml --\n" + component("a", "  dependsOn: [ledger, 'resource:db']\n  consumesApis: [orders]\n"),
				"-- c/catalog-info.yaml --\n" + component("a", "  dependsOn: ['component:default/Ledger', 'Resource:db', 'api:orders']\n"),
			},
			want: []string{"a, 1: the service was added*"},
		},
		"a list": {
			commits: []string{
				"-- services.toml --\n[[service]]\nname = \"a\"\n[[service]]\nname = \"b\"\n",
				"-- services.toml --\n[[service]]\nname = \"c\"\n[[service]]\nname = \"b\"\ndepends_on = [\"a\"]\n[[service]]\nname = \"a\"\n",
			},
			want: []string{"a, 1: the service was added*", `b, 2: dependency "a" was added`, "b, 1: the service was added*", "c, 2: the service was added*"},
		},
		"a list of documents": {
			commits: []string{
				"-- all.yaml --\n" + component("a", "") + component("b", ""),
				"-- all.yaml --\n" + component("b", "  dependsOn: [a]\n") + component("a", "") + component("c", "  dependsOn: [a]\n"),
				"-- all.yaml --\n" + component("b", "  dependsOn: [a]\n") + component("a", "  dependsOn: [b]\n") + component("c", "  dependsOn: [a]\n"),
			},
			want: []string{
				`a, 3: dependency "b" was added`, "a, 1: the service was added*",
				`b, 2: dependency "a" was added`, "b, 1: the service was added*",
				"c, 2: the service was added*",
			},
		},
		"a version that does not parse is passed over, and dates what changed across it": {
			commits: []string{
				"-- a/service.toml --\nname = \"a\"\n-- all.yaml --\n" + component("b", "") + component("c", ""),
				"-- a/service.toml --\nname = \"a\"\ndepends_on = [\n-- all.yaml --\n" + component("b", "  dependsOn: [\n") + component("c", "  dependsOn: [a]\n"),
				"-- a/service.toml --\nstill broken\n-- more --\nx\n",
				"-- a/service.toml --\nname = \"a\"\ndepends_on = [\"b\"]\n-- all.yaml --\n" + component("b", "  dependsOn: [a]\n") + component("c", "  dependsOn: [a]\n"),
			},
			want: []string{
				`a, 2: dependency "b" was added`, "a, 1: the service was added*",
				`b, 2: dependency "a" was added`, "b, 1: the service was added*",
				`c, 2: dependency "a" was added`, "c, 1: the service was added*",
			},
		},
		"a file that never parsed before": {
			commits: []string{"-- keep --\nx\n", "-- a/service.toml --\nname = \n", "-- a/service.toml --\nname = \"a\"\n"},
			want:    []string{"a, 2: the service was added*"},
		},
		"a moved file": {
			commits: []string{
				"-- flat/a/service.toml --\nname = \"a\"\n",
				"-- flat/a/service.toml --\nname = \"a\"\ndepends_on = [\"b\"]\n",
				"move: flat/a/service.toml -> teams/x/a/service.toml\n",
				"-- teams/x/a/service.toml --\nname = \"a\"\ndepends_on = [\"b\"]\ndata = [\"pii\"]\n",
			},
			want: []string{`a, 4: data class "pii" was added`, `a, 2: dependency "b" was added`, "a, 1: the service was added*"},
		},
		"entries that are moved between files do not begin": {
			commits: []string{
				"-- services.toml --\n[[service]]\nname = \"a\"\n[[service]]\nname = \"b\"\n-- old/catalog-info.yaml --\n" + component("Shop", ""),
				"remove: old\n-- services.toml --\n[[service]]\nname = \"b\"\n-- a/service.toml --\nname = \"a\"\ntier = 1\n-- new/x.yaml --\n" + component("shop", "") + component("fresh", ""),
			},
			want: []string{"b, 1: the service was added*", "fresh, 2: the service was added*"},
		},
		"a new name in a file of its own": {
			commits: []string{
				"-- a/service.toml --\nname = \"old\"\n",
				"-- a/service.toml --\nname = \"new\"\ndepends_on = [\"b\"]\n",
			},
			want: []string{`new, 2: dependency "b" was added`, "new, 1: the service was added*"},
		},
		"a key that is repaired says nothing new": {
			commits: []string{
				"-- a/service.toml --\nname = \"a\"\ndependson = [\"b\"]\nexposure = \"intrenet\"\n",
				"-- a/service.toml --\nname = \"a\"\ndepends_on = [\"b\"]\nexposure = \"internet\"\n",
				"-- a/service.toml --\nname = \"a\"\ndepends_on = [\"b\", \"c\"]\nexposure = \"internet\"\nodd = 1\n",
				"-- a/service.toml --\nname = \"a\"\ndepends_on = [\"b\", \"c\", \"d\"]\nexposure = \"internet\"\nodd = 1\n",
			},
			want: []string{`a, 4: dependency "d" was added`, `a, 3: dependency "c" was added`, "a, 1: the service was added*"},
		},
		"a file of another format may have held the entry": {
			commits: []string{"-- a/a.yaml --\nservices:\n- name: a\n", "-- a/a.yaml --\n" + component("a", "")},
			want:    nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, changesIn(t, past(t, c.commits...), nil)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A history that is cut does not show how a service began.
func TestChangesSince(t *testing.T) {
	commits := []string{
		"-- a/service.toml --\nname = \"a\"\n",
		"-- a/service.toml --\nname = \"a\"\ndepends_on = [\"b\"]\n",
	}
	for i := range 50 {
		commits = append(commits, fmt.Sprintf("-- busy --\n%d\n", i))
	}
	commits = append(commits, "-- a/service.toml --\nname = \"a\"\ndepends_on = [\"b\", \"c\"]\n")
	got := changesIn(t, past(t, commits...), func(o *Options) { o.HistorySince = time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC) })
	if want := []string{`a, 53: dependency "c" was added`}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The changes do not depend on the number of workers, and a service has the latest of them when there are too many.
func TestChangesOfManyServices(t *testing.T) {
	var commits []string
	for i := range maxChanges + 5 {
		var b strings.Builder
		for s := range 30 {
			fmt.Fprintf(&b, "-- s%d/service.toml --\nname = \"s%d\"\ndepends_on = [", s, s)
			for d := range i {
				fmt.Fprintf(&b, "\"d%d\", ", d)
			}
			b.WriteString("]\n")
		}
		b.WriteString("-- all.yaml --\n")
		for s := range i + 1 {
			b.WriteString(component(fmt.Sprint("b", s), fmt.Sprintf("  dependsOn: [v%d]\n", i/3)))
		}
		commits = append(commits, b.String())
	}
	tr := past(t, commits...)
	want := changesIn(t, tr, nil)
	for _, workers := range []int{2, 7} {
		if diff := cmp.Diff(want, changesIn(t, tr, func(o *Options) { o.Workers = workers })); diff != "" {
			t.Errorf("%d workers:\n%s", workers, diff)
		}
	}
	var of []string
	for _, w := range want {
		if strings.HasPrefix(w, "s7,") {
			of = append(of, w)
		}
	}
	if len(of) != maxChanges || of[0] != fmt.Sprintf("s7, %d: dependency %q was added", maxChanges+5, fmt.Sprint("d", maxChanges+3)) {
		t.Errorf("got %d changes, the first of which is %q", len(of), of[0])
	}
}

// What has no history has no changes.
func TestChangesWithoutHistory(t *testing.T) {
	tr := tree.FromFiles(map[string]string{"a/service.toml": "name = \"a\"\n"}, changed)
	if got := changesIn(t, tr, nil); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

func TestParts(t *testing.T) {
	for text, want := range map[string]int{
		"a: 1\n":                         1,
		"a: 1\n---\nb: 1\n":              2,
		"---\na: 1\n--- \nb: 1\n---":     3,
		"---\r\na: 1\r\n---\r\nb: 1\r\n": 2,
		"a: |\n  x\n  ---\n  y\n":        1,
		"a: 1\n----\nb\n---x\n":          1,
		"":                               1,
	} {
		got := parts("x.yaml", text)
		if len(got) != want || strings.Join(got, "") != text {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

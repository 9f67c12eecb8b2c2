package history

import (
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
)

// TestCarriedAfterChanges holds what is carried over from one state of a catalog to the next to what asking all checks anew
// gives, for each service and check, along a random walk of changes. The files are those of the checks' own tests.
// OBSREADY_STEPS makes the walks longer.
func TestCarriedAfterChanges(t *testing.T) {
	steps := 3
	if n, err := strconv.Atoi(os.Getenv("OBSREADY_STEPS")); err == nil {
		steps = n
	}
	names, err := filepath.Glob("../../testdata/checks/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no archives", err)
	}
	pool := &pool{}
	for _, name := range names {
		pool.add(t, name)
	}
	var compared, taken int
	for i, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			w := &walk{random: rand.New(rand.NewPCG(uint64(i), uint64(steps))), pool: pool, files: pool.archives[i].files, policy: pool.archives[i].policy}
			w.run(t, steps)
			compared, taken = compared+w.compared, taken+w.taken
		})
	}
	t.Logf("compared %d verdicts, of which %d could be carried over", compared, taken)
	if taken*4 < compared/10 {
		t.Errorf("only %d of %d verdicts could be carried over: the walk changes too much to prove anything", taken, compared)
	}
}

// pool is what changes are made of.
type pool struct {
	archives []archive
	words    []string
}

type archive struct {
	files  map[string]string
	policy *scorecard.Policy
}

var word = regexp.MustCompile(`[A-Za-z0-9_:./-]{2,40}`)

func (p *pool) add(t *testing.T, name string) {
	t.Helper()
	parsed, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	a := archive{files: map[string]string{}, policy: scorecard.DefaultPolicy()}
	for _, f := range parsed.Files {
		switch f.Name {
		case "want", "live.json":
		case "obsready.toml":
			if a.policy, err = scorecard.ParsePolicy(f.Name, f.Data, checks.All()); err != nil {
				t.Fatal(err)
			}
		default:
			a.files[f.Name] = string(f.Data)
			p.words = append(p.words, word.FindAllString(string(f.Data), 200)...)
		}
	}
	p.archives = append(p.archives, a)
}

// walk is a catalog that changes at random.
type walk struct {
	random          *rand.Rand
	pool            *pool
	files           map[string]string
	policy          *scorecard.Policy
	changed         time.Time
	compared, taken int
}

func (w *walk) run(t *testing.T, steps int) {
	seed := maphash.MakeSeed()
	now := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	w.changed = now.AddDate(0, -1, 0)
	files := maps.Clone(w.files)
	other := w.view(t, files, now).judge(seed, nil, 1)
	for range steps {
		changed := maps.Clone(files)
		var done []string
		for range 1 + w.random.IntN(3) {
			done = append(done, w.change(changed))
		}
		if w.random.IntN(4) == 0 {
			now = now.AddDate(0, 0, w.random.IntN(60)-30)
		}
		if w.random.IntN(8) == 0 {
			w.changed = now.AddDate(0, 0, -w.random.IntN(400))
		}
		anew := w.view(t, changed, now).judge(seed, nil, 1)
		next := w.view(t, changed, now).judge(seed, other, 1)
		w.compare(t, anew, next, other)
		if t.Failed() {
			t.Fatalf("after %s", strings.Join(done, "; "))
		}
		// Now and then the walk goes back, as the weeks do.
		if other = next; w.random.IntN(3) > 0 {
			files = changed
		} else {
			other = w.view(t, files, now).judge(seed, next, 1)
		}
		if len(files) > 60 || len(anew.services) == 0 {
			files = maps.Clone(w.files)
		}
	}
}

func (w *walk) view(t *testing.T, files map[string]string, now time.Time) *view {
	t.Helper()
	o := w.policy.Load
	o.HistorySince = now.AddDate(-1, 0, 0)
	estate, err := load.Load(t.Context(), tree.FromFiles(files, w.changed), o)
	if err != nil {
		t.Fatal(err)
	}
	p := &past{present: &scorecard.Report{Checks: w.policy.CheckSet(checks.All())}, policy: w.policy}
	v, err := p.view(estate, checks.All(), now)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (w *walk) compare(t *testing.T, anew, next, other *state) {
	set := w.policy.CheckSet(checks.All())
	same := carries(set, next.around, other.around)
	for i, s := range anew.services {
		got := next.services[i]
		alike := other.of(s.id) != nil && other.of(s.id).digest == got.digest
		for c := range s.outcomes {
			w.compared++
			if alike && same[c] {
				w.taken++
			}
			if s.outcomes[c] != got.outcomes[c] {
				t.Errorf("%s of %s: %+v was carried over, and it is %+v", set[c].ID, s.id, got.outcomes[c], s.outcomes[c])
			}
		}
		if s.rating != got.rating {
			t.Errorf("%s is rated %+v, and with what was carried over %+v", s.id, s.rating, got.rating)
		}
	}
}

// change changes one file, and says how.
func (w *walk) change(files map[string]string) string {
	names := slices.Sorted(maps.Keys(files))
	if len(names) == 0 {
		return w.borrow(files)
	}
	name := names[w.random.IntN(len(names))]
	switch w.random.IntN(10) {
	case 0:
		delete(files, name)
		return "remove " + name
	case 1:
		to := path.Join(path.Dir(names[w.random.IntN(len(names))]), path.Base(name))
		if w.random.IntN(2) == 0 {
			to = path.Join(path.Dir(name), "moved-"+path.Base(name))
		}
		text := files[name]
		delete(files, name)
		files[to] = text
		return "move " + name + " to " + to
	case 2, 3:
		return w.borrow(files)
	default:
		text, how := w.edit(files[name])
		files[name] = text
		return how + " of " + name
	}
}

// borrow takes over a file of another archive.
func (w *walk) borrow(files map[string]string) string {
	from := w.pool.archives[w.random.IntN(len(w.pool.archives))].files
	names := slices.Sorted(maps.Keys(from))
	name := names[w.random.IntN(len(names))]
	files[name] = from[name]
	return "add " + name
}

func (w *walk) edit(text string) (changed, how string) {
	lines := strings.SplitAfter(text, "\n")
	i, j := w.random.IntN(len(lines)), w.random.IntN(len(lines))
	switch w.random.IntN(8) {
	case 0:
		lines = slices.Delete(lines, i, i+1)
		how = fmt.Sprintf("remove line %d", i+1)
	case 1:
		lines = slices.Insert(lines, i, lines[j])
		how = fmt.Sprintf("repeat line %d at %d", j+1, i+1)
	case 2:
		lines = slices.Insert(lines, 0, "\n")
		how = "add a first line"
	case 3:
		lines[i], lines[j] = lines[j], lines[i]
		how = fmt.Sprintf("swap lines %d and %d", i+1, j+1)
	default:
		all := word.FindAllStringIndex(text, -1)
		if len(all) == 0 {
			return text, "nothing"
		}
		at, with := all[w.random.IntN(len(all))], w.pool.words[w.random.IntN(len(w.pool.words))]
		if w.random.IntN(2) == 0 { // a word of the same file makes sense more often
			other := all[w.random.IntN(len(all))]
			with = text[other[0]:other[1]]
		}
		return text[:at[0]] + with + text[at[1]:], fmt.Sprintf("replace %q by %q", text[at[0]:at[1]], with)
	}
	return strings.Join(lines, ""), how
}

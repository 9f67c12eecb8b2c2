package history_test

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/catalog/story"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
	"obsready/scorecard/history"
)

// shop is the demo estate with its history.
type shop struct {
	tree   *tree.Tree
	policy *scorecard.Policy
	now    time.Time

	reports map[string]*scorecard.Report // by commit and moment
}

func openShop(t *testing.T) shop {
	t.Helper()
	storage, head, err := story.Build(os.DirFS("../../testdata"), "demo")
	if err != nil {
		t.Fatal(err)
	}
	s := shop{reports: map[string]*scorecard.Report{}}
	if s.tree, err = tree.FromStorage(storage, head); err != nil {
		t.Fatal(err)
	}
	s.now = s.tree.Revision().Time.Add(12 * time.Hour)
	r, err := s.tree.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	i := slices.IndexFunc(s.tree.Files(), func(f tree.File) bool { return f.Path == "obsready.toml" })
	data, gap := r.Read(s.tree.Files()[i], 1<<20)
	if gap != nil {
		t.Fatal(gap)
	}
	if s.policy, err = scorecard.ParsePolicy("obsready.toml", data, checks.All()); err != nil {
		t.Fatal(err)
	}
	return s
}

// load reads the estate at a state, as a run would.
func (s shop) load(ctx context.Context, at *tree.Tree, now time.Time) (*catalog.Estate, []*checks.Check, error) {
	o := s.policy.Load
	o.HistorySince = now.AddDate(-1, 0, 0)
	estate, err := load.Load(ctx, at, o)
	return estate, checks.All(), err
}

// report judges a commit at a moment, without any of what this package does.
func (s shop) report(t *testing.T, commit string, now time.Time) *scorecard.Report {
	t.Helper()
	key := commit + now.String()
	if r := s.reports[key]; r != nil {
		return r
	}
	at, err := s.tree.At(commit)
	if err != nil {
		t.Fatal(err)
	}
	estate, set, err := s.load(t.Context(), at, now)
	if err != nil {
		t.Fatal(err)
	}
	s.reports[key] = scorecard.Evaluate(estate, set, s.policy, now, 1)
	return s.reports[key]
}

func (s shop) history(t *testing.T, o history.Options) *scorecard.History {
	t.Helper()
	o.Load, o.Calendar = s.load, s.policy.Calendar
	h, err := history.Compute(t.Context(), s.tree, s.report(t, s.tree.Revision().Commit, s.now), o)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestDemo holds the history of the demo to reports about the same commits, and every commit that is named to what was
// before it and after it.
func TestDemo(t *testing.T) {
	s := openShop(t)
	h := s.history(t, history.Options{Weeks: 28, Workers: 2, Searches: 100})
	if len(h.Weeks) != 29 || !h.Weeks[28].End.Equal(s.now) {
		t.Fatalf("got %d weeks, the last ends at %v", len(h.Weeks), h.Weeks[len(h.Weeks)-1].End)
	}
	for i, w := range h.Weeks {
		if w.Commit.Hash == "" {
			if w.Gap == "" || h.Estate[i] != (scorecard.Standing{}) {
				t.Errorf("week %d has no commit, gap %q and %+v", i, w.Gap, h.Estate[i])
			}
			continue
		}
		r := s.report(t, w.Commit.Hash, w.End)
		if got, want := h.Estate[i], standing(r.Summary); got != want {
			t.Errorf("week %d: the estate stands at %+v, its report says %+v", i, got, want)
		}
		for _, c := range r.Cards {
			got := h.Services[c.Service.ID][i]
			if level, rated := got.Level(); got.Score != c.Score || rated != c.Rated || level != c.Level {
				t.Errorf("week %d: %s stands at %+v, its card says %v of %+v", i, c.Service.ID, got, c.Level, c.Score)
			}
		}
		for _, team := range r.Teams {
			id := ""
			if team.Team != nil {
				id = team.Team.ID
			}
			if len(team.Cards) > 0 && h.Teams[id][i] != standing(team.Summary) {
				t.Errorf("week %d: team %q stands at %+v, its card says %+v", i, id, h.Teams[id][i], team.Summary)
			}
		}
	}
	s.verifyMoves(t, h)
	s.verifyShifts(t, h)
}

func standing(s scorecard.Summary) scorecard.Standing {
	return scorecard.Standing{Services: s.Services, Ready: s.Ready, Levels: s.Levels, NotRated: s.NotRated, Score: s.Score}
}

// parent gives the commit before one.
func (s shop) parent(t *testing.T, commit string) string {
	t.Helper()
	commits, _, err := s.tree.Log(time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(commits, func(c tree.Commit) bool { return c.Hash == commit })
	if i < 0 || i == len(commits)-1 {
		t.Fatalf("commit %q has no parent", commit)
	}
	return commits[i+1].Hash
}

func (s shop) verifyMoves(t *testing.T, h *scorecard.History) {
	level := func(r *scorecard.Report, id string) string {
		for _, c := range r.Cards {
			if c.Service.ID == id {
				return c.Level.String()
			}
		}
		return "not there"
	}
	for _, m := range h.Moves {
		if m.By == scorecard.ByCommit && m.Commit.Hash == "" && m.Service == "login" && m.To == checks.Silver {
			continue // 028 brings it to bronze and 031 to silver, in one week
		}
		if m.By == scorecard.ByUnknown || m.By == scorecard.ByCommit && m.Commit.Hash == "" {
			t.Errorf("it is not known what moved %s in week %d", m.Service, m.Week)
			continue
		}
		end := h.Weeks[m.Week].End
		was, is := h.Weeks[m.Week-1].Commit.Hash, h.Weeks[m.Week-1].Commit.Hash // by time
		if m.By == scorecard.ByCommit {
			was, is = s.parent(t, m.Commit.Hash), m.Commit.Hash
		}
		before, after := level(s.report(t, was, end), m.Service), level(s.report(t, is, end), m.Service)
		from, to := m.From.String(), m.To.String()
		if m.Came {
			from = "not there"
		}
		if m.Went {
			to = "not there"
		}
		if m.By == scorecard.ByCommit && before != from || after != to {
			t.Errorf("%s moves from %s to %s in week %d by %q, which leads from %s to %s", m.Service, from, to, m.Week, m.Commit.Subject, before, after)
		}
	}
	if len(h.Moves) < 15 {
		t.Errorf("only %d moves", len(h.Moves))
	}
}

func (s shop) verifyShifts(t *testing.T, h *scorecard.History) {
	verdict := func(r *scorecard.Report, id, check string) checks.Verdict {
		for _, c := range r.Cards {
			for _, result := range c.Results {
				if c.Service.ID == id && result.Check.ID == check {
					return result.Verdict
				}
			}
		}
		return ""
	}
	got := map[string]bool{}
	for _, m := range h.Shifts {
		if m.By != scorecard.ByCommit {
			t.Errorf("%s of %s changed by %q", m.Check.ID, m.Service, m.By)
			continue
		}
		before := verdict(s.report(t, s.parent(t, m.Commit.Hash), s.now), m.Service, m.Check.ID)
		after := verdict(s.report(t, m.Commit.Hash, s.now), m.Service, m.Check.ID)
		if before != m.From || after != m.To {
			t.Errorf("%s of %s goes from %s to %s by %q, which leads from %s to %s", m.Check.ID, m.Service, m.From, m.To, m.Commit.Subject, before, after)
		}
		got[fmt.Sprintf("%s %s: %s, then %s by %q in %v", m.Service, m.Check.ID, m.From, m.To, m.Commit.Subject, m.Files)] = true
		if m.Text == "" || m.At.File == "" || m.Current == nil {
			t.Errorf("a shift tells nothing: %+v", m)
		}
	}
	// Archive 033 of the demo counts the toil of two teams, and says of one what share of its time that is.
	for _, want := range []string{
		`login toil-tracked: fail, then pass by "Count what Identity and Payments do by hand" in [teams/identity/toil.toml]`,
		`login toil-budget: not applicable, then pass by "Count what Identity and Payments do by hand" in [teams/identity/toil.toml]`,
		`checkout toil-tracked: fail, then pass by "Count what Identity and Payments do by hand" in [docs/toil/payments.md]`,
		`checkout toil-budget: not applicable, then fail by "Count what Identity and Payments do by hand" in [docs/toil/payments.md]`,
	} {
		if !got[want] {
			t.Errorf("missing: %s", want)
		}
	}
}

func TestWorkersDoNotShow(t *testing.T) {
	s := openShop(t)
	one, four := s.history(t, history.Options{Weeks: 8, Workers: 1}), s.history(t, history.Options{Weeks: 8, Workers: 4})
	plain := func(h *scorecard.History) string {
		var b strings.Builder
		for _, m := range h.Shifts {
			m.Current, m.Check = nil, nil
			fmt.Fprintf(&b, "%+v\n", m)
		}
		for _, m := range h.Moves {
			m.Current = nil
			fmt.Fprintf(&b, "%+v\n", m)
		}
		return b.String()
	}
	if !reflect.DeepEqual(one.Services, four.Services) || !reflect.DeepEqual(one.Teams, four.Teams) || !reflect.DeepEqual(one.Weeks, four.Weeks) || plain(one) != plain(four) {
		t.Error("the number of workers shows")
	}
}

// What a live Grafana shows is in no week, the present among them.
func TestLiveIsLeftOut(t *testing.T) {
	s := openShop(t)
	without := s.history(t, history.Options{Weeks: 2, Workers: 1})
	estate, set, err := s.load(t.Context(), s.tree, s.now)
	if err != nil {
		t.Fatal(err)
	}
	estate.Live = &catalog.Live{URL: "https://grafana.example", FetchedAt: s.now}
	r := scorecard.Evaluate(estate, set, s.policy, s.now, 1)
	with, err := history.Compute(t.Context(), s.tree, r, history.Options{Weeks: 2, Workers: 1, Load: s.load, Calendar: s.policy.Calendar})
	if err != nil {
		t.Fatal(err)
	}
	if standing(r.Summary) == without.Estate[2] {
		t.Error("the Grafana changes nothing, so that nothing is proven")
	}
	if !reflect.DeepEqual(with.Estate, without.Estate) || len(with.Shifts) != len(without.Shifts) {
		t.Errorf("got %+v with a Grafana and %+v without", with.Estate, without.Estate)
	}
}

// A history is cut off by a search that finds nothing in time: what is not known is said to be so.
func TestWithoutSearch(t *testing.T) {
	h := openShop(t)
	unknown := 0
	for _, m := range h.history(t, history.Options{Weeks: 28, Searches: -1}).Moves {
		if m.By == scorecard.ByUnknown {
			unknown++
			if m.Commit != (scorecard.Commit{}) {
				t.Errorf("%s moved by what is not known, and %q is named", m.Service, m.Commit.Subject)
			}
		}
	}
	if unknown == 0 {
		t.Error("without a search nothing should be known of weeks with several commits")
	}
}

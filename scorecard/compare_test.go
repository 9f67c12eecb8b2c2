package scorecard

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/checks"
)

// previousOf is what a reader of the report's JSON keeps of it.
func previousOf(r *Report) *Previous {
	p := &Previous{
		Now: r.Now, Commit: r.Estate.Revision.Commit, Files: FilesOf(r.Estate.Revision), RuleSet: r.RuleSet, Policy: r.Policy.Digest(), Live: r.Estate.Live != nil,
		Services: map[string]*PreviousService{},
	}
	for _, c := range r.Checks {
		p.Checks = append(p.Checks, c.ID)
	}
	for _, c := range r.Cards {
		s := &PreviousService{Team: teamOf(c.Service), Rated: c.Rated, Level: c.Level}
		for _, result := range c.Results {
			was := PreviousResult{Check: result.Check.ID, Verdict: result.Verdict, Earned: result.Earned, Announced: result.Announced}
			if q := firstOpen(result.Requirements); q != nil {
				was.Finding = &PreviousFinding{q.Message, q.At}
			}
			s.Results = append(s.Results, was)
		}
		p.Services[c.Service.ID] = s
	}
	return p
}

// told words a comparison, a line for each change.
func told(c *Comparison) []string {
	var lines []string
	for _, m := range c.Moves {
		lines = append(lines, fmt.Sprintf("%s: %s→%s came=%t went=%t, %s", m.Service, m.From, m.To, m.Came, m.Went, m.By))
	}
	for _, s := range c.Shifts {
		lines = append(lines, fmt.Sprintf("%s %s: %s→%s %+g, %s: %s", s.Service, s.Check.ID, s.From, s.To, s.Gain, s.By, s.Text))
	}
	return lines
}

func at(commit string, estate *catalog.Estate) *catalog.Estate {
	estate.Revision.Commit = commit
	return estate
}

func lively(c *checks.Check) *checks.Check {
	c.Live = true
	return c
}

func looking(estate *catalog.Estate) *catalog.Estate {
	estate.Live = &catalog.Live{FetchedAt: now}
	return estate
}

func TestCompare(t *testing.T) {
	mended := []*checks.Check{toy("x", checks.High, checks.Bronze, map[string]string{"a": "mm", "b": "m"}), toy("y", checks.Low, checks.Silver, map[string]string{"a": "m", "b": "u"})}
	broken := []*checks.Check{toy("x", checks.High, checks.Bronze, map[string]string{"a": "mu", "b": "m"}), toy("y", checks.Low, checks.Silver, map[string]string{"a": "m", "b": "u"})}
	late := now.AddDate(0, 0, 7)
	tests := map[string]struct {
		before, after *Report
		want          []string
	}{
		"nothing": {evaluate(estateOf("a"), mended...), evaluate(estateOf("a"), mended...), nil},
		"mended": {evaluate(at("1", estateOf("a", "b")), broken...), evaluate(at("2", estateOf("a", "b")), mended...),
			[]string{"a: none→silver came=false went=false, not known", "a x: fail→pass +2.5, not known: x 1 of a is wrong"}},
		"broken on a later day": {evaluate(at("1", estateOf("a", "b")), mended...), Evaluate(at("1", estateOf("a", "b")), broken, DefaultPolicy(), late, 1),
			[]string{"a: silver→none came=false went=false, time passed", "a x: pass→fail -2.5, time passed: x 1 of a is wrong"}},
		"came and went": {evaluate(at("1", estateOf("a")), mended...), evaluate(at("2", estateOf("b")), mended...),
			[]string{"a: silver→none came=false went=true, not known", "b: none→bronze came=true went=false, not known"}},
		"live": {evaluate(looking(at("1", estateOf("a"))), lively(toy("x", checks.High, checks.Bronze, map[string]string{"a": "m"}))),
			evaluate(looking(at("1", estateOf("a"))), lively(toy("x", checks.High, checks.Bronze, map[string]string{"a": "?"}))),
			[]string{"a: bronze→none came=false went=false, live Grafana", "a x: pass→unknown -5, live Grafana: x 0 cannot be read"}},
		"not told by time with a Grafana": {evaluate(looking(at("1", estateOf("a"))), broken...), evaluate(looking(at("1", estateOf("a"))), mended...),
			[]string{"a: none→silver came=false went=false, not known", "a x: fail→pass +2.5, not known: x 1 of a is wrong"}},
		"files that no commit holds": {evaluate(estateOf("a"), broken[:1]...), evaluate(estateOf("a"), mended[:1]...),
			[]string{"a: none→bronze came=false went=false, not known", "a x: fail→pass +2.5, not known: x 1 of a is wrong"}},
	}
	for name, test := range tests {
		c := test.after.Compare(previousOf(test.before))
		if got := told(c); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if c.Ruled || len(c.Checks.Added)+len(c.Checks.Removed) > 0 {
			t.Errorf("%s: got %+v", name, c)
		}
	}
}

// TestCompareUnderOtherRules holds that a change of the rules is told as nobody's doing.
func TestCompareUnderOtherRules(t *testing.T) {
	before := evaluate(at("1", estateOf("a")), toy("x", checks.High, checks.Bronze, map[string]string{"a": "m"}), toy("old", checks.Low, checks.Bronze, map[string]string{"a": "m"}))
	set := []*checks.Check{toy("x", checks.High, checks.Bronze, map[string]string{"a": "u"}), toy("new", checks.Low, checks.Bronze, map[string]string{"a": "u"})}
	after := evaluate(at("2", estateOf("a")), set...)
	rules, policy := previousOf(before), previousOf(before)
	rules.RuleSet, policy.Policy = "2020.1", "another"
	for _, p := range []*Previous{rules, policy} {
		c := after.Compare(p)
		if want := []string{"a: bronze→none came=false went=false, the rules", "a x: pass→fail -5, the rules: x 0 of a is wrong"}; !c.Ruled || !slices.Equal(told(c), want) {
			t.Errorf("got %t, %q, want %q", c.Ruled, told(c), want)
		}
		if !slices.Equal(c.Checks.Added, []string{"new"}) || !slices.Equal(c.Checks.Removed, []string{"old"}) {
			t.Errorf("got %+v", c.Checks)
		}
	}
	// What the history, judged by today's rules, saw a commit do, that commit did.
	commit := Commit{Hash: "c", Subject: "Break it"}
	after.History = &History{
		Shifts: []Shift{{Service: "a", Check: after.Checks[0], From: checks.Pass, To: checks.Fail, By: ByCommit, Commit: commit, Files: []string{"a.yaml"}}},
		Moves:  []Move{{Service: "a", From: checks.Bronze, To: checks.None, By: ByCommit, Commit: commit}},
	}
	c := after.Compare(rules)
	if s, m := c.Shifts[0], c.Moves[0]; s.By != ByCommit || s.Commit != commit || len(s.Files) != 1 || m.By != ByCommit || m.Commit != commit {
		t.Errorf("got %+v and %+v", s, m)
	}
	unstated := previousOf(before)
	unstated.Policy = ""
	if after.Compare(unstated).Ruled {
		t.Error("a report that does not tell its policy has another one")
	}
}

// TestCompareWithOneLookAtGrafana holds that a check which only one of the reports could ask changed nothing.
func TestCompareWithOneLookAtGrafana(t *testing.T) {
	check := func(outcome string) *checks.Check {
		return lively(toy("x", checks.High, checks.Bronze, map[string]string{"a": outcome}))
	}
	without, with := evaluate(estateOf("a"), check("u")), evaluate(looking(estateOf("a")), check("u"))
	c := with.Compare(previousOf(without))
	if len(c.Shifts) > 0 || c.Live || !slices.Equal(c.Checks.Added, []string{"x"}) || len(c.Checks.Removed) > 0 {
		t.Errorf("got %+v", c)
	}
	c = without.Compare(previousOf(with))
	if len(c.Shifts) > 0 || c.Live || !slices.Equal(c.Checks.Removed, []string{"x"}) || len(c.Checks.Added) > 0 {
		t.Errorf("got %+v", c)
	}
}

func TestCompareLeavesAnnouncedOut(t *testing.T) {
	policy := DefaultPolicy()
	policy.Checks = map[string]CheckPolicy{"x": {Announced: true}}
	before := Evaluate(estateOf("a"), []*checks.Check{toy("x", checks.High, checks.Bronze, map[string]string{"a": "m"})}, policy, now, 1)
	after := Evaluate(estateOf("a"), []*checks.Check{toy("x", checks.High, checks.Bronze, map[string]string{"a": "u"})}, policy, now, 1)
	if c := after.Compare(previousOf(before)); len(c.Shifts) > 0 {
		t.Errorf("got %q", told(c))
	}
}

func TestPolicyDigest(t *testing.T) {
	same := DefaultPolicy()
	same.File, same.Load.Workers, same.Load.Web = "elsewhere.toml", 9, "https://git.example"
	if same.Digest() != DefaultPolicy().Digest() {
		t.Error("what changes no verdict changes the digest")
	}
	for name, change := range map[string]func(*Policy){
		"points":   func(p *Policy) { p.Points[checks.High] = 6 },
		"levels":   func(p *Policy) { p.Required[2] = checks.Gold },
		"checks":   func(p *Policy) { p.Checks = map[string]CheckPolicy{"x": {Off: true}} },
		"settings": func(p *Policy) { p.Settings.ForMinimum = time.Hour },
		"labels":   func(p *Policy) { p.Load.Labels.Team = nil },
	} {
		other := DefaultPolicy()
		if change(other); other.Digest() == same.Digest() {
			t.Errorf("another policy of %s has the same digest", name)
		}
	}
}

func TestFilesOf(t *testing.T) {
	r := catalog.Revision{Commit: "1", Mounts: []catalog.Mount{{Folder: "x", Revision: catalog.Revision{Commit: "2"}}}}
	moved := r
	moved.Mounts = []catalog.Mount{{Folder: "x", Revision: catalog.Revision{Commit: "3"}}}
	edited, unread := r, r
	edited.WorkTree = true
	unread.Mounts = []catalog.Mount{{Folder: "x"}}
	if FilesOf(r) == "" || FilesOf(r) == FilesOf(moved) || FilesOf(edited) != "" || FilesOf(unread) != "" || FilesOf(catalog.Revision{}) != "" {
		t.Error("files of other commits are told apart wrongly")
	}
}

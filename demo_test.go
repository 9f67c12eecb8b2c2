package main

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage/memory"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/catalog/story"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/scorecard"
)

// demoHistory is the demo estate's history, with the policy of its last commit.
type demoHistory struct {
	storage *memory.Storage
	head    plumbing.Hash
	policy  *scorecard.Policy
}

func openDemo(t *testing.T) demoHistory {
	t.Helper()
	storage, head, err := story.Build(demoEstate, "testdata/demo")
	if err != nil {
		t.Fatal(err)
	}
	d := demoHistory{storage: storage, head: head}
	if d.policy, err = scorecard.ParsePolicy("obsready.toml", []byte(d.files(t, head)["obsready.toml"]), checks.All()); err != nil {
		t.Fatal(err)
	}
	return d
}

// files gives the contents of a commit's files.
func (d demoHistory) files(t *testing.T, commit plumbing.Hash) map[string]string {
	t.Helper()
	tr := d.tree(t, commit)
	r, err := tr.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all := map[string]string{}
	for _, f := range tr.Files() {
		data, gap := r.Read(f, 1<<20)
		if gap != nil {
			t.Fatal(gap)
		}
		all[f.Path] = string(data)
	}
	return all
}

func (d demoHistory) tree(t *testing.T, commit plumbing.Hash) *tree.Tree {
	t.Helper()
	tr, err := tree.FromStorage(d.storage, commit)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// judge evaluates a commit on the morning after it, by the policy of the last one.
func (d demoHistory) judge(t *testing.T, commit plumbing.Hash) *scorecard.Report {
	t.Helper()
	tr := d.tree(t, commit)
	now := tr.Revision().Time.Add(12 * time.Hour)
	options := d.policy.Load
	options.HistorySince = now.AddDate(-1, 0, 0)
	estate, err := load.Load(t.Context(), tr, options)
	if err != nil {
		t.Fatal(err)
	}
	return scorecard.Evaluate(estate, d.policy.CheckSet(checks.All()), d.policy, now, 1)
}

// commits gives the history from the first commit to the last.
func (d demoHistory) commits(t *testing.T) []plumbing.Hash {
	t.Helper()
	var all []plumbing.Hash
	for h := d.head; !h.IsZero(); {
		all = append(all, h)
		o, err := d.storage.EncodedObject(plumbing.CommitObject, h)
		if err != nil {
			t.Fatal(err)
		}
		r, err := o.Reader()
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, o.Size())
		if _, err := r.Read(raw); err != nil {
			t.Fatal(err)
		}
		h = plumbing.ZeroHash
		if _, rest, ok := strings.Cut(string(raw), "\nparent "); ok {
			h = plumbing.NewHash(rest[:40])
		}
	}
	slices.Reverse(all)
	return all
}

func cardOf(t *testing.T, r *scorecard.Report, id string) *scorecard.Card {
	t.Helper()
	i := slices.IndexFunc(r.Cards, func(c *scorecard.Card) bool { return c.Service.ID == id })
	if i < 0 {
		t.Fatalf("there is no service %q", id)
	}
	return r.Cards[i]
}

func TestDemoShowsEveryVerdictAndLevel(t *testing.T) {
	d := openDemo(t)
	r := d.judge(t, d.head)
	levels := map[checks.Level]bool{}
	announced := false
	for _, c := range r.Cards {
		if c.Rated {
			levels[c.Level] = true
		}
		announced = announced || slices.ContainsFunc(c.Results, func(x scorecard.Result) bool { return x.Announced })
	}
	for _, level := range []checks.Level{checks.None, checks.Bronze, checks.Silver, checks.Gold} {
		if !levels[level] {
			t.Errorf("no service has level %s", level)
		}
	}
	for _, verdict := range checks.Verdicts() {
		if r.Summary.Verdicts[verdict] == 0 {
			t.Errorf("no check has the verdict %q", verdict)
		}
	}
	if !announced {
		t.Error("no check is announced")
	}
	if cardOf(t, r, "wishlist").Rated {
		t.Error("the retired service is rated")
	}
}

// One important service has everything, so that readers see what they are asked for.
func TestDemoHasAnExample(t *testing.T) {
	d := openDemo(t)
	c := cardOf(t, d.judge(t, d.head), "login")
	if c.Service.TierNumber() != 1 || c.Level != checks.Gold || !c.Ready() {
		t.Errorf("login is of tier %d and level %s", c.Service.TierNumber(), c.Level)
	}
	for _, r := range c.Results {
		if r.Check.Live && r.Verdict == checks.NotAsked { // see TestDemoLive
			continue
		}
		if r.Verdict != checks.Pass && r.Verdict != checks.NotApplicable {
			t.Errorf("%s: %s %s", r.Check.ID, r.Verdict, r.Reason)
			for _, q := range r.Requirements {
				if q.State != checks.Met {
					t.Logf("%s: %s", q.At, q.Message)
				}
			}
		}
	}
}

func TestDemoJourneys(t *testing.T) {
	d := openDemo(t)
	estate := d.judge(t, d.head).Estate
	for name, want := range map[string]struct {
		slo     string
		percent float64
		service string
	}{
		"Login":   {"login-availability", 99.9, "login"},
		"Search":  {"search-latency", 95, "search"},
		"Payment": {"payment-correctness", 99.99, "ledger"},
	} {
		i := slices.IndexFunc(estate.Journeys, func(j *catalog.Journey) bool { return j.Name.Value == name })
		if i < 0 {
			t.Errorf("there is no journey %q", name)
			continue
		}
		j := estate.Journeys[i]
		if !slices.ContainsFunc(j.SLOs, func(o *catalog.SLO) bool { return o.Name.Value == want.slo && o.Percent == want.percent }) {
			t.Errorf("journey %q has no SLO %q of %v %%", name, want.slo, want.percent)
		}
		if j.Dashboard == nil {
			t.Errorf("journey %q has no dashboard", name)
		}
		if !slices.ContainsFunc(j.Services, func(s *catalog.Service) bool { return s.ID == want.service }) {
			t.Errorf("journey %q does not cross %q", name, want.service)
		}
	}
}

// One journey shows a whole thread, one a thread that breaks at the runbook, one a thread without any symptom alert.
func TestDemoThreads(t *testing.T) {
	d := openDemo(t)
	breaks := map[string]string{}
	for _, thread := range d.judge(t, d.head).Threads {
		at := "whole"
		if l := thread.Breaks(); l != nil {
			at = string(l.Part) + " " + string(l.State)
		}
		breaks[thread.SLO.Name.Value] = at
	}
	want := map[string]string{
		"login-availability": "whole", "login-latency": "whole",
		"payment-correctness": "runbook unmet", "checkout-availability": "whole",
		"search-latency": "symptom alert unmet", "search-availability": "symptom alert unmet",
	}
	if !maps.Equal(breaks, want) {
		t.Errorf("the threads break at %v, want %v", breaks, want)
	}
}

// The catalog says what a spent error budget changes, and where every alert that pages is sent.
func TestDemoPolicyAndRoutes(t *testing.T) {
	d := openDemo(t)
	r := d.judge(t, d.head)
	for _, p := range r.Promises {
		if !strings.Contains(p.Policy, "releases of the service are halted") || p.BudgetMinutes == 0 {
			t.Errorf("%s: policy %q, %v minutes", p.SLO.Name.Value, p.Policy, p.BudgetMinutes)
		}
	}
	if len(r.Estate.Routers) != 1 {
		t.Fatalf("there are %d routers", len(r.Estate.Routers))
	}
	for _, w := range cardOf(t, r, "login").Watch().Symptoms {
		pager := slices.ContainsFunc(w.Alert.Deliveries, func(d catalog.Delivery) bool { return d.Name.Value == "identity-pager" })
		if w.Pages != pager {
			t.Errorf("%s pages: %v, and is sent to the pager: %v", w.Alert.Name.Value, w.Pages, pager)
		}
	}
}

// One team answers all four questions, one a part of each, and a new one none of them.
func TestDemoAnswers(t *testing.T) {
	d := openDemo(t)
	r := d.judge(t, d.head)
	for team, want := range map[string]scorecard.AnswerStatus{
		"identity": scorecard.Answered, "payments": scorecard.Partly, "garden-advice": scorecard.NotAnswered,
	} {
		i := slices.IndexFunc(r.Teams, func(c *scorecard.TeamCard) bool { return c.Team != nil && c.Team.ID == team })
		if i < 0 {
			t.Errorf("there is no team %q", team)
			continue
		}
		for _, a := range r.Teams[i].Answers {
			if a.Status != want {
				t.Errorf("%s, %s: %s, want %s. missing: %q", team, a.Question, a.Status, want, a.Missing)
			}
		}
	}
}

// Something of every kind was to be done already, and all of it is Payments'.
func TestDemoIsOverdue(t *testing.T) {
	d := openDemo(t)
	r := d.judge(t, d.head)
	late := map[scorecard.DeadlineKind]bool{}
	for _, x := range r.Overdue(r.Deadlines) {
		late[x.Kind] = true
		if len(x.Teams) != 1 || x.Teams[0].ID != "payments" {
			t.Errorf("%q, due on %s, is not of Payments alone", x.What, x.Due)
		}
	}
	for _, kind := range []scorecard.DeadlineKind{scorecard.ActionDue, scorecard.ExerciseDue, scorecard.ReviewDue, scorecard.AttestationDue} {
		if !late[kind] {
			t.Errorf("no %s is overdue", kind)
		}
	}
}

func TestDemoReflects(t *testing.T) {
	d := openDemo(t)
	r := d.judge(t, d.head).Reflection
	if len(r.Unpromised) == 0 || r.Unpromised[0].Service.ID != "catalogue" {
		t.Errorf("catalogue is not the first service without a promise of %d", len(r.Unpromised))
	}
	nightly := func(l scorecard.LateCheck) bool {
		return l.Purpose == catalog.ScansDependencies && l.Stage == catalog.OnSchedule && l.Services[0].ID == "checkout"
	}
	if !slices.ContainsFunc(r.Late, nightly) {
		t.Errorf("the nightly scan of checkout is not among the late checks %v", r.Late)
	}
	if len(r.Automate) == 0 || r.Automate[0].Hours != 312 || r.Automate[0].Ticket != "" {
		t.Errorf("the reviews by hand are not what to automate next: %v", r.Automate)
	}
	if len(r.Repeated) == 0 {
		t.Error("no runbooks share their steps")
	}
}

// A credential came along with a page of the wiki, and is told without being shown.
func TestDemoHasACredential(t *testing.T) {
	d := openDemo(t)
	r := d.judge(t, d.head)
	for _, c := range r.Cards {
		for _, result := range c.Results {
			stands := c.Service.ID == "ledger" || c.Service.ID == "settlement"
			if result.Check.ID == "secrets-absent" && (result.Verdict == checks.Fail) != stands {
				t.Errorf("%s: %s %v", c.Service.ID, result.Verdict, result.Requirements)
			}
			for _, q := range result.Requirements {
				if strings.Contains(q.Message, "Tulpen") {
					t.Errorf("%s shows the credential: %s", result.Check.ID, q.Message)
				}
			}
		}
	}
}

// What cannot be read is there to be seen: a broken rule file, a Helm template, a service that is listed twice.
func TestDemoHasGaps(t *testing.T) {
	d := openDemo(t)
	estate := d.judge(t, d.head).Estate
	for _, file := range []string{"services/catalogue/price-alerts.yaml", "services/fraud-check/chart/templates/prometheusrule.yaml", "services/mailer/catalog-info.yaml"} {
		if !slices.ContainsFunc(estate.Gaps, func(g catalog.Gap) bool { return g.At.File == file }) {
			t.Errorf("%s is read without a gap", file)
		}
	}
}

func TestDemoImproves(t *testing.T) {
	d := openDemo(t)
	var months []*scorecard.Report
	for _, h := range d.commits(t) {
		r := d.judge(t, h)
		if n := len(months); n > 0 && months[n-1].Estate.Revision.Time.Month() == r.Estate.Revision.Time.Month() {
			months[n-1] = r
		} else {
			months = append(months, r)
		}
	}
	if len(months) != 7 {
		t.Fatalf("the history has %d months", len(months))
	}
	for _, r := range months {
		s := r.Summary
		t.Logf("%s: %.0f %% of the points, levels %v", r.Estate.Revision.Time.Format(time.DateOnly), 100*s.Score.Earned/s.Score.Possible, s.Levels)
	}
	share := func(r *scorecard.Report) float64 { return r.Summary.Score.Earned / r.Summary.Score.Possible }
	first, last := months[0], months[6]
	if share(first)+0.3 > share(last) {
		t.Errorf("the score was %.2f in the first month and is %.2f in the last", share(first), share(last))
	}
	if operated(first, checks.Bronze) > 0 || operated(last, checks.Bronze) < 8 {
		t.Errorf("%d services were at bronze or above in the first month, %d are in the last", operated(first, checks.Bronze), operated(last, checks.Bronze))
	}
	if got := last.Estate.Revision.Time.Format(time.DateOnly); got != "2026-07-15" {
		t.Errorf("the last commit is of %s", got)
	}
}

// operated counts the operated services of at least a level.
func operated(r *scorecard.Report, level checks.Level) int {
	n := 0
	for _, c := range r.Cards {
		if c.Service.Operated() && c.Rated && c.Level >= level {
			n++
		}
	}
	return n
}

// In June somebody moved runbooks and forgot a link.
func TestDemoHasARegression(t *testing.T) {
	d := openDemo(t)
	var before checks.Level
	for _, h := range d.commits(t) {
		r := d.judge(t, h)
		if slices.Contains(r.Estate.Files, "docs/runbooks/discovery/catalogue-errors.md") {
			if after := cardOf(t, r, "catalogue").Level; before != checks.Bronze || after != checks.None {
				t.Errorf("catalogue was at %s and is at %s after the move", before, after)
			}
			return
		}
		if slices.ContainsFunc(r.Estate.Services, func(s *catalog.Service) bool { return s.ID == "catalogue" }) {
			before = cardOf(t, r, "catalogue").Level
		}
	}
	t.Error("the runbooks were never moved")
}

func TestDemoFiles(t *testing.T) {
	d := openDemo(t)
	for file, text := range d.files(t, d.head) {
		if path.Ext(file) == ".json" && !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON", file)
		}
	}
	size := 0
	err := fs.WalkDir(demoEstate, ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		size += int(info.Size())
		return err
	})
	if err != nil || size > 370_000 {
		t.Errorf("the demo estate has %d bytes, error %v: it is in every binary", size, err)
	}
}

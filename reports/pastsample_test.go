package reports

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// withPast is the sample with a history of four weeks, one of which is not known, and with an earlier report.
func withPast(t *testing.T) *scorecard.Report {
	t.Helper()
	r := sample()
	r.History = sampleHistory(r)
	r.Comparison = r.Compare(earlier(t, r))
	return r
}

// sampleHistory lets checkout fall, the hostile service rise and come, and a service go.
func sampleHistory(r *scorecard.Report) *scorecard.History {
	zone := time.FixedZone("CET", 3600)
	end := time.Date(2026, 2, 16, 0, 0, 0, 0, zone)
	commit := func(n byte, subject string, day int) scorecard.Commit {
		return scorecard.Commit{Hash: strings.Repeat(string('a'+n), 40), Subject: subject, Time: time.Date(2026, 2, day, 10, 30, 0, 0, time.UTC)}
	}
	h := &scorecard.History{
		Zone: "Europe/Berlin",
		Weeks: []scorecard.Week{
			{End: end.AddDate(0, 0, -7), Gap: "the clone's history does not reach it. fetch all of it with git fetch --unshallow"},
			{End: end, Commit: commit(0, "Begin", 14)},
			{End: end.AddDate(0, 0, 7), Commit: commit(1, "Rename <b>teams</b>", 20), Marks: []string{"the policy changed"}},
			{End: r.Now.In(zone), Commit: commit(2, "Link `runbooks` to @everyone", 27)},
		},
		Teams: map[string][]scorecard.Standing{}, Services: map[string][]scorecard.Standing{},
	}
	now := standingOfCards(r.Cards)
	before := now
	before.Ready, before.Levels = 1, [4]int{4, 1, 0, 0}
	before.Score.Earned /= 2
	h.Estate = []scorecard.Standing{{}, before, before, now}
	for _, team := range r.Teams {
		id := ""
		if team.Team != nil {
			id = team.Team.ID
		}
		is := standingOfCards(team.Cards)
		was := is
		was.Score.Earned /= 2
		h.Teams[id] = []scorecard.Standing{{}, was, was, is}
	}
	for _, c := range r.Cards {
		is := standingOfCards([]*scorecard.Card{c})
		h.Services[c.Service.ID] = []scorecard.Standing{{}, is, is, is}
	}
	h.Services["gone"] = []scorecard.Standing{{}, {Services: 1, Levels: [4]int{0, 1}, Score: scorecard.Score{Earned: 10.0 / 3, Possible: 10}}, {}, {}}
	cart, checkout := r.Cards[0].Service, r.Cards[1].Service
	h.Services[hostileService][1] = scorecard.Standing{}
	h.Moves = []scorecard.Move{
		{Week: 3, Service: "checkout", Current: checkout, Team: "payments", From: checks.Silver, To: checks.None, By: scorecard.ByCommit, Commit: h.Weeks[3].Commit},
		{Week: 3, Service: "mail", Current: r.Cards[3].Service, From: checks.None, To: checks.Bronze, By: scorecard.ByTime},
		{Week: 2, Service: hostileService, Current: cart, Team: hostileTeam, Came: true, To: checks.None, By: scorecard.ByCommit, Commit: h.Weeks[2].Commit},
		{Week: 2, Service: "gone", Team: "payments", Went: true, From: checks.Bronze, By: scorecard.ByUnknown},
	}
	h.Shifts = []scorecard.Shift{
		{Service: hostileService, Current: cart, Check: r.Checks[0], From: checks.Fail, To: checks.Pass, Gain: 10, By: scorecard.ByTime},
		{Service: "checkout", Current: checkout, Check: r.Checks[2], From: checks.Pass, To: checks.Fail, Gain: -10.0 / 3, By: scorecard.ByCommit, Commit: h.Weeks[3].Commit,
			Files: []string{"services/checkout/alerts.yaml"}, Text: `alert "CheckoutSlow" links to no runbook. add a runbook_url`, At: place("services/checkout/alerts.yaml", 12)},
		{Service: "ledger", Current: r.Cards[2].Service, Check: r.Checks[1], From: checks.Unknown, To: checks.Pass, Gain: 3, By: scorecard.ByCommit, Commit: h.Weeks[3].Commit, Text: "no log format is stated"},
	}
	return h
}

func standingOfCards(cards []*scorecard.Card) scorecard.Standing {
	s := scorecard.Standing{Services: len(cards)}
	for _, c := range cards {
		if c.Rated {
			s.Levels[c.Level]++
		} else {
			s.NotRated++
		}
		if c.Ready() {
			s.Ready++
		}
		s.Score = s.Score.Add(c.Score)
	}
	return s
}

// earlier is the report of a week before, when mail was not there, a service "left" was, and ledger stated no log format.
func earlier(t *testing.T, r *scorecard.Report) *scorecard.Previous {
	t.Helper()
	estate := sampleEstate()
	estate.Revision.Commit = strings.Repeat("b", 40)
	estate.Services[2].Logging = catalog.Logging{}
	estate.Services[3].ID = "left"
	before := scorecard.Evaluate(estate, toyChecks(), r.Policy, r.Now.AddDate(0, 0, -7), 1)
	p, err := ReadPrevious(strings.NewReader(render(t, "json", before, Options{})))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestGoldenPast compares what formats make of the sample with its past. UPDATE_GOLDEN=1 rewrites the files.
func TestGoldenPast(t *testing.T) {
	r := withPast(t)
	for _, format := range []string{"digest", "json"} {
		t.Run(format, func(t *testing.T) { compareGolden(t, format+"-past", render(t, format, r, Options{})) })
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"feed":           func(b *bytes.Buffer) error { return writeFeed(b, r) },
		"digest-team":    func(b *bytes.Buffer) error { return writeTeamDigest(b, r, r.Teams[1]) },
		"badges-estate":  func(b *bytes.Buffer) error { return estateBadge(r).write(b) },
		"badges-team":    func(b *bytes.Buffer) error { return teamBadge(r.Teams[0]).write(b) },
		"badges-service": func(b *bytes.Buffer) error { return serviceBadge(r.Cards[1]).write(b) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			compareGolden(t, name, b.String())
		})
	}
}

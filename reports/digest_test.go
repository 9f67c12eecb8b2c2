package reports

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"obsready/checks"
	"obsready/scorecard"
)

func TestDigestIsShort(t *testing.T) {
	long := withPast(t)
	for i := range long.History.Shifts {
		long.History.Shifts[i].Service = hostileService
	}
	for i := range 400 {
		s := long.History.Shifts[i%3]
		s.Commit.Subject = strings.Repeat("@#<>|_*", 100)
		long.History.Shifts = append(long.History.Shifts, s)
		long.History.Moves = append(long.History.Moves, scorecard.Move{Week: 3, Service: strings.Repeat("_", 300), From: checks.Bronze, To: checks.Silver})
	}
	for i := range long.Actions {
		long.Actions[i].Text = strings.Repeat("z\u0300\u0301\u0302", 3000)
	}
	long.Answers[0].Missing = []string{strings.Repeat("www.@#", 2000)}
	for name, r := range map[string]*scorecard.Report{"long": long, "past": withPast(t), "crowd": crowd(50), "due": dueReport(), "empty": crowd(0)} {
		texts := []string{render(t, "digest", r, Options{})}
		for _, team := range r.Teams {
			var b bytes.Buffer
			if err := writeTeamDigest(&b, r, team); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, b.String())
		}
		for _, text := range texts {
			if n := utf8.RuneCountInString(text); n > maxDigest || n < 20 {
				t.Errorf("%s: a digest has %d characters", name, n)
			}
			if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && steers(r) }); i >= 0 {
				t.Errorf("%s lets %q through", name, text[i:min(i+10, len(text))])
			}
			for _, markup := range []string{"<script", "<b>", "@octocat", "#12", "](", "://", "@everyone"} {
				if strings.Contains(text, markup) {
					t.Errorf("%s lets %q through", name, markup)
				}
			}
		}
	}
}

func TestDigestOfATeam(t *testing.T) {
	r := withPast(t)
	text := render(t, "digest", r, Options{Team: "payments"})
	var b bytes.Buffer
	if err := writeTeamDigest(&b, r, r.Teams[1]); err != nil || b.String() != text {
		t.Errorf("asked for by name: %v\n%s", err, text)
	}
	if zoomed := render(t, "digest", r.OfTeam("payments"), Options{}); zoomed != text {
		t.Errorf("the team's report gives\n%s\nand not\n%s", zoomed, text)
	}
	for _, want := range []string{"2 of 3 services", "44 % → 89 % of the points", "**Lost** checkout", "cccccccc Link", "### Do first", "### The four questions"} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "mail") || strings.Contains(text, "script") {
		t.Errorf("the digest tells of services of others:\n%s", text)
	}
}

func TestDigestTellsTheRulesFromTheTeam(t *testing.T) {
	r := withPast(t)
	p := earlier(t, r)
	p.RuleSet = "2020.1"
	r.History, r.Comparison = nil, r.Compare(p)
	text := render(t, "digest", r, Options{})
	if !strings.Contains(text, "The rules or the policy changed") || !strings.Contains(text, "(by the rules)") || strings.Contains(text, "→ 50 %") {
		t.Errorf("got\n%s", text)
	}
}

func TestDigestOfALiveChange(t *testing.T) {
	r := withPast(t)
	r.Comparison.Shifts = append(r.Comparison.Shifts, scorecard.Shift{Service: "mail", Check: r.Checks[1], From: checks.Pass, To: checks.Fail, Gain: -3, By: scorecard.ByLive})
	if text := render(t, "digest", r, Options{}); !strings.Contains(text, "mail: Logs are structured: pass → fail, −3 points (by live Grafana)") {
		t.Errorf("got\n%s", text)
	}
}

package site

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"obsready/scorecard"
)

var dataElement = regexp.MustCompile(`(?s)<script type="application/json" id="data">(.*?)</script>`)

// foundIn gives the data of a page of services as its script reads it.
func foundIn(t *testing.T, page string) (data struct {
	Pillars []string
	Weeks   int
	Teams   [][]string
	Rows    [][]any
}) {
	t.Helper()
	m := dataElement.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no data")
	}
	if err := json.Unmarshal([]byte(m[1]), &data); err != nil {
		t.Fatal(err)
	}
	return data
}

// TestFoundServices holds the data to the table: the same services with the same verdicts in the same order.
func TestFoundServices(t *testing.T) {
	for name, r := range samples() {
		if len(r.Cards) == 0 {
			continue
		}
		data := foundIn(t, sites(t)[name]["services.html"])
		if len(data.Rows) != len(r.Cards) {
			t.Errorf("%s: %d services of %d", name, len(data.Rows), len(r.Cards))
		}
		for i, c := range byNeed(r.Cards) {
			row := data.Rows[i]
			if c.Service.ID != "" && row[0] != tidy(c.Service.ID) || row[4] != float64(c.Service.TierNumber()) || len(row[7].(string)) != len(data.Pillars) {
				t.Errorf("%s: row %d is %v, expected service %q", name, i, row, c.Service.ID)
			}
		}
	}
}

// TestNamesEndNoElement: a name in the data can neither end the element that holds it nor begin another.
func TestNamesEndNoElement(t *testing.T) {
	page := sites(t)["ugly"]["services.html"]
	m := dataElement.FindStringSubmatch(page)
	if m == nil || strings.ContainsAny(m[1], "<>") {
		t.Errorf("the data holds markup: %.200q", m)
	}
	for _, row := range foundIn(t, page).Rows {
		if strings.ContainsFunc(row[0].(string), unwantedInNames) {
			t.Errorf("a name holds a control character: %q", row[0])
		}
	}
}

func unwantedInNames(r rune) bool { return r != '\uFFFD' && unwanted(r) }

func TestByNeed(t *testing.T) {
	r := evaluate(sampleEstate(60))
	sorted := byNeed(r.Cards)
	ready := slices.IndexFunc(sorted, (*scorecard.Card).Ready)
	if ready < 0 {
		t.Fatal("no service is ready")
	}
	for i, c := range sorted {
		if c.Ready() != (i >= ready) {
			t.Errorf("service %d of %d is ready: %v, although the first ready one is %d", i, len(sorted), c.Ready(), ready)
		}
		if i > 0 && i < ready && c.Service.TierNumber() < sorted[i-1].Service.TierNumber() {
			t.Errorf("service %d of tier %d stands after one of tier %d", i, c.Service.TierNumber(), sorted[i-1].Service.TierNumber())
		}
	}
}

// TestManyServices: beyond what a table can hold, the page says so and names the teams, and the data has all.
func TestManyServices(t *testing.T) {
	r := evaluate(sampleEstate(maxRows + 7))
	s, err := newSite(r)
	if err != nil {
		t.Fatal(err)
	}
	view := s.page("services.html").servicesPage()
	if len(view.Table.Rows) != maxRows || view.Table.Rest != 7 || len(view.Data.Rows) != maxRows+7 || len(view.Teams) != len(r.Teams) {
		t.Errorf("%d rows, %d more, %d found, %d teams", len(view.Table.Rows), view.Table.Rest, len(view.Data.Rows), len(view.Teams))
	}
}

func TestTrendText(t *testing.T) {
	r := evaluate(sampleEstate(1))
	percent := func(p float64) scorecard.Standing {
		return scorecard.Standing{Services: 1, Score: scorecard.Score{Earned: p, Possible: 100}}
	}
	none := scorecard.Standing{}
	for want, standings := range map[string][]scorecard.Standing{
		"":            {none, none},
		"70,,72":      {percent(70), percent(70.4), percent(72)},
		"70,?,,70":    {none, percent(70), none, none, percent(70)},
		"100,99,,100": {percent(100), percent(99.9), percent(99), percent(100)},
	} {
		r.History = &scorecard.History{Weeks: make([]scorecard.Week, len(standings)), Services: map[string][]scorecard.Standing{r.Cards[0].Service.ID: standings}}
		if got := (page{site: &site{report: r}}).trendText(r.Cards[0]); got != want {
			t.Errorf("%q, expected %q", got, want)
		}
	}
}

func TestServicesWith(t *testing.T) {
	p := page{root: "../"}
	if got, want := p.servicesWith("team", "a&b c", "below", "1"), "../services.html?team=a%26b+c&below=1"; got != want {
		t.Errorf("%s, expected %s", got, want)
	}
}

// TestNeedsAreMet: a page holds the styles and scripts that it needs, in that order, and no other.
func TestNeedsAreMet(t *testing.T) {
	count := func(n needs) [2]int {
		a := n.assets()
		return [2]int{strings.Count(string(a.Styles), "<style>"), strings.Count(string(a.Scripts), "<script>")}
	}
	got := [][2]int{count(needs{}), count(needs{Pictures: true}), count(needs{Detail: true, Copies: true}), count(needs{Find: true, Tables: true})}
	if want := [][2]int{{1, 0}, {2, 0}, {3, 1}, {1, 2}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, expected %v", got, want)
	}
	if policy := (needs{}).assets().Policy; !strings.Contains(policy, "script-src 'none'") {
		t.Errorf("a page without scripts allows some: %s", policy)
	}
}

package scorecard

import (
	"fmt"
	"slices"
	"testing"

	"obsready/catalog"
)

func queries(metrics ...string) []catalog.Query {
	q := catalog.Query{Lang: catalog.PromQL}
	for _, m := range metrics {
		q.Selectors = append(q.Selectors, catalog.Selector{Metric: m})
	}
	return []catalog.Query{q}
}

func TestIndicatorWords(t *testing.T) {
	tests := []struct {
		indicator catalog.Indicator
		want      string
	}{
		{catalog.Indicator{}, ""},
		{catalog.Indicator{Kind: "ratio", Good: queries("requests_total"), Total: queries("requests_total")}, "good / total of requests_total"},
		{catalog.Indicator{Kind: "ratio", Good: queries("ok_total", "ok_total"), Total: queries("all_total")}, "good (ok_total) / total (all_total)"},
		{catalog.Indicator{Kind: "bad ratio", Bad: queries("requests_total"), Total: queries("requests_total")}, "bad / total of requests_total"},
		{catalog.Indicator{Kind: "raw", Raw: queries("a", "b")}, "ratio of a, b"},
		{catalog.Indicator{Kind: "latency", Good: queries("d_bucket"), Total: queries("d_count"), Threshold: text("0.5s", "s", 1)}, "share within 0.5s of d_count"},
		{catalog.Indicator{Kind: "bool gauge", Total: queries("up")}, "share of time that holds of up"},
		{catalog.Indicator{Kind: "ratio", Good: queries(""), Total: queries("")}, "good / total"},
	}
	for _, test := range tests {
		if got := indicatorWords(test.indicator); got != test.want {
			t.Errorf("%s: got %q, want %q", test.indicator.Kind, got, test.want)
		}
	}
}

func TestTarget(t *testing.T) {
	tests := []struct {
		percent           float64
		objective, window string
		want              string
	}{
		{99.9, "0.999", "30d", "99.9 % over 30d"},
		{0.99995 * 100, "0.99995", "28d", "99.995 % over 28d"},
		{99, "99", "", "99 %"},
		{0, "about all", "30d", "about all over 30d"},
		{0, "", "30d", ""},
	}
	for _, test := range tests {
		slo := &catalog.SLO{Percent: test.percent, Objective: text(test.objective, "s", 1), Window: text(test.window, "s", 2)}
		if got := target(slo); got != test.want {
			t.Errorf("%+v: got %q", test, got)
		}
	}
}

func TestPromises(t *testing.T) {
	estate := estateOf("a", "b")
	slo := func(name string) *catalog.SLO {
		return &catalog.SLO{Name: text(name, "slo", 1), Percent: 99, Window: text("30d", "slo", 2),
			Indicator: catalog.Indicator{Kind: "raw", Raw: queries("m")}}
	}
	paid, fast, own := slo("paid"), slo("fast"), slo("own")
	estate.Services[0].SLOs = []catalog.Linked[catalog.SLO]{{Item: paid}}
	estate.Services[1].SLOs = []catalog.Linked[catalog.SLO]{{Item: fast}, {Item: own}}
	estate.Journeys = []*catalog.Journey{
		{ID: "pay", Name: text("Pay", "j", 1), SLI: text("paid / tried", "j", 2), SLOs: []*catalog.SLO{paid}, Services: estate.Services[:1]},
		{ID: "look", Name: text("Look", "j", 3), SLI: text("looks", "j", 4), SLOs: []*catalog.SLO{paid, fast}},
		{ID: "leave", Name: text("Leave", "j", 5), SLI: text("left / tried", "j", 6)},
	}
	rows := func(promises []Promise) []string {
		var rows []string
		for _, p := range promises {
			name, slo := "", ""
			if p.Journey != nil {
				name = p.Journey.ID
			} else {
				name = p.Service.ID
			}
			if p.SLO != nil {
				slo = p.SLO.Name.Value
			}
			rows = append(rows, fmt.Sprintf("%s|%s|%s|%s|%s", name, slo, p.SLI, p.Target, p.Policy))
		}
		return rows
	}
	r := evaluate(estate)
	for _, test := range []struct {
		name string
		got  []Promise
		want []string
	}{
		{"estate", r.Promises, []string{"pay|paid|paid / tried|99 % over 30d|", "look|paid|ratio of m|99 % over 30d|", "look|fast|ratio of m|99 % over 30d|",
			"leave||left / tried||", "b|own|ratio of m|99 % over 30d|"}},
		{"service a", r.Cards[0].Promises, []string{"pay|paid|paid / tried|99 % over 30d|", "look|paid|ratio of m|99 % over 30d|", "look|fast|ratio of m|99 % over 30d|"}},
		{"service b", r.Cards[1].Promises, []string{"look|paid|ratio of m|99 % over 30d|", "look|fast|ratio of m|99 % over 30d|", "b|own|ratio of m|99 % over 30d|"}},
	} {
		if got := rows(test.got); !slices.Equal(got, test.want) {
			t.Errorf("%s: got\n%q\nwant\n%q", test.name, got, test.want)
		}
	}
}

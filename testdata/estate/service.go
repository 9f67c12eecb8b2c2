//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// seed makes the estate the same on every machine. Another seed would be as good.
const seed = 20260101

// service is what the templates need to know of one service, its defects among them.
type service struct {
	Name, Title, Camel, Description string
	Team, Owner, Domain, Folder     string
	Kind, Lifecycle, Exposure       string
	Tier, Port                      int
	Latency, Objective, Journey     string
	DependsOn, Data, Windows        []string
	Panels                          []panel
	Reviewed                        string // the day of the last look at the second runbook
	Silent, PlainLogs, Untraced     bool
	Flapping, Unsevere, DeadLink    bool
	Draft                           bool // the first runbook was never written
	born                            int  // the month of its first commit
	missing, truncated              map[string]bool
}

// panel is one panel of the service's dashboard.
type panel struct {
	ID, X, Y                               int
	Title, Description, Unit, Expr, Legend string
}

var (
	domains = []string{"accounts", "basket", "billing", "bookings", "campaigns", "catalogue", "checkout", "claims", "content", "delivery",
		"discounts", "documents", "feeds", "fraud", "fulfilment", "identity", "inventory", "invoices", "ledger", "loyalty",
		"mail", "media", "messaging", "offers", "orders", "partners", "payments", "payouts", "pricing", "profiles",
		"quotes", "ratings", "refunds", "reports", "returns", "rewards", "routing", "search", "sessions", "shipping",
		"stock", "subscriptions", "suppliers", "support", "taxes", "tickets", "tracking", "transfers", "vouchers", "wallets"}
	roles = []string{"api", "gateway", "worker", "sync", "store", "events", "admin", "export", "import", "rules",
		"cache", "index", "notify", "audit", "batch", "stream", "web", "proxy", "planner", "archive"}
	kinds = map[string]string{"worker": "pipeline", "sync": "pipeline", "events": "pipeline", "stream": "pipeline", "export": "batch",
		"import": "batch", "batch": "batch", "archive": "batch", "web": "frontend", "cache": "platform", "proxy": "platform"}
)

// servicesPerTeam is the size of a team's share; fifty teams share a thousand services.
const servicesPerTeam = 20

func nameOf(i int) string {
	name := domains[i%len(domains)] + "-" + roles[i/len(domains)%len(roles)]
	if round := i / (len(domains) * len(roles)); round > 0 {
		name += fmt.Sprintf("-%02d", round+1)
	}
	return name
}

// teamOf keeps the services of one domain together as far as they fit.
func teamOf(i int) string {
	return fmt.Sprintf("%s-%02d", domains[i%len(domains)], 1+i/(len(domains)*servicesPerTeam))
}

// newService gives service i of an estate of n. It depends on i and n only.
func newService(i, n int) *service {
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	in := func(perMille int) bool { return r.IntN(1000) < perMille }
	name, role := nameOf(i), roles[i/len(domains)%len(roles)]
	s := &service{
		Name:      name,
		Title:     title(name),
		Camel:     strings.ReplaceAll(title(name), " ", ""),
		Team:      teamOf(i),
		Owner:     teamOf(i),
		Domain:    domains[i%len(domains)],
		Kind:      kinds[role],
		Tier:      1 + min(r.IntN(5), r.IntN(5)), // the lower numbers are the more common ones
		Lifecycle: "production",
		Exposure:  []string{"internal", "internal", "internal", "partner", "internet"}[r.IntN(5)],
		Port:      8000 + r.IntN(1000),
		Latency:   []string{"0.25", "0.5", "1", "2.5"}[r.IntN(4)],
		Objective: []string{"99", "99.5", "99.9", "99.95"}[r.IntN(4)],
		Windows:   []string{"5m", "30m", "1h", "6h"},
		born:      i % months,
	}
	if s.Kind == "" {
		s.Kind = "request"
	}
	s.Folder = "/services/" + s.Team + "/" + name
	s.Description = fmt.Sprintf("The %s of %s: it answers for what other parts of the shop know about %s", role, s.Domain, s.Domain)
	for range r.IntN(4) {
		if other := nameOf(r.IntN(n)); other != name {
			s.DependsOn = append(s.DependsOn, other)
		}
	}
	s.Data = [][]string{nil, {"pii"}, {"payment", "pii"}, {"internal"}}[r.IntN(4)]
	if in(40) {
		s.Journey = "Use " + s.Title
	}
	s.Silent, s.PlainLogs, s.Untraced = in(30), in(80), in(100)
	s.Flapping, s.Unsevere, s.DeadLink, s.Draft = in(60), in(30), in(20), in(60)
	switch {
	case in(10):
		s.Owner = ""
	case in(10):
		s.Owner = strings.Replace(s.Owner, "-", "_", 1)
	case in(20):
		s.Lifecycle = "deprecated"
	}
	s.missing, s.truncated = map[string]bool{}, map[string]bool{}
	for _, f := range files {
		s.missing[f.path] = f.path != "service.toml" && in(40)
		s.truncated[f.path] = in(2)
	}
	s.Panels = panels(s, in)
	return s
}

// panels gives the dashboard's panels; one in ten has no unit.
func panels(s *service, in func(perMille int) bool) []panel {
	job := `{job=\"` + s.Name + `\", instance=~\"$instance\"}`
	all := []panel{
		{Title: "Requests", Unit: "reqps", Expr: "sum(rate(http_requests_total" + job + "[$__rate_interval]))", Legend: "requests"},
		{Title: "Errors by route", Unit: "percentunit", Legend: "{{route}}",
			Expr: `sum by (route) (rate(http_requests_total{job=\"` + s.Name + `\", code=~\"5..\"}[$__rate_interval])) / ignoring(code) group_left sum(rate(http_requests_total` + job + "[$__rate_interval]))"},
		{Title: "Latency by route", Unit: "s", Expr: "histogram_quantile(0.99, sum by (le, route) (rate(http_request_duration_seconds_bucket" + job + "[$__rate_interval])))", Legend: "{{route}}"},
		{Title: "Queues", Unit: "short", Expr: "sum by (queue) (work_queue_depth" + job + ")", Legend: "{{queue}}"},
		{Title: "Memory", Unit: "bytes", Expr: "process_resident_memory_bytes" + job, Legend: "{{instance}}"},
	}
	for i := range all {
		p := &all[i]
		p.ID, p.X, p.Y = i+1, 12*(i%2), 8*(i/2)
		p.Description = p.Title + " of " + s.Name + ", as its instances count them"
		if in(100) {
			p.Unit = ""
		}
	}
	return all
}

// title makes "Orders Api" of "orders-api".
func title(name string) string {
	words := strings.Split(name, "-")
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}

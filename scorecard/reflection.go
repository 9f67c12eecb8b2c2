package scorecard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
)

// Reflection answers the three reflection questions about a group of services.
type Reflection struct {
	Unpromised []Unpromised // which service has no clear reliability promise? the most critical first
	Late       []LateCheck  // which security check happens too late? the one for most services first
	Unseen     int          // operated services whose code, and so whose security checks, this run does not look at
	Automate   []Candidate  // which manual operational task should be automated next? by hours a year
	Repeated   []Repeated   // step lists that runbooks share, as further candidates
}

// The reflection questions, as reports print them.
const (
	AskPromise  = "Which service has no clear reliability promise?"
	AskLate     = "Which security check happens too late?"
	AskAutomate = "Which manual operational task should be automated next?"
)

// Unpromised is a service without a clear reliability promise.
type Unpromised struct {
	Service *catalog.Service
	Why     string
	Open    bool // evidence that may hold one could not be read
	At      catalog.Place
}

// LateCheck is a kind of security check that runs later than it should for some services, or never.
type LateCheck struct {
	Purpose  catalog.Purpose
	Stage    catalog.Stage // where it runs now; catalog.NoStage for never
	Could    catalog.Stage // where it could run
	Services []*catalog.Service
	Evidence []catalog.Place // where it is written; of a check that never runs the code of the services
}

// Candidate is a manual task that is worth automating.
type Candidate struct {
	Task     string
	Category string
	Hours    float64 // a year, over all entries of the task
	Teams    []string
	Ticket   string // of its automation, "" for none
	Owner    string // of its automation
	Evidence []catalog.Place
}

// Repeated is a list of steps that several runbooks share.
type Repeated struct {
	Steps    int
	First    string // its first step
	Evidence []catalog.Place
}

// reflectOn answers the reflection questions about services. Toil and runbooks are given apart: a team's log need not belong
// to a service.
func reflectOn(survey *checks.Survey, cards []*Card, logs []*catalog.ToilLog, pages []*catalog.Page) Reflection {
	r := Reflection{Automate: automate(logs), Repeated: repeated(pages)}
	late := map[[2]string]*LateCheck{}
	for _, c := range cards {
		svc := c.Service
		if !svc.Operated() {
			continue
		}
		if u, ok := unpromised(svc); ok {
			r.Unpromised = append(r.Unpromised, u)
		}
		if svc.Source.State != catalog.SourceHere {
			r.Unseen++
		}
		for _, k := range survey.SecurityChecks(svc) {
			if !k.Late() || k.Stage == catalog.NoStage && !failed(c, judgeOf[k.Purpose]) {
				continue // that it is not seen to run does not say that it never does
			}
			key := [2]string{string(k.Purpose), string(k.Stage)}
			if late[key] == nil {
				late[key] = &LateCheck{Purpose: k.Purpose, Stage: k.Stage, Could: k.Could}
			}
			late[key].Services = append(late[key].Services, svc)
			late[key].Evidence = append(late[key].Evidence, k.At.Or(svc.Source.At))
		}
	}
	for _, l := range late {
		r.Late = append(r.Late, *l)
	}
	slices.SortFunc(r.Late, func(a, b LateCheck) int {
		return cmp.Or(cmp.Compare(len(b.Services), len(a.Services)), cmp.Compare(a.Purpose, b.Purpose), cmp.Compare(a.Stage, b.Stage))
	})
	slices.SortStableFunc(r.Unpromised, func(a, b Unpromised) int {
		return cmp.Compare(a.Service.TierNumber(), b.Service.TierNumber())
	})
	return r
}

// judgeOf are the checks that ask whether a kind of security check runs at all.
var judgeOf = map[catalog.Purpose]string{
	catalog.ScansSecrets: "secrets-scanned", catalog.ScansDependencies: "dependencies-scanned", catalog.ScansImages: "images-scanned",
	catalog.AnalysesCode: "security-testing", catalog.ChecksLicences: "licences-checked", catalog.Signs: "artifacts-signed",
}

// failed reports whether the service fails a check of the run.
func failed(c *Card, check string) bool {
	return slices.ContainsFunc(c.Results, func(r Result) bool { return r.Check.ID == check && r.Verdict == checks.Fail })
}

// unpromised says why a service has no clear reliability promise; false when it has one: an SLO with an objective, a
// window and a measurement.
func unpromised(svc *catalog.Service) (Unpromised, bool) {
	u := Unpromised{Service: svc, At: svc.At}
	if len(svc.SLOs) == 0 {
		u.Why = "it has no SLO"
		if gap := svc.Gap(catalog.SLOs); gap != nil {
			u.Why, u.Open, u.At = fmt.Sprintf("no SLO was found, but %s could not be read (%s)", gap.At, gap.Cause), true, gap.At
		}
		return u, true
	}
	for _, l := range svc.SLOs {
		o := l.Item
		u.At = o.At
		switch {
		case o.Percent <= 0:
			u.Why = fmt.Sprintf("its SLO %q states no objective between 0 and 100 %%", o.Name.Value)
		case o.Window.Value == "" && o.Format != "sloth/v1" && o.Format != "sloth CRD":
			u.Why = fmt.Sprintf("its SLO %q states no window", o.Name.Value)
		case len(o.Indicator.Queries()) == 0 && o.Indicator.Kind == "":
			u.Why = fmt.Sprintf("its SLO %q does not say how it is measured", o.Name.Value)
		default:
			return Unpromised{}, false
		}
	}
	return u, true
}

// automate ranks the manual tasks of toil logs by the hours that they take in a year. Entries of the same task, in
// whatever team's log, are one candidate. What is automated already is none.
func automate(logs []*catalog.ToilLog) []Candidate {
	byTask := map[string]*Candidate{}
	var order []*Candidate
	for _, log := range logs {
		for _, e := range log.Entries {
			if e.Done || e.Hours <= 0 {
				continue
			}
			task := strings.Join(strings.Fields(e.Task.Value), " ")
			key := strings.ToLower(task)
			c := byTask[key]
			if c == nil {
				c = &Candidate{Task: task, Category: e.Category.Value}
				byTask[key] = c
				order = append(order, c)
			}
			c.Hours += e.Hours
			if team := orElse(e.Team.Value, log.Team.Value); team != "" && !slices.Contains(c.Teams, team) {
				c.Teams = append(c.Teams, team)
			}
			if c.Ticket == "" {
				c.Ticket, c.Owner = e.Ticket.Value, e.Owner.Value
			}
			c.Evidence = append(c.Evidence, e.At)
		}
	}
	all := make([]Candidate, len(order))
	for i, c := range order {
		slices.Sort(c.Teams)
		all[i] = *c
	}
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Or(cmp.Compare(b.Hours, a.Hours), cmp.Compare(a.Task, b.Task)) })
	return all
}

// leastRepeated is how many runbooks must share a list of steps before it is a candidate.
const leastRepeated = 2

// repeated gives the step lists that stand in several runbooks, the most frequent first.
func repeated(pages []*catalog.Page) []Repeated {
	byText := map[string]*Repeated{}
	var order []*Repeated
	for _, p := range pages {
		seen := map[string]bool{}
		for _, procedure := range p.Procedures {
			if procedure.Fingerprint == "" || seen[procedure.Fingerprint] {
				continue
			}
			seen[procedure.Fingerprint] = true
			found := byText[procedure.Fingerprint]
			if found == nil {
				found = &Repeated{Steps: procedure.Steps, First: procedure.First}
				byText[procedure.Fingerprint] = found
				order = append(order, found)
			}
			found.Evidence = append(found.Evidence, procedure.At)
		}
	}
	var all []Repeated
	for _, r := range order {
		if len(r.Evidence) >= leastRepeated {
			all = append(all, *r)
		}
	}
	slices.SortStableFunc(all, func(a, b Repeated) int {
		return cmp.Or(cmp.Compare(len(b.Evidence)*b.Steps, len(a.Evidence)*a.Steps), a.Evidence[0].Compare(b.Evidence[0]))
	})
	return all
}

package site

import (
	"html/template"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/scorecard"
)

// reflection is the three reflection answers about the estate or a team.
type reflection struct {
	Asks       struct{ Promise, Late, Automate string }
	Unpromised capped[unpromised]
	Late       capped[late]
	Read       bool   // the code of a service is part of the run
	Unseen     string // services whose code is not, "" for none
	Automate   capped[candidate]
	Repeated   capped[repeated]
}

type unpromised struct {
	Service link
	Tier    int
	Why     string
	Place   link
}

type late struct {
	What, Now, Could string
	Services         string
	Places           []link
	Rest             int
}

type candidate struct {
	Task, Hours, Teams string
	Ticket             link
	Places             []link
	Rest               int
}

type repeated struct {
	Steps, Runbooks, First string
	Places                 []link
	Rest                   int
}

// quoted is how many places stand beside each answer.
const quoted = 3

func (p page) reflection(r scorecard.Reflection, services int) reflection {
	view := reflection{
		Unpromised: capList(r.Unpromised, 7, 60, func(u scorecard.Unpromised) unpromised {
			return unpromised{p.serviceLink(u.Service), u.Service.TierNumber(), u.Why, p.place(u.At)}
		}),
		Late: capList(r.Late, 7, 30, p.lateCheck),
		Read: r.Unseen < services,
		Automate: capList(r.Automate, 5, 30, func(c scorecard.Candidate) candidate {
			at, rest := p.some(c.Evidence)
			view := candidate{Task: c.Task, Hours: hours(c.Hours), Teams: strings.Join(c.Teams, ", "), Places: at, Rest: rest}
			if c.Ticket != "" {
				view.Ticket = link{c.Ticket, outward(c.Ticket)}
			}
			return view
		}),
		Repeated: capList(r.Repeated, 5, 20, func(q scorecard.Repeated) repeated {
			at, rest := p.some(q.Evidence)
			return repeated{count(q.Steps, "step", "steps"), count(len(q.Evidence), "runbook", "runbooks"), q.First, at, rest}
		}),
	}
	view.Asks.Promise, view.Asks.Late, view.Asks.Automate = scorecard.AskPromise, scorecard.AskLate, scorecard.AskAutomate
	if r.Unseen > 0 {
		view.Unseen = count(r.Unseen, "service", "services")
	}
	return view
}

func (p page) lateCheck(l scorecard.LateCheck) late {
	at, rest := p.some(l.Evidence)
	view := late{What: upper(string(l.Purpose)), Now: stageWords(l.Stage), Could: "run at the stage “" + string(l.Could) + "”", Places: at, Rest: rest}
	if len(l.Services) <= 5 {
		names := make([]string, len(l.Services))
		for i, s := range l.Services {
			names[i] = s.ID
		}
		view.Services = strings.Join(names, ", ")
	} else {
		view.Services = count(len(l.Services), "service", "services")
	}
	return view
}

func stageWords(s catalog.Stage) string {
	if s == catalog.NoStage {
		return "never runs by itself"
	}
	return "runs first at the stage “" + string(s) + "”"
}

// some gives the first places of a list, and how many are left out.
func (p page) some(at []catalog.Place) ([]link, int) {
	shown := at[:min(quoted, len(at))]
	return p.places(shown), len(at) - len(shown)
}

// hours writes a number of hours as people say it.
func hours(h float64) string {
	if h < 100 {
		return strconv.FormatFloat(h, 'g', 3, 64) + " hours"
	}
	return number(int(h+0.5)) + " hours"
}

// due is what is overdue, and where to read on.
type due struct {
	Overdue  capped[dueRow]
	Ahead    string
	Calendar string
	List     string
}

type dueRow struct {
	What, Kind, Due, Owner string
	Late                   int
	Teams                  []link
	Place                  link
}

// CalendarFile is the calendar of the whole estate in a report's folder.
const CalendarFile = "deadlines.ics"

// TeamCalendars gives the paths of the calendars of teams in a report's folder, in the order of r.Teams.
func TeamCalendars(r *scorecard.Report) []string {
	files := teamPaths(r.Teams).at
	for i, file := range files {
		files[i] = strings.TrimSuffix(file, ".html") + ".ics"
	}
	return files
}

func (p page) due(all []scorecard.Deadline, shown int, calendar string) due {
	r := p.site.report
	overdue := r.Overdue(all)
	view := due{Calendar: p.root + calendar, Ahead: count(len(all)-len(overdue), "deadline is", "deadlines are")}
	view.Overdue = capList(overdue, shown, 30, func(d scorecard.Deadline) dueRow {
		row := dueRow{What: d.What, Kind: string(d.Kind), Due: d.Due.String(), Owner: d.Owner, Late: d.Late(r.Today()), Place: p.place(d.At)}
		for _, t := range d.Teams {
			row.Teams = append(row.Teams, p.teamLink(t))
		}
		return row
	})
	return view
}

// guideline is one of the guidelines with a team's standing.
type guideline struct {
	Text                  template.HTML
	Checks                []link
	Kept, Broken, Unknown string // "" for no service
}

func (p page) guidelines(all []scorecard.Guideline) []guideline {
	views := make([]guideline, len(all))
	for i, g := range all {
		views[i] = guideline{Text: spans(g.Text), Kept: services(g.Kept), Broken: services(g.Broken), Unknown: services(g.Unknown)}
		for _, c := range g.Checks {
			views[i].Checks = append(views[i].Checks, p.checkLink(c))
		}
	}
	return views
}

func services(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// attestation is somebody's word for what no file shows.
type attestation struct {
	Check                                    link
	Statement, Owner, Until, Services, Fault string
	Place                                    link
}

func (p page) attestations(all []scorecard.Vouched) []attestation {
	var views []attestation
	for _, v := range all {
		a := v.Attestation
		view := attestation{Check: p.checkNamed(a.Check.Value), Statement: a.Statement.Value, Owner: a.Owner.Value, Until: a.Until.Value,
			Services: count(v.Services, "service", "services"), Fault: v.Fault, Place: p.place(a.At)}
		views = append(views, view)
	}
	return views
}

//go:build unix

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// deed is what the commit of one day of the week does to a service.
type deed struct {
	subject string   // with the service's name, or with what several have in common
	several string   // the subject when it is done to more than one
	files   []string // of the service, that it writes anew
	do      func(*service, *rand.Rand)
}

// deeds are what happens on the days of a week, from Monday on. Each mends at some services what it spoils at others, so
// that verdicts are won and lost in about equal parts. The last two add a service and remove one.
var deeds = []deed{
	{"Move %s to where it belongs", "Move services to other tiers and owners", []string{"service.toml"}, func(s *service, r *rand.Rand) {
		switch r.IntN(4) {
		case 0:
			s.Tier = 1 + s.Tier%5
		case 1:
			s.Owner = turned(s.Owner, s.Team, "")
		case 2:
			s.PlainLogs = !s.PlainLogs
		default:
			s.Untraced = !s.Untraced
		}
	}},
	{"Tune the alerts of %s", "Tune alerts after the on-call review", []string{"alerts.yaml"}, func(s *service, r *rand.Rand) {
		switch r.IntN(3) {
		case 0:
			s.Flapping = !s.Flapping
		case 1:
			s.Unsevere = !s.Unsevere
		default:
			s.DeadLink = !s.DeadLink
		}
	}},
	{"Work on the runbooks of %s", "Work on runbooks", []string{"runbooks/errors.md", "runbooks/saturation.md"}, func(s *service, r *rand.Rand) {
		s.Draft = !s.Draft && r.IntN(3) == 0
	}},
	{"Tidy the dashboard of %s", "Tidy dashboards", []string{"dashboard.json"}, func(s *service, r *rand.Rand) {
		p := &s.Panels[r.IntN(len(s.Panels))]
		p.Unit = turned(p.Unit, "short", "")
	}},
	{"Agree on other objectives for %s", "Agree on other objectives", []string{"slo.yaml", "rules.yaml"}, func(s *service, r *rand.Rand) {
		s.Objective = turned(s.Objective, "99.9", "99.5")
	}},
	{subject: "Add %s", several: "Add services"},
	{subject: "Remove %s", several: "Remove services"},
}

const (
	adds    = 5 // index in deeds
	removes = 6
)

// turned gives one of two values: the one that is not there.
func turned(value, one, other string) string {
	if value == one {
		return other
	}
	return one
}

// day is when the commit of a day is made; week 0 follows the last of the months.
func day(week, d int) time.Time { return month(months-1).AddDate(0, 0, 7*(week+1)+d).Add(time.Hour) }

// end is the day after the last commit.
func end(weeks int) time.Time {
	if weeks == 0 {
		return month(months)
	}
	return day(weeks-1, len(deeds))
}

// town is the estate while its weeks go by. Services that nothing happened to are made again when something does.
type town struct {
	*streamer
	began   int // how many services the estate began with
	born    int // how many there were in all
	changed map[int]*service
	gone    map[int]bool
}

// weeks writes the commits of some weeks, in each of which a share of the services changes: at least one of them.
func (s *streamer) weeks(n, weeks int, churn float64) error {
	t := town{streamer: s, began: n, born: n, changed: map[int]*service{}, gone: map[int]bool{}}
	for w := range weeks {
		if err := t.week(w, max(1, int(float64(n)*churn+0.5))); err != nil {
			return err
		}
	}
	return nil
}

// week changes as many services as are given, each by the commit of one day.
func (t *town) week(w, changes int) error {
	r := rand.New(rand.NewPCG(seed+1, uint64(w)))
	byDay := make([][]int, len(deeds))
	picked := map[int]bool{}
	for c := range changes {
		d := dayOf(w, c, changes)
		i := t.born
		if d == adds {
			t.born++
		} else if i = t.pick(r, picked); i < 0 {
			break // all have changed
		}
		picked[i] = true
		byDay[d] = append(byDay[d], i)
	}
	for d, services := range byDay {
		if len(services) == 0 {
			continue
		}
		if err := t.day(w, d, services, r); err != nil {
			return err
		}
	}
	return nil
}

// dayOf gives the day of a week's change: one service is added and one removed, and the others share the other days. A
// week of few changes has some of the days, another week other ones.
func dayOf(w, change, changes int) int {
	switch {
	case changes < len(deeds):
		return (w*changes + change) % len(deeds)
	case change == 0:
		return adds
	case change == 1:
		return removes
	}
	return (w + change) % adds
}

// pick gives a service that is there and that was not picked, -1 when there is none.
func (t *town) pick(r *rand.Rand, picked map[int]bool) int {
	from := r.IntN(t.born)
	for k := range t.born {
		if i := (from + k) % t.born; !picked[i] && !t.gone[i] {
			return i
		}
	}
	return -1
}

// day writes the commit of a day.
func (t *town) day(w, d int, services []int, r *rand.Rand) error {
	what := deeds[d]
	subject := what.several
	if len(services) == 1 {
		subject = fmt.Sprintf(what.subject, t.service(services[0]).Name)
	}
	t.begin(day(w, d), subject)
	for _, i := range services {
		svc := t.service(i)
		svc.Reviewed = day(w, d).Format(time.DateOnly)
		written := what.files
		switch d {
		case removes:
			t.gone[i] = true
			t.remove(svc.Folder[1:])
			continue
		case adds:
			written = nil
			for _, f := range files {
				written = append(written, f.path)
			}
		default:
			what.do(svc, r)
		}
		if err := t.write(svc, written...); err != nil {
			return err
		}
	}
	return nil
}

// service gives a service as it is by now. One that was not there in the beginning is of a team that was.
func (t *town) service(i int) *service {
	if t.changed[i] == nil {
		svc := newService(i, t.began)
		if team := teamOf(i % t.began); i >= t.began && team != svc.Team {
			svc.Folder = "/services/" + team + "/" + svc.Name
			svc.Owner = strings.Replace(svc.Owner, svc.Team, team, 1)
			svc.Team = team
		}
		t.changed[i] = svc
	}
	return t.changed[i]
}

// write writes files of a service; a file that was missing stays so.
func (s *streamer) write(svc *service, paths ...string) error {
	for _, p := range paths {
		for _, f := range files {
			if f.path != p || svc.missing[p] {
				continue
			}
			var b bytes.Buffer
			if err := s.templates.ExecuteTemplate(&b, f.template, svc); err != nil {
				return err
			}
			data := b.Bytes()
			if svc.truncated[p] {
				data = data[:len(data)*2/3]
			}
			s.file(svc.Folder[1:]+"/"+p, data)
		}
	}
	return nil
}

func (s *streamer) remove(folder string) { fmt.Fprintf(s.out, "D %s\n", folder) }

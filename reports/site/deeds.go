package site

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// maxShifts is how many verdicts are listed under what changed them.
const maxShifts = 10

// deed is what one cause did to verdicts and levels, all of one turn.
type deed struct {
	turn   scorecard.Turn
	by     scorecard.Reason
	commit scorecard.Commit
	gain   float64
	shifts []scorecard.Shift
	moves  []scorecard.Move
}

// grouped gives the deeds of each turn since an earlier time, the largest first, and how many verdicts changed because the
// rules did.
func grouped(b before) (turns map[scorecard.Turn][]*deed, ruled int) {
	type cause struct {
		by   scorecard.Reason
		hash string
		turn scorecard.Turn
	}
	turns = map[scorecard.Turn][]*deed{}
	deeds := map[cause]*deed{}
	of := func(by scorecard.Reason, commit scorecard.Commit, turn scorecard.Turn) *deed {
		key := cause{by: by, turn: turn}
		if by == scorecard.ByCommit {
			key.hash = commit.Hash
		}
		if deeds[key] == nil {
			deeds[key] = &deed{turn: turn, by: by, commit: commit}
			turns[turn] = append(turns[turn], deeds[key])
		}
		return deeds[key]
	}
	for _, s := range b.shifts {
		if s.By == scorecard.ByRules || b.unrelated && s.By != scorecard.ByCommit {
			ruled++
			continue
		}
		d := of(s.By, s.Commit, s.Turn())
		d.gain += s.Gain
		d.shifts = append(d.shifts, s)
	}
	for _, m := range b.moves {
		if m.By != scorecard.ByRules && !m.Came && !m.Went {
			turn := scorecard.Lost
			if m.Up() {
				turn = scorecard.Gained
			}
			d := of(m.By, m.Commit, turn)
			d.moves = append(d.moves, m)
		}
	}
	for _, list := range turns {
		slices.SortStableFunc(list, larger)
	}
	return turns, ruled
}

func larger(a, b *deed) int {
	return cmp.Or(cmp.Compare(len(b.moves), len(a.moves)), cmp.Compare(math.Abs(b.gain), math.Abs(a.gain)), cmp.Compare(len(b.shifts), len(a.shifts)))
}

func (p page) change(d *deed) change {
	view := change{Why: p.why(d.by, d.commit), Shifts: capList(d.shifts, 0, maxShifts, p.shift)}
	if d.turn == scorecard.Gained && d.gain > 0 || d.turn == scorecard.Lost && d.gain < 0 { // what got worse may still have won a point elsewhere
		view.Points = signed(d.gain)
	}
	for _, m := range d.moves {
		view.Levels = append(view.Levels, p.levelMove(m))
	}
	services := map[string]bool{}
	for _, s := range d.shifts {
		services[s.Service] = true
	}
	if len(d.shifts) > 0 {
		view.Checks = count(len(d.shifts), "check", "checks")
		switch {
		case len(services) > 1:
			view.Checks += " in " + count(len(services), "service", "services")
		default:
			view.Checks += " of " + d.shifts[0].Service
		}
	}
	return view
}

// signed gives points with their sign, "" for none.
func signed(gain float64) string {
	switch text := pointsOf(math.Abs(gain)); {
	case text == "0 points":
		return ""
	case gain < 0:
		return "−" + text
	default:
		return "+" + text
	}
}

func (p page) why(by scorecard.Reason, commit scorecard.Commit) why {
	switch {
	case by != scorecard.ByCommit:
		return why{Reason: string(by)}
	case commit.Hash == "":
		return why{Reason: "several commits"}
	}
	return why{Commit: commitLink(p.site.report.Estate.Revision, commit.Hash), Subject: commit.Subject, Date: day(commit.Time)}
}

func (p page) levelMove(m scorecard.Move) levelMove {
	return levelMove{p.serviceNamed(m.Service, m.Current), levelView(m.From), levelView(m.To)}
}

// cameAndWent gives the services that are new, and those that are gone.
func (p page) cameAndWent(moves []scorecard.Move) (came, went capped[link]) {
	pick := func(which func(scorecard.Move) bool) capped[link] {
		return capList(only(moves, which), 4, 4, func(m scorecard.Move) link { return p.serviceNamed(m.Service, m.Current) })
	}
	return pick(func(m scorecard.Move) bool { return m.Came }), pick(func(m scorecard.Move) bool { return m.Went })
}

func (p page) shift(s scorecard.Shift) shift {
	view := shift{Service: p.serviceNamed(s.Service, s.Current), Text: spans(s.Text), Place: p.place(s.At)}
	if view.Service.Href != "" && s.Check != nil {
		view.Service.Href += "#" + anchor(s.Check.ID)
	}
	if s.Check != nil {
		view.Check, view.Title = p.checkLink(s.Check), spans(s.Check.Title)
	}
	view.From, view.To = verdictThen(s.From), verdictThen(s.To)
	return view
}

// verdictThen gives a verdict, and none for a service that was not there.
func verdictThen(v checks.Verdict) verdict {
	if v == "" {
		return verdict{}
	}
	return verdictView(v)
}

// only gives the items for which keep is true.
func only[T any](items []T, keep func(T) bool) []T {
	var kept []T
	for _, item := range items {
		if keep(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

// serviceNamed leads to a service of the history that is still there.
func (p page) serviceNamed(id string, current *catalog.Service) link {
	if current != nil {
		return p.serviceLink(current)
	}
	return link{strings.TrimSpace(id), ""}
}

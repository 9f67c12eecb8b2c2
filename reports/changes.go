package reports

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// among says whether a change concerns what an overview is about: by the service and, for one that is gone, its team.
type among func(service string, current *catalog.Service, team string) bool

func everyService(string, *catalog.Service, string) bool { return true }

func ofTeam(t *catalog.Team) among {
	return func(_ string, current *catalog.Service, team string) bool {
		return current != nil && current.Owner.Team == t || current == nil && team == t.ID
	}
}

func onlyService(id string) among {
	return func(service string, _ *catalog.Service, _ string) bool { return service == id }
}

// changeSections say what is another than it was: since a week ago by the history, and since an earlier report. Beside
// a history, an earlier report only tells what the live Grafana showed.
func changeSections(r *scorecard.Report, of among, e extent) []section {
	var sections []section
	if h := r.History; h != nil && len(h.Weeks) > 1 {
		last := len(h.Weeks) - 1
		list := changeList{what: "since " + localDay(h.Weeks[last-1].End), notes: h.Weeks[last].Marks}
		if gap := h.Weeks[last-1].Gap; gap != "" {
			list.notes = append(slices.Clone(list.notes), "nothing is known of the week before: "+gap)
		}
		for _, m := range h.Moves {
			if m.Week == last && of(m.Service, m.Current, m.Team) {
				list.moves = append(list.moves, m)
			}
		}
		list.add(h.Shifts, of)
		sections = append(sections, list.section(e))
	}
	if c := r.Comparison; c != nil {
		list := changeList{what: "since the report of " + day(c.Now)}
		if c.Ruled {
			list.notes = append(list.notes, "the earlier report was judged by other rules or another policy")
		}
		list.add(slices.DeleteFunc(slices.Clone(c.Shifts), func(s scorecard.Shift) bool {
			return r.History != nil && s.By != scorecard.ByLive
		}), of)
		if len(list.shifts) > 0 || r.History == nil {
			sections = append(sections, list.section(e))
		}
	}
	return sections
}

// changeList is what changed since one moment.
type changeList struct {
	what   string
	notes  []string
	moves  []scorecard.Move
	shifts []shiftGroup
	turns  map[scorecard.Turn]int // verdicts
}

// shiftGroup is one change of a verdict that one cause brought to several services.
type shiftGroup struct {
	scorecard.Shift          // of the first service
	services        []string // in order
	gain            float64  // of all
}

func (g shiftGroup) is(s scorecard.Shift) bool {
	return g.Check == s.Check && g.From == s.From && g.To == s.To && g.By == s.By && g.Commit.Hash == s.Commit.Hash && g.Turn() == s.Turn()
}

// add takes in the verdicts that changed for better or worse: what was lost before what was gained, the most points first.
func (l *changeList) add(shifts []scorecard.Shift, of among) {
	for _, s := range shifts {
		if !of(s.Service, s.Current, "") {
			continue
		}
		if s.Turn() == scorecard.Neither {
			continue
		}
		if l.turns == nil {
			l.turns = map[scorecard.Turn]int{}
		}
		l.turns[s.Turn()]++
		i := slices.IndexFunc(l.shifts, func(g shiftGroup) bool { return g.is(s) })
		if i < 0 {
			i = len(l.shifts)
			l.shifts = append(l.shifts, shiftGroup{Shift: s})
		}
		l.shifts[i].services = append(l.shifts[i].services, s.Service)
		l.shifts[i].gain += s.Gain
	}
	slices.SortStableFunc(l.shifts, func(a, b shiftGroup) int {
		return cmp.Or(cmp.Compare(a.Turn(), b.Turn()), cmp.Compare(math.Abs(b.gain), math.Abs(a.gain)))
	})
}

func (l changeList) section(e extent) section {
	s := section{title: "What changed " + l.what + ": " + l.counts(), table: table{columns: []column{
		{title: "change"}, {title: "what", least: 14, wraps: true}, {title: "service", least: 12, ident: e == brief, wraps: e != brief}, {title: "from"}, {title: "to"}, {title: "by", least: 16, wraps: e != brief},
	}}}
	rows, left := l.rows(e)
	s.table.rows = rows
	var more []string
	if left > 0 {
		more = append(more, "and "+count(left, "more change"))
	}
	s.more = listOf(". ", append(more, l.notes...)...)
	if len(rows) == 0 && s.more == "" {
		s.items = append(s.items, item{text: "no verdict and no level is another than it was"})
	}
	return s
}

// rows gives the rows for a list of some extent, so many of what was lost that there is room for what was gained, and how
// many it leaves out.
func (l changeList) rows(e extent) (rows [][]cell, left int) {
	most := e.most(4, 12)
	moves := min(len(l.moves), most)
	rows = viewsOf(l.moves[:moves], moveRow)
	shown := map[scorecard.Turn]int{}
	for _, g := range l.shifts {
		if shown[g.Turn()] < most {
			shown[g.Turn()]++
			rows = append(rows, shiftRow(g, e))
		}
	}
	return rows, len(l.moves) + len(l.shifts) - len(rows)
}

func (l changeList) counts() string {
	if len(l.shifts)+len(l.moves) == 0 {
		return "nothing"
	}
	up, down := 0, 0
	for _, m := range l.moves {
		switch {
		case m.Up():
			up++
		case !m.Came && !m.Went:
			down++
		}
	}
	text := number(l.turns[scorecard.Gained]) + " gained, " + number(l.turns[scorecard.Lost]) + " lost"
	if n := l.turns[scorecard.Begun]; n > 0 {
		text += ", " + count(n, "new finding")
	}
	if up > 0 {
		text += ", " + count(up, "level") + " up"
	}
	if down > 0 {
		text += ", " + count(down, "level") + " down"
	}
	return text
}

func moveRow(m scorecard.Move) []cell {
	row := []cell{{"down", bad}, {text: "level"}, {text: m.Service}, {text: m.From.String()}, {text: m.To.String()}, {byText(m.By, m.Commit), quiet}}
	switch {
	case m.Came:
		row[0], row[3] = cell{"new", neutral}, cell{"–", quiet}
	case m.Went:
		row[0], row[4] = cell{"gone", neutral}, cell{"–", quiet}
	case m.Up():
		row[0] = cell{"up", good}
	}
	return row
}

func shiftRow(g shiftGroup, e extent) []cell {
	change := map[scorecard.Turn]cell{scorecard.Lost: {"lost", bad}, scorecard.Begun: {"finding", unsure}, scorecard.Gained: {"gained", good}}[g.Turn()]
	return []cell{change, {g.Check.ID, named}, {text: g.whose(e)}, verdictCell(g.From), verdictCell(g.To), {byText(g.By, g.Commit), quiet}}
}

// whose names the services, a few of them where there is room.
func (g shiftGroup) whose(e extent) string {
	shown := min(len(g.services), e.most(1, 5))
	switch n := len(g.services) - shown; {
	case n == 0:
		return strings.Join(g.services, ", ")
	case shown == 1:
		return count(len(g.services), "service")
	default:
		return strings.Join(g.services[:shown], ", ") + " and " + number(n) + " more"
	}
}

// verdictCell words a verdict for where there is little room.
func verdictCell(v checks.Verdict) cell {
	switch v {
	case "", checks.NotApplicable, checks.NotAsked:
		return cell{"–", quiet}
	case checks.Fail:
		return cell{string(v), bad}
	case checks.Pass:
		return cell{string(v), good}
	}
	return cell{string(v), unsure}
}

// byText says what made a verdict change, a commit by its hash and the first line of its message.
func byText(by scorecard.Reason, c scorecard.Commit) string {
	if by != scorecard.ByCommit || c.Hash == "" {
		return string(by)
	}
	return c.Hash[:min(8, len(c.Hash))] + " " + c.Subject
}

package reports

import (
	"obsready/checks"
	"obsready/scorecard"
)

// promiseSection shows what is promised: journey, measurement, target with its budget, policy, and whether the thread
// from there to recovery is whole.
func promiseSection(promises []scorecard.Promise, e extent) section {
	s := section{title: "Promises", detail: count(len(promises), "promise"), table: table{columns: []column{
		{title: "user journey", least: 12, wraps: true}, {title: "SLI", least: 13, wraps: true}, {title: "SLO", least: 14, wraps: true},
		{title: "error budget policy", least: 19, wraps: true}, {title: "thread", least: 13, wraps: true, spare: true, extra: 1},
	}}}
	shown := min(len(promises), e.most(0, 20))
	for _, p := range promises[:shown] {
		s.table.rows = append(s.table.rows, promiseRow(p))
	}
	if n := len(promises) - shown; n > 0 {
		s.more = "and " + count(n, "more promise")
	}
	return s
}

// longest is how long a text in the table may become; the site shows all of it.
const longest = 48

func promiseRow(p scorecard.Promise) []cell {
	journey := cell{"none (" + subjectOf(p) + ")", quiet}
	if p.Journey != nil {
		journey = cell{text: p.Journey.Name.Value}
	}
	return []cell{journey, orMissing(cut(p.SLI, longest), "not stated"), promisedCell(p), orMissing(cut(p.Policy, longest), "none found"), threadCell(p.Thread)}
}

func subjectOf(p scorecard.Promise) string {
	if p.Service == nil {
		return ""
	}
	return p.Service.ID
}

func orMissing(text, missing string) cell {
	if text == "" {
		return cell{missing, unsure}
	}
	return cell{text: text}
}

// promisedCell words a target with its error budget, as in "99.9 % over 30d, 43.2 min a month".
func promisedCell(p scorecard.Promise) cell {
	if p.Target == "" {
		return cell{"none", bad}
	}
	text := p.Target
	if budget := p.Budget(); budget != "" {
		text += ", " + budget
	}
	return cell{text: text}
}

// threadCell says whether a thread is whole, or where it breaks.
func threadCell(t *checks.Thread) cell {
	if t == nil {
		return cell{}
	}
	return cell{t.Standing(), map[checks.State]tone{checks.Met: good, checks.Unmet: bad, checks.Undecided: unsure}[t.State()]}
}

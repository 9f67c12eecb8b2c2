package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// writeLines prints what is to be mended, one finding a line, in the order of places:
//
//	file:line:column: message [check] (service)
//	file:line:column: unknown: why it could not be decided [check] (service)
//
// Findings with a common cause share a line: the first place, the cause, and how many more places and services it
// touches. So do requirements that one gap leaves undecided. A finding that is not counted yet ends in "(announced)". A
// place that is a whole file stands at its line 1, column 1, so that every line has the same form. Only a place in Grafana is
// its address alone, which a terminal opens and no editor could.
//
// Nothing else is printed, and nothing at all when there is nothing to mend, so that a program can read the output line
// by line. Only on a terminal a summary follows.
func writeLines(w io.Writer, r *scorecard.Report, o Options) error {
	if err := o.Check(r.Estate); err != nil {
		return err
	}
	lines := linesOf(r, o)
	var b bytes.Buffer
	for _, l := range lines {
		b.WriteString(l.format(o.Color) + "\n")
	}
	if o.Width > 0 {
		if len(lines) > 0 {
			b.WriteByte('\n')
		}
		summary := linesSummary(r, o)
		b.WriteString(summary.tone.paint(summary.text, o.Color) + "\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// line is what one line of the output tells: one or more requirements that are not met, or undecided, for one reason.
type line struct {
	state     checks.State
	at        catalog.Place // the first place
	message   string
	check     *checks.Check
	service   *catalog.Service
	last      *catalog.Service // the one that was added last
	services  int
	places    map[catalog.Place]bool
	findings  int
	announced int
}

// lineKey is what the requirements of one line share.
type lineKey struct {
	cause          *scorecard.CauseGroup
	check, message string
	at             catalog.Place
	service        *catalog.Service
}

func linesOf(r *scorecard.Report, o Options) []*line {
	cards := o.cards(r)
	causes := indexCauses(r)
	if len(cards) < len(r.Cards) {
		causes = causes.among(cards)
	}
	index := map[lineKey]*line{}
	var lines []*line
	for _, c := range cards {
		for _, result := range c.Results {
			for _, q := range result.Requirements {
				if q.State == checks.Met {
					continue
				}
				group := causes.of(result.Check, q)
				key := keyOf(c.Service, result.Check, q, group)
				if index[key] == nil {
					index[key] = beginLine(c.Service, result.Check, q, group)
					lines = append(lines, index[key])
				}
				index[key].add(c.Service, result, q)
			}
		}
	}
	slices.SortStableFunc(lines, func(a, b *line) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.message, b.message))
	})
	return lines
}

// cards gives the services that the options ask for.
func (o Options) cards(r *scorecard.Report) []*scorecard.Card {
	if o.Team == "" && o.Service == "" {
		return r.Cards
	}
	var asked []*scorecard.Card
	for _, c := range r.Cards {
		if c.Service.ID == o.Service || o.Service == "" && c.Service.Owner.Team != nil && c.Service.Owner.Team.ID == o.Team {
			asked = append(asked, c)
		}
	}
	return asked
}

func beginLine(svc *catalog.Service, check *checks.Check, q checks.Requirement, group *scorecard.CauseGroup) *line {
	l := &line{state: q.State, at: q.At, message: q.Message, check: check, service: svc, places: map[catalog.Place]bool{}}
	if group != nil {
		l.message = group.Summary
	}
	return l
}

// keyOf says which line a requirement belongs to: its cause's; that of the gap which leaves it undecided, whatever check
// and service wanted to know; its own otherwise.
func keyOf(svc *catalog.Service, check *checks.Check, q checks.Requirement, group *scorecard.CauseGroup) lineKey {
	switch {
	case group != nil:
		return lineKey{cause: group}
	case q.State == checks.Undecided:
		return lineKey{message: q.Message, at: q.At}
	default:
		return lineKey{check: check.ID, message: q.Message, at: q.At, service: svc}
	}
}

// add takes in a requirement. The first place is told, with the check and the service that it belongs to.
func (l *line) add(svc *catalog.Service, result scorecard.Result, q checks.Requirement) {
	if l.last != svc { // services come one after the other
		l.services++
		l.last = svc
	}
	if q.At.Compare(l.at) < 0 {
		l.at, l.check, l.service = q.At, result.Check, svc
	}
	l.places[q.At] = true
	l.findings++
	if result.Announced {
		l.announced++
	}
}

func (l *line) format(color bool) string {
	message := plain(l.message)
	if l.state == checks.Undecided {
		message = unsure.paint("unknown:", color) + " " + message
	}
	service := plain(l.service.ID)
	if l.services > 1 {
		service += " and " + number(l.services-1) + " more"
	}
	text := fmt.Sprintf("%s: %s%s %s (%s)", strong.paint(placeText(l.at), color), message, l.more(), named.paint("["+l.check.ID+"]", color), service)
	switch l.announced {
	case 0:
		return text
	case l.findings:
		return text + " (announced)"
	default:
		return text + " (" + number(l.announced) + " announced)"
	}
}

// more says what else the line stands for.
func (l *line) more() string {
	if n := len(l.places) - 1; n > 0 {
		return ", and " + count(n, "more place")
	}
	return ""
}

// placeText gives a place as file:line:column, whatever of it is known, and an address as it is.
func placeText(at catalog.Place) string {
	if strings.Contains(at.File, "://") {
		return plain(at.File)
	}
	if at.File == "" {
		at.File = "-"
	}
	at.Line, at.Col = max(1, at.Line), max(1, at.Col)
	return plain(at.String())
}

// linesSummary says how many findings there are in all.
func linesSummary(r *scorecard.Report, o Options) cell {
	unmet, undecided := 0, 0
	sum := scorecard.Summary{}
	for _, c := range o.cards(r) {
		sum.Services++
		if c.Ready() {
			sum.Ready++
		}
		for _, result := range c.Results {
			unmet += result.Count(checks.Unmet)
			undecided += result.Count(checks.Undecided)
		}
	}
	head := headline(sum)
	text := count(unmet, "finding")
	if undecided > 0 {
		text += ", " + number(undecided) + " unknown"
	}
	return cell{text + ". " + head.text, head.tone}
}

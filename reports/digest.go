package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"obsready/checks"
	"obsready/scorecard"
)

// maxDigest is what chat programs take as one message, in characters.
const maxDigest = 4000

// digestSize is how much a digest tells.
type digestSize struct {
	items int // changes of each kind
	text  int // columns of an item
}

// digestSizes are tried in turn until a digest is short enough: text that has to be escaped grows.
var digestSizes = []digestSize{{5, 180}, {4, 120}, {2, 80}, {1, 40}}

// writeDigest writes what a lead wants to know on Monday, as Markdown of at most 4,000 characters: where we stand, what
// changed, what to do first and what that gains, how far the four questions are answered, and what is overdue. A report
// about one team, or one of which a team is asked for, gives that team's digest, any other that of the estate.
func writeDigest(w io.Writer, r *scorecard.Report, o Options) error {
	for _, t := range r.Teams {
		if len(r.Teams) == 1 || o.Team != "" && t.Team != nil && t.Team.ID == o.Team {
			return writeTeamDigest(w, r, t)
		}
	}
	d := digest{
		report: r, name: catalogName(r.Estate.Revision), summary: r.Summary, actions: r.Actions, answers: r.Answers, deadlines: r.Deadlines,
		member: func(string) bool { return true },
	}
	if h := r.History; h != nil {
		d.past = h.Estate
	}
	if c := r.Comparison; c != nil {
		d.before = &c.Standing
	}
	return d.write(w)
}

func writeTeamDigest(w io.Writer, r *scorecard.Report, t *scorecard.TeamCard) error {
	id, ids := "", make(map[string]bool, len(t.Cards))
	if t.Team != nil {
		id = t.Team.ID
	}
	for _, c := range t.Cards {
		ids[c.Service.ID] = true
	}
	d := digest{
		report: r, name: t.Name(), summary: t.Summary, actions: t.Actions, answers: t.Answers, deadlines: t.Deadlines,
		member: func(service string) bool { return ids[service] },
		ofTeam: func(m scorecard.Move) bool { return ids[m.Service] || m.Team == id },
	}
	if h := r.History; h != nil {
		d.past = h.Teams[id]
	}
	if c := r.Comparison; c != nil {
		if before, ok := c.Teams[id]; ok {
			d.before = &before
		}
	}
	return d.write(w)
}

// digest is a group of services as its lead sees it.
type digest struct {
	report    *scorecard.Report
	name      string
	summary   scorecard.Summary
	actions   []scorecard.Action
	answers   []scorecard.Answer
	deadlines []scorecard.Deadline
	past      []scorecard.Standing // one for each week of the history; nil without one
	before    *scorecard.Standing  // of the report that is compared with; nil without one
	member    func(service string) bool
	ofTeam    func(scorecard.Move) bool // nil takes every move
	digestSize
}

func (d digest) write(w io.Writer) error {
	text := ""
	for _, d.digestSize = range digestSizes {
		text = "## " + d.brief("Readiness of "+d.name) + "\n\n" + d.standing() + d.changes() + d.first() + d.questions() + d.overdue()
		if utf8.RuneCountInString(text) <= maxDigest {
			break
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

// brief gives a text of the catalog as Markdown of one line.
func (d digest) brief(text string) string {
	runes := []rune(cut(plain(text), d.text))
	return escape(string(runes[:min(len(runes), 2*d.text)])) // marks that take no column do not make it long
}

// standing says where the group stands, and where it stood.
func (d digest) standing() string {
	s := d.summary
	if s.Services == 0 {
		return "There are no services.\n"
	}
	text := fmt.Sprintf("**%s of %s** at the required level", number(s.Ready), count(s.Services, "service"))
	if percent, ok := wholePercent(s.Score); ok {
		text += fmt.Sprintf(", **%d %%** of the points", percent)
		if unknown := wholeUnknown(s.Score); unknown > 0 {
			text += fmt.Sprintf(", %d %% unknown", unknown)
		}
	}
	text += "."
	if before, since, ok := d.earlier(); ok {
		text += " " + since + ": " + strings.Join(standingChange(before, s), ", ") + "."
	}
	var levels []string
	for l := checks.Gold; l >= checks.None; l-- {
		levels = append(levels, number(s.Levels[l])+" "+l.String())
	}
	if s.NotRated > 0 {
		levels = append(levels, number(s.NotRated)+" not rated")
	}
	return text + "\nLevels: " + strings.Join(levels, ", ") + ".\n"
}

// earlier gives the standing to compare with: a week ago by the history, else that of the earlier report.
func (d digest) earlier() (before scorecard.Standing, since string, ok bool) {
	if h := d.report.History; h != nil && len(d.past) > 1 && len(h.Weeks) == len(d.past) {
		if i := len(d.past) - 2; h.Weeks[i].Gap == "" && d.past[i].Services > 0 {
			return d.past[i], "Since " + localDay(h.Weeks[i].End), true
		}
	}
	if d.before != nil && d.before.Services > 0 && !d.report.Comparison.Ruled {
		return *d.before, "Since " + day(d.report.Comparison.Now), true
	}
	return before, "", false
}

// standingChange says from what to what a standing changed.
func standingChange(before scorecard.Standing, now scorecard.Summary) []string {
	var list []string
	add := func(was, is, what string) {
		if was != is {
			list = append(list, was+" → "+is+what)
		}
	}
	add(number(before.Ready), number(now.Ready), " at the required level")
	add(scoreText(before.Score), scoreText(now.Score), " of the points")
	add(number(before.Services), number(now.Services), " services")
	if len(list) == 0 {
		return []string{"no change"}
	}
	return list
}

// first lists what to do next.
func (d digest) first() string {
	if len(d.actions) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n### Do first\n\n")
	for i, a := range d.actions[:min(3, len(d.actions))] {
		gain := " Gains " + pointsText(a.Gain)
		if a.Levels > 0 {
			gain += " and a level for " + count(a.Levels, "service")
		}
		text := d.brief(strings.TrimSuffix(a.Text, "."))
		if !strings.HasSuffix(text, "…") {
			text += "."
		}
		fmt.Fprintf(&b, "%d. %s%s (%s).\n", i+1, text, escape(gain), escape(plain(a.Check.ID)))
	}
	return b.String()
}

// questions says how far the four questions are answered.
func (d digest) questions() string {
	if len(d.answers) == 0 || d.summary.Services == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n### The four questions\n\n")
	for _, a := range d.answers {
		text := ""
		if len(a.Missing) > 0 {
			text = ". Missing: " + d.brief(a.Missing[0])
			if n := len(a.Missing) - 1; n > 0 {
				text += " (and " + strconv.Itoa(n) + " more)"
			}
		}
		fmt.Fprintf(&b, "- %s **%s**%s\n", escape(string(a.Question)), escape(string(a.Status)), text)
	}
	return b.String()
}

// overdue lists what is latest.
func (d digest) overdue() string {
	late := d.report.Overdue(d.deadlines)
	if len(late) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n### Overdue: %s\n\n", number(len(late)))
	for _, due := range late[:min(d.items, len(late))] {
		owner := ""
		if due.Owner != "" {
			owner = " (" + due.Owner + ")"
		}
		fmt.Fprintf(&b, "- %s late: %s\n", count(due.Late(d.report.Today()), "day"), d.brief(due.What+owner))
	}
	return b.String()
}

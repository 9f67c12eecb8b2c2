package reports

import (
	"encoding/csv"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"obsready/checks"
	"obsready/scorecard"
)

// writeServicesCSV writes a table of the services, one in a row, with a column for the verdict of each pillar of the run.
func writeServicesCSV(w io.Writer, r *scorecard.Report, o Options) error {
	pillars := r.Pillars()
	t := newCSV(w, "service", "title", "team", "owner", "tier", "kind", "lifecycle", "level", "required", "next", "ready",
		"score_percent", "unknown_percent", "earned", "possible", "unknown", "blockers")
	for _, p := range pillars {
		t.columns = append(t.columns, strings.ReplaceAll(string(p), " ", "_"))
	}
	t.head()
	for _, c := range askedFor(r, o) {
		t.row(append(serviceCells(c), pillarCells(c, pillars)...))
	}
	return t.close()
}

// askedFor gives the cards of the team or the service that is asked for, else all.
func askedFor(r *scorecard.Report, o Options) []*scorecard.Card {
	if o.Team == "" && o.Service == "" {
		return r.Cards
	}
	var cards []*scorecard.Card
	for _, c := range r.Cards {
		owner := c.Service.Owner.Team
		if c.Service.ID == o.Service || o.Team != "" && owner != nil && owner.ID == o.Team {
			cards = append(cards, c)
		}
	}
	return cards
}

func serviceCells(c *scorecard.Card) []string {
	svc := c.Service
	team, level, required, next, score := "", "not rated", "", "", ""
	if svc.Owner.Team != nil {
		team = svc.Owner.Team.ID
	}
	if c.Rated {
		level, required = c.Level.String(), c.Required.String()
		if c.Next != checks.None {
			next = c.Next.String()
		}
	}
	if percent, ok := wholePercent(c.Score); ok {
		score = strconv.Itoa(percent)
	}
	return []string{
		cellText(svc.ID), cellText(svc.Title.Value), cellText(team), cellText(svc.Owner.Ref.Value), strconv.Itoa(svc.TierNumber()), svc.KindName(), cellText(svc.Lifecycle.Value),
		level, required, next, yesNo(c.Ready()), score, strconv.Itoa(wholeUnknown(c.Score)),
		decimal(c.Score.Earned), decimal(c.Score.Possible), decimal(c.Score.Unknown), strconv.Itoa(len(c.Blockers)),
	}
}

func pillarCells(c *scorecard.Card, pillars []checks.Pillar) []string {
	cells := make([]string, len(pillars))
	for _, p := range c.Pillars {
		if i := slices.Index(pillars, p.Pillar); i >= 0 {
			cells[i] = string(p.Verdict)
		}
	}
	return cells
}

// writeFindingsCSV writes a table of the findings and of what could not be decided, one in a row.
func writeFindingsCSV(w io.Writer, r *scorecard.Report, o Options) error {
	t := newCSV(w, "service", "team", "check", "pillar", "severity", "level", "verdict", "state", "file", "line", "column", "url", "message", "announced")
	t.head()
	for _, c := range askedFor(r, o) {
		team := ""
		if c.Service.Owner.Team != nil {
			team = c.Service.Owner.Team.ID
		}
		for _, result := range c.Results {
			for _, q := range result.Requirements {
				if q.State == checks.Met {
					continue
				}
				t.row([]string{
					cellText(c.Service.ID), cellText(team), cellText(result.Check.ID), string(result.Check.Pillar), result.Check.Severity.String(), result.Level.String(),
					string(result.Verdict), string(q.State), cellText(q.At.File), positive(q.At.Line), positive(q.At.Col),
					cellText(r.Estate.Revision.Link(q.At)), cellText(q.Message), yesNo(result.Announced),
				})
			}
		}
	}
	return t.close()
}

// csvTable writes a table by RFC 4180, in UTF-8 without a mark of its byte order, which most programs would take for a part of the
// first name. The first error stays.
type csvTable struct {
	*csv.Writer
	columns []string
}

func newCSV(w io.Writer, columns ...string) *csvTable {
	t := &csvTable{csv.NewWriter(w), columns}
	t.UseCRLF = true
	return t
}

func (t *csvTable) head()              { t.row(t.columns) }
func (t *csvTable) row(cells []string) { _ = t.Write(cells) } // Error tells it

func (t *csvTable) close() error {
	t.Flush()
	return t.Error()
}

// negative is a text that a spreadsheet may read as a number: it computes nothing.
var negative = regexp.MustCompile(`^-[0-9]+([.,][0-9]+)*$`)

// cellText makes text of the catalog a cell that a spreadsheet shows and does not compute: one that begins like a formula
// begins with an apostrophe instead, as OWASP's "CSV Injection" asks. Spaces before it do not hide it, and a negative
// number is none.
func cellText(text string) string {
	text = plain(text)
	begins := strings.TrimLeft(text, " \u00a0\ufeff\ufffd")
	if begins != "" && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", []rune(begins)[0]) && !negative.MatchString(text) {
		return "'" + text
	}
	return text
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// positive gives a number, "" for none.
func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// decimal gives a number to two decimals, without needless ones.
func decimal(n float64) string { return strconv.FormatFloat(hundredth(n), 'f', -1, 64) }

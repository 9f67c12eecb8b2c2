package reports

import (
	"math"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// overview is what a report says on a few pages of text, in the order in which it is read: about the estate, one team or
// one service. The formats text and markdown show the same overview. Its texts are as the catalog has them: a format makes
// them safe.
type overview struct {
	title    string
	facts    []fact // what was looked at
	headline cell
	standing []fact
	sections []section
	leftOut  []string // what a brief overview does not show, as in "9 promises"
}

// fact is a text with a word for what it is about.
type fact struct{ label, text string }

// section is one heading with a table or items below it.
type section struct {
	title   string
	table   table
	ordered bool // the items' order is a rank
	items   []item
	more    string // what was left out, "" for nothing
	detail  string // names what the section shows, as in "9 promises", when a brief overview leaves it out
}

// item is one entry of a list.
type item struct {
	mark    cell // a word that stands before the text: what it is an example of
	text    string
	status  cell // a verdict beside the text
	details []string
}

// extent is how much an overview shows of what may be long. The site and the JSON have everything.
type extent int

const (
	brief extent = iota // fits a terminal, more or less
	usual               // fits a comment
	whole
)

// most is how many entries of a list are shown.
func (e extent) most(brief, usual int) int { return []int{brief, usual, math.MaxInt}[e] }

// viewOf gives the overview that the options ask for.
func viewOf(r *scorecard.Report, o Options, e extent) (overview, error) {
	if err := o.Check(r.Estate); err != nil {
		return overview{}, err
	}
	switch {
	case o.Service != "":
		i := slices.IndexFunc(r.Cards, func(c *scorecard.Card) bool { return c.Service.ID == o.Service })
		return serviceView(r, r.Cards[i], o, e), nil
	case o.Team != "":
		i := slices.IndexFunc(r.Teams, func(c *scorecard.TeamCard) bool { return c.Team != nil && c.Team.ID == o.Team })
		return teamView(r, r.Teams[i], o, e), nil
	}
	return estateView(r, o, e), nil
}

func estateView(r *scorecard.Report, o Options, e extent) overview {
	v := overview{
		title:    "Observability readiness of " + catalogName(r.Estate.Revision),
		facts:    facts(r),
		headline: headline(r.Summary),
		standing: standing(r.Summary, estatePast(r), announced(r.Cards), o),
	}
	v.standing = append(v.standing, unread(r.Estate)...)
	v.addAll(e, changeSections(r, everyService, e)...)
	v.addAll(e, teamSection(r, o, e))
	v.addAll(e, serviceSections(r, r.Cards, o, e)...)
	v.addAll(e,
		causeSection(r.Causes, e),
		promiseSection(r.Promises, e),
		threadSection(r.Threads, e),
		answerSection(r.Answers, e.most(0, 1)),
		reflectionSection(r.Reflection),
		overdueSection(r, r.Deadlines, e),
		unlinkedSection(r.Estate),
		actionSection(r.Actions, e), // at the end, where a terminal stops
	)
	return v
}

// addAll appends the sections that say something and that an overview of the extent shows, and notes which it does not.
func (v *overview) addAll(e extent, sections ...section) {
	for _, s := range sections {
		switch {
		case len(s.table.rows) == 0 && len(s.items) == 0 && s.more == "":
		case s.detail != "" && e == brief:
			v.leftOut = append(v.leftOut, s.detail)
		default:
			v.sections = append(v.sections, s)
		}
	}
}

// catalogName is the web address of the catalog without its scheme, or words for it.
func catalogName(rev catalog.Revision) string {
	_, address, found := strings.Cut(rev.Web, "://")
	if !found {
		return "this catalog"
	}
	return strings.TrimSuffix(address, "/")
}

func facts(r *scorecard.Report) []fact {
	counts := r.Estate.Counts
	return slices.Concat(revisionFacts(r), []fact{
		{"Read", number(counts.Read) + " of " + count(counts.Listed, "file") + " of the catalog" + r.Sources()},
		judgedFact(r),
	})
}

func revisionFacts(r *scorecard.Report) []fact {
	if rev := revisionText(r.Estate.Revision); rev != "" {
		return []fact{{"Catalog", rev}}
	}
	return nil
}

func judgedFact(r *scorecard.Report) fact {
	return fact{"Judged", "on " + day(r.Now) + " by " + count(len(r.Checks), "check") + " of rule set " + r.RuleSet}
}

func revisionText(rev catalog.Revision) string {
	text := ""
	if rev.Commit != "" {
		text = "commit " + rev.Commit[:min(10, len(rev.Commit))]
		if !rev.Time.IsZero() {
			text += " of " + day(rev.Time)
		}
	}
	if rev.WorkTree {
		text = listOf(" with ", text, "uncommitted changes")
	}
	if rev.Shallow {
		text = listOf(" of ", text, "a shallow clone")
	}
	return text
}

func headline(s scorecard.Summary) cell {
	switch {
	case s.Services == 0:
		return cell{"There are no services to judge", unsure}
	case s.Ready == s.Services && s.Services == 1:
		return cell{"The service is at its required level", good}
	case s.Ready == s.Services:
		return cell{"All " + number(s.Services) + " services are at their required level", good}
	case s.Services == 1:
		return cell{"The service is not at its required level", bad}
	case s.Ready == 1:
		return cell{"1 of " + number(s.Services) + " services is at its required level", bad}
	}
	return cell{number(s.Ready) + " of " + number(s.Services) + " services are at their required level", bad}
}

// standing says where a group of services stands, beside where it stood.
func standing(s scorecard.Summary, before past, announced int, o Options) []fact {
	if s.Services == 0 {
		return nil
	}
	list := []fact{{"Score", scoreWords(s.Score) + before.words()}}
	if t := before.trend(o); t != "" {
		list = append(list, fact{"Trend", t})
	}
	levels := make([]string, 0, len(s.Levels)+1)
	for l := checks.Gold; l >= checks.None; l-- {
		levels = append(levels, number(s.Levels[l])+" "+l.String())
	}
	if s.NotRated > 0 {
		levels = append(levels, number(s.NotRated)+" not rated")
	}
	list = append(list, fact{"Levels", strings.Join(levels, ", ")}, verdictsFact(s.Verdicts))
	if announced > 0 {
		list = append(list, fact{"Announced", count(announced, "finding") + " of announced checks, not counted yet"})
	}
	return list
}

func scoreWords(s scorecard.Score) string {
	text := scoreText(s)
	if unknown := unknownText(s); unknown != "" {
		text += ", " + unknown + " unknown"
	}
	return text
}

func verdictsFact(counts map[checks.Verdict]int) fact {
	var verdicts []string
	for _, v := range checks.Verdicts() {
		verdicts = append(verdicts, number(counts[v])+" "+string(v))
	}
	return fact{"Verdicts", strings.Join(verdicts, ", ")}
}

// announced counts the findings of announced checks.
func announced(cards []*scorecard.Card) int {
	n := 0
	for _, c := range cards {
		for _, result := range c.Results {
			if result.Announced {
				n += result.Count(checks.Unmet)
			}
		}
	}
	return n
}

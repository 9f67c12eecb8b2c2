package reports

import (
	"fmt"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// overview is what a report says on a few pages of text, in the order in which it is read. The formats text and markdown
// show the same overview. Its texts are as the catalog has them: a format makes them safe.
type overview struct {
	title    string
	facts    []fact // what was looked at
	headline cell
	standing []fact
	sections []section
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
}

// item is one entry of a list.
type item struct {
	text   string
	status cell   // a verdict beside the text
	detail string // more on it
}

// How much of a long list the overview shows. The site and the JSON have everything.
const (
	maxServices = 40
	maxTeams    = 20
	maxCauses   = 10
	maxActions  = 5
	maxOverdue  = 5
)

func overviewOf(r *scorecard.Report) overview {
	o := overview{
		title:    "Observability readiness of " + catalogName(r.Estate.Revision),
		facts:    facts(r),
		headline: headline(r.Summary),
		standing: standing(r),
	}
	o.add(teamSection(r.Teams))
	for _, s := range serviceSections(r.Cards) {
		o.add(s)
	}
	o.add(causeSection(r.Causes))
	o.add(promiseSection(r.Promises))
	o.add(answerSection(r.Answers))
	o.add(reflectionSection(r.Reflection))
	o.add(overdueSection(r))
	o.add(unlinkedSection(r.Estate))
	o.add(actionSection(r.Actions)) // at the end, where a terminal stops
	return o
}

// add appends a section that says something.
func (o *overview) add(s section) {
	if len(s.table.rows) > 0 || len(s.items) > 0 || s.more != "" {
		o.sections = append(o.sections, s)
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
	var list []fact
	if rev := revisionText(r.Estate.Revision); rev != "" {
		list = append(list, fact{"Catalog", rev})
	}
	counts := r.Estate.Counts
	return append(list,
		fact{"Read", number(counts.Read) + " of " + count(counts.Listed, "file") + " of the catalog" + r.Sources()},
		fact{"Judged", "on " + day(r.Now) + " by " + count(len(r.Checks), "check") + " of rule set " + r.RuleSet},
	)
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

func standing(r *scorecard.Report) []fact {
	s := r.Summary
	if s.Services == 0 {
		return nil
	}
	score := scoreText(s.Score)
	if unknown := unknownText(s.Score); unknown != "" {
		score += ", " + unknown + " unknown"
	}
	levels := make([]string, 0, len(s.Levels)+1)
	for l := checks.Gold; l >= checks.None; l-- {
		levels = append(levels, number(s.Levels[l])+" "+l.String())
	}
	if s.NotRated > 0 {
		levels = append(levels, number(s.NotRated)+" not rated")
	}
	var verdicts []string
	for _, v := range checks.Verdicts() {
		verdicts = append(verdicts, number(s.Verdicts[v])+" "+string(v))
	}
	facts := []fact{{"Score", score}, {"Levels", strings.Join(levels, ", ")}, {"Verdicts", strings.Join(verdicts, ", ")}}
	if n := announced(r); n > 0 {
		facts = append(facts, fact{"Announced", count(n, "finding") + " of announced checks, not counted yet"})
	}
	return facts
}

// announced counts the findings of announced checks.
func announced(r *scorecard.Report) int {
	n := 0
	for _, c := range r.Cards {
		for _, result := range c.Results {
			if result.Announced {
				n += result.Count(checks.Unmet)
			}
		}
	}
	return n
}

func actionSection(actions []scorecard.Action) section {
	s := section{title: "Next best actions", ordered: true}
	for _, a := range actions[:min(maxActions, len(actions))] {
		gain := "gains " + pointsText(a.Gain) + " in " + count(len(a.Services), "service")
		if a.Levels > 0 {
			gain += " and a level for " + number(a.Levels) + " of them"
		}
		s.items = append(s.items, item{text: a.Text, detail: gain + " [" + a.Check.ID + "]"})
	}
	if n := len(actions) - maxActions; n > 0 {
		s.more = "and " + count(n, "more action")
	}
	return s
}

func causeSection(causes []scorecard.CauseGroup) section {
	s := section{title: "Common causes"}
	for _, g := range causes[:min(maxCauses, len(causes))] {
		touched := count(g.Services, "service")
		if len(g.Findings) != g.Services {
			touched = count(len(g.Findings), "finding") + " in " + touched
		}
		s.items = append(s.items, item{text: touched + ": " + g.Summary})
	}
	if n := len(causes) - maxCauses; n > 0 {
		s.more = "and " + count(n, "more cause")
	}
	return s
}

func answerSection(answers []scorecard.Answer) section {
	s := section{title: "The four questions"}
	for _, a := range answers {
		i := item{text: string(a.Question), status: cell{string(a.Status), answerTone(a.Status)}}
		if len(a.Missing) > 0 {
			i.detail = "missing: " + a.Missing[0]
			if n := len(a.Missing) - 1; n > 0 {
				i.detail += " (and " + number(n) + " more)"
			}
		}
		s.items = append(s.items, i)
	}
	return s
}

// reflectionSection gives the first of each reflection answer.
func reflectionSection(r scorecard.Reflection) section {
	s := section{title: "To reflect on"}
	if n := len(r.Unpromised); n > 0 {
		first := r.Unpromised[0]
		s.items = append(s.items, item{text: scorecard.AskPromise, detail: first.Service.ID + " (tier " + number(first.Service.TierNumber()) + "): " + first.Why + andMore(n-1)})
	}
	if n := len(r.Late); n > 0 {
		first := r.Late[0]
		s.items = append(s.items, item{text: scorecard.AskLate, detail: string(first.Purpose) + ": " + stageText(first.Stage) + " for " + count(len(first.Services), "service") + ", could run at the stage " + string(first.Could) + andMore(n-1)})
	}
	if n := len(r.Automate); n > 0 {
		first := r.Automate[0]
		s.items = append(s.items, item{text: scorecard.AskAutomate, detail: first.Task + ": " + count(int(first.Hours+0.5), "hour") + " a year" + andMore(n-1)})
	}
	return s
}

func andMore(n int) string {
	if n == 0 {
		return ""
	}
	return " (and " + number(n) + " more)"
}

func stageText(s catalog.Stage) string {
	if s == catalog.NoStage {
		return "never runs by itself"
	}
	return "runs first at the stage " + string(s)
}

// overdueSection lists what is latest.
func overdueSection(r *scorecard.Report) section {
	s := section{title: "Overdue"}
	all := r.Overdue(r.Deadlines)
	for _, d := range all[:min(maxOverdue, len(all))] {
		s.items = append(s.items, item{text: count(d.Late(r.Today()), "day") + ": " + d.What, detail: deadlineText(d)})
	}
	if n := len(all) - maxOverdue; n > 0 {
		s.more = "and " + number(n) + " more"
	}
	return s
}

func answerTone(s scorecard.AnswerStatus) tone {
	switch s {
	case scorecard.Answered:
		return good
	case scorecard.NotAnswered:
		return bad
	default:
		return unsure
	}
}

// unlinkedSection counts the evidence that found no service and the evidence that could not be read.
func unlinkedSection(e *catalog.Estate) section {
	s := section{title: "Not linked, not read"}
	orphans, faulty := map[catalog.Kind]int{}, map[catalog.Kind]catalog.Orphan{}
	for _, o := range e.Orphans {
		orphans[o.Kind]++
		if _, told := faulty[o.Kind]; o.Problem != "" && !told {
			faulty[o.Kind] = o
		}
	}
	for _, k := range catalog.Kinds {
		if n := orphans[k]; n > 0 {
			it := item{text: count(n, string(k)) + " " + belongs(n) + " to nobody"}
			if o, ok := faulty[k]; ok {
				it.detail = fmt.Sprintf("%s %q at %s: %s", k, o.Name, o.At, o.Problem)
			}
			s.items = append(s.items, it)
		}
	}
	for _, g := range gapCounts(e.Gaps) {
		s.items = append(s.items, item{text: count(g.n, "gap") + " (" + string(g.cause) + "), as in " + g.first.At.String(), detail: g.first.Detail})
	}
	return s
}

func belongs(n int) string {
	if n == 1 {
		return "belongs"
	}
	return "belong"
}

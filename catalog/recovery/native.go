package recovery

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/postmortems"
	"obsready/catalog/tomldoc"
)

// NativePlan is the shape of recovery.toml. Its tags are the format: decoding, reference and JSON Schema follow from them,
// see catalog/tomldoc.
type NativePlan struct {
	Recovery nativePlan `toml:"recovery" required:"true" doc:"How services come back"`
}

type nativePlan struct {
	At       catalog.Place
	Title    catalog.Text   `toml:"title" doc:"Name of the plan for people"`
	Services []catalog.Text `toml:"services" doc:"Names of the services that it is about, beside the one whose folder it stands in" example:"[\"checkout\"]"`
	RTO      catalog.Text   `toml:"rto" doc:"How long they may be away" example:"\"1h\""`
	RPO      catalog.Text   `toml:"rpo" doc:"How much data may be lost, as time" example:"\"5m\""`
	Steps    []catalog.Text `toml:"steps" doc:"What is done, in order" example:"[\"Stop writes: make freeze\", \"Promote the replica\"]"`
	Contacts []catalog.Text `toml:"contacts" doc:"Who is called" example:"[\"database on-call: #db-oncall\"]"`
	Rollback []catalog.Text `toml:"rollback" doc:"How a release is taken back" example:"\"helm rollback checkout\""`
	Restore  []catalog.Text `toml:"restore" doc:"How data comes back" example:"[\"pg_restore of the newest dump in s3://backups/checkout\"]"`
	Reviewed catalog.Text   `toml:"reviewed" type:"string|date" doc:"Day of the last review" example:"\"2026-05-01\""`
}

// NativeExercises is the shape of exercise.toml and exercises.toml.
type NativeExercises struct {
	Exercises []nativeExercise `toml:"exercise" doc:"The record of one recovery exercise"`
}

type nativeExercise struct {
	At           catalog.Place
	Name         catalog.Text   `toml:"name" doc:"Name of the exercise for people"`
	Date         catalog.Text   `toml:"date" type:"string|date" required:"true" doc:"Day on which it took place" example:"\"2026-03-14\""`
	Kind         catalog.Text   `toml:"kind" doc:"restore, failover, rollback, game day or tabletop" example:"\"restore\""`
	Services     []catalog.Text `toml:"services" doc:"Names of the services that took part, beside the one whose folder it stands in" example:"[\"checkout\"]"`
	Scenario     catalog.Text   `toml:"scenario" required:"true" doc:"What was supposed to have happened" example:"\"The primary database is lost\""`
	Participants []catalog.Text `toml:"participants" required:"true" doc:"Who took part" example:"[\"ada\", \"grace\"]"`
	Steps        []catalog.Text `toml:"steps" doc:"What was done, in order"`
	Outcome      catalog.Text   `toml:"outcome" required:"true" doc:"What came of it" example:"\"Restored in time; the alert came late\""`
	Lasted       catalog.Text   `toml:"lasted" doc:"How long recovery took" example:"\"42m\""`
	Next         catalog.Text   `toml:"next" type:"string|date" doc:"Day of the next exercise" example:"\"2026-09-14\""`
	Actions      []nativeAction `toml:"actions" doc:"What is to be done after it"`
}

type nativeAction struct {
	At     catalog.Place
	Text   catalog.Text `toml:"text" required:"true" doc:"What is to be done" example:"\"Alert when the dump is older than a day\""`
	Owner  catalog.Text `toml:"owner" doc:"Who does it" example:"\"grace\""`
	Due    catalog.Text `toml:"due" type:"string|date" doc:"Day by which it is done" example:"\"2026-04-30\""`
	Status catalog.Text `toml:"status" doc:"open or done"`
	Ticket catalog.Text `toml:"ticket" doc:"Address or key of the issue"`
}

// ReadTOML gives the plan of a recovery.toml, or the exercises of an exercise.toml or exercises.toml, and a gap for each
// key that is not known and each value that is not allowed, with the nearest key; the rest stands.
func ReadTOML(file string, data []byte) catalog.Facts {
	f, problem := tomldoc.Parse(file, data)
	plan := isTOML(file, "recovery")
	kind := catalog.Exercises
	if plan {
		kind = catalog.RecoveryPlans
	}
	var facts catalog.Facts
	var problems []tomldoc.Problem
	switch {
	case problem != nil:
		problems = []tomldoc.Problem{*problem}
	case plan:
		var n NativePlan
		problems = f.Decode(&n)
		if f.Has("recovery") {
			facts.RecoveryPlans = []*catalog.RecoveryPlan{quotePlan(n.Recovery.plan())}
		}
	default:
		var n NativeExercises
		problems = f.Decode(&n)
		for _, x := range n.Exercises {
			facts.Exercises = append(facts.Exercises, quoteExercise(x.exercise()))
		}
	}
	for _, p := range problems {
		p.Kinds = []catalog.Kind{kind}
		facts.Gaps = append(facts.Gaps, p.Gap)
	}
	return facts
}

func (n nativePlan) plan() *catalog.RecoveryPlan {
	p := &catalog.RecoveryPlan{
		Title: n.Title, Services: n.Services, RTO: n.RTO, RPO: n.RPO, Steps: n.Steps, Contacts: n.Contacts, Rollback: n.Rollback, Restore: n.Restore,
		Reviewed: n.Reviewed, At: n.At,
	}
	for _, list := range []*[]catalog.Text{&p.Steps, &p.Contacts, &p.Rollback, &p.Restore} {
		*list = slices.DeleteFunc(*list, func(t catalog.Text) bool {
			unwritten := waits(t.Value)
			if unwritten {
				p.Placeholders = append(p.Placeholders, t)
			}
			return unwritten
		})
	}
	return p
}

func (n nativeExercise) exercise() *catalog.Exercise {
	x := &catalog.Exercise{
		Name: n.Name, Services: n.Services, Date: n.Date, Kind: n.Kind, Scenario: n.Scenario, Participants: n.Participants, Steps: n.Steps,
		Outcome: n.Outcome, Lasted: n.Lasted, Next: n.Next, At: n.At,
	}
	for _, a := range n.Actions {
		x.Actions = append(x.Actions, catalog.ActionItem{Text: a.Text, Owner: a.Owner, Due: a.Due, Status: a.Status, Done: postmortems.IsDone(a.Status.Value), Ticket: a.Ticket, At: a.At})
	}
	classify(x)
	return x
}

// waiting matches texts that only keep a place: dashes, question marks, and words for "not said yet".
var waiting = regexp.MustCompile(`(?i)^[\s_\-–—.?…*/]*$|^\W*(?:tbd|tba|tbc|todo|fixme|n/?a|none|unknown|never|not (?:yet )?(?:tested|done|defined|set|known|run|applicable|performed|scheduled)|to be (?:determined|defined|decided|confirmed|scheduled|done)|pending|placeholder|yyyy-mm-dd|dd/mm/yyyy)\W*$|^\s*[<\[{][^<>\[\]{}]*[>\]}]\s*$`)

// waits reports whether a text still waits to be written.
func waits(text string) bool {
	return waiting.MatchString(text) || strings.Contains(text, "____")
}

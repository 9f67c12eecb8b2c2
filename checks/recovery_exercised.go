package checks

import "obsready/catalog"

var recoveryExercised = &Check{
	ID:    "recovery-exercised",
	Title: "Recovery was exercised lately, and the record says what was tried, by whom and what came of it",
	Why:   "A plan that nobody has tried is a guess: the backup is empty, the runbook names a host that is gone, the one person with access is on leave. An exercise finds that out on a quiet morning.",
	Fix: "Hold a game day, a failover or a restore and record it: `exercise.toml` with `[[exercise]]`, `date`, `kind`, `scenario`, `participants` and `outcome`, a page in `exercises/`, or a row of a table with these columns in the recovery plan. " +
		"Once a year is enough, for tier 1 twice.",
	Source:   "Google SRE book, chapter 28 \"Accelerating SREs to On-Call and Beyond\" (disaster role playing); earthly/lunar-lib, policy on disaster recovery exercises (365 days); Mercari production readiness checklist.",
	Pillar:   Recovery,
	Question: Recover,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Exercises},
	Run: func(in *Inspection) {
		if len(in.Service.Exercises) == 0 && !recoveryWanted(in, "exercise of recovery") || notOperated(in, "exercise of recovery") {
			return
		}
		held, others := in.exercisesHeld(in.Service, func(*catalog.Exercise) bool { return true })
		switch {
		case len(held) > 0:
			judgeExercise(in, held)
		case len(others) > 0:
			for _, x := range others {
				stateOther(in, x)
			}
		default:
			in.Missingf(in.Service.Name.At, "no exercise of recovery is recorded for service %q. hold one and record it in exercise.toml with date, scenario, participants and outcome", in.Service.Name.Value)
		}
	},
}

// judgeExercise judges the newest exercise whose record is complete, as long as it is recent enough; else the newest one.
func judgeExercise(in *Inspection, held []exercise) {
	x := held[0]
	for _, other := range held {
		if recent := other.day.Until(in.Today()) <= dayCount(in.exerciseAge(in.Service)); recent && completeRecord(other.Item) {
			x = other
			break
		}
	}
	requireRecent(in, x, "exercise")
	name := exerciseTitle(x.Item)
	for _, part := range []struct {
		name, missing string
		texts         []catalog.Text
	}{
		{"scenario", "what was supposed to have happened", written(x.Item.Scenario)},
		{"participants", "who took part", x.Item.Participants},
		{"outcome", "what came of it", written(x.Item.Outcome)},
	} {
		if len(part.texts) > 0 {
			in.Metf(part.texts[0].At, "%s of exercise %q: %q", part.name, name, beginning(part.texts[0].Value)).LinkedBy(x.By)
			continue
		}
		in.Unmetf(x.Item.At, "the record of exercise %q on %s does not say %s. add %s", name, x.day, part.missing, part.name).LinkedBy(x.By)
	}
}

func completeRecord(x *catalog.Exercise) bool {
	return len(written(x.Scenario)) > 0 && len(x.Participants) > 0 && len(written(x.Outcome)) > 0
}

// written gives a text that says something as a list of one.
func written(t catalog.Text) []catalog.Text {
	if t.Value == "" || blank(t.Value) {
		return nil
	}
	return []catalog.Text{t}
}

package checks

import (
	"obsready/catalog"
	"obsready/catalog/recovery"
)

var restoreTested = &Check{
	ID:    "restore-tested",
	Title: "Data was restored from a backup lately, and fast enough",
	Why:   "Nobody wants backups, people want restores: a backup that was never restored is often empty, incomplete, encrypted with a lost key, or takes three days to read.",
	Fix: "Restore the newest backup into an empty place, compare the data, and record it: `exercise.toml` with `kind = \"restore\"`, `date`, `scenario`, `participants`, `outcome` and `lasted = \"42m\"`. " +
		"Say in the entry whether the service keeps data that cannot be made again: `[recovery] durable = true` or `false`.",
	Source:   "Google SRE book, chapter 26 \"Data Integrity: What You Read Is What You Wrote\"; Mercari production readiness checklist (automatic backups).",
	Pillar:   Recovery,
	Question: Recover,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Exercises},
	Run: func(in *Inspection) {
		if notOperated(in, "restored data") {
			return
		}
		keeps, unclear := keepsData(in.Service)
		switch {
		case keeps.state == dataNotKept:
			in.NotApplicablef("%s", keeps.why)
		case keeps.state == dataUnstated && unclear.Value != "":
			in.Undecidedf(unclear.At, "durable %q of service %q says neither true nor false. say whether it keeps data that cannot be made again", unclear.Value, in.Service.Name.Value)
		case keeps.state == dataUnstated && !restores(in.Service):
			in.Undecidedf(in.Service.Name.At, "whether service %q keeps data that cannot be made again is not stated. write [recovery] durable = true or false into its entry", in.Service.Name.Value)
		default:
			judgeRestore(in, keeps)
		}
	},
}

func isRestore(x *catalog.Exercise) bool { return x.Restores }

// restores reports whether a restore is recorded for the service, which shows that it keeps data.
func restores(svc *catalog.Service) bool {
	for _, x := range svc.Exercises {
		if isRestore(x.Item) {
			return true
		}
	}
	return false
}

// judgeRestore judges the newest restore that is recorded.
func judgeRestore(in *Inspection, keeps durability) {
	held, others := in.exercisesHeld(in.Service, isRestore)
	switch {
	case len(held) > 0:
	case len(others) > 0:
		for _, x := range others {
			stateOther(in, x)
		}
		return
	default:
		in.Missingf(keeps.at.Or(in.Service.Name.At), "service %q keeps data (%s), and no restore from a backup is recorded. restore one and record it in exercise.toml with kind = \"restore\"", in.Service.Name.Value, keeps.why)
		return
	}
	newest := held[0]
	requireRecent(in, newest, "restore")
	switch outcome := newest.Item.Outcome; {
	case len(written(outcome)) == 0:
		in.Unmetf(outcome.At.Or(newest.Item.At), "restore %q of %s does not say what came of it. write whether the data was there: outcome = \"…\"", exerciseTitle(newest.Item), newest.day).LinkedBy(newest.By)
	case failed(outcome.Value):
		in.Unmetf(outcome.At, "restore %q of %s did not succeed: its outcome is %q. mend the backup and restore again", exerciseTitle(newest.Item), newest.day, beginning(outcome.Value)).LinkedBy(newest.By)
	}
	requireInTime(in, newest)
}

// requireInTime states whether a restore took no longer than the service may be away, where both are numbers.
func requireInTime(in *Inspection, x exercise) {
	lasted := x.Item.Lasted
	took, measured := recovery.Objective(lasted.Value)
	objective, by := rtoOf(in.Service)
	allowed, promised := recovery.Objective(objective.Value)
	switch {
	case !measured || !promised:
	case took > allowed:
		in.Unmetf(lasted.At, "the restore took %q, longer than the RTO %q of %s. make it faster, or agree on a longer one", lasted.Value, objective.Value, by).LinkedBy(x.By)
	default:
		in.Metf(lasted.At, "the restore took %q, within the RTO %q of %s", lasted.Value, objective.Value, by).LinkedBy(x.By)
	}
}

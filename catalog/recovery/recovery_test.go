package recovery

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/pages"
	"obsready/catalog/tomldoc"
)

func TestPaths(t *testing.T) {
	for file, want := range map[string][2]bool{ // a plan, a record of exercises
		"docs/disaster-recovery.md":                 {true, false},
		"docs/DR-PLAN.md":                           {true, false},
		"shop/recovery.md":                          {true, false},
		"shop/recovery.toml":                        {true, false},
		"docs/business-continuity/shop.md":          {true, false},
		"docs/howto-backup-and-restore.html.md":     {true, false},
		"docs/RestoreDatabase.md":                   {true, false},
		"docs/contingency-plan.md":                  {true, false},
		"docs/dr/failover.md":                       {true, false},
		"docs/disaster-recovery-testing.md":         {false, true},
		"game-days/2026-03-14.md":                   {false, true},
		"docs/dr-exercises/2026-03-14.md":           {false, true},
		"docs/restore-drill.md":                     {false, true},
		"docs/GameDay.md":                           {false, true},
		"shop/exercise.toml":                        {false, true},
		"shop/exercises.toml":                       {false, true},
		"course/exercises/03.md":                    {false, true}, // read, and found to be none by its text
		"docs/disaster-recovery-plan-template.md":   {false, false},
		"templates/game-day.md":                     {false, false},
		"docs/recovery-time-report.md":              {false, false},
		"docs/backups.md":                           {false, false},
		"docs/account-recovery.md":                  {false, false},
		"docs/recovery.txt":                         {false, false},
		"docs/drawings.md":                          {false, false},
		"enhancements/20260202-backup-restore.md":   {false, false},
		"incidents/2026-01-06-database-recovery.md": {false, false},
		"docs/postmortem-disaster-recovery.md":      {false, false},
	} {
		if got := [2]bool{IsPath(file), IsExercisePath(file)}; got != want {
			t.Errorf("%s: got %v, want %v", file, got, want)
		}
	}
}

func TestObjective(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"4 hours": 4 * time.Hour, "1h": time.Hour, "< 15 minutes": 15 * time.Minute, "≤ 4h": 4 * time.Hour, "1h30m": 90 * time.Minute, "1 hour and 30 minutes": 90 * time.Minute,
		"2-4 hours": 4 * time.Hour, "2 to 4 hours": 4 * time.Hour, "1 hour, 4 hours at night": 4 * time.Hour, "PT1H": time.Hour, "P1DT2H": 26 * time.Hour, "1.5 h": 90 * time.Minute, "1,5 h": 90 * time.Minute,
		"zero": 0, "0": 0, "0 minutes": 0, "no data loss": 0, "0 (no data loss)": 0, "an hour": time.Hour, "half an hour": 30 * time.Minute, "1 business day": 24 * time.Hour, "1 week": 7 * 24 * time.Hour,
		"30 min": 30 * time.Minute, "01:45:00": 105 * time.Minute, "1 month": 30 * 24 * time.Hour, "60 seconds": time.Minute, "24 hours (daily backup)": 24 * time.Hour, "1,000 hours": 1000 * time.Hour, "5 MIN": 5 * time.Minute,
		"4h30": 4*time.Hour + 30*time.Minute, "1 h 30": 90 * time.Minute, "4h30 (at night)": 4*time.Hour + 30*time.Minute, "1h 30 min": 90 * time.Minute, "4h 10 days": 240 * time.Hour, "no downtime": 0, "no loss": 0, "zero data loss": 0,
	} {
		if got, ok := Objective(text); !ok || got != want {
			t.Errorf("%q: got %v, %t, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "low", "best effort", "99.9 %", "5", "as fast as possible", "[e.g. 1 hour]", "e.g., 4 hours", "tbd", "none", "needs to be set and agreed", "next business day", "1:45", "nothing", "no", "No.", "no (not agreed)", "nil of them", "no target"} {
		if got, ok := Objective(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func read(t *testing.T, file, text string) (*catalog.RecoveryPlan, []*catalog.Exercise) {
	t.Helper()
	o, gaps := pages.ReadOutline(file, []byte(text))
	if o == nil {
		t.Fatal(gaps)
	}
	return ReadPage(o)
}

// values gives texts with their lines.
func values(texts ...catalog.Text) string {
	var all []string
	for _, t := range texts {
		if t.Value != "" {
			all = append(all, fmt.Sprintf("%d: %s", t.At.Line, t.Value))
		}
	}
	return strings.Join(all, "\n")
}

const plan = `---
services: [checkout, ledger]
---
# Disaster recovery of the shop

**Last reviewed:** 2026-05-01

1. [Contents](#contents)

| Metric | Target |
|---|---|
| RTO (Recovery Time Objective) | < 4 hours |
| RPO | 15 minutes |

## Recovery steps

1. Stop writes.
2. TODO: how is the replica promoted?

## Rolling back

` + "```sh\n# the release before\nhelm rollback shop\n```" + `

## Restore

    pg_restore -d shop newest.dump

## Roles and responsibilities

| Role | Primary | Backup |
|---|---|---|
| Coordinator | Head of platform | CTO |
| Scribe | TBD | [Name] |

## DR testing

| Date | Scenario | Participants | Result | Time to recover | Next |
|---|---|---|---|---|---|
| 2026-03-14 | Restore of the orders database | Ada, Grace | restored | 42 min | 2026-09-14 |
| TBD | Failover | | | | |
| 2027-01-01 | Failover | Ada | planned | | |

1. Delete the database.
`

func TestPlan(t *testing.T) {
	p, exercises := read(t, "docs/disaster-recovery.md", plan)
	if p == nil {
		t.Fatal("no plan")
	}
	for what, c := range map[string][2]string{
		"services":     {values(p.Services...), "2: checkout\n2: ledger"},
		"RTO":          {values(p.RTO), "12: < 4 hours"},
		"RPO":          {values(p.RPO), "13: 15 minutes"},
		"steps":        {values(p.Steps...), "17: Stop writes.\n29: pg_restore -d shop newest.dump"},
		"contacts":     {values(p.Contacts...), "35: Coordinator | Head of platform | CTO"},
		"rollback":     {values(p.Rollback...), "24: helm rollback shop"},
		"restore":      {values(p.Restore...), "29: pg_restore -d shop newest.dump"},
		"reviewed":     {values(p.Reviewed), "6: 2026-05-01"},
		"placeholders": {values(p.Placeholders...), "18: TODO\n36: TBD\n43: TBD"},
	} {
		if diff := cmp.Diff(c[1], c[0]); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	if len(exercises) != 2 {
		t.Fatalf("%d exercises", len(exercises))
	}
	x := exercises[0]
	got := values(x.Date, x.Scenario, x.Outcome, x.Lasted, x.Next) + "\n" + values(x.Participants...)
	if want := "42: 2026-03-14\n42: Restore of the orders database\n42: restored\n42: 42 min\n42: 2026-09-14\n42: Ada\n42: Grace"; got != want || !x.Restores || len(x.Services) != 2 {
		t.Errorf("got %s, restores %t, services %v", got, x.Restores, x.Services)
	}
	if exercises[1].Restores {
		t.Error("a failover restores nothing from a backup")
	}
}

// What stands beside the steps is none, and a rollback that speaks of no release takes none back.
func TestBesideSteps(t *testing.T) {
	p, _ := read(t, "docs/failover-runbook.md", "# Failover runbook\n\n## Recovery procedures\n\n**Symptoms:**\n\n- Data is inconsistent\n\n```\n┌────────┐\n│ Detect │\n└────────┘\n```\n\n"+
		"**Steps:**\n\n- Trigger: the region is lost\n1. Stop writes.\n\n## Rollback\n\n1. Restart the original primary node.\n")
	if got := values(p.Steps...); got != "18: Stop writes." || len(p.Rollback) > 0 {
		t.Errorf("steps %q, rollback %v", got, p.Rollback)
	}
	p, _ = read(t, "docs/failover-runbook.md", "# Failover runbook\n\n## Rollback\n\n1. Deploy the image before.\n")
	if got := values(p.Rollback...); got != "5: Deploy the image before." {
		t.Errorf("rollback %q", got)
	}
}

// A password that is typed into a command is not kept.
func TestPasswordsInCommands(t *testing.T) {
	p, _ := read(t, "docs/restore-plan.md", "# Restore plan\n\n## Steps\n\n```\nPGPASSWORD='supersecret' pg_restore -d shop newest.dump\n```\n")
	if got := values(slices.Concat(p.Steps, p.Restore)...); strings.Contains(got, "supersecret") || !strings.Contains(got, "pg_restore") {
		t.Errorf("got %s", got)
	}
}

// A calendar of exercises is no record of any.
func TestSchedule(t *testing.T) {
	const table = "\n\n| Date | Scenario | Participants |\n|---|---|---|\n| 2025-11-06 | Failover | SRE |\n"
	if _, x := read(t, "docs/gameday.md", "# Game days\n\n## Game day calendar"+table); len(x) != 0 {
		t.Errorf("a calendar gives %d exercises", len(x))
	}
	const told = "\n\n## Participants\n\n- Ada\n\n## Scenario\n\n- The region is lost\n\n## Outcome\n\n- Recovered\n"
	if _, x := read(t, "docs/gameday-playbook.md", "# Game day playbook"+told); len(x) != 0 {
		t.Errorf("a playbook gives %d exercises", len(x))
	}
	if _, x := read(t, "docs/gameday.md", "# Game day"+told); len(x) != 1 {
		t.Errorf("a record without a day gives %d exercises", len(x))
	}
	if _, x := read(t, "docs/gameday.md", "# Game days\n\n## Log"+table); len(x) != 1 {
		t.Errorf("a log gives %d exercises", len(x))
	}
}

// Where objectives are stated, and which of several holds.
func TestTargets(t *testing.T) {
	for text, want := range map[string][2]string{
		"---\nrto_minutes: 60\nrpo: 5m\n---\n# Recovery plan\n\nRTO: 4h\n":                                                         {"60 minutes", "5m"},
		"# Recovery plan\n\n- **Recovery time objective:** 4 hours\n- **Recovery point objective:** zero\n":                        {"4 hours", "zero"},
		"# Recovery plan\n\nRTO: 1h, RPO: 5m\n":                                                                                    {"1h", "5m"},
		"# Recovery plan\n\nRTO/RPO: 4h / 1h\n":                                                                                    {"4h", "1h"},
		"# Recovery plan\n\n| Component | RTO | RPO |\n|---|---|---|\n| API | 30 min | 0 |\n| Data | 2 h | 1 h |\n":                {"2 h", "1 h"},
		"# Recovery plan\n\n### Recovery Time Objective (RTO)\n\n| Component | D1 | D2 |\n|---|---|---|\n| API | 5 min | 1 hr |\n": {"1 hr", ""},
		"# Recovery plan\n\nWe achieve an RTO (Recovery Time Objective) of < 4 hours. The RPO is one hour.\n":                      {"< 4 hours", "one hour"},
		"# Recovery plan\n\n| Term | Definition |\n|---|---|\n| RTO | Recovery time objective: the longest acceptable outage |\n":  {"", ""},
		"# Recovery plan\n\nRTO: best effort\nRPO: <define>\n":                                                                     {"best effort", ""},
		"# Recovery plan\n\nActual RTO: 3h\n\nAlert when RTO failover > 15 minutes.\n":                                             {"", ""},
		"# Recovery plan\n\n- **RTO:** Restore within a day; set by enterprise (e.g. RPO 24h, RTO 4h staging)\n":                   {"Restore within a day; set by enterprise (e.g.", ""},
		"# Recovery plan\n\nObjectives are agreed (for example RTO 4h). RTO of 2h and RPO of 1h hold.\n":                           {"2h and", "1h hold"},
		"# Recovery plan\n\n> **Objectives:** RTO 4h, RPO 24h (see the catalog)\n> **Linked findings:** one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, and so on and so forth, 99d\n": {"4h", "24h (see the catalog"},
		"# Recovery plan\n\n| Metric | Target |\n|---|---|\n| Recovery Time Objective (RTO) | 30 minutes |\n| Work Recovery Time (WRT) | 2 hours |\n":                                                             {"30 minutes", ""},
		"# Recovery plan\n\nRTO: ____ | RPO: ____\n": {"", ""},
	} {
		p, _ := read(t, "recovery.md", text)
		if got := [2]string{p.RTO.Value, p.RPO.Value}; got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// What is a plan, and what is none.
func TestPlanOrNot(t *testing.T) {
	for _, c := range []struct {
		file, text string
		want       bool
	}{
		{"docs/operations.md", "# Operations\n\n## Disaster recovery plan\n\n1. Restore.\n\n## Other\n", true},
		{"docs/operations.md", "# Operations\n\n- RTO: 4h\n- RPO: 1h\n", true},
		{"docs/operations.md", "# Operations\n\nWe have a disaster recovery plan somewhere.\n", false},
		{"game-days/2026.md", "# Game day\n\nRTO: 4h\n", false},
		{"docs/backup-restore.md", "# Backup and restore\n\nYou can restore.\n\n1. Stop writes.\n", true},
		{"docs/src/recovery.md", "# Recovery\n\n" + strings.Repeat("You can restore a cluster.\n\n", 5), false},
		{"docs/src/backup_recovery.md", "# Backup and recovery\n\nThese have pages of their own now.\n", false},
		{"docs/restore.md", "# Restore\n\nTODO\n", true},
		{"docs/disaster-recovery.md", "# Disaster recovery\n\n" + strings.Repeat("You need the key.\n\n", 5), true},
		{"docs/disaster-recovery-testing.md", "# Disaster recovery testing\n\n1. Delete the database.\n", false},
	} {
		if p, _ := read(t, c.file, c.text); (p != nil) != c.want {
			t.Errorf("%s %q: a plan is %t", c.file, c.text, p != nil)
		}
	}
	p, _ := read(t, "docs/operations.md", "# Operations\n\nTODO\n\n## Disaster recovery plan\n\n1. Restore.\n\n## Other\n\n1. Nothing of it.\n\nTBD\n")
	if got := values(p.Steps...); got != "7: Restore." || len(p.Placeholders) != 0 {
		t.Errorf("a plan in a section has the steps %q and placeholders %v", got, p.Placeholders)
	}
}

const gameDay = `# Game day: the region is lost

Date: 2026-05-18
Duration: 35 min
Next game day: November 2026

## Participants

- Ada
- Grace

## Scenario 1: The region is lost

Steps:

1. Took the region out of DNS.

Result:

- Back in 20 minutes.

## Action items

- [x] Shorten the TTL. Owner: Ada, due 2026-06-01
- [ ] Runbook

| Action | Owner | Due | Status |
|---|---|---|---|
| Alert | @grace | 2026-07-01 | open |
`

func TestRecord(t *testing.T) {
	p, all := read(t, "game-days/region.md", gameDay)
	if p != nil || len(all) != 1 {
		t.Fatalf("plan %v, %d exercises", p, len(all))
	}
	x := all[0]
	got := values(x.Name, x.Date, x.Kind, x.Scenario, x.Outcome, x.Lasted, x.Next) + "\n" + values(x.Participants...) + "\n" + values(x.Steps...)
	const want = "1: Game day: the region is lost\n3: 2026-05-18\n1: game day\n12: The region is lost\n20: Back in 20 minutes.\n4: 35 min\n5: November 2026\n9: Ada\n10: Grace\n16: Took the region out of DNS."
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if x.Restores || x.RollsBack {
		t.Error("nothing was restored or rolled back")
	}
	var actions []string
	for _, a := range x.Actions {
		actions = append(actions, fmt.Sprintf("%s, %s, %s, %t", a.Text.Value, a.Owner.Value, a.Due.Value, a.Done))
	}
	wanted := []string{"Shorten the TTL. Owner: Ada, due 2026-06-01, Ada, 2026-06-01, true", "Runbook, , , false", "Alert, @grace, 2026-07-01, false"}
	if diff := cmp.Diff(wanted, actions); diff != "" {
		t.Error(diff)
	}
}

func TestRecords(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"dr-exercises/2026-03-14.md", "---\nexercise_type: tabletop\n---\n# DR exercise\n\n## Scenario\nLoss of the database\n", "2026-03-14 tabletop Loss of the database"},
		{"docs/drills.md", "# Drills\n\n## 2026-03-14 Restore drill\n\n- Scenario: lost table\n\n## 1 May 2025: Failover\n\n- Outcome: ok\n", "2026-03-14 restore lost table; 1 May 2025 failover "},
		{"docs/disaster-recovery.md", "# Disaster recovery\n\nLast tested: 2026-03-14\n", "2026-03-14  "},
		{"docs/disaster-recovery.md", "# Disaster recovery\n\nLast tested: never\n", ""},
		{"docs/disaster-recovery.md", "# Disaster recovery\n\n## Revision history\n\n| Date | Author | Description |\n|---|---|---|\n| 2026-03-14 | Ada | First |\n", ""},
		{"docs/disaster-recovery.md", "# Disaster recovery\n\n## Test schedule\n\n| Test | Frequency | Participants |\n|---|---|---|\n| Failover | Yearly | all |\n", ""},
		{"docs/load.md", "# Load tests\n\n| Date | Test | Result |\n|---|---|---|\n| 2026-03-14 | 100 rps | ok |\n", ""},
		{"course/exercises/3.md", "# Exercise 3\n\nDate: 2026-03-14\n\n## Goal\n\nWrite a parser.\n", ""},
		{"drills/README.md", "# Restore drills\n\n## Drill 1\n\nDate: 2026-03-14\nScenario: no disk\nResult: ok\n\n## Drill 2\n\nDate: 2026-04-14\nScenario: no net\nResult: ok\n", "2026-03-14  no disk; 2026-04-14  no net"},
		{"drills/x.md", "# Drill\n\n## Details\n\n**Date:** 2026-03-14\n**Kind:** restore\n\n## Outcome\n\nok\n", "2026-03-14 restore "},
		{"docs/disaster-recovery.md", "# Disaster recovery\n\n## Restore drills\n\n### Orders\n\nDate: 2026-03-14\nResult: restored\n\n## Upcoming drills\n\nDate: 2027-03-14\nScenario: no net\n", "2026-03-14  "},
		{"docs/disaster-recovery.md", "# Disaster recovery\n\n## History\n\nDate: 2026-03-14\nResult: restored\n", ""},
		{"game-days/ideas.md", "# Game day ideas\n\n## Scenario\n\nThe region is lost.\n", ""},
	} {
		_, all := read(t, c.file, c.text)
		var got []string
		for _, x := range all {
			got = append(got, x.Date.Value+" "+x.Kind.Value+" "+x.Scenario.Value)
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s %q: got %q, want %q", c.file, c.text, text, c.want)
		}
	}
}

// A restore is one of data from a backup, as opposed to one of the service or of a file.
func TestRestores(t *testing.T) {
	for text, want := range map[string]bool{
		"Restore of the orders database": true, "PITR to the minute before": true, "The snapshot was restored": true,
		"Service restored in the other region": false, "Restored the original main.py from backup": false, "No restore from backup was needed": false, "Failover": false,
	} {
		x := &catalog.Exercise{Scenario: catalog.Text{Value: text}}
		if classify(x); x.Restores != want {
			t.Errorf("%q: restores is %t", text, x.Restores)
		}
		for _, kind := range []string{"tabletop", "Table-top exercise", "walkthrough", "paper drill"} {
			x := &catalog.Exercise{Kind: catalog.Text{Value: kind}, Scenario: catalog.Text{Value: text}, Steps: []catalog.Text{{Value: "roll back"}}}
			if classify(x); x.Restores || x.RollsBack {
				t.Errorf("%q counts as tried in a %s", text, kind)
			}
		}
	}
	x := &catalog.Exercise{Name: catalog.Text{Value: "Tabletop: restore of the database"}}
	if classify(x); x.Restores {
		t.Error("a tabletop exercise counts as a restore")
	}
}

func TestTOML(t *testing.T) {
	for name, shape := range map[string]any{"recovery.toml": NativePlan{}, "exercise.toml": NativeExercises{}} {
		text, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		facts := ReadTOML("shop/"+name, text)
		if len(facts.Gaps) > 0 || len(facts.RecoveryPlans)+len(facts.Exercises) != 1 {
			t.Errorf("%s: %+v", name, facts)
		}
		for _, k := range tomldoc.Keys(shape)[0].Keys {
			if !strings.Contains(string(text), k.Name) || k.Doc == "" {
				t.Errorf("%s: the example lacks %q, or it is not explained", name, k.Name)
			}
		}
	}
	text, _ := os.ReadFile("testdata/exercise.toml")
	if x := ReadTOML("exercise.toml", text).Exercises[0]; !x.Restores || len(x.Actions) != 1 || !x.Actions[0].Done || x.At.Line != 1 {
		t.Errorf("%+v", x)
	}
}

func TestTOMLGaps(t *testing.T) {
	facts := ReadTOML("recovery.toml", []byte("[recovery]\nrto = \"1h\"\nstep = [\"x\"]\ncontacts = [\"TBD\", \"#db\"]\nreviewed = 5\n"))
	var got []string
	for _, g := range facts.Gaps {
		got = append(got, g.String())
		if !g.Concerns(catalog.RecoveryPlans) {
			t.Errorf("%s concerns %v", g, g.Kinds)
		}
	}
	want := []string{`recovery.toml:3:1: unknown key: unknown key "step" in [recovery]. did you mean "steps"?`, `recovery.toml:5:12: bad value: recovery.reviewed is the integer 5. expected a string or a date`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	p := facts.RecoveryPlans[0]
	if got := values(p.Contacts...) + " " + values(p.Placeholders...); got != "4: #db 4: TBD" {
		t.Errorf("contacts and placeholders are %q", got)
	}
	if facts := ReadTOML("exercises.toml", []byte("[[exercise")); len(facts.Gaps) != 1 || !facts.Gaps[0].Concerns(catalog.Exercises) || facts.Gaps[0].Cause != catalog.Syntax {
		t.Errorf("%+v", facts)
	}
	if facts := ReadTOML("recovery.toml", nil); len(facts.RecoveryPlans) != 0 {
		t.Error("an empty file is a plan")
	}
}

func TestLimits(t *testing.T) {
	_, all := read(t, "drills.md", "# Drills\n\n| Date | Scenario | Result |\n|---|---|---|\n"+strings.Repeat("| 2026-03-14 | x | y |\n", 1000))
	if len(all) != maxExercises {
		t.Errorf("%d exercises", len(all))
	}
	p, _ := read(t, "recovery.md", "# Recovery plan\n\n## Steps\n\n"+strings.Repeat("1. do it "+strings.Repeat("x", 600)+"\n", 100))
	if len(p.Steps) != maxTexts || len([]rune(p.Steps[0].Value)) > 500 {
		t.Errorf("%d steps", len(p.Steps))
	}
}

func FuzzReadPage(f *testing.F) {
	f.Add("docs/disaster-recovery.md", plan)
	f.Add("game-days/region.md", gameDay)
	f.Add("x.md", "# RTO\n\nRTO/RPO: 1h/\n| RTO |\n|---|\n|")
	f.Fuzz(func(t *testing.T, file, text string) {
		o, _ := pages.ReadOutline(file, []byte(text))
		if o == nil {
			return
		}
		p, all := ReadPage(o)
		lines := strings.Count(text, "\n") + 1
		check := func(texts ...catalog.Text) {
			for _, x := range texts {
				if x.Value != "" && (x.At.File != file || x.At.Line < 0 || x.At.Line > lines) {
					t.Errorf("%q stands at %v of %d lines", x.Value, x.At, lines)
				}
			}
		}
		if p != nil {
			check(p.RTO, p.RPO, p.Reviewed)
			for _, list := range [][]catalog.Text{p.Services, p.Steps, p.Contacts, p.Rollback, p.Restore} {
				check(list...)
			}
		}
		for _, x := range all {
			check(x.Name, x.Date, x.Scenario, x.Outcome, x.Lasted, x.Next)
			check(x.Participants...)
		}
	})
}

func FuzzReadTOML(f *testing.F) {
	f.Add("recovery.toml", "[recovery]\nrto = '1h'\nsteps = ['a']\n")
	f.Add("exercise.toml", "[[exercise]]\ndate = 2026-03-14\n[[exercise.actions]]\ntext = 'x'\n")
	f.Fuzz(func(t *testing.T, file, text string) {
		for _, g := range ReadTOML(file, []byte(text)).Gaps {
			if g.At.File != file || g.Detail == "" {
				t.Errorf("%+v", g)
			}
		}
	})
}

func FuzzObjective(f *testing.F) {
	for _, s := range []string{"4 hours", "PT", "1h30m", "999999 months and 999999 weeks", "0", "½ h", "1:00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := Objective(text); d < 0 || !ok && d != 0 {
			t.Errorf("%q is %v, %t", text, d, ok)
		}
	})
}

// A release is taken back by a command or a step; what only speaks of it is none, nor is what takes back something else.
func TestRollback(t *testing.T) {
	for text, want := range map[string]string{
		"# Errors\n\n## Rollback\n\n- prefer forward fixes\n- use blue/green for regressions\n":           "",
		"# Errors\n\n## Rollback\n\nWe roll back when errors rise.\n":                                     "",
		"# Errors\n\n## Rollback\n\nDo not roll back: deploy a fix.\n":                                    "",
		"# Errors\n\n## Rollback\n\n1. Never. Fix forward.\n":                                             "",
		"# Errors\n\n## Rollback\n\n1. The page of the pipeline has a button.\n":                          "5: The page of the pipeline has a button.",
		"# Errors\n\n## Rollback\n\nTo roll back, redeploy the image before.\n":                           "5: To roll back, redeploy the image before.",
		"# Errors\n\n## Rollback\n\nIt is simple.\nRun `deploy --version old`.\n":                         "6: Run deploy --version old.",
		"# Errors\n\n## Rollback\n\n```sh\n# before\n./deploy old\n```\n":                                 "7: ./deploy old",
		"# Errors\n\n## Mitigation\n\nIf a release broke it: `kubectl rollout undo deploy/x`.\n":          "5: If a release broke it: kubectl rollout undo deploy/x.",
		"# Rolling back\n\nOpen the pipeline.\n":                                                          "3: Open the pipeline.",
		"# Failover\n\n## Rollback\n\n1. Restart the original primary.\n":                                 "",
		"# Errors\n\n## Roll back the schema\n\n1. Run the down migration.\n":                             "",
		"# Errors\n\n## Meaning\n\nA failed deployment is automatically rolled back to the last image.\n": "5: A failed deployment is automatically rolled back to the last image.",
		"# Errors\n\n## Meaning\n\nThe database automatically rolls back a failed transaction.\n":         "",
	} {
		o, _ := pages.ReadOutline("runbooks/x.md", []byte(text))
		if got := values(Rollback(o)...); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// What nobody has agreed to yet is no objective.
func TestUnsettledObjectives(t *testing.T) {
	for text, want := range map[string]string{
		"RTO: TBD":                                   "",
		"RTO: PENDING":                               "",
		"RTO: pending sign-off, perhaps 4 hours":     "",
		"RTO: 4 hours. The drill is pending.":        "4 hours",
		"The proposed RTO is 4 hours.":               "",
		"The RTO is 4 hours. The budget is pending.": "4 hours",
		"| Tier | RTO |\n|-|-|\n| 1 | 2 h |\n\n### Proposed targets — PENDING SIGN-OFF\n\n| Tier | RTO |\n|-|-|\n| 1 | 4 h |\n\nRTO: 8 h": "2 h",
		"| Tier | Proposed RTO |\n|-|-|\n| 1 | 4 h |": "",
	} {
		p, _ := read(t, "docs/disaster-recovery.md", "# Disaster recovery\n\n"+text+"\n")
		if p.RTO.Value != want {
			t.Errorf("%q: got %q, want %q", text, p.RTO.Value, want)
		}
	}
}

package recovery

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/catalog/pages"
)

// The names under which a record of an exercise states its parts, the surest first.
var (
	dateNames = []string{"date", "exercise date", "date of exercise", "test date", "date of test", "drill date", "date of drill", "game day date", "conducted", "conducted on", "performed", "performed on", "held", "held on",
		"date conducted", "date performed", "date tested", "executed", "executed on", "when", "day"}
	kindNames        = []string{"kind", "type", "exercise type", "test type", "drill type", "type of exercise", "type of test"}
	scenarioNames    = []string{"scenario", "test scenario", "simulated scenario", "what we simulated", "what was tested", "what we tested", "goal", "objective", "hypothesis", "situation", "purpose"}
	participantNames = []string{"participants", "participant", "attendees", "attendee", "who took part", "people", "present", "team members", "team", "who", "performed by", "conducted by", "tested by", "facilitator", "roles"}
	didNames         = []string{"steps", "recovery steps tested", "steps tested", "steps taken", "recovery steps", "procedure", "what we did", "what happened", "actions taken", "execution", "timeline", "walkthrough", "restore steps"}
	outcomeNames     = []string{"outcome", "outcomes", "result", "results", "conclusion", "conclusions", "findings", "finding", "observations", "lessons learned", "lessons", "what we learned", "pass fail", "status", "summary"}
	lastedNames      = []string{"lasted", "time to recover", "time to recovery", "time to restore", "recovery took", "restore took", "recovery time", "restore time", "restoration time", "actual rto", "rto actual", "rto achieved", "achieved rto", "measured rto",
		"observed rto", "actual recovery time", "time taken", "elapsed", "elapsed time", "total time", "downtime", "duration", "time"}
	nextNames   = []string{"next exercise", "next test", "next drill", "next game day", "next restore test", "next scheduled", "next due", "next date", "next"}
	actionNames = []string{"action item", "action", "follow up", "followup", "improvement", "next step", "remediation"}
	lastNames   = []string{"last tested", "last test", "last exercise", "last exercised", "last drill", "last dr test", "last restore test", "last restore tested", "last game day", "last rehearsed", "tested on", "date last tested", "last recovery test"}
)

// isTrial reports whether a heading or title speaks of trying recovery out.
func isTrial(text string) bool {
	w := pages.Words(text)
	return pages.HasWord(w, trials...) || exerciseName(w)
}

// isRecoveryTrial reports whether it says so of recovery itself, and not of tests at large.
func isRecoveryTrial(text string) bool {
	w := pages.Words(text)
	return exerciseName(w) && !(len(w) == 1 && pages.HasWord(w, "exercise", "exercises"))
}

// exercises gives the exercises that the page records: rows of tables, sections that bear a day, the page itself, and the
// day of the last test that a plan states.
func (r *reader) exercises() []*catalog.Exercise {
	recorded := r.fromTables()
	records := IsExercisePath(r.Page.Path) || isRecoveryTrial(r.Page.Title.Value)
	dated := r.fromSections(records)
	if records && len(dated) == 0 && len(recorded) == 0 {
		name, _ := words(r.Page.Path)
		if x, ok := record(r, r.Page.Title, true); ok && !(x.Date.Value == "" && pages.HasWord(slices.Concat(name, pages.Words(r.Page.Title.Value)), deeds...)) { // "gameday-playbook.md" tells how
			dated = append(dated, x)
		}
	}
	recorded = append(recorded, dated...)
	if len(recorded) == 0 && !IsExercisePath(r.Page.Path) {
		if last := r.field(lastNames...); last.Value != "" {
			recorded = append(recorded, &catalog.Exercise{Name: r.Page.Title, Services: r.services(), Date: last, At: last.At})
		}
	}
	return recorded[:min(len(recorded), maxExercises)]
}

// fromSections gives a record for each section that bears a day: in its heading, as in "## 2026-03-14 Restore drill", or on
// a line "Date: 2026-03-14" of its own where several sections do so. On a page of records any section may be one; on any
// other one that stands below a heading about trying recovery out.
func (r *reader) fromSections(records bool) []*catalog.Exercise {
	sections := r.allSections()
	stated := make([]bool, len(sections))
	count := 0
	for i, s := range sections {
		if stated[i] = i > 0 && s.Heading.Text != r.Page.Title.Value && r.statesDay(s.Part); stated[i] {
			count++
		}
	}
	var all []*catalog.Exercise
	for i := 0; i < len(sections) && len(all) < maxExercises; i++ {
		h := sections[i].Heading
		if h.Text == "" || h.Text == r.Page.Title.Value {
			continue
		}
		trial := sections[i].below(isRecoveryTrial) && !sections[i].below(isSchedule)
		bears := records && (dates.Find(h.Text) != "" || count > 1 && stated[i]) || !records && trial && stated[i]
		if !bears {
			continue
		}
		end := i + 1
		for end < len(sections) && sections[end].Heading.Level > h.Level {
			end++
		}
		sub := newReader(&pages.Outline{Page: &catalog.Page{Path: r.Page.Path, Placeholders: r.Page.Placeholders}, Sections: r.Sections[i:end]})
		sub.trial = trial
		if x, ok := record(sub, catalog.Text{Value: h.Text, At: h.At}, false); ok {
			if len(x.Services) == 0 {
				x.Services = r.services()
			}
			all = append(all, x)
		}
		i = end - 1
	}
	return all
}

// statesDay reports whether a section states, itself, the day of an exercise.
func (r *reader) statesDay(s pages.Part) bool {
	own := &pages.Outline{Page: &catalog.Page{}, Sections: []pages.Part{s}}
	return slices.ContainsFunc(own.Fields(), func(f pages.Field) bool {
		return pages.Means(f.Name, dateNames...) == pages.Exactly && r.written(f.Value) && dates.Find(f.Value.Value) != ""
	})
}

// record reads a page, or a part of one, as the record of one exercise. A record has a day, and says what was tried, by
// whom, or what came of it; without a day it has to say all of this.
func record(r *reader, name catalog.Text, whole bool) (*catalog.Exercise, bool) {
	x := &catalog.Exercise{
		Name: name, Services: r.services(), Date: r.field(dateNames...), Kind: r.field(kindNames...), Scenario: r.said(scenarioNames),
		Participants: r.participants(), Steps: r.did(), Outcome: r.said(outcomeNames), Lasted: r.field(lastedNames...), Next: r.field(nextNames...),
		Actions: r.actions(), At: name.At.Or(r.Page.At),
	}
	if x.Date.Value == "" {
		x.Date = dayIn(name)
	}
	if x.Date.Value == "" && whole {
		x.Date = dayIn(catalog.Text{Value: path.Base(r.Page.Path), At: r.Page.At})
	}
	if x.Scenario.Value == "" {
		x.Scenario = r.scenarioHeading()
	}
	if x.Kind.Value == "" {
		x.Kind = kindIn(x.Name)
	}
	classify(x)
	if len(x.Steps) == 0 {
		x.Steps = r.numbered() // which may as well be what is to be done, so they do not say what was tried
	}
	if !r.trial && !exerciseNamed(r.Page.Path) && !slices.ContainsFunc([]catalog.Text{x.Name, x.Kind, x.Scenario, x.Outcome}, func(t catalog.Text) bool { return aboutRecovery.MatchString(t.Value) }) {
		return nil, false
	}
	if x.Date.Value == "" {
		return x, len(x.Participants) > 0 && x.Outcome.Value != "" && x.Scenario.Value != ""
	}
	return x, x.Scenario.Value != "" || len(x.Participants) > 0 || x.Outcome.Value != ""
}

// dayIn gives the day that a text bears, with the text's place.
func dayIn(t catalog.Text) catalog.Text {
	if day := dates.Find(strings.ReplaceAll(t.Value, "_", " ")); day != "" {
		return catalog.Text{Value: strings.Clone(day), At: t.At}
	}
	return catalog.Text{}
}

var kindWords = regexp.MustCompile(`(?i)\b(?:restores?|fail-?over|roll-?back|game ?days?|table-?top|chaos|switch-?over|full drill)\b`)

func kindIn(t catalog.Text) catalog.Text {
	if kind := kindWords.FindString(t.Value); kind != "" {
		return catalog.Text{Value: strings.ToLower(kind), At: t.At}
	}
	return catalog.Text{}
}

// said gives what stands under one of the names: as a field, or else the first text of a section, or behind a line "Result:".
func (r *reader) said(names []string) catalog.Text {
	if t := r.field(names...); t.Value != "" {
		return pages.Quote(t)
	}
	for _, name := range names {
		for _, i := range r.Find(name) {
			if h := r.Sections[i].Heading; pages.Means(h.Text, name) != pages.Exactly && len(pages.Words(h.Text)) > 4 || h.Text == r.Page.Title.Value {
				continue
			}
			for _, t := range r.Whole(i).Texts() {
				if r.written(t) {
					return pages.Quote(t)
				}
			}
		}
	}
	return r.labelled(names)
}

// labelled gives the first list item behind a paragraph that is nothing but one of the names and a colon.
func (r *reader) labelled(names []string) catalog.Text {
	for _, s := range r.Sections {
		for _, p := range s.Paragraphs {
			label, ok := strings.CutSuffix(p.Value, ":")
			if !ok || pages.Means(label, names...) != pages.Exactly {
				continue
			}
			for _, i := range s.Items {
				if i.At.Line > p.At.Line && r.written(i.Text) {
					return pages.Quote(i.Text)
				}
			}
		}
	}
	return catalog.Text{}
}

// scenarioHeading gives the first heading such as "Scenario 1: The region is lost".
func (r *reader) scenarioHeading() catalog.Text {
	for _, s := range r.Sections {
		if _, after, ok := strings.Cut(s.Heading.Text, ":"); ok && pages.Means(s.Heading.Text, "scenario") != pages.NotAtAll && len(strings.Fields(after)) > 0 {
			return catalog.Text{Value: strings.TrimSpace(after), At: s.Heading.At}
		}
	}
	return catalog.Text{}
}

// participants gives who took part: as a field, or as the items, first cells and paragraphs of a section.
func (r *reader) participants() []catalog.Text {
	if all := r.list(participantNames...); len(all) > 0 {
		return all
	}
	var all []catalog.Text
	for _, i := range r.exactly(participantNames) {
		part := r.Whole(i)
		for _, t := range part.Tables {
			for _, row := range t.Rows {
				if r.written(row[0]) {
					all = append(all, row[0])
				}
			}
		}
		for _, item := range part.Items {
			if r.written(item.Text) {
				all = append(all, pages.Quote(item.Text))
			}
		}
		if len(all) == 0 {
			for _, p := range part.Paragraphs {
				if r.written(p.Text) {
					all = append(all, parts(pages.Quote(p.Text))...)
				}
			}
		}
	}
	return first(all)
}

// did gives the steps that were taken, as sections of such a name list them.
func (r *reader) did() []catalog.Text {
	var all []catalog.Text
	for _, i := range r.exactly(didNames) {
		for _, t := range r.Whole(i).Texts() {
			if r.written(t) {
				all = append(all, pages.Quote(t))
			}
		}
	}
	return first(all)
}

// numbered gives the numbered items of the page.
func (r *reader) numbered() []catalog.Text {
	var all []catalog.Text
	for _, s := range r.Sections {
		for _, i := range s.Items {
			if i.Ordered && r.written(i.Text) {
				all = append(all, pages.Quote(i.Text))
			}
		}
	}
	return first(all)
}

// exactly gives the sections with just one of the names.
func (r *reader) exactly(names []string) []int {
	var found []int
	for i, s := range r.Sections {
		if pages.Means(s.Heading.Text, names...) == pages.Exactly {
			found = append(found, i)
		}
	}
	return found
}

// aboutRecovery are words of exercises of recovery, as opposed to those of a course.
var aboutRecovery = regexp.MustCompile(`(?i)\b(?:recover\w*|restor\w*|fail-?over|outages?|incidents?|roll-?back|disaster|game ?days?|table-?top|chaos|dr|backups?)\b`)

// backedUp is what comes back from a backup, as opposed to a file of the code or a setting.
var backedUp = regexp.MustCompile(`(?i)\b(?:data(?:base|set|store)?s?|db|tables?|snapshots?|dumps?|volumes?|buckets?|backups?|postgres\w*|mysql|mongo\w*|etcd|redis|cassandra|elasticsearch|pitr|point[- ]in[- ]time)\b`)
var (
	restored   = regexp.MustCompile(`(?i)\brestor(?:e|es|ed|ing|ation)\b|\bPITR\b`)
	fromBackup = regexp.MustCompile(`(?i)\b(?:pg_|mongo)restore\b|\bPITR\b|\brestor(?:e|es|ed|ing|ation)\b.{0,60}\b(?:back-?ups?|snapshots?|dumps?|point[- ]in[- ]time)\b|\b(?:back-?ups?|snapshots?|dumps?)\b.{0,60}\brestor(?:e|es|ed|ing|ation)\b`)
	original   = regexp.MustCompile(`(?i)\brestored? (?:the )?(?:original|service|traffic|access|config)|\b(?:no|not|never|without)\b.{0,20}\brestor`)
	rolledBack = regexp.MustCompile(`(?i)\broll(?:ed|ing|s)?[- ]?back\b|\brevert(?:ed|ing)?\b.{0,30}\b(?:release|deploy\w*|version)\b`)
)

// talked matches the exercises in which people talk a disaster through: nothing is restored and no release taken back.
var talked = regexp.MustCompile(`(?i)\btable-?\s?top\b|\bwalk-?\s?through\b|\bpaper (?:drill|exercise|test)\b|\bdesk(?:top)?[- ](?:check|exercise|drill)\b`)

// classify says what of an exercise was tried, by its kind, its name, its scenario and its steps. Of one that is talked
// through by its kind, or else its name, nothing was.
func classify(x *catalog.Exercise) {
	x.Restores, x.RollsBack = restored.MatchString(x.Kind.Value), rolledBack.MatchString(x.Kind.Value)
	if talked.MatchString(x.Kind.Value) || !x.Restores && !x.RollsBack && talked.MatchString(x.Name.Value) {
		x.Restores, x.RollsBack = false, false
		return
	}
	for i, t := range slices.Concat([]catalog.Text{x.Name, x.Scenario, x.Outcome}, x.Steps) {
		about := i < 3 && restored.MatchString(t.Value) && backedUp.MatchString(t.Value)
		if (about || fromBackup.MatchString(t.Value)) && !original.MatchString(t.Value) {
			x.Restores = true
		}
		if rolledBack.MatchString(t.Value) {
			x.RollsBack = true
		}
	}
}

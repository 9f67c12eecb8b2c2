package recovery

import (
	"regexp"
	"slices"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// section is one part of a page with the headings that it stands below.
type section struct {
	pages.Part
	above []string // the headings above it, the outermost first, without the page's title
}

// allSections gives the parts of the page, each with the headings above it.
func (r *reader) allSections() []section {
	var all []section
	var open []catalog.Heading
	for _, part := range r.Sections {
		h := part.Heading
		for len(open) > 0 && open[len(open)-1].Level >= h.Level {
			open = open[:len(open)-1]
		}
		s := section{Part: part}
		for _, up := range open {
			if up.Text != r.Page.Title.Value {
				s.above = append(s.above, up.Text)
			}
		}
		all = append(all, s)
		if h.Text != "" {
			open = append(open, h)
		}
	}
	return all
}

// below reports whether the section stands below a heading, its own or one above it, for which is holds.
func (s section) below(is func(heading string) bool) bool {
	for _, h := range s.above {
		if is(h) {
			return true
		}
	}
	return s.Heading.Text != "" && is(s.Heading.Text)
}

// planSections gives the parts of the page that are a recovery plan, and where it begins.
func (r *reader) planSections() (plan []section, at catalog.Place, ok bool) {
	all := r.allSections()
	title := r.Page.Title
	if r.isManual() {
		return nil, at, false
	}
	records := IsExercisePath(r.Page.Path) || isTrial(title.Value)
	if isPlanTitle(title.Value) || IsPath(r.Page.Path) && !isTrial(title.Value) {
		return all, title.At.Or(r.Page.At), true
	}
	for i, s := range all {
		if isPlanTitle(s.Heading.Text) && (!records || pages.HasWord(pages.Words(s.Heading.Text), "plan")) {
			end := i + 1
			for end < len(all) && all[end].Heading.Level > s.Heading.Level {
				end++
			}
			return all[i:end], s.Heading.At, true
		}
	}
	if records {
		return nil, at, false
	}
	_, rto := number(r.objective(all, rto))
	_, rpo := number(r.objective(all, rpo))
	return all, title.At.Or(r.Page.At), rto || rpo
}

// offers are sentences that tell a user what a product can do.
var offers = regexp.MustCompile(`(?i)\byou (?:can|may|want|need|must|should|have to)\b|\b(?:allows?|lets?|enables?) you\b`)

// isManual reports whether a page about backup and restore is the manual of a product and not the plan of a service: it tells
// its reader time and again what "you can" do. One that names itself a plan is none, whatever it tells.
func (r *reader) isManual() bool {
	name, _ := words(r.Page.Path)
	if surePlan(name) || surePlan(pages.Words(r.Page.Title.Value)) {
		return false
	}
	const often = 5
	offered := 0
	for _, s := range r.Sections {
		for _, t := range s.Texts() {
			offered += len(offers.FindAllStringIndex(t.Value, often))
		}
	}
	return offered >= often
}

func number(t catalog.Text) (catalog.Text, bool) {
	_, ok := Objective(t.Value)
	return t, ok && t.Value != ""
}

// isPlanTitle reports whether a title or heading is that of a recovery plan.
func isPlanTitle(text string) bool {
	w := pages.Words(text)
	return len(w) <= 10 && planName(w) && !pages.HasWord(w, trials...) && !pages.HasWord(w, "objective", "objectives", "template", "scenario", "see")
}

// The headings below which the parts of a plan stand.
var (
	stepNames = []string{"recovery step", "recovery procedure", "restore procedure", "restoration procedure", "procedure", "step", "failover", "fail over", "failback", "recovery process",
		"how to recover", "how to restore", "recover", "recovering", "restore", "restoring", "restoration", "response", "recovery checklist", "checklist", "recovery workflow", "workflow", "what to do",
		"recovery action", "actions", "database recovery", "application recovery", "infrastructure recovery", "data recovery", "service recovery"}
	aboutSteps    = []string{"symptom", "trigger", "when to", "indicator", "sign", "cause", "impact", "detection", "prerequisite", "requirement", "assumption", "prevention", "example", "note"} // beside steps, not steps
	scenarioHeads = []string{"scenario", "loss of"}                                                                                                                                              // the steps stand here when they stand nowhere else
	contactNames  = []string{"contact", "escalation", "call list", "call tree", "whom to call", "who to call", "roles and responsibilities", "recovery team", "response team",
		"on call", "oncall", "communication plan", "team member", "key personnel", "key people"}
	exactContacts = []string{"role", "responsibility", "notification", "communication", "stakeholder", "recovery roles", "team roles", "who", "people"} // in other company they are something else
	rollbackNames = []string{"rollback", "roll back", "rolling back", "revert", "reverting", "back out", "backout", "undo"}
	restoreNames  = []string{"restore", "restoring", "restoration", "data recovery", "database recovery", "point in time", "recovery from backup", "recover from backup", "pitr"}
	tocNames      = []string{"table of contents", "contents", "toc", "on this page"}
)

var (
	rollbackCommand = regexp.MustCompile(`(?i)kubectl rollout undo|helm rollback|argocd app rollback|git revert|\b[\w/.-]*rollback[\w-]*\.(?:sh|py|ya?ml)\b|flyctl releases|heroku (?:releases:)?rollback|nomad job revert|gcloud run services update-traffic|ecs update-service .*--task-definition|cf rollback|vercel rollback|docker service (?:rollback|update --rollback)|\b(?:make|just|task|npm run|yarn|pnpm|rake|invoke|cap \w+) [\w:-]*rollback[\w:-]*`)
	restoreCommand  = regexp.MustCompile(`(?i)\bpg_restore\b|\bmongorestore\b|\brestic restore\b|\bvelero (?:create )?restore\b|\bsnapshot restore\b|\bwal-g backup-fetch\b|restore-db-(?:instance|cluster)|sql backups restore|\b(?:mysql|psql)\b.*<\s*\S*(?:dump|backup|\.sql)|\bbarman recover\b|\bpgbackrest\b.*restore|restore-table`)
	calls           = regexp.MustCompile(`(?i)\b(?:call|contact|page|notify|phone|reach|escalate to|ask)\b.{0,60}(?:#[a-z]|@[a-z]|\bon-?call\b|\bteams?\b|\blead\b|\bmanager\b|\bengineer\b|\bdba\b|\bsupport\b|\bvendor\b|\bhead of\b|\+\d)`)
)

// plan reads the parts of a page that are a recovery plan.
func (r *reader) plan(sections []section, at catalog.Place) *catalog.RecoveryPlan {
	var about []section
	for _, s := range sections {
		if !s.below(isTrial) && !s.below(r.means(tocNames)) {
			about = append(about, s)
		}
	}
	p := &catalog.RecoveryPlan{
		Title: r.Page.Title, Page: r.Page, At: at, Services: r.services(), Reviewed: r.reviewed(),
		RTO: r.objective(about, rto), RPO: r.objective(about, rpo),
		Steps: r.steps(about), Contacts: r.contacts(about),
		Rollback: r.rollback(ofReleases(about, r.means(rollbackNames)), false), Restore: r.deeds(about, restoreNames, restoreCommand),
	}
	p.Placeholders = r.placeholders(sections)
	return p
}

// releases are words of what is taken back when a release is. A failover, a restore and a change of the schema are rolled back
// in other ways.
var releases = regexp.MustCompile(`(?i)\b(?:releases?d?|deploy\w*|redeploy\w*|versions?|images?|builds?|rollouts?|revisions?|artifacts?|commits?|charts?|feature flags?|traffic|pipeline|previous tag|last known good)\b`)

// ofReleases leaves out the sections about rolling back that speak of no release.
func ofReleases(sections []section, isRollback func(heading string) bool) []section {
	var all []section
	for _, s := range sections {
		if !s.below(isRollback) || s.speaksOf(releases) || s.speaksOf(rollbackCommand) {
			all = append(all, s)
		}
	}
	return all
}

// speaksOf reports whether the section, or a heading above it, matches a pattern.
func (s section) speaksOf(pattern *regexp.Regexp) bool {
	matches := func(t catalog.Text) bool { return pattern.MatchString(t.Value) }
	return s.below(pattern.MatchString) || slices.ContainsFunc(s.Texts(), matches) || slices.ContainsFunc(s.Code, matches)
}

// placeholders gives those of the page that stand in the given parts.
func (r *reader) placeholders(sections []section) []catalog.Text {
	if len(sections) == len(r.Sections) {
		return r.Page.Placeholders
	}
	var inside []catalog.Text
	begin := sections[0].Heading.At.Line
	end := 0
	for _, s := range r.Sections {
		if line := s.Heading.At.Line; line > sections[len(sections)-1].Heading.At.Line && (end == 0 || line < end) {
			end = line
		}
	}
	for _, p := range r.Page.Placeholders {
		if p.At.Line >= begin && (end == 0 || p.At.Line < end) {
			inside = append(inside, p)
		}
	}
	return inside
}

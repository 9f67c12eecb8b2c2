package incidents

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// role is one part that somebody plays in an incident, with what it does by its name alone.
type role struct {
	name *regexp.Regexp
	does []duty
	says bool // what it does depends on what is said of it
	task bool // it is the name of a task, and a role only where roles are listed, or when somebody is said to do it
}

// duty is one of the things that somebody does in an incident.
type duty int

const (
	commands duty = iota
	informs
	diagnoses
	mitigates
	tellsCustomers
	keepsTimeline
)

const (
	lead = `(?:leads?|leaders?|managers?|officers?|owners?|coordinators?|directors?)`
	some = `(?:leads?|leaders?|managers?|officers?|owners?|coordinators?|directors?|persons?|roles?|team|responders?)`
)

// The roles by the names that are in use, the most particular first. What an operations lead and a subject matter expert do
// when nothing is said of them follows Google and PagerDuty.
var roleNames = []role{
	{name: roleName(`(?:customer|client|user|external|public)s?[ -](?:facing )?(?:liaisons?|relations|(?:support|communications?|comms|updates?) ` + some + `)|(?:customer )?support ` + some + `|status ?page ` + lead),
		does: []duty{tellsCustomers}},
	{name: roleName(`(?:communications?|comms?)[ -](?:` + some + `|liaisons?)|communicators?|(?:internal|stakeholder|executive)[ -](?:liaisons?|(?:communications?|comms) ` + some + `)`),
		does: []duty{informs}, says: true},
	{name: roleName(`(?:customer|client|user|external|public)s?[ -](?:support|communications?|comms|updates?)|(?:external|customer) and internal communications?|customer support`),
		does: []duty{tellsCustomers}, task: true},
	{name: roleName(`(?:internal|stakeholder|executive)s?[ -](?:communications?|comms|updates?)|internal and external communications?|communications?|comms`),
		does: []duty{informs}, says: true, task: true},
	{name: roleName(`(?:major )?incident (?:commanders?|` + lead + `|controllers?|captains?|command)|incident response ` + lead + `|lead responders?|response leads?|ic\b`), does: []duty{commands}},
	{name: roleName(`scribes?|note[ -]?takers?|(?:timeline|documentation) (?:` + lead + `|keepers?)|recorders?`), does: []duty{keepsTimeline}},
	{name: roleName(`investigators?|investigation ` + lead + `|diagnosticians?|diagnosis ` + lead + `|analysts?`), does: []duty{diagnoses}, says: true},
	{name: roleName(`mitigators?|mitigation ` + lead + `|fixers?|(?:repair|remediation|resolution) ` + lead + `|resolvers?`), does: []duty{mitigates}, says: true},
	{name: roleName(`(?:operations?|ops)(?: ?/ ?mitigation)?(?: ` + some + `)`), does: []duty{mitigates}, says: true},
	{name: roleName(`operations|ops`), does: []duty{mitigates}, says: true, task: true},
	{name: roleName(`subject[ -]matter[ -](?:experts?|responders?)|(?:functional )?smes?|(?:domain|service|technical) experts?`), does: []duty{diagnoses}, says: true},
	{name: roleName(`(?:technical|tech|engineering)[ -](?:leads?|leaders?|coordinators?)`), does: []duty{diagnoses, mitigates}, says: true},
	{name: roleName(`(?:first |primary |secondary |incident |technical )?responders?|(?:primary |secondary )?on-?call(?: engineers?| developers?| person)?|(?:response|resolver|technical|fix|incident response) (?:team|group)s?|engineers?|developers?`), says: true},
}

// roleName compiles the names of a role, to be found as words of their own.
func roleName(names string) *regexp.Regexp { return regexp.MustCompile(`(?i)\b(?:` + names + `)\b`) }

// dutyWords are what is said of somebody who does a thing.
var dutyWords = map[duty]*regexp.Regexp{
	diagnoses:      regexp.MustCompile(`(?i)\b(?:investigat|diagnos|debug|troubleshoot|triag|analy[sz])\w*|\broot[ -]cause|\b(?:find|identif|determin|understand|locat)\w*.{0,30}\b(?:cause|problem|issue|wrong)\b|\btechnical (?:response|work|effort|direction|side)`),
	mitigates:      regexp.MustCompile(`(?i)\b(?:mitigat|fix|repair|resolv|resolution|remediat|restor|stabili[sz]|recover|implement)\w*|\broll(?:s|ing|ed)?[ -]?back|\b(?:apply|applies|make|makes|making|execut\w+|deploy\w*) (?:\w+ ){0,3}(?:changes?|actions?|fix\w*)|\btechnical (?:response|work|effort|direction|side)`),
	tellsCustomers: regexp.MustCompile(`(?i)\b(?:customers?|clients?|users?|public(?:ly)?|external(?:ly)?|status ?pages?|statuspage|press|social media)\b`),
	informs:        regexp.MustCompile(`(?i)\b(?:internal|stakeholders?|executives?|leadership|management|teams?)\b`),
	keepsTimeline:  regexp.MustCompile(`(?i)\btimelines?\b|\btimestamps?\b`),
}

// readRoles fills in who does what.
func readRoles(p *catalog.IncidentProcess, units []unit) {
	into := map[duty]*[]catalog.Text{commands: &p.Commander, informs: &p.Communication, diagnoses: &p.Diagnosis, mitigates: &p.Mitigation, tellsCustomers: &p.CustomerUpdates, keepsTimeline: &p.Timeline}
	for _, f := range []form{heading, row, item, sentence} { // the surest first
		for _, u := range units {
			if u.form != f {
				continue
			}
			for _, r := range declaredRoles(u) {
				for _, d := range r.duties(u.body) {
					add(into[d], u.Text)
				}
			}
		}
	}
}

// duties gives what a role does, by its name and by what is said of it.
func (r role) duties(body string) []duty {
	body = r.name.ReplaceAllString(body, "")
	all := slices.Clone(r.does)
	if said := slices.DeleteFunc(slices.Clone(all), func(d duty) bool { return dutyWords[d] == nil || !dutyWords[d].MatchString(body) }); r.says && len(said) > 0 {
		all = said // of a technical lead who investigates it is not said that they repair
	}
	more := []duty{diagnoses, mitigates}
	if slices.Contains(r.does, informs) {
		more = []duty{tellsCustomers}
	}
	if slices.Contains(r.does, commands) || slices.Contains(r.does, tellsCustomers) || slices.Contains(r.does, keepsTimeline) || !r.says {
		more = nil
	}
	for _, d := range more {
		if !slices.Contains(all, d) && dutyWords[d].MatchString(body) {
			all = append(all, d)
		}
	}
	return all
}

var (
	article = `^\W*(?:\d+[.)]\s*)?(?:(?:an?|the|one|your|our|each|every|any|all)\s+)?`
	// assigns matches what gives somebody a role: "Assign an incident commander and a scribe".
	assigns = regexp.MustCompile(`(?i)\b(?:assign|appoint|designat|nominat|elect|choos|name|pick|select|establish|identify|announc|declar|form|act(?:s|ing)? as|become|take|takes|assume|page|need|requir|includ|consist|compris)\w*\b`)
	// roleWords are the headings and columns below which roles are listed.
	roleWords = regexp.MustCompile(`(?i)\broles?\b|\bresponsibilit|\bwho\b|\bincident (?:team|response team|command)|\bresponse team|\bresponders\b|\bstructure\b|\bpeople\b|\bteam\b`)
	// doer matches somebody who does a task.
	doer = regexp.MustCompile(`(?i)\b(?:leads?|manager|team|support|commander|ic|owner|liaison|engineer|on-?call|scribe|officer|director|head of)\b`)
	// acts matches what follows a role that something is said of.
	acts = regexp.MustCompile(`(?i)^(?:\s*\([^()]*\))?\W*(?:$|[:–—-]|\b(?:is|are|will|shall|should|must|can|may|has|have|also|then|keeps?|leads?|owns?|runs?|makes?|takes?|posts?|sends?|writes?|drives?|decides?|tells?|manages?|handles?|coordinates?|communicates?|updates?|investigates?|fixes|works?|documents?|records?|maintains?|ensures?|provides?|responsible|focus\w*|and|or|to|who)\b)`)
)

// declaredRoles gives the roles that a unit is about: that a heading names, that an item or a cell begins with, and that a
// sentence gives to somebody or says something of.
func declaredRoles(u unit) []role {
	var found []role
	listed := roleWords.MatchString(u.above) || roleWords.MatchString(strings.Join(u.header, "\n"))
	for _, r := range roleNames {
		if r.declaredBy(u, listed) {
			found = append(found, r)
			if u.form != sentence && !(u.form == item && assigns.MatchString(u.Value)) {
				break // "Communications lead" is not "lead" too
			}
		}
	}
	return found
}

func (r role) declaredBy(u unit, listed bool) bool {
	generic := r.does == nil // "engineers", "responders": somebody of whom something has to be said
	switch {
	case r.task && u.form == heading:
		m := r.name.FindStringIndex(u.Value)
		return m != nil && len(strings.Fields(u.Value)) <= 5 && r.begins(u.Value) && doer.MatchString(u.body)
	case r.task && (u.form == sentence || !listed):
		return false
	}
	switch u.form {
	case heading:
		m := r.name.FindStringIndex(u.Value)
		return m != nil && len(strings.Fields(u.Value)) <= 7 && strings.TrimSpace(u.body) != "" && (!generic || listed)
	case row:
		for i, c := range u.cells[:min(2, len(u.cells))] {
			named := i == 0 || i < len(u.header) && roleWords.MatchString(u.header[i])
			if named && r.begins(c) && (!generic || listed) && len(u.cells) > 1 {
				return true
			}
		}
		return false
	case item:
		return r.begins(u.Value) && (listed || r.actsIn(u.Value)) && !(generic && !listed) || r.assignedIn(u.Value)
	}
	return r.begins(u.Value) && r.actsIn(u.Value) || r.assignedIn(u.Value)
}

// begins reports whether a text begins with the role.
func (r role) begins(text string) bool {
	m := r.name.FindStringIndex(text)
	return m != nil && (m[0] == 0 || opening.MatchString(text[:m[0]]))
}

var opening = regexp.MustCompile(`(?i)` + article + `$`)

// actsIn reports whether something is said of the role behind its name.
func (r role) actsIn(text string) bool {
	m := r.name.FindStringIndex(text)
	return m != nil && acts.MatchString(text[m[1]:])
}

// assignedIn reports whether a text gives the role to somebody. Roles that anybody may be called ("engineers") do not count.
func (r role) assignedIn(text string) bool {
	if r.does == nil || r.task {
		return false
	}
	for _, m := range r.name.FindAllStringIndex(text, 4) {
		if assigns.MatchString(text[max(0, m[0]-60):m[0]]) {
			return true
		}
	}
	return false
}

package threats

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
)

// done are the words by which a threat is said to be dealt with.
const done = `(?:mitigated|controlled|shipped|implemented|done|closed|fixed|resolved|remediated|addressed|completed?|in place|covered|verified|prevented|eliminated|live|deployed|active)`

// states are what the words of a status mean; the first that matches decides, so that "not mitigated" and "partially
// mitigated" come before "mitigated".
var states = []struct {
	words *regexp.Regexp
	state catalog.ThreatState
}{
	{regexp.MustCompile(`(?i)\b(?:no longer (?:open|exposed|vulnerable|missing|possible|exploitable|a (?:gap|risk|threat)))\b`), catalog.ThreatMitigated},
	{regexp.MustCompile(`(?i)\b(?:partial(?:ly)?|partly|in[- ]progress|(?:to|will|shall|should|must|needs? to|has to|have to) be (?:\w+ly )?` + done + `|not (?:yet )?(?:fully|completely|entirely|wholly) ` + done + `|(?:mitigation|control|fix)s? (?:is |are )?(?:planned|pending|scheduled|proposed)|wip|under way|underway|ongoing|started)\b|🟡|🚧|🟠`), catalog.ThreatPlanned},
	{regexp.MustCompile(`(?i)\b(?:unmitigated|unaddressed|unresolved|untreated|unchecked|unknown|un-?assigned|in[- ]discussion)\b|` + negated + `|❌|🔴|✗`), catalog.ThreatOpen},
	{regexp.MustCompile(`(?i)\b(?:accept(?:ed|able|ance)?|tolerated?|acknowledged|won'?t[- ]fix|wontfix|transferred|by design)\b`), catalog.ThreatAccepted},
	{regexp.MustCompile(`(?i)^n/?a$|\b(?:not[- ]?applicable|false[- ]positive|out[- ]of[- ]scope|dismissed|rejected|obsolete|avoided|invalid|irrelevant)\b`), catalog.ThreatDismissed},
	{regexp.MustCompile(`(?i)\b` + done + `\b|✅|✔|☑|🟢`), catalog.ThreatMitigated},
	{regexp.MustCompile(`(?i)\b(?:planned|scheduled|road ?map|backlog|pending|to[- ]?do|deferred|later|next|future|upcoming|recommended|proposed)\b|⏳|🔜|📋|🗓`), catalog.ThreatPlanned},
	{regexp.MustCompile(`(?i)\b(?:open|new|identified|none|missing|gap|exposed|vulnerable|no)\b|⚠`), catalog.ThreatOpen},
}

// negated matches what is said of a threat that is not dealt with: "not in place", "cannot be mitigated", "isn't yet fixed",
// "could be resolved by a proxy".
const negated = `(?:\b(?:not|never|cannot|nowhere)|n['’]t)(?: (?:yet|been|be|currently|properly|really|effectively|directly|even|easily)){0,3} (?:` + done + `|started|decided|mitigate|resolve|prevent|address)\b|\b(?:can|could|may|might|would) be (?:\w+ly )?` + done + `\b`

// reserved matches what takes back, behind a first clause, some of what it says: "Mitigated - partially", "Done: no".
var reserved = regexp.MustCompile(`(?i)^(?:(?:but|though|only|so far|as yet) )*(?:partial(?:ly)?|partly|in part|incomplete|not|pending|in progress|to be|wip|planned|except|unless|once|when|after|until)\b|^no\W*$`)

// stateOf gives what the words of a status mean, ThreatUnstated for others. The first clause decides when its words mean
// something and the next one takes nothing back: "Resolved — the list of suffixes is accepted from the environment" is
// resolved, and nothing in it is accepted.
func stateOf(status string) catalog.ThreatState {
	status = strings.TrimSpace(status)
	clause, rest := cutClause(status)
	state := wordsState(clause)
	switch {
	case state == catalog.ThreatMitigated && reserved.MatchString(rest):
		if other := wordsState(rest); other != catalog.ThreatMitigated && other != catalog.ThreatUnstated {
			return other
		}
		return catalog.ThreatPlanned
	case state == catalog.ThreatUnstated:
		return wordsState(status)
	}
	return state
}

// wordsState gives the state of the first words in a text that mean one.
func wordsState(text string) catalog.ThreatState {
	for _, s := range states {
		if s.words.MatchString(text) {
			return s.state
		}
	}
	return catalog.ThreatUnstated
}

// clauseEnd matches what stands between the state and what is said of it.
var clauseEnd = regexp.MustCompile(`\s+(?:[—–]|-{1,2})\s+|[—–]|[;:]\s+|[.!]\s+`)

// cutClause gives the first clause of a status and what follows it. What stands in brackets belongs to the clause, as
// "(partly)" does.
func cutClause(status string) (clause, rest string) {
	depth, from := 0, 0
	for _, m := range clauseEnd.FindAllStringIndex(status, -1) {
		depth += strings.Count(status[from:m[0]], "(") - strings.Count(status[from:m[0]], ")")
		if from = m[0]; depth <= 0 && m[0] > 0 {
			return strings.TrimSpace(status[:m[0]]), strings.TrimSpace(status[m[1]:])
		}
	}
	return status, ""
}

// howWords is the least number of words behind a state, beside tickets and days, that tell how a threat is mitigated.
const howWords = 4

// toldBehind gives what a status tells behind its state, as in "Resolved — each request bears a nonce": the zero Text when
// that is nothing but a ticket, a day or a remark of a word or two.
func toldBehind(status catalog.Text) catalog.Text {
	_, rest := cutClause(strings.TrimSpace(status.Value))
	told := ticketMark.ReplaceAllString(rest, "")
	if day := dates.Find(told); day != "" {
		told = strings.Replace(told, day, "", 1)
	}
	if len(wordsOf(told)) < howWords || unwritten(rest) {
		return catalog.Text{}
	}
	return catalog.Text{Value: rest, At: status.At}
}

var (
	// intended matches what is said of a mitigation that is not there yet.
	intended = regexp.MustCompile(`(?i)^(?:planned|roadmap|future|proposed|todo)\b|\b(?:not yet (?:implemented|done|in place|built|enforced|deployed)|to be (?:implemented|added|done|decided|mitigated|deployed)|will be (?:implemented|added|mitigated|deployed|introduced|rolled out)|mitigations? (?:is |are )?(?:planned|pending|scheduled))\b|\((?:planned|future|todo|pending|proposed)\b[^)]*\)`)
	// refused matches what stands in place of a mitigation where there is none.
	refused = regexp.MustCompile(`(?i)^\W*(?:not (?:currently )?(?:in place|mitigated|implemented|addressed|possible)|(?:this |it )?(?:cannot|can['’]t|can not) (?:be )?(?:fully )?(?:mitigated?|prevented?|addressed)|no (?:known |current |existing )?(?:mitigations?|controls?|countermeasures?)|unmitigated)\b`)
)

// settle completes a threat: what its words say of its state.
func settle(t *catalog.Threat) {
	if unwritten(t.Mitigation.Value) {
		t.Mitigation = catalog.Text{}
	}
	for _, text := range []*catalog.Text{&t.Owner, &t.Due, &t.Ticket} {
		if unwritten(text.Value) {
			*text = catalog.Text{}
		}
	}
	if t.State == catalog.ThreatUnstated {
		t.State = stateOf(t.Status.Value)
	}
	if t.State == catalog.ThreatMitigated && t.Mitigation.Value == "" {
		t.Mitigation = toldBehind(t.Status)
	}
	switch {
	case t.State != catalog.ThreatUnstated:
	case intended.MatchString(t.Mitigation.Value):
		t.State = catalog.ThreatPlanned
	case refused.MatchString(t.Mitigation.Value):
		t.State = catalog.ThreatOpen
	}
}

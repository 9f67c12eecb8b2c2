package threats

import (
	"regexp"
	"strings"

	"obsready/catalog"
)

// states are what the words of a status mean; the first that matches decides, so that "not mitigated" and "partially
// mitigated" come before "mitigated".
var states = []struct {
	words *regexp.Regexp
	state catalog.ThreatState
}{
	{regexp.MustCompile(`(?i)\b(?:partial(?:ly)?|in[- ]progress|to be (?:mitigated|done|implemented|addressed|fixed)|wip|under way|underway|ongoing|started)\b|🟡|🚧|🟠`), catalog.ThreatPlanned},
	{regexp.MustCompile(`(?i)\b(?:unmitigated|unaddressed|unresolved|untreated|unchecked|unknown|un-?assigned|not (?:yet )?(?:mitigated|implemented|started|done|addressed|fixed|resolved|shipped|decided)|in[- ]discussion)\b|❌|🔴|✗`), catalog.ThreatOpen},
	{regexp.MustCompile(`(?i)\b(?:accept(?:ed|able|ance)?|tolerated?|acknowledged|won'?t[- ]fix|wontfix|transferred|by design)\b`), catalog.ThreatAccepted},
	{regexp.MustCompile(`(?i)^n/?a$|\b(?:not[- ]?applicable|false[- ]positive|out[- ]of[- ]scope|dismissed|rejected|obsolete|avoided|invalid|irrelevant)\b`), catalog.ThreatDismissed},
	{regexp.MustCompile(`(?i)\b(?:mitigated|controlled|shipped|implemented|done|closed|fixed|resolved|remediated|addressed|complete[d]?|in place|covered|verified|prevented|eliminated|live|deployed|active)\b|✅|✔|☑|🟢`), catalog.ThreatMitigated},
	{regexp.MustCompile(`(?i)\b(?:planned|scheduled|road ?map|backlog|pending|to[- ]?do|deferred|later|next|future|upcoming|recommended|proposed)\b|⏳|🔜|📋|🗓`), catalog.ThreatPlanned},
	{regexp.MustCompile(`(?i)\b(?:open|new|identified|none|missing|gap|exposed|vulnerable|no)\b|⚠`), catalog.ThreatOpen},
}

// stateOf gives what the words of a status mean, ThreatUnstated for others.
func stateOf(status string) catalog.ThreatState {
	status = strings.TrimSpace(status)
	for _, s := range states {
		if s.words.MatchString(status) {
			return s.state
		}
	}
	return catalog.ThreatUnstated
}

// intended matches what is said of a mitigation that is not there yet.
var intended = regexp.MustCompile(`(?i)^(?:planned|roadmap|future|proposed|todo)\b|\b(?:not yet (?:implemented|done|in place|built|enforced)|to be (?:implemented|added|done|decided)|will be (?:implemented|added))\b|\((?:planned|future|todo|pending|proposed)\b[^)]*\)`)

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
	if t.State == catalog.ThreatUnstated && intended.MatchString(t.Mitigation.Value) {
		t.State = catalog.ThreatPlanned
	}
}

package budgets

import (
	"regexp"
	"strings"
)

// How sure it is that a text says what changes.
const (
	weak   = 1 // more care: reviews, postmortems, approvals, reliability work
	strong = 2 // changes stop, or only some are allowed
)

const (
	spentWords  = `\b(?:exhaust\w*|exceed\w*|deplet\w*|spent|overspen\w+|burn(?:s|ed|t|ing)?|consum\w*|us(?:ed|es) up|runs? out|ran out|running out|gone|breach\w*|violat\w*|remain\w*|below|under|left|out of|negative)\b`
	missedWords = `\b(?:miss(?:es|ed)?|breach\w*|violat\w*|below|not met|at risk)\b`
)

var (
	spent = regexp.MustCompile(`(?i)` + spentWords)
	// ifWord begins a condition.
	ifWord = regexp.MustCompile(`(?i)\b(?:if|when|whenever|once|should|in case|as soon as|any time|in the event)\b`)
	// stated matches the names by which a line states its condition.
	stated     = regexp.MustCompile(`(?i)^(?:condition|trigger|threshold|state|when)s?:`)
	percentage = regexp.MustCompile(`\d\s?%`)
	// percentOnly matches a cell with a share, or two, and nothing else: "50–75 %", ">= 100%".
	percentOnly = regexp.MustCompile(`^[<>≤≥=~\s]*\d+(?:\.\d+)?\s?%?\s*(?:[-–—]|to)?\s*(?:\d+(?:\.\d+)?)?\s?%[+\s]*$`)
	// share matches a share of the budget: "50 % consumed", "more than 20 % of the monthly error budget", "consumption > 25 %".
	share = regexp.MustCompile(`(?i)(?:\d\s?%[^.;]{0,60}\b(?:consum\w*|spent|used|burn\w*|remain\w*|left|budget)\b|\b(?:consum\w*|spent|spend|usage|used|burn\w*|remain\w*|budget)\b[^.;%]{0,40}\d\s?%)`)
	// burntState matches the names of states in which the policy applies.
	burntState = regexp.MustCompile(`(?i)\b(?:exhaust(?:ed|ion)|depleted|breached|overspent|slo (?:miss|breach|violation))\b`)

	// budgetSpent matches a budget that is being spent, or an objective that is missed.
	budgetSpent = regexp.MustCompile(`(?i)(?:\bbudgets?\b[^.;]{0,50}` + spentWords + `|` + spentWords + `[^.;]{0,50}\bbudgets?\b|\b(?:slos?|objectives?)\b[^.;]{0,30}` + missedWords + `|` + missedWords + `[^.;]{0,20}\b(?:slos?|objectives?)\b)`)

	// calmState matches what a page calls the state in which nothing changes, or its share of the budget.
	calmState = regexp.MustCompile(`(?i)(?:\b(?:healthy|green|normal operations?|within budget)\b|\ballowed (?:with|when)\b|` +
		`[<≤]\s?\d+\s?%[^.)]{0,20}\bconsum|\b(?:less|fewer) than \d+\s?%[^.]{0,50}\bconsumed|[>≥]\s?\d+\s?%[^.]{0,30}\b(?:remain\w*|left)\b|\bremain\w*:? [>≥]|` +
		`\bbudget (?:is )?[>≥]|\bbudget (?:is )?(?:available|remains|healthy)\b)`)
	fromZero = regexp.MustCompile(`(?:^|\()\W*0\s?%?\s*(?:[-–—]|to)\s*\d`)
	left     = regexp.MustCompile(`(?i)\b(?:remain\w*|left)\b`)
	// announces matches how a page introduces itself or an illustration.
	announces = regexp.MustCompile(`(?i)(?:\bthis (?:document|policy|page|section) (?:defines?|says|describes?|explains?|covers)\b|^it answers\b|^defines?\b|\bfor example\b|^examples?\b)`)
	recovers  = regexp.MustCompile(`(?i)\b(?:restored?|recover\w*|back (?:above|under|within|below|to)|resets?|lift(?:s|ed)?)\b`)
	// illustrates matches what a list stands below that explains instead of ruling.
	illustrates = regexp.MustCompile(`(?i)^(?:examples?|calculation|formula|symptoms|characteristics|rationale|what this means|root causes|non-goals|scenario|invalid exceptions|not valid)\b`)
	spentCell   = regexp.MustCompile(`(?i)\b(?:exhausted|depleted|breached|critical|red)\b`)

	stops = regexp.MustCompile(`(?i)\b(?:freez\w*|frozen|halt\w*|paus(?:e|es|ed|ing)|stop(?:s|ped|ping)?|block(?:s|ed|ing)?|suspend\w*|lock-?down|moratorium|` +
		`no (?:new |further |more |other |non-\w+ )*(?:\w+ )?(?:releases?|deploy\w*|features?|changes?|rollouts?)|` +
		`only (?:[\w/&-]+,? ){0,4}(?:fix\w*|bug\w*|hotfix\w*|patch\w*|reliability|security|emergenc\w*|incident\w*|p0|p1)|` +
		`emergenc\w*[ -](?:only|changes? only|fix\w* only)|zero feature|canary[ -]only)\b`)
	cares = regexp.MustCompile(`(?i)\b(?:reliability (?:work|fix\w*|sprint|improve\w*|first|backlog|tasks?|review)|prioriti[sz]\w+|focus\w*|slow(?:s|er|ed)? down|reduc\w+ (?:\w+ )?(?:deploy\w*|releases?|changes?|cadence)|` +
		`defer\w*|postpon\w*|post-?mortems?|post-incident|retrospectives?|root cause|rca|roll(?:s|ed|ing)?[ -]?backs?|approv\w+|war[ -]?room|incident (?:review|mode|response)|redirect\w*|risk (?:review|assessment)|` +
		`review required|daily review|canary|mitigation)\b`)
	carryOn = regexp.MustCompile(`(?i)^\W*(?:none|no (?:action|restriction|special|change)s?\b|continue (?:normal|with)|normal (?:velocity|delivery|deploy\w*|shipping|operations?))`)

	role = regexp.MustCompile(`(?i)\b(?:c[te]o|cpo|cio|ciso|evp|svp|vp|em|tpm|vice[ -]president|president|chief|heads?|directors?|managers?|manager\w*|leads?|leadership|owners?|sre|sres|devops|platform|on-?call|commander|reviewers?|approvers?|operators?|principal|architects?|executives?|stakeholders?|board|committee|council|product|engineering|team|teams|engineers?|management)\b`)
	// records matches talk of decisions that are not made here.
	records = regexp.MustCompile(`(?i)\b(?:documents? (?:all )?decisions?|decision[ -]making|data-driven)\b`)
	// settles matches who has the last word: in a dispute, or for a decision.
	settles = regexp.MustCompile(`(?i)\b(?:decid\w+|decisions?|final (?:say|authority|arbitration|call|approval)|arbitrat\w+|disagree\w*|disputes?|tie[ -]?break\w*|has (?:the )?authority|has the last word)\b`)
	// person matches the roles of single people.
	person  = regexp.MustCompile(`(?i)\b(?:c[te]o|cpo|cio|ciso|evp|svp|vp|em|tpm|president|chief|heads?|directors?|managers?|leads?|owners?|commander|reviewers?|approvers?|operators?|principal|architects?|committee|council|board|leadership)\b`)
	decides = regexp.MustCompile(`(?i)\b(?:escalat\w+|approv(?:al|als|e|es|ed|er|ers)|sign(?:s|ed)?[ -]?off|exceptions?|waiv\w+|overrid\w*|enforces?|authori[sz]\w+|declares?|calls? the freeze|grants?|is responsible|are responsible)\b`)

	budgetHeader = regexp.MustCompile(`(?i)\b(?:budgets?|consum\w+|remain\w+|spent)\b`)
)

var (
	// explainSections are headings below which a page explains or shows instead of ruling.
	explainSections = regexp.MustCompile(`(?i)\b(?:what (?:is|are)|why|definitions?|calculat\w+|formula|examples?|glossary|faq|references?|change ?log|revision history|history|background|philosophy|table of contents|related|burn[ -]rate (?:alerts?|thresholds?|definition)|alert(?:ing|s)? (?:thresholds?|definitions?|routing|rules?|integration)|monitoring|dashboards?|non-?goals|metrics|reports?|reporting|current slos?|targets?)\b`)
	// consequenceSections are headings below which it is said what changes.
	consequenceSections = regexp.MustCompile(`(?i)\b(?:slo miss|miss policy|outage|consequences?|actions?|responses?|restrictions?|freeze|release policy|policy rules|enforcement|enforced|exhaust\w*|exceeded|depleted|policy|what (?:changes|follows|happens)|effects?)\b`)
	// triggerSections are headings below which it is said when the policy applies.
	triggerSections = regexp.MustCompile(`(?i)\b(?:when (?:it|this|the policy|this policy) (?:applies|holds|is triggered)|triggers?|trigger conditions?)\b`)
	// deciderSections are headings below which it is said who decides.
	deciderSections = regexp.MustCompile(`(?i)\b(?:escalat\w+|who (?:decides|enforces|is responsible)|decisions?|approv\w+|exceptions?|override\w*|ownership|owners?|roles?|responsib\w+|arbitration|disputes?|disagreements?)\b`)
)

// consequence tells how surely a text says what changes; 0 when it does not.
func consequence(text string) int {
	switch {
	case carryOn.MatchString(text):
		return 0
	case stops.MatchString(text):
		return strong
	case cares.MatchString(text):
		return weak
	}
	return 0
}

// conditional reports whether a sentence says under which condition, of the budget or the objective, something applies.
func conditional(text string) bool {
	return ifWord.MatchString(text) && (budgetSpent.MatchString(text) || share.MatchString(text)) && !announces.MatchString(text) && !asks(text)
}

// structuralTrigger reports whether a heading, or the beginning of a list, names a state of the budget.
func structuralTrigger(text string) bool {
	if len(text) > 160 || asks(text) {
		return false
	}
	return share.MatchString(text) && percentage.MatchString(text) || burntState.MatchString(text)
}

// healthy reports whether a text names a state in which the policy asks for nothing.
func healthy(text string) bool {
	if spentCell.MatchString(text) {
		return false
	}
	return calmState.MatchString(text) || fromZero.MatchString(text) && !left.MatchString(text)
}

// calmRow reports whether the cell of a row, below the name of its column, tells a share of the budget at which nothing
// changes: much is left, or little is spent.
func calmRow(header, cell string) bool {
	if left.MatchString(header) {
		return strings.ContainsAny(cell, ">≥")
	}
	return strings.ContainsAny(cell, "<≤") || healthy(cell)
}

// explains reports whether a unit stands where a page explains something.
func explains(u *unit) bool {
	return inSection(u, explainSections) || illustrates.MatchString(u.text) || leads(u, illustrates)
}

// inSection reports whether a heading around the unit matches; the first that is about states of the budget ends the
// search, since what stands below it rules.
func inSection(u *unit, pattern *regexp.Regexp) bool {
	for h := u.above; h != nil; h = h.above {
		if h.matches(pattern) && !isPolicyTitle(h.text) {
			return true
		}
		if h.matches(share) && structuralTrigger(h.text) {
			return false
		}
	}
	return false
}

// leads reports whether the list that a unit is in begins with words that match.
func leads(u *unit, pattern *regexp.Regexp) bool {
	return u.lead != nil && pattern.MatchString(u.lead.text)
}

// asks reports whether a text is a question, or the name of a scenario in quotes.
func asks(text string) bool { return strings.HasSuffix(text, "?") || strings.HasPrefix(text, `"`) }

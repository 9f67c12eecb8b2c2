package threats

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/catalog/pages"
)

// The names of columns and fields that tell about one threat.
var (
	idNames         = []string{"id", "threat id", "risk id", "ref", "no", "nr", "#"}
	titleNames      = []string{"threat", "threats", "threat description", "threat name", "threat scenario", "risk", "attack", "abuse case", "misuse case", "what can go wrong", "attack scenario", "attack vector", "scenario", "vulnerability", "name", "title"}
	severityNames   = []string{"severity", "risk level", "risk rating", "risk score", "priority", "impact", "rating", "criticality", "cvss"}
	statusNames     = []string{"status", "state", "decision", "disposition", "risk treatment", "treatment", "resolution", "mitigation status"}
	mitigationNames = []string{"mitigation", "mitigations", "mitigated by", "countermeasure", "countermeasures", "control", "controls", "existing controls", "current controls", "safeguard", "defense", "defence", "defenses",
		"remediation", "what are we going to do about it", "how we mitigate", "protection", "action", "planned mitigation", "treatment plan"}
	ownerNames  = []string{"owner", "risk owner", "mitigation owner", "responsible", "assignee", "assigned to", "accepted by", "accountable", "approved by"}
	dueNames    = []string{"due", "due date", "target date", "deadline", "by when", "eta", "target", "fix by", "planned for", "date"}
	ticketNames = []string{"ticket", "issue", "tracking", "tracked in", "tracked by", "jira", "tracker"}
)

// The names that answer a question beside a single threat.
var (
	assetNames     = []string{"asset", "assets", "asset at risk", "affected asset", "affected assets", "protected asset", "what are we protecting"}
	attackerNames  = []string{"threat actor", "threat actors", "actor", "actors", "attacker", "attackers", "adversary", "adversaries", "threat agent", "threat agents", "who", "who can attack it"}
	detectionNames = []string{"detection", "detected by", "how detected", "detect", "how would we know", "how would we detect it", "monitoring", "alert", "alerts", "signal", "signals"}
	recoveryNames  = []string{"recovery", "how would we recover", "recover", "response", "incident response", "rollback", "containment"}
)

// field is what a name tells about one threat.
type field int

const (
	noField field = iota
	mitigationField
	statusField
	ownerField
	dueField
	ticketField
	severityField
	idField
)

// fields are what the names of columns and fields tell, by their key; the first list that has a name decides.
var fields = func() map[string]field {
	known := map[string]field{}
	for _, f := range []struct {
		field field
		names []string
	}{
		{mitigationField, mitigationNames}, {statusField, statusNames}, {ownerField, ownerNames}, {dueField, dueNames}, {ticketField, ticketNames}, {severityField, severityNames}, {idField, idNames},
	} {
		for _, name := range f.names {
			if _, taken := known[nameKey(name)]; !taken {
				known[nameKey(name)] = f.field
			}
		}
	}
	return known
}()

// nameKey gives what is equal for names that mean the same: case, punctuation and a plural's s do not matter.
func nameKey(name string) string {
	words := wordsOf(name)
	for i, w := range words {
		words[i] = strings.TrimSuffix(w, "s")
	}
	return strings.Join(words, " ")
}

func fieldOf(name string) field { return fields[nameKey(name)] }

// of gives the part of a threat that a field tells, nil for none.
func (f field) of(t *catalog.Threat) *catalog.Text {
	switch f {
	case mitigationField:
		return &t.Mitigation
	case statusField:
		return &t.Status
	case ownerField:
		return &t.Owner
	case dueField:
		return &t.Due
	case ticketField:
		return &t.Ticket
	case severityField:
		return &t.Severity
	case idField:
		return &t.ID
	}
	return nil
}

// set puts what stands under a name into a threat, the first value of a name. It reports whether the name tells about a
// threat.
func set(t *catalog.Threat, name string, value catalog.Text) bool {
	into := fieldOf(name).of(t)
	if into != nil && into.Value == "" && !unwritten(value.Value) {
		*into = value
	}
	return into != nil
}

// keyed matches "Name: value" and a name alone before what stands below it.
var keyed = regexp.MustCompile(`^([\pL][\pL\pN /()'&-]{1,40}?)\s*[:：]\s*(.*)$`)

// cutKey gives the name and the value of a line "Name: value".
func cutKey(t catalog.Text) (name string, value catalog.Text, ok bool) {
	m := keyed.FindStringSubmatch(t.Value)
	if m == nil {
		return "", catalog.Text{}, false
	}
	return m[1], catalog.Text{Value: strings.TrimSpace(m[2]), At: t.At}, true
}

// isKeyTable reports whether a table states one value under a name in each row.
func isKeyTable(t pages.Table) bool {
	return len(t.Header) == 2 && (t.Header[0].Value == "" || pages.Means(t.Header[0].Value, "attribute", "property", "field", "key", "item", "aspect") == pages.Exactly)
}

// inner matches the fields that stand inside the sentence of a threat: "JWT stolen. Mitigation: short expiry".
var inner = regexp.MustCompile(`(?i)(?:^|[\s(;,.—–|-])(mitigations?|mitigated by|countermeasures?|controls?|status|owner|due|ticket|severity)\s*[:：]\s*`)

// cutInner takes the fields inside a sentence out of it.
func cutInner(t *catalog.Threat, text catalog.Text) (rest catalog.Text) {
	found := inner.FindAllStringSubmatchIndex(text.Value, -1)
	if found == nil {
		return text
	}
	for i, m := range found {
		end := len(text.Value)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		set(t, text.Value[m[2]:m[3]], catalog.Text{Value: strings.Trim(text.Value[m[1]:end], " ,;|()—–"), At: text.At})
	}
	text.Value = strings.TrimRight(text.Value[:found[0][0]], " .,;:—–-|(")
	return text
}

var (
	leadingID  = regexp.MustCompile(`^[\[(]?([A-Z]{1,8}-?\d+(?:[.-]\d+)*)[\])]?(?:[:.)—–-]*\s+[:—–-]*\s*|[:)—–]+|$)`)
	onlyIDs    = regexp.MustCompile(`^[A-Z]{1,8}-?\d+(?:[.-]\d+)*(?:\s*[,;/&+]\s*[A-Z]{1,8}-?\d+(?:[.-]\d+)*)*$`)
	numbered   = regexp.MustCompile(`(?i)^((?:threat|risk|attack|abuse case|scenario)\s+#?\d+)\s*[:.)—–-]\s*`)
	ticketMark = regexp.MustCompile(`\b[A-Z][A-Z0-9]{1,9}-\d+\b|#\d+\b|https?://\S+/(?:issues|pull|browse)/\S+`)
	acceptedBy = regexp.MustCompile(`(?i)\baccepted by:? ([^.;,()|]{2,60})`)
)

// cutID takes an ID off the beginning of a title: "T1: Token theft".
func cutID(text string) (id, rest string) {
	if m := leadingID.FindStringSubmatch(text); m != nil {
		return m[1], strings.TrimSpace(text[len(m[0]):])
	}
	if m := numbered.FindStringSubmatch(text); m != nil {
		return m[1], strings.TrimSpace(text[len(m[0]):])
	}
	return "", text
}

// complete fills in what the words of a status tell beside it: a ticket, who accepted it, a day.
func complete(t *catalog.Threat) {
	status := t.Status.Value
	if found := ticketMark.FindString(status); found != "" && t.Ticket.Value == "" {
		t.Ticket = catalog.Text{Value: found, At: t.Status.At}
	}
	for _, text := range []catalog.Text{t.Status, t.Mitigation} {
		if m := acceptedBy.FindStringSubmatch(text.Value); m != nil && t.Owner.Value == "" {
			t.Owner = catalog.Text{Value: strings.TrimSpace(m[1]), At: text.At}
			if t.State == catalog.ThreatUnstated && status == "" {
				t.State = catalog.ThreatAccepted
			}
		}
	}
	if day := dates.Find(status); day != "" && t.Due.Value == "" {
		t.Due = catalog.Text{Value: day, At: t.Status.At}
	}
	settle(t)
}

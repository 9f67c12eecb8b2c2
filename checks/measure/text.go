package measure

import (
	"regexp"
	"strings"

	"obsready/catalog"
)

// What people write when users are harmed, and when something inside is wrong.
var (
	harmWords  = regexp.MustCompile(`(?i)\b(users|customers|clients|callers|visitors|outages?|cannot (log in|pay|buy|order)|failed requests|error rate|slow (requests|responses)|data loss)\b`)
	innerWords = regexp.MustCompile(`(?i)\b(cpu|memory|restarts?|replicas?|leader|quota|certificate|backups?|threads?)\b`)
)

// breakTie lets the rule's name and texts decide where the expression left a guess. It stays a guess.
func breakTie(a *catalog.AlertRule, j Judgement) Judgement {
	if j.Class != Unknown && j.Confidence > Low {
		return j
	}
	for _, t := range textsOf(a) {
		harm, inner := harmWords.FindString(t.Value), innerWords.FindString(t.Value)
		switch {
		case harm != "" && inner == "" && j.Class != Symptom:
			return tied(Symptom, "its text speaks of harm to users", harm, t, j)
		case inner != "" && harm == "" && j.Class == Symptom && j.Dimension != Availability && j.Dimension != Latency:
			return tied(Cause, "its text speaks of the inside", inner, t, j)
		}
	}
	return j
}

func tied(class Class, why, word string, t catalog.Text, j Judgement) Judgement {
	first := Reason{why + " (" + strings.ToLower(word) + "), and its expression leaves that open", t.At}
	return conclude(class, Other, Low, first, j.Reasons...)
}

// textsOf gives the texts of a rule that say what it is about.
func textsOf(a *catalog.AlertRule) []catalog.Text {
	texts := []catalog.Text{}
	for _, key := range []string{"summary", "message", "description"} {
		if l, ok := a.Annotation(key); ok {
			texts = append(texts, l.Text())
		}
	}
	return texts
}

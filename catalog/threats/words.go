package threats

import (
	"regexp"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/pages"
)

var (
	modelWords = regexp.MustCompile(`(?i)\b(?:stride\s+)?(?:security\s+)?threat[-\s]*(?:models?|modell?ing|analysis|assessment)\b(?:\s+(?:of|for|report|document))?(?:\s+the)?\b|\bsecurity (?:self[- ])?assessment\b`)

	// nothing matches a text that says nothing.
	nothing = regexp.MustCompile(`(?i)^(?:tb[dca]|todo|fixme|n/?a|none(?: yet)?|not (?:yet )?(?:defined|specified|documented|determined|known)|unknown|nothing(?: yet)?|pending|to be (?:determined|defined|decided|written|documented|done|added)|x{2,}|_+|-+|–+|—+|\?+|\.{2,}|…)$`)
	// prompts match what a template asks for, in place of an answer.
	prompts = regexp.MustCompile(`(?i)^(?:(?:please )?(?:list|describe|enumerate|specify|explain|identify|define|provide|fill in|outline)\s+(?:here|the|all|any|each|every|your|key|potential|possible|what|who|how|which|a|an)\b|(?:e\.?\s?g\.?|for example|example)\b[:,.]?\s|[<\[{(][^<>\[\]{}()]*[>\]})]$|lorem ipsum\b|(?:some|new) (?:stride |generic |linddun |cia )?(?:(?:other |individual )?(?:data asset|technical asset|trust boundary|abuse case|security requirement|shared runtime|description|threat|risk example|question with(?:out)? an answer\??))$|mitigation or prevention for the threat|provide (?:remediation|a description) for this threat\b)`)
)

// unwritten reports whether a text is empty or waits to be written.
func unwritten(text string) bool {
	text = strings.Trim(text, " \t*_`.:;|\"'")
	return text == "" || nothing.MatchString(text) || prompts.MatchString(text)
}

// asksOnly reports whether a text is nothing but a question, as templates put them.
func asksOnly(text string) bool {
	return strings.HasSuffix(text, "?") && !strings.ContainsAny(strings.TrimSuffix(text, "?"), ".:?;—–|")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// These match what is done about a threat when it is about noticing an attack, and about repairing the harm.
var (
	notices = regexp.MustCompile(`(?i)\b(?:detects?|detected|detecting|detection|detective|monitor(?:s|ed|ing)?|alert(?:s|ed|ing)?|anomal(?:y|ies)|siem|intrusion detection|notif(?:y|ies|ied) (?:the )?(?:team|on-?call|security))\b`)
	repairs = regexp.MustCompile(`(?i)\b(?:recover(?:s|ed|y|ing)?|restor(?:e|es|ed|ing)|roll(?:s|ed|ing)? ?back|rollback|fail ?-?over|from (?:a |the )?backups?|incident response|disaster|re-?build from|re-?issue|containment)\b`)
	// elseRepairs matches what has such a word and repairs no harm: the rollback that is an attack, the recovery of a login.
	elseRepairs = regexp.MustCompile(`(?i)\banti-?rollback\b|\brollback[- ](?:attacks?|resistan\w+|protect\w+|prevention|detect\w+)|\b(?:prevent\w*|against|detect\w*|block\w*|no) (?:\w+ ){0,2}rollbacks?\b|\b(?:account|password|key|seed|wallet|passphrase) (?:recovery|restoration)\b|\brecovery (?:codes?|phrases?|keys?|e-?mails?)\b`)
)

// sift adds the texts about what is done to the model's answers about noticing and repairing that they are.
func sift(m *catalog.ThreatModel, texts ...catalog.Text) {
	for _, t := range texts {
		if notices.MatchString(t.Value) {
			m.Detection = appendText(m.Detection, t)
		}
		if repairs.MatchString(elseRepairs.ReplaceAllString(t.Value, "")) {
			m.Recovery = appendText(m.Recovery, t)
		}
	}
}

// english are frequent words, one in five or more of any English prose.
var english = map[string]bool{"the": true, "of": true, "and": true, "to": true, "in": true, "a": true, "is": true, "for": true, "by": true, "with": true,
	"on": true, "or": true, "are": true, "be": true, "not": true, "from": true, "that": true, "via": true, "no": true, "can": true, "data": true, "threat": true}

// isForeignProse reports whether a page is written in another language than English: many of its letters are of another
// script, or hardly any of many words is a frequent English one.
func isForeignProse(o *pages.Outline) bool {
	letters, other, words, known := 0, 0, 0, 0
	for _, s := range o.Sections {
		for _, t := range append(s.Texts(), catalog.Text{Value: s.Heading.Text}) {
			for _, r := range t.Value {
				if unicode.IsLetter(r) {
					letters++
					if r > unicode.MaxLatin1 {
						other++
					}
				}
			}
			for _, w := range wordsOf(t.Value) {
				words++
				if english[w] {
					known++
				}
			}
		}
	}
	return letters > 0 && other*7 > letters || words >= 100 && known*40 < words
}

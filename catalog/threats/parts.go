package threats

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog/pages"
)

// part is what a section of a model is about.
type part int

const (
	noPart part = iota
	assetsPart
	attackersPart
	threatsPart
	acceptedPart // threats that are accepted
	detectionPart
	recoveryPart
	mitigationsPart
	otherPart // what names threats without stating them: a legend, the method, what is out of scope
)

// partNames are the headings of each part, the first that fits decides: "Threat actors" are no threats, and "Threats and
// mitigations" are threats.
var partNames = []struct {
	part  part
	names []string
}{
	{threatsPart, []string{"attack surface and mitigations", "abuse cases", "misuse cases", "attack scenarios", "attack trees", "attack vectors"}},
	{otherPart, []string{"attack surface", "legend", "methodology", "method", "approach", "framework", "glossary", "definitions", "reminder", "references", "review", "review history", "review cadence",
		"revision history", "history", "changelog", "table of contents", "out of scope", "non goals", "not in this threat model", "residual risk", "residual risks", "severity bump",
		"severity rating", "risk rating", "risk scale", "rating scale", "scoring", "reporting", "vulnerability disclosure", "assumptions", "cross links", "related documents", "traceability", "acceptance", "summary of findings",
		"security recommendations", "relevant links", "vulnerability response", "coordinated disclosure"}},
	{attackersPart, []string{"threat actors", "threat agents", "threat sources", "attackers", "adversaries", "adversary", "attacker model", "adversary model", "who can attack", "who might attack", "who would attack",
		"who could attack", "who attacks", "actors", "attacker profiles", "personas", "attacker capabilities", "who are we defending against", "insiders"}},
	{detectionPart, []string{"detection", "detecting", "detect", "how would we know", "how would we notice", "how do we know", "how will we know", "how do we notice", "monitoring", "alerting", "detective controls", "observability", "logging and audit", "audit logging"}},
	{recoveryPart, []string{"recovery", "recover", "recovering", "incident response", "how do we respond", "how would we respond", "response and recovery", "containment", "restoration", "restore", "rollback", "disaster recovery", "business continuity", "response plan"}},
	{acceptedPart, []string{"accepted risks", "accepted threats", "risk acceptance"}},
	{threatsPart, []string{"threats", "what can go wrong", "what could go wrong", "attacks", "risks", "stride", "linddun", "threat list", "threat table",
		"threat register", "risk register", "risk matrix", "threat categories", "threat analysis", "threat scenarios", "threat catalog", "threat catalogue", "threat enumeration", "threat identification", "risk analysis", "vulnerabilities", "failure modes", "identified threats"}},
	{mitigationsPart, []string{"mitigations", "countermeasures", "controls", "security controls", "safeguards", "what are we going to do about it", "what will we do about it", "what do we do about it", "defenses", "defences", "remediation", "security measures", "protections"}},
	{assetsPart, []string{"assets", "what are we protecting", "what do we protect", "what is protected", "what we protect", "protected assets", "what are we working on", "what are we building", "crown jewels", "sensitive data", "data classification", "data handled",
		"protected data", "trust boundaries", "security objectives", "security goals", "data inventory", "assets and data"}},
}

// Headings over tables and lists that name threats to say where else they are dealt with: what standards ask for, which
// tests there are. They are whole headings, as threats and controls have such words too ("Compliance risks", "Input
// validation"), or say that one thing is mapped to another.
var (
	elsewhereNames = []string{"compliance", "compliance matrix", "compliance requirements", "compliance considerations", "compliance status", "compliance frameworks", "regulatory compliance", "standards", "standards alignment",
		"standards and compliance", "compliance and standards", "standards and frameworks", "regulatory requirements", "tests", "testing", "security tests", "security testing", "test coverage", "test plan", "test cases", "test matrix",
		"test strategy", "verification", "validation", "verification and validation", "mapping", "see also", "further reading"}
	mapped = regexp.MustCompile(`(?i)\b(?:compliance|standards?|regulatory|frameworks?|controls?|requirements?|tests?)\b.{0,30}\b(?:mapping|mapped|crosswalk)\b|\b(?:mapping|mapped|crosswalk)\b.{0,30}\b(?:compliance|standards?|regulations?|frameworks?|controls?|requirements?|tests?)\b`)
)

// dealsElsewhere reports whether what stands below a heading says where else threats are dealt with.
func dealsElsewhere(heading string) bool {
	return pages.Means(heading, elsewhereNames...) == pages.Exactly || mapped.MatchString(heading)
}

// partOf gives what a heading is about: by what stands before its brackets, where that is enough. "Assets (what an attacker
// wants)" are assets.
func partOf(heading string) part {
	if main, _, bracketed := strings.Cut(heading, "("); bracketed {
		if p := namedPart(main); p != noPart {
			return p
		}
	}
	return namedPart(heading)
}

func namedPart(heading string) part {
	if dealsElsewhere(heading) {
		return otherPart
	}
	harms := slices.ContainsFunc(wordsOf(heading), func(w string) bool { return slices.Contains([]string{"attack", "attacks", "exploit", "exploits"}, w) })
	for _, p := range partNames {
		if p.part == recoveryPart && harms { // "Rollback attacks"
			continue
		}
		if pages.Means(heading, p.names...) != pages.NotAtAll && !(p.part == threatsPart && isModelTitle(heading)) {
			return p.part
		}
	}
	return noPart
}

// classify finds out what each section is about: what its heading says, else what the heading above it says. The title
// of the model says nothing.
func (p *page) classify() {
	p.parts = make([]part, len(p.o.Sections))
	p.taken = make([]bool, len(p.o.Sections))
	type above struct {
		level int
		part  part
	}
	var path []above
	for i := p.first; i < p.last; i++ {
		s := p.o.Sections[i]
		for len(path) > 0 && path[len(path)-1].level >= s.Heading.Level {
			path = path[:len(path)-1]
		}
		over := noPart
		if len(path) > 0 {
			over = path[len(path)-1].part
		}
		if !p.isTitle(i) {
			over = partBelow(over, s.Heading.Text)
		}
		path = append(path, above{s.Heading.Level, over})
		p.parts[i] = over
	}
}

// partBelow gives what a section is about whose heading stands below one about over. The name of a threat may hold any
// word, so that among threats only a heading of just a part's name begins another part.
func partBelow(over part, heading string) part {
	own := partOf(heading)
	switch {
	case own == noPart || over == otherPart:
		return over
	case own == otherPart && dealsElsewhere(heading):
		return own
	case over == threatsPart && pages.Means(heading, slices.Concat(mitigationNames, detectionNames, recoveryNames, namesOf(own))...) != pages.Exactly:
		return over
	}
	return own
}

// isCases reports whether a heading announces abuse cases.
func isCases(heading string) bool {
	return pages.Means(heading, "abuse cases", "misuse cases") != pages.NotAtAll
}

func namesOf(part part) (names []string) {
	for _, p := range partNames {
		if p.part == part {
			names = append(names, p.names...)
		}
	}
	return names
}

// isTitle reports whether a section's heading is the title of the page or of the model.
func (p *page) isTitle(i int) bool {
	h := p.o.Sections[i].Heading
	return h.Text == "" || h.At == p.o.Page.Title.At || i == p.first && p.first > 0 || h.Level == 1 && isModelTitle(h.Text)
}

// categories are the names of kinds of threats, by which models sort them.
var categories = []string{"spoofing", "spoofing identity", "spoofing identity authentication", "tampering", "tampering with data", "repudiation", "information disclosure", "denial of service", "dos", "elevation of privilege", "privilege escalation",
	"s", "t", "r", "i", "d", "e", "linkability", "identifiability", "non repudiation", "detectability", "disclosure of information", "unawareness", "non compliance"}

// isCategory reports whether a text is nothing but the name of a kind of threats: "Spoofing (Identity)".
func isCategory(text string) bool {
	return pages.Means(text, categories...) == pages.Exactly || len(wordsOf(text)) <= 4 && slices.ContainsFunc(categories[:11], func(c string) bool {
		words, name := wordsOf(text), wordsOf(c)
		return len(words) >= len(name) && slices.Equal(words[:len(name)], name) && (len(words) == len(name) || hasBracket(text))
	})
}

func hasBracket(text string) bool {
	return slices.ContainsFunc([]rune(text), func(r rune) bool { return r == '(' || r == '/' || r == '[' })
}

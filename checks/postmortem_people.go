package checks

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
)

// people are the members of all teams of the catalog, by the names under which a text can speak of them.
type people struct {
	full  []string // of two words or more: "Ada Lovelace"
	short []string // one word, in lower case: "ada"; a name only where a text speaks of a deed
	teams []string // handles of teams, which are no persons, in lower case
}

func peopleOf(e *catalog.Estate) people {
	var p people
	for _, t := range e.Teams {
		p.teams = append(p.teams, strings.ToLower(t.Name.Value))
		for _, a := range t.Aliases {
			p.teams = append(p.teams, strings.ToLower(strings.TrimPrefix(teamName(a.Value), "@")))
		}
		for _, m := range t.Members {
			name, _, _ := strings.Cut(m.Value, "<")
			name = strings.TrimSpace(name)
			switch {
			case strings.Contains(name, "@") && !strings.HasPrefix(name, "@"): // a mail address
			case len(strings.Fields(name)) >= 2:
				p.full = append(p.full, name)
				p.addShort(strings.Fields(name)[0])
			default:
				p.addShort(strings.TrimPrefix(teamName(name), "@"))
			}
		}
	}
	return p
}

// ambiguous are given names that are words too.
var ambiguous = []string{"will", "mark", "may", "april", "june", "grant", "chase", "art", "bill", "rob", "sue", "pat", "drew", "max", "dash", "chart", "page", "grace", "hope", "faith", "jenkins", "travis", "sentry", "argo"}

func (p *people) addShort(name string) {
	if name = strings.ToLower(name); len(name) >= 3 && !slices.Contains(ambiguous, name) {
		p.short = append(p.short, name)
	}
}

const deeds = `(?:accidentally |mistakenly |erroneously |inadvertently |incorrectly |wrongly |then |had |has |only |never )*(?:forgot|failed to|neglected|missed|overlooked|ignored|merged|deployed|pushed|released|ran|executed|deleted|dropped|removed|changed|applied|edited|` +
	`broke|caused|misconfigured|mistyped|typed|skipped|approved|committed|disabled|restarted|should have|should not have|shouldn't have|did not|didn't|made (?:a|the|an) (?:\w+ )?(?:mistake|error|change|typo))\b`

var (
	// handleDeed matches "@ada merged …" and "merged by @ada". A package's scope (@angular/core) is no handle.
	handleDeed = regexp.MustCompile(`(?:^|[\s(,])@([A-Za-z][\w-]*)(?:'s)? ` + deeds + `|\b(?:by|because) @([A-Za-z][\w-]*)(?:[\s.,;)]|$)`)
	nameDeed   = regexp.MustCompile(`\b([A-Z][\pL]{2,}(?: [A-Z][\pL.]*)?) ` + deeds)
	// onlyPeople matches what no system does.
	onlyPeople = regexp.MustCompile(`(?:^|[.;:,(] ?|\b(?:because|when|that|and|as|since) )([A-Z][\pL]{2,}(?: [A-Z][\pL]+)?) (?:simply |just |had |has )?(?:forgot|forgotten|was careless|wasn't careful|was not careful|did not bother|didn't bother)\b`)
	ownMistake = regexp.MustCompile(`\b([A-Z][\pL]{2,}(?: [A-Z][\pL]+)?)['’]s? (?:own |careless |stupid )?(?:mistake|negligence|carelessness|oversight|sloppiness)\b`)
	humanError = regexp.MustCompile(`(?i)\b(?:human|operator|engineer|developer|admin|personal) (?:error|mistake)\b`)
	careless   = regexp.MustCompile(`(?i)\b(?:careless(?:ly|ness)?|negligen(?:t|ce)|incompeten(?:t|ce)|laziness|sloppiness|stupidity)\b`)
	// outOf matches what says so of a deed, whatever else the sentence speaks of.
	outOf = regexp.MustCompile(`(?i)\b(?:(?:in|was|is) (?:an? )?(?:act|moment|case) of|out of|due to|because of) (?:sheer |pure |\w+['’]s? )?(?:laziness|carelessness|negligence|sloppiness|stupidity|incompetence)\b`)
	// guarded matches sentences that speak of human error without making it the cause.
	guarded = regexp.MustCompile(`(?i)\b(?:not|no|n't|never|rather|instead|prone|prevent\w*|guards?|guarded|avoid\w*|reduc\w*|protect\w*|eliminat\w*|risks?|possib\w*|could|can|may|might|susceptible|room|against|potential\w*|allow\w*|open to|without|blam\w*|easy|vulnerable|always|system\w*|process)\b`)
)

// roleWords are words that begin like a name and name no person.
var roleWords = []string{"the", "we", "they", "he", "she", "you", "someone", "somebody", "nobody", "everybody", "everyone", "anyone", "engineer", "engineers", "developer", "developers",
	"operator", "operators", "team", "teams", "operations", "ops", "sre", "sres", "devops", "support", "user", "users", "customer", "customers", "author", "reviewer", "reviewers",
	"maintainer", "maintainers", "admin", "admins", "administrator", "management", "staff", "people", "oncall", "responder", "responders", "this", "that", "which", "who", "what",
	"aws", "google", "amazon", "microsoft", "azure", "cloudflare", "github", "gitlab", "fastly", "heroku", "vendor", "provider", "partner", "contractor", "script", "system", "service",
	"it", "our", "their", "also", "and", "but", "platform", "security", "infrastructure", "product", "engineering", "qa", "marketing", "implementer", "assistant", "agent", "deployer"}

// accused says how a sentence makes a person the cause, "" when it does not. It would rather miss one than accuse a
// sentence that is fair: a name counts when the catalog knows it and a deed follows, when a handle does or suffers a deed, or
// when the verb fits nobody but people.
func (p people) accused(sentence string) string {
	for _, name := range p.full {
		if holdsWord(sentence, name) {
			return "names a person"
		}
	}
	for _, m := range handleDeed.FindAllStringSubmatch(sentence, -1) {
		if !slices.Contains(p.teams, strings.ToLower(m[1]+m[2])) {
			return "names a person"
		}
	}
	for _, m := range nameDeed.FindAllStringSubmatch(sentence, -1) {
		first, _, _ := strings.Cut(strings.ToLower(m[1]), " ")
		if slices.Contains(p.short, first) {
			return "names a person"
		}
	}
	for _, pattern := range []*regexp.Regexp{onlyPeople, ownMistake} {
		if m := pattern.FindStringSubmatch(sentence); m != nil && p.mayBePerson(m[1]) {
			return "names a person"
		}
	}
	switch {
	case humanError.MatchString(sentence) && !guarded.MatchString(sentence):
		return "ends at human error"
	case outOf.MatchString(sentence), careless.MatchString(sentence) && !guarded.MatchString(sentence):
		return "blames somebody's carelessness"
	}
	return ""
}

// mayBePerson reports whether capitalised words can be a person's name: no role, team or abbreviation.
func (p people) mayBePerson(name string) bool {
	for _, w := range strings.Fields(name) {
		lower := strings.ToLower(w)
		if slices.Contains(roleWords, lower) || slices.Contains(p.teams, lower) || !strings.ContainsFunc(w, unicode.IsLower) {
			return false
		}
	}
	return true
}

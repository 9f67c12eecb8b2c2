package incidents

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// What is said about how an incident is handled.
var (
	keepsRecord = regexp.MustCompile(`(?i)\b(?:keep|kept|record|document|log|writ|start|maintain|captur|not(?:e|es|ing)\b|creat|updat|add|track|build|produc|establish|(?:time-?)?stamp|UTC|analys|identif|reconstruct|prepar|draft|compil|review)\w*`)
	timeline    = regexp.MustCompile(`(?i)\btimelines?\b|\bincident log\b|\blog of (?:all )?(?:events|actions)\b`)
	timestamped = regexp.MustCompile(`(?i)\b(?:keep|record|document|writ|captur|note|log(?:ged|ging)? (?:all|every|each|actions?|events?|decisions?))\w*\b.{0,80}\b(?:time-?stamps?|timestamped|with (?:the )?times?)\b`)
	deadlines   = regexp.MustCompile(`(?i)\b(?:response|resolution|escalation|communication|notification|remediation|disclosure|project|delivery) timelines?\b`)

	firstThings = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\bstop(?:ping)? the bleed`),
		regexp.MustCompile(`(?i)\b(?:mitigat|restor|stabili[sz]|recover|resolv|roll(?:ing)?[ -]?back|contain|fix)\w*\b[^.]{0,80}\b(?:before|rather than|instead of|over|prior to|ahead of|not)\b[^.]{0,80}\b(?:root[ -]causes?|causes?|diagnos\w+|investigat\w+|understand\w*|explain\w*|why|perfect)\b`),
		regexp.MustCompile(`(?i)\b(?:mitigat|restor|stabili[sz]|recover|roll[ -]?back)\w*\b[^.]{0,40}\bfirst\b|\bfirst\b[^.,]{0,30}\b(?:mitigat|restor|stabili[sz])\w*`),
		regexp.MustCompile(`(?i)\b(?:top |first |main |highest |only |primary )?(?:priority|goal|objective|focus)\b[^.]{0,50}\b(?:mitigat|restor|stabili[sz]|recover)\w*`),
		regexp.MustCompile(`(?i)\b(?:prioriti[sz]e|favou?r|focus on|focuses on|focused on)\b[^.]{0,40}\b(?:mitigat|restor|stabili[sz]|recover)\w*`),
		regexp.MustCompile(`(?i)\b(?:root[ -]causes?|deep analysis|full diagnosis)\b[^.]{0,60}\b(?:later|afterwards?|after (?:the|service|it|recovery|mitigation|users)|can wait|not (?:necessary|needed|required|important|now)|post-?mortem|once (?:the|service))\b`),
		regexp.MustCompile(`(?i)\b(?:do(?:n't| not)|no need to|without|before)\b[^.]{0,40}\b(?:wait|look|search|hunt|know|find|worry|understand|need|finding|knowing|understanding|looking)\w*\b[^.]{0,40}\b(?:root[ -])?causes?\b`),
		regexp.MustCompile(`(?i)\bcauses?\b[^.]{0,40}\b(?:not|unsure|unknown)\b[^.]{0,30}\b(?:known|fine|proceed)\b|\bunsure of the cause\b[^.]{0,20}\bfine\b|\bhow to proceed\b[^.]{0,60}\bcause\b[^.]{0,30}\bnot\b`),
	}
	mitigating = regexp.MustCompile(`(?i)\b(?:mitigat|stabili[sz]|restor|roll[ -]?back|contain)\w*`)
	rootCause  = regexp.MustCompile(`(?i)\broot[ -]causes?\b|\bcause analysis\b`)

	followUp = regexp.MustCompile(`(?i)\bfollow[- ]?ups?\b(?: (?:actions?|items?|tasks?|work|tickets?|issues?))?|\baction (?:items?|points?|plan)\b|\b(?:corrective|preventive|preventative|remedial) (?:actions?|measures?|work)\b|\b(?:remediation|improvement) (?:items?|actions?|tasks?|tickets?|work)\b|\bactions? (?:to prevent|from the (?:review|post-?mortem|retro))`)
	captured = regexp.MustCompile(`(?i)\b(?:captur|creat|record|track|log|assign|document|fil(?:e|ed|ing)\b|rais|list|ticket|agree|schedul|add|writ|identif|collect|not(?:e|ing)\b|open|own|prioriti|defin|review|complet|publish|includ|with owners?|implement|decid)\w*`)
)

// readConduct fills in what is said about the timeline, about what comes first, and about what follows.
func readConduct(p *catalog.IncidentProcess, units []unit) {
	mitigates := 0 // the number of the last numbered item about mitigation in the list that is being read
	for _, u := range units {
		if u.form == line {
			continue
		}
		if keepsTimelineIn(u) {
			add(&p.Timeline, u.Text)
		}
		if u.form != heading && firstIn(u.Value) {
			add(&p.MitigateFirst, u.Text)
		}
		if u.ordered == 1 {
			mitigates = 0
		}
		switch {
		case u.ordered > 0 && mitigates > 0 && u.ordered > mitigates && rootCause.MatchString(u.Value):
			add(&p.MitigateFirst, u.Text)
		case u.ordered > 0 && mitigating.MatchString(u.Value) && !rootCause.MatchString(u.Value):
			mitigates = u.ordered
		}
		if followsUp(u) {
			add(&p.FollowUp, u.Text)
		}
	}
}

// keepsTimelineIn reports whether a unit says that a record with times is kept.
func keepsTimelineIn(u unit) bool {
	switch {
	case deadlines.MatchString(u.Value):
		return false
	case u.form == heading:
		return pages.Means(u.Value, "timeline", "incident timeline", "keep a timeline", "maintain a timeline") == pages.Exactly && u.body != ""
	case timestamped.MatchString(u.Value):
		return true
	}
	m := timeline.FindStringIndex(u.Value)
	return m != nil && (keepsRecord.MatchString(u.Value[:m[0]]) || keepsRecord.MatchString(u.Value[m[1]:]))
}

func firstIn(text string) bool {
	for _, pattern := range firstThings {
		if pattern.MatchString(text) {
			return true
		}
	}
	return false
}

// followsUp reports whether a unit says that actions are captured: a heading with something below it, or a text that says
// what is done with them.
func followsUp(u unit) bool {
	m := followUp.FindStringIndex(u.Value)
	if m == nil {
		return false
	}
	if u.form == heading {
		return u.body != "" && len(pages.Words(u.Value)) <= 7
	}
	begins := m[0] <= 4 && u.form != sentence && !strings.HasSuffix(strings.ToLower(u.Value[:m[1]]), "up") // "Action items (10 min)" of an agenda
	return begins || captured.MatchString(u.Value[:m[0]]) || captured.MatchString(u.Value[m[1]:])
}

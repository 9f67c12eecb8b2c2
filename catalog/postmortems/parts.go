package postmortems

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// partNames are the headings under which reports write their parts: those that mean a part wherever they stand in a
// heading, and those that mean it only when they are the whole of it. A part further up is more special than those below.
// Sources: the postmortem forms of the Google SRE book (appendix D), PagerDuty, Atlassian and the public collections.
var partNames = []struct {
	part   catalog.PostmortemPart
	within []string
	whole  []string
}{
	{catalog.WentPoorly, []string{"went poorly", "went badly", "went wrong", "went bad", "could be improved", "could have gone better", "could go better", "can improve",
		"can be improved", "could improve", "didn't go well", "did not go well", "didn't go so well", "not so well", "less well", "didn't work", "did not work", "went less well",
		"areas for improvement", "could be better", "done better", "do better", "could have been better", "went not well", "needs improvement", "made it worse"},
		[]string{"challenges", "difficulties", "problems", "the bad", "negatives", "bad"}},
	{catalog.WentWell, []string{"went well", "went right", "worked well", "what worked", "got lucky", "were lucky", "did well", "went good"},
		[]string{"positives", "successes", "the good", "good", "luck"}},
	{catalog.DetectionGap, []string{"detection", "detection gap", "monitoring gap", "alerting gap", "observability gap", "how was it noticed", "how was this noticed",
		"how was it detected", "was detected", "did we detect", "didn't we detect", "not detected", "did we notice", "not noticed", "was noticed", "was it noticed",
		"was discovered", "time to detect", "time to detection", "time to discovery", "delayed detection", "didn't we catch", "wasn't caught", "did we find out", "visibility gap", "alerting and monitoring", "monitoring and alerting"},
		[]string{"discovery", "monitoring", "alerting", "how we found out", "detected by"}},
	{catalog.Timeline, []string{"timeline", "chronology", "sequence of events", "incident log", "event log", "course of events"}, []string{"events", "log", "what happened when"}},
	{catalog.ActionItems, []string{"action item", "action", "follow up", "followup", "next step", "action plan", "to do", "todo", "remediation item", "remediation plan"},
		[]string{"remediation", "remediations", "tasks", "fixes", "future work"}},
	{catalog.ContributingFactors, []string{"contributing factor", "contributing cause", "contributory factor", "root cause", "causal factor", "cause", "whys", "why did it happen",
		"why did this happen", "why it happened", "how did it happen", "how did this happen", "how could this happen", "how could it happen", "how was this possible", "how this happened", "how it happened", "trigger", "causal analysis", "rca"}, []string{"analysis", "why", "faults", "fault", "technical analysis"}},
	{catalog.Improvements, []string{"system improvement", "improvement", "lesson learned", "lessons learnt", "lesson", "learning", "prevention", "preventive", "preventative",
		"preventing", "prevent", "we learned", "we learn", "takeaway", "will change", "hardening", "recommendation", "corrective"},
		[]string{"changes", "what we learnt", "what we are doing", "long term", "mitigation plan"}},
	{catalog.Impact, []string{"impact", "blast radius", "affected user", "affected customer", "was affected", "consequence", "customer effect", "user effect"},
		[]string{"effects", "effect", "scope", "damage", "harm", "affected"}},
}

// past are words of headings about what was done at once, which is no promise.
var past = regexp.MustCompile(`(?i)\b(?:taken|performed|already|during|resolution|response)\b`)

// appeal matches headings over what readers are asked to do, which nobody of the team promised.
var appeal = regexp.MustCompile(`(?i)\bcalls? to action\b|\bwhat (?:you|users|customers) (?:can|should|need to) do\b|\brecommend(?:ed|ations?)(?: actions?)? for (?:users|customers|readers|everyone)\b`)

// partOf gives the part that a heading announces, "" for none.
func partOf(heading string) catalog.PostmortemPart {
	if heading == "" || len(heading) > 120 || appeal.MatchString(heading) {
		return ""
	}
	heading = strings.ReplaceAll(heading, "’", "'")
	for _, p := range partNames {
		if pages.Means(heading, p.whole...) == pages.Exactly || pages.Means(heading, p.within...) == pages.Exactly {
			return p.part
		}
	}
	for _, p := range partNames {
		if pages.Means(heading, p.within...) == pages.NotAtAll || p.part == catalog.ActionItems && past.MatchString(heading) {
			continue
		}
		return p.part
	}
	return ""
}

// alsoImproves are words of headings over actions that change the system.
var alsoImproves = regexp.MustCompile(`(?i)prevent|improve|long.term|harden|systemic|corrective`)

// summaryNames are headings of a summary, which tells the impact where no part of its own does.
var summaryNames = []string{"summary", "executive summary", "overview", "what happened", "incident summary", "description", "abstract", "tl dr"}

// harm are the words of a text that tells what became of users.
var harm = regexp.MustCompile(`(?i)\b(?:users?|customers?|clients?|visitors?|requests?|unavailable|down(?:time)?|outage|fail(?:ed|ing|ures?)?|errors?|degraded|affected|impact(?:ed)?|lost|not (?:be )?able|unable|could(?: not|n't)|(?:status|code|http|returned|returning) 5(?:\d\d|xx))\b`)

package checks

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// A text tells what to do when a sentence of it begins with a verb in the imperative, in a list or not, when it says what
// the reader or somebody has to do, or when it leads to where that is written. Many verbs are nouns in the texts of
// alerts ("Read errors on disk", "Open connections"), so that the word behind decides.

// actionVerbs are rarely anything else at the beginning of a sentence.
const actionVerbs = `check|verify|investigate|inspect|ensure|make sure|consider|examine|identify|determine|analy[sz]e|assess|confirm|contact|escalate|ask|try|follow|see|refer|look|reach out|` +
	`ssh|log ?in|go to|redeploy|reduce|increase|decrease|remove|delete|rotate|renew|replace|fix|resolve|adjust|clean|drain|kill|fail ?over|port-forward|rebalance|resize|expand|extend|tune|migrate|` +
	`validate|visit|troubleshoot|roll ?back|re-?run|re-?create|re-?configure|defrag(?:ment)?|compare|correct|take|restart|add|review|run|perform|mark|destroy|archive|ping|notify|inform`

// nounVerbs are as often nouns or adjectives, so that they count only before an object.
const nounVerbs = `scale|query|roll|page|call|free|update|upgrade|open|read|disable|enable|stop|start|connect|log|find|use|set|create|change|monitor|apply|move|grow|raise|lower|file|execute|restore|trigger|test|clear|grant|provision|shrink|cordon|let|do|provide|schedule|plan`

var (
	numberedStep = regexp.MustCompile(`(?m)^\s*\d+[.)]\s+\S`)
	// A sentence may also go on with a step behind a comma, "and", "or", "so", "then" and "please".
	actionStart = regexp.MustCompile(`(?im)(?:^[\s*•>"'(-]*|[.!?;:,]\s+|\b(?:please|then|first|and|or|so|details|information|info)\s+)(` + actionVerbs + `)\b[\s"'` + "`" + `]*([\w-]*)`)
	objectStart = regexp.MustCompile(`(?im)(?:^[\s*•>"'(-]*|[.!?;:]\s+|\b(?:please|then|first)\s+)(?:` + nounVerbs + `)\s+(?:up|down|out|into|in|on|over|the|a|an|any|all|each|your|its|this|these|those|it|them|more|some|another|additional|to|if|whether|why|what|which|kubectl|[` + "`" + `"'$])`)
	pleaseStart = regexp.MustCompile(`(?i)\bplease\s+[a-z]+`)
	dutyOfYou   = regexp.MustCompile(`(?i)\byou(?:'ll| will)? (?:should|must|need to|may need to|might need to|can|could|have to|may want to|may have to)\s+[a-z]`)
	dutyOfOther = regexp.MustCompile(`(?i)\b(?:should|must|needs? to|has to|have to|ought to) be (?:\w{3,}ed|run|reset|rebuilt|found|set|shut)\b|\bneeds? (?:to )?(?:be )?(?:attention|action|intervention|investigation|fixing|\w{3,}ing)\b|\b(?:needs?|have|has) to (?:` + actionVerbs + `|` + nounVerbs + `)\b`)
	demanded    = regexp.MustCompile(`(?i)\b(?:investigation|action|attention|intervention|review) (?:is )?(?:required|recommended|needed)\b|\baction:\s*\w`)
	commandLine = regexp.MustCompile("(?:^|[\\s`'\"])(?:kubectl|oc|helm|docker|systemctl|journalctl|aws|gcloud|az|curl|ceph|psql|mysql|redis-cli|etcdctl|promtool|amtool) [a-z-]")
	writtenAt   = regexp.MustCompile(`(?i)\b(?:runbook|playbook|wiki|documentation|docs)\b|https?://`)
)

// Some of the verbs are nouns before certain words, as in "check failed" and "increase in errors".
var (
	sometimesNouns = []string{"check", "increase", "decrease", "look", "try", "review", "run", "restart", "add", "follow", "ask", "contact", "mark", "ping", "drain", "kill", "visit"}
	afterNoun      = []string{"in", "of", "is", "was", "are", "were", "has", "have", "had", "failed", "failing", "fails", "failure", "failures", "error", "errors", "rate", "count", "counts", "loop", "loops", "ratio", "queue", "time", "times", "latency", "too", "over", "above", "below"}
)

// tellsAction reports whether the text of an alert has something to do in it, or leads to where it is written.
func tellsAction(a *catalog.AlertRule) bool {
	return slices.ContainsFunc(told(a), func(t catalog.Text) bool { return hasStep(t.Value) })
}

// hasStep reports whether a text tells what to do. What templates fill in is taken for names.
func hasStep(text string) bool {
	text = templateAction.ReplaceAllString(text, "X")
	if numberedStep.MatchString(text) || objectStart.MatchString(text) || pleaseStart.MatchString(text) ||
		dutyOfYou.MatchString(text) || dutyOfOther.MatchString(text) || demanded.MatchString(text) || commandLine.MatchString(text) || writtenAt.MatchString(text) {
		return true
	}
	return slices.ContainsFunc(actionStart.FindAllStringSubmatch(text, -1), func(m []string) bool {
		return !slices.Contains(sometimesNouns, strings.ToLower(m[1])) || !slices.Contains(afterNoun, strings.ToLower(m[2])) || strings.EqualFold(m[1]+m[2], "lookin")
	})
}

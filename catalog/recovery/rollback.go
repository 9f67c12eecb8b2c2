package recovery

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// Rollback gives what a page says is done to take a release back: the steps and commands below headings about rolling back,
// and such commands elsewhere. What only speaks of rolling back is left out ("prefer forward fixes"), and so is what a
// heading or the title says is something else that is rolled back: a schema, a failover.
func Rollback(o *pages.Outline) []catalog.Text {
	r := newReader(o)
	title := o.Page.Title.Value
	if OtherRollback(title) {
		return nil
	}
	all := r.allSections()
	var about []section
	for _, s := range all {
		if !s.below(OtherRollback) {
			about = append(about, s)
		}
	}
	steps := r.rollback(about, rollbackTitle.MatchString(title))
	pages.Quotes(steps)
	return steps
}

// otherThings are words of a heading or title that say what else than a release is rolled back.
var otherThings = regexp.MustCompile(`(?i)\b(?:schemas?|migrations?|databases?|data|fail-?over|recovery|restores?|topology|keys?|certificates?|dns)\b`)

// OtherRollback reports whether a heading or title speaks of rolling back something else than a release.
func OtherRollback(heading string) bool { return otherThings.MatchString(heading) }

var rollbackTitle = regexp.MustCompile(`(?i)\broll(?:ing)?[- ]?back\b`)

// rollback gives the steps and commands by which a release is taken back; whole says that all sections are about that.
func (r *reader) rollback(sections []section, whole bool) []catalog.Text {
	var all []catalog.Text
	for _, s := range sections {
		within := whole || s.below(r.means(rollbackNames))
		for _, p := range s.Paragraphs {
			for _, l := range append([]catalog.Text{p.Text}, p.Lines...) {
				if (within || maySay(l.Value)) && r.written(l) && (isCommand(l.Value) || within && isStep(l.Value) || isAutomatic(l.Value)) {
					all = append(all, pages.Quote(l))
					break
				}
			}
		}
		for _, i := range s.Items {
			if (within || maySay(i.Value)) && r.written(i.Text) && (isCommand(i.Value) || within && (isStep(i.Value) || i.Ordered && !refuses.MatchString(i.Value))) {
				all = append(all, pages.Quote(i.Text))
			}
		}
		for _, t := range s.Tables {
			for _, row := range t.Rows {
				if n := slices.IndexFunc(row, func(c catalog.Text) bool { return isCommand(c.Value) || within && isStep(c.Value) }); n >= 0 {
					all = append(all, pages.Quote(row[n]))
				}
			}
		}
		for _, code := range s.Code {
			if at := commandAt(code.Value); at >= 0 {
				all = append(all, pages.Quote(lineAt(code, at)))
			} else if line := command(code); within && line.Value != "" {
				all = append(all, pages.Quote(line))
			}
		}
	}
	return first(all)
}

var (
	// steps match a text that tells somebody what to do, after a condition or not: "If the smoke test fails, redeploy …".
	steps = regexp.MustCompile(`(?i)^\W*(?:\d+[.)]\s*)?(?:(?:to roll ?back|to revert|if|when|in case|once|after)\b[^,:]{0,80}[,:]\s+)?(?:(?:first|then|next|finally|otherwise|immediately|manually|please|now)[,:]?\s+)*` +
		`(?:run|re-?run|execute|re-?deploy|deploy|revert|click|select|press|choose|trigger|merge|promote|switch|set|change|open|go to|navigate|check ?out|push|re-?start|pin|restore|scale|apply|roll (?:\w+ ){0,4}back|rollback|undo|` +
		`re-?install|downgrade|pull|tag|update|edit|stop|start|disable|enable|turn|flip|point|shift|route|re-?publish|cherry-pick|reset|call|type|enter|find|identify|locate|delete|remove|replace|put|issue|invoke|submit|create|move|copy|` +
		`helm|kubectl|git|docker|terraform|aws|gcloud|az|heroku|flyctl|fly|argocd)\b`)
	// refuses matches what says that a release is not taken back.
	refuses = regexp.MustCompile(`(?i)\b(?:do not|don['’]t|never|cannot|can['’]t|not (?:possible|supported|planned)|no (?:rollback|roll back|way back)|forward[- ]?(?:fix\w*|only)|fix(?:es)? forward|roll(?:s|ing)? forward)\b`)
	// automatic matches what says that something takes releases back by itself.
	automatic = regexp.MustCompile(`(?i)\bautomatic(?:ally)?\b.{0,30}\broll(?:s|ed)? ?(?:\w+ ){0,3}back\b|\broll(?:s|ed)? ?(?:\w+ ){0,3}back automatically\b`)
)

// signs are texts in lower case without one of which nothing matches rollbackCommand or automatic. Most pages do not speak
// of rolling back, and the patterns are slow where they find nothing. None of them has an "s", of which Unicode knows a
// third form that is no lower case.
var signs = []string{"rollback", "rollout undo", " revert", "flyctl ", "update-", "automatic"}

// maySay reports whether a text may say how a release is taken back. The sure answer costs much more.
func maySay(text string) bool {
	lower := strings.ToLower(text)
	return slices.ContainsFunc(signs, func(sign string) bool { return strings.Contains(lower, sign) })
}

// commandAt gives where in a text such a command stands, -1 when there is none.
func commandAt(text string) int {
	if !maySay(text) {
		return -1
	}
	m := rollbackCommand.FindStringIndex(text)
	if m == nil {
		return -1
	}
	return m[0]
}

func isCommand(text string) bool { return maySay(text) && rollbackCommand.MatchString(text) }

func isAutomatic(text string) bool {
	return maySay(text) && automatic.MatchString(text) && releases.MatchString(text) && !OtherRollback(text)
}

func isStep(text string) bool { return steps.MatchString(text) && !refuses.MatchString(text) }

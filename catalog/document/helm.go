package document

import (
	"regexp"
	"slices"
	"strings"
)

// Helm templates are YAML with actions in between. What can be read of them is read, by hiding the actions from the
// YAML parser without moving anything: lines that hold nothing but actions become blank, the special characters of
// inline actions are swapped for private-use runes and back again in the values. Text escaped from Helm,
// {{`{{ $labels.x }}`}}, becomes what Helm would write: {{ $labels.x }}.
//
// Both branches of a condition are read, and what an include would add is not known, so the document is marked as
// templated.

// A Prometheus template ({{ $labels.x }}, {{ range query "…" }}) also stands in plain rule files. What tells a Helm
// template is a text that only Helm knows, or an action that has a line for itself.
var (
	helmTexts    = []string{"{{`", ".Values", ".Release.", ".Chart.", ".Files.", ".Capabilities.", "nindent"}
	helmFunction = regexp.MustCompile(`\{\{-?\s*(?:include|template|define|tpl|toYaml|fail)\b`)
	controlLine  = regexp.MustCompile(`^\{\{-?\s*(?:if|range|with|end|else|define|/\*|\$\w+\s*:?=).*\}\}\s*$`)
)

func looksLikeHelm(text string) bool {
	if !strings.Contains(text, "{{") {
		return false
	}
	if slices.ContainsFunc(helmTexts, func(mark string) bool { return strings.Contains(text, mark) }) || helmFunction.MatchString(text) {
		return true
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimLeft(line, " \t"); strings.HasPrefix(line, "{{") && controlLine.MatchString(strings.TrimRight(line, "\n")) {
			return true
		}
	}
	return false
}

var action = regexp.MustCompile("(?s)\\{\\{`.*?`\\s*-?\\}\\}|\\{\\{-?\\s*/\\*.*?\\*/\\s*-?\\}\\}|\\{\\{.*?\\}\\}")

const shieldBase = '\uE000'

const specials = "{}[]\"':#,&*!|>%@`?-<=$"

var toShield, fromShield = func() (*strings.Replacer, *strings.Replacer) {
	var to, from []string
	for i, r := range specials {
		private := string(shieldBase + rune(i))
		to = append(to, string(r), private)
		from = append(from, private, string(r))
	}
	// A quote that YAML already escapes stays: Helm writes it as it is, and YAML reads the escape.
	to = append([]string{`\"`, `\"`, "''", "''"}, to...)
	return strings.NewReplacer(to...), strings.NewReplacer(from...)
}()

// shield hides the actions of text from a YAML parser; every other character keeps its line and column.
func shield(text string) string {
	found := action.FindAllStringIndex(text, -1)
	var b strings.Builder
	last := 0
	for i, m := range found {
		b.WriteString(text[last:m[0]])
		last = m[1]
		body := text[m[0]:m[1]]
		if aloneOnLines(text, found, i) {
			for _, r := range body {
				if r == '\n' {
					b.WriteByte('\n')
				} else {
					b.WriteByte(' ')
				}
			}
			continue
		}
		b.WriteString(toShield.Replace(body))
	}
	b.WriteString(text[last:])
	return b.String()
}

// aloneOnLines reports whether nothing but actions stands on the lines of action i, and it is not escaped text, which
// is content.
func aloneOnLines(text string, found [][]int, i int) bool {
	if strings.HasPrefix(text[found[i][0]:], "{{`") {
		return false
	}
	first, last := i, i
	for first > 0 && blankBetween(text[found[first-1][1]:found[first][0]]) {
		first--
	}
	for last+1 < len(found) && blankBetween(text[found[last][1]:found[last+1][0]]) {
		last++
	}
	before, after := text[:found[first][0]], text[found[last][1]:]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	if nl := strings.IndexByte(after, '\n'); nl >= 0 {
		after = after[:nl]
	}
	return strings.TrimSpace(before) == "" && strings.TrimSpace(after) == ""
}

func blankBetween(s string) bool { return !strings.Contains(s, "\n") && strings.TrimSpace(s) == "" }

func unshield(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= shieldBase && r < shieldBase+rune(len(specials)) }) {
		return s
	}
	return fromShield.Replace(s)
}

var escaped = regexp.MustCompile("(?s)\\{\\{-?\\s*`(.*?)`\\s*-?\\}\\}")

// unescapeHelm writes escaped text as Helm would.
func unescapeHelm(s string) string { return escaped.ReplaceAllString(s, "$1") }

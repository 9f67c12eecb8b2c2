package securitypolicy

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// maxText bounds the bytes of a text file that are read.
const maxText = 256 << 10

// paragraphs gives the paragraphs of a text file: lines between blank ones.
func paragraphs(file string, data []byte) []pages.Paragraph {
	if !utf8.Valid(data) {
		return nil
	}
	data = bytes.TrimPrefix(data[:min(len(data), maxText)], []byte("\xef\xbb\xbf"))
	var all []pages.Paragraph
	var lines []catalog.Text
	flush := func() {
		if len(lines) > 0 {
			values := make([]string, len(lines))
			for i, l := range lines {
				values[i] = l.Value
			}
			all = append(all, pages.Paragraph{Text: catalog.Text{Value: strings.Join(values, " "), At: lines[0].At}, Lines: lines})
		}
		lines = nil
	}
	number := 0
	for line := range strings.SplitSeq(string(data), "\n") {
		number++
		text := strings.TrimSpace(line)
		if text == "" || strings.Trim(text, "=-~^*+#") == "" { // a blank line, or one under a heading
			flush()
			continue
		}
		indent := utf8.RuneCountInString(line[:strings.Index(line, text)])
		lines = append(lines, catalog.Text{Value: strings.Clone(text), At: catalog.Place{File: file, Line: number, Col: indent + 1}})
	}
	flush()
	return all
}

var field = regexp.MustCompile(`^(?i)(contact|expires|policy|encryption|acknowledg(?:e)?ments|preferred-languages|canonical|hiring|csaf):\s*(\S.*)$`)

// fields reads the lines of a security.txt, and reports whether they are such.
// Source: RFC 9116, section 2.5.
func (r *reader) fields(lines []catalog.Text) bool {
	found := false
	for _, l := range lines {
		m := field.FindStringSubmatch(l.Value)
		if m == nil {
			continue
		}
		found = true
		value := catalog.Text{Value: m[2], At: l.At}
		value.At.Col += utf8.RuneCountInString(strings.TrimSuffix(l.Value, m[2]))
		switch strings.ToLower(m[1]) {
		case "contact":
			r.contact(catalog.Text{Value: strings.TrimPrefix(value.Value, "mailto:"), At: value.At})
			r.reports = true
		case "expires":
			r.policy.Expires = value
		case "policy":
			r.policy.Elsewhere = value
		}
	}
	return found
}

// sentence is a sentence of a paragraph with the line that it begins on.
var sentenceEnd = regexp.MustCompile(`[.!?]["')*]*\s+`)

// sentences gives the sentences of a text. Abbreviations and numbers end none.
func sentences(text string) []string {
	var all []string
	start := 0
	for _, m := range sentenceEnd.FindAllStringIndex(text, -1) {
		next, _ := utf8.DecodeRuneInString(text[m[1]:])
		before := text[start:m[0]]
		if strings.HasSuffix(before, "e.g") || strings.HasSuffix(before, "i.e") || strings.HasSuffix(before, "etc") || next >= 'a' && next <= 'z' {
			continue
		}
		all = append(all, strings.TrimSpace(text[start:m[1]]))
		start = m[1]
	}
	if rest := strings.TrimSpace(text[start:]); rest != "" {
		all = append(all, rest)
	}
	return all
}

// maxLines is how many lines after that of the sentence before a sentence is looked for.
const maxLines = 100

// lineOf gives the number of the line of a paragraph on which a sentence begins, from that of the sentence before on;
// the latter when it is not found.
func lineOf(p pages.Paragraph, sentence string, before int) int {
	first := firstWords(sentence)
	for i := before; i < min(len(p.Lines), before+maxLines); i++ {
		if strings.Contains(p.Lines[i].Value, first) {
			return i
		}
	}
	return before
}

// firstWords gives the beginning of a sentence that is likely to stand on one line.
func firstWords(sentence string) string {
	words := strings.Fields(sentence)
	return strings.Join(words[:min(len(words), 2)], " ")
}

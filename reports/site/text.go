package site

import (
	"bytes"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"

	"obsready/scorecard"
)

// clean replaces what no page may hold, whatever the names in a catalog are made of: control characters, characters
// that turn the direction of the text around them, and bytes that are not UTF-8.
func clean(page []byte) []byte {
	at := bytes.IndexFunc(page, unwanted)
	if at < 0 {
		return page
	}
	cleaned := make([]byte, 0, len(page)+16)
	for len(page) > 0 {
		cleaned = append(cleaned, page[:at]...)
		if page = page[at:]; len(page) == 0 {
			break
		}
		_, size := utf8.DecodeRune(page)
		cleaned = append(cleaned, "\uFFFD"...)
		page = page[size:]
		if at = bytes.IndexFunc(page, unwanted); at < 0 {
			at = len(page)
		}
	}
	return cleaned
}

func unwanted(r rune) bool {
	switch {
	case r >= ' ' && r < 0x7f || r == '\n' || r == '\t':
		return false
	case r < 0xa0:
		return true
	}
	return r == utf8.RuneError || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// markdown renders the Markdown of a check's documentation. HTML in it is left out, as are links with a scheme that runs code.
func markdown(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(text), &b); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

// spans renders a line of Markdown with nothing but its code spans: the rest of it, and what stands in them, is text.
func spans(text string) template.HTML {
	var b strings.Builder
	for {
		before, rest, opened := strings.Cut(text, "`")
		code, after, closed := strings.Cut(rest, "`")
		if !opened || !closed {
			template.HTMLEscape(&b, []byte(text))
			return template.HTML(b.String())
		}
		template.HTMLEscape(&b, []byte(before))
		b.WriteString("<code>")
		template.HTMLEscape(&b, []byte(code))
		b.WriteString("</code>")
		text = after
	}
}

// outward gives the address when it is one that a page may lead to, "" otherwise.
func outward(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		if u.Host != "" {
			return u.String()
		}
	case "mailto":
		return u.String()
	}
	return ""
}

// count gives a number with its noun, as in "1 service" or "1,200 services".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// number gives a number with commas between its thousands.
func number(n int) string {
	digits := strconv.Itoa(n)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// points gives points without needless decimals.
func points(p float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(p, 'f', 1, 64), ".0")
}

// pointsOf gives points with their noun.
func pointsOf(p float64) string {
	if p == 1 {
		return "1 point"
	}
	return points(p) + " points"
}

// percent gives a score in whole percent, rounded down so that only a full score reads 100; "" when there is nothing to score.
func percent(s scorecard.Score) string {
	p, ok := s.Percent()
	if !ok {
		return ""
	}
	return strconv.Itoa(int(p + 1e-9))
}

// unknownPercent gives the unknown share in whole percent, rounded up so that no unknown is hidden.
func unknownPercent(s scorecard.Score) string {
	p := s.UnknownPercent()
	if p == 0 {
		return ""
	}
	return strconv.Itoa(int(p + 1 - 1e-9))
}

// upper gives the text with its first letter in upper case.
func upper(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}

package pages

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"obsready/catalog"
)

// inline reads the text of one block in one pass: what it looks at again is bounded by constants, so that no text can
// make it slow.
type inline struct {
	segment
	builder *builder
	html    bool // the block is HTML: there is no Markdown in it

	at      int    // where the scanner is
	mask    []byte // the text with fillers in place of what is no prose
	plain   []byte // the text as a reader sees it, code and link texts included
	openers []opener
	links   []catalog.PageLink
	code    int
	ticks   map[int][]int  // where runs of backticks begin, by length
	absent  map[string]int // needles with the offset from which they are not found

	anchor  *openTag                      // an <a href> that waits for its end
	heading *openTag                      // an <h2> that waits for its end
	counted struct{ at, code, links int } // what countProse has dealt with
}

// opener is a bracket that may turn out to open a link.
type opener struct {
	at, plain, links int // offset, and the lengths of plain and links there
	image            bool
}

func (b *builder) inline(s segment) *inline {
	return &inline{segment: s, builder: b, mask: []byte(s.text), absent: map[string]int{}}
}

// offset translates an offset in the block's text to one in the file.
func (in *inline) offset(i int) int {
	if len(in.starts) == 0 {
		return 0
	}
	line := max(sort.SearchInts(in.starts, i+1)-1, 0)
	return in.segment.at[line] + i - in.starts[line]
}

func (in *inline) place(i int) catalog.Place { return in.builder.place(in.offset(i)) }

// fill passes over the text up to end and leaves fillers for it.
func (in *inline) fill(end int) {
	blank(in.mask, in.at, end, filler)
	in.at = end
}

// keep passes over n bytes that are text.
func (in *inline) keep(n int) {
	in.plain = append(in.plain, in.text[in.at:in.at+n]...)
	in.at += n
}

func (in *inline) scan() {
	for in.at < len(in.text) {
		if c := in.text[in.at]; c == '<' && in.angle() || c == 'h' && in.bareAddress() {
			continue
		} else if in.html || !in.markdown(c) {
			in.keep(1)
		}
	}
}

// markdown reads what begins with c, and reports whether it did.
func (in *inline) markdown(c byte) bool {
	rest := in.text[in.at:]
	switch {
	case c == '\\' && len(rest) > 1 && rest[1] < utf8.RuneSelf && unicode.In(rune(rest[1]), unicode.Punct, unicode.Symbol):
		in.at++
		in.keep(1)
	case c == '`':
		in.codeSpan()
	case c == '{' && (strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "{%")):
		return in.templateTag()
	case strings.HasPrefix(rest, "!["):
		in.open(true)
	case c == '[':
		in.open(false)
	case c == ']':
		in.close()
	case c == '*' || c == '~' || c == '_':
		return in.emphasis(c)
	default:
		return false
	}
	return true
}

// codeSpan reads inline code. Runs of backticks without an equal run after them are text.
func (in *inline) codeSpan() {
	if in.ticks == nil {
		in.ticks = tickRuns(in.text)
	}
	n := tickRun(in.text, in.at)
	runs := in.ticks[n]
	for len(runs) > 0 && runs[0] < in.at+n {
		runs = runs[1:]
	}
	in.ticks[n] = runs
	if len(runs) == 0 {
		in.keep(n)
		return
	}
	content := strings.TrimSpace(in.text[in.at+n : runs[0]])
	if content != "" {
		in.code++
	}
	in.plain = append(in.plain, content...)
	in.fill(runs[0] + n)
}

func tickRun(s string, at int) int {
	n := 0
	for at+n < len(s) && s[at+n] == '`' {
		n++
	}
	return n
}

func tickRuns(s string) map[int][]int {
	runs := map[int][]int{}
	for i := 0; i < len(s); {
		n := tickRun(s, i)
		if n > 0 {
			runs[n] = append(runs[n], i)
		}
		i += max(n, 1)
	}
	return runs
}

// templateTag passes over a tag of Jinja, Liquid, Hugo or Go templates, whose output is not known.
func (in *inline) templateTag() bool {
	end := templateEnd(in.text[in.at:])
	if end == 0 {
		return false
	}
	in.builder.page.Templated = true
	in.fill(in.at + end)
	return true
}

const maxTag = 1000 // bytes of a template or HTML tag

// templateEnd gives the length of the template tag that s begins with, 0 for none. Braces left blank are no tag.
func templateEnd(s string) int {
	closer := "}}"
	if strings.HasPrefix(s, "{%") {
		closer = "%}"
	}
	end := strings.Index(s[2:min(len(s), maxTag)], closer)
	if end < 0 || strings.TrimSpace(s[2:2+end]) == "" {
		return 0
	}
	return end + 4
}

// emphasis passes over marks of emphasis. An underscore inside a word and marks between blanks are text.
func (in *inline) emphasis(c byte) bool {
	before, _ := utf8.DecodeLastRuneInString(in.text[:in.at])
	after, _ := utf8.DecodeRuneInString(in.text[in.at+1:])
	if unicode.IsSpace(before) && unicode.IsSpace(after) || c == '_' && isWordRune(before) && isWordRune(after) {
		return false
	}
	in.at++
	return true
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// bareAddress reads a web address that stands in the text for itself, as GitHub links it.
func (in *inline) bareAddress() bool {
	rest := in.text[in.at:]
	if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") {
		return false
	}
	if before, _ := utf8.DecodeLastRuneInString(in.text[:in.at]); isWordRune(before) {
		return false
	}
	stop := " \t\n<>\"`|"
	if len(in.openers) > 0 {
		stop += "]"
	}
	end := strings.IndexAny(rest, stop)
	if end < 0 {
		end = len(rest)
	}
	address := trimAddress(rest[:end])
	if len(address) <= len("https://") {
		return false
	}
	if in.anchor == nil {
		in.links = append(in.links, catalog.PageLink{Text: address, Target: in.quote(in.at, in.at+len(address)), At: in.place(in.at)})
	}
	in.plain = append(in.plain, address...)
	in.fill(in.at + len(address))
	return true
}

// trimAddress takes off what belongs to the sentence: marks at the end, and a bracket that is not opened inside.
func trimAddress(s string) string {
	surplus := strings.Count(s, ")") - strings.Count(s, "(")
	for s != "" {
		last := s[len(s)-1]
		if last == ')' && surplus > 0 {
			surplus--
		} else if strings.IndexByte(".,:;!?'*_~", last) < 0 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// quote gives a part of the block as it was written, with its template tags.
func (in *inline) quote(from, to int) string {
	start := in.offset(from)
	return in.builder.original[start : start+to-from]
}

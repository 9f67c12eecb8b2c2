package images

import (
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
)

// instruction is one instruction with the lines that continue it.
type instruction struct {
	keyword string // upper case
	line    int    // where it begins
	pieces  []piece
}

// piece is what stands on one line of an instruction, without keyword, indentation and the sign of continuation.
type piece struct {
	text string
	line int
	col  int // characters from 1, of the first one
}

// rest gives everything after the keyword as one line.
func (in instruction) rest() string {
	texts := make([]string, len(in.pieces))
	for i, p := range in.pieces {
		texts[i] = p.text
	}
	return strings.Join(texts, "")
}

// words gives the blank-separated words after the keyword with their places in a file. A word that a line's end cuts in
// two is one word, as it is for Docker; one that is longer than any value is cut off.
func (in instruction) words(file string) []catalog.Text {
	var words []catalog.Text
	open := false
	for _, p := range in.pieces {
		rest, col := p.text, p.col
		for rest != "" {
			blanks := len(rest) - len(strings.TrimLeft(rest, " \t"))
			if blanks > 0 {
				rest, col, open = rest[blanks:], col+blanks, false
				continue
			}
			end := strings.IndexAny(rest, " \t")
			if end < 0 {
				end = len(rest)
			}
			switch {
			case open && len(words[len(words)-1].Value) > maxValue:
			case open:
				words[len(words)-1].Value += rest[:end]
			default:
				words = append(words, catalog.Text{Value: strings.Clone(rest[:end]), At: catalog.Place{File: file, Line: p.line, Col: col}})
			}
			col += utf8.RuneCountInString(rest[:end])
			rest, open = rest[end:], true
		}
	}
	return words
}

var (
	directive = regexp.MustCompile(`^#\s*([A-Za-z]+)\s*=\s*(.*?)\s*$`)
	keyword   = regexp.MustCompile(`^[ \t]*([^ \t]+)[ \t]*`)
	hereDoc   = regexp.MustCompile(`(?:^|\s)\d*<<(-?)[ \t]*(?:"([A-Za-z0-9_.]+)"|'([A-Za-z0-9_.]+)'|([A-Za-z0-9_.]+))`)
)

// instructions gives the instructions of a Dockerfile one after the other. Escape is set to the character that continues
// lines, which a directive at the top may change.
func instructions(text string, escape *byte) iter.Seq[instruction] {
	return func(yield func(instruction) bool) {
		r := reader{rest: text, escape: '\\'}
		r.directives()
		*escape = r.escape
		for {
			in, ok := r.instruction()
			if !ok || !yield(in) {
				return
			}
		}
	}
}

// reader goes through the lines of a Dockerfile.
type reader struct {
	rest   string
	number int // of the line that was read last
	escape byte
	misses int // how often the end of a here-document was looked for in vain
}

// maxMisses bounds how often the rest of a file is searched for an end that is not there.
const maxMisses = 64

// line gives the next line without its end.
func (r *reader) line() (string, bool) {
	if r.rest == "" {
		return "", false
	}
	line, rest, _ := strings.Cut(r.rest, "\n")
	r.rest = rest
	r.number++
	return strings.TrimSuffix(line, "\r"), true
}

// directives reads the parser directives, which stand before everything else, comments too.
func (r *reader) directives() {
	for r.rest != "" {
		line, _, _ := strings.Cut(r.rest, "\n")
		found := directive.FindStringSubmatch(strings.TrimSpace(line))
		if found == nil {
			return
		}
		if strings.EqualFold(found[1], "escape") && found[2] == "`" {
			r.escape = '`'
		}
		r.line()
	}
}

// instruction gives the next instruction. Comments and empty lines may stand between the lines of one.
func (r *reader) instruction() (in instruction, ok bool) {
	continued := false
	for {
		line, more := r.line()
		trimmed := strings.TrimLeft(line, " \t")
		switch {
		case !more:
			return in, in.keyword != ""
		case trimmed == "" || trimmed[0] == '#':
			continue
		case in.keyword == "":
			start := keyword.FindStringSubmatchIndex(line)
			word := line[start[2]:start[3]]
			in.line = r.number
			if r.continues(word) { // the sign of continuation stands at the keyword
				in.keyword = strings.ToUpper(word[:len(word)-1])
				continued = true
				continue
			}
			in.keyword = strings.ToUpper(word)
			continued = in.add(r, line, start[1])
		default:
			continued = in.add(r, line, 0)
		}
		if !continued {
			r.skipHereDocs(in)
			return in, true
		}
	}
}

func (r *reader) continues(text string) bool { return len(text) > 1 && text[len(text)-1] == r.escape }

// add appends a line's part from a byte on and reports whether the next line continues it.
func (in *instruction) add(r *reader, line string, from int) (continued bool) {
	text := strings.TrimRight(line[from:], " \t")
	if text != "" && text[len(text)-1] == r.escape {
		text, continued = text[:len(text)-1], true
	}
	in.pieces = append(in.pieces, piece{text, r.number, utf8.RuneCountInString(line[:from]) + 1})
	return continued
}

// skipHereDocs passes over the lines of the here-documents of an instruction that may have some.
func (r *reader) skipHereDocs(in instruction) {
	if in.keyword != "RUN" && in.keyword != "COPY" && in.keyword != "ADD" {
		return
	}
	for _, found := range hereDoc.FindAllStringSubmatch(in.rest(), -1) {
		end := found[2] + found[3] + found[4]
		if !r.hasLine(end, found[1] == "-") {
			continue // "<<" of something else, as inside a quoted command
		}
		for {
			line, more := r.line()
			if !more || endsHereDoc(line, end, found[1] == "-") {
				break
			}
		}
	}
}

// hasLine reports whether a here-document's end is still to come.
func (r *reader) hasLine(end string, tabs bool) bool {
	if r.misses >= maxMisses {
		return false
	}
	for line := range strings.Lines(r.rest) {
		if endsHereDoc(strings.TrimRight(line, "\r\n"), end, tabs) {
			return true
		}
	}
	r.misses++
	return false
}

func endsHereDoc(line, end string, tabs bool) bool {
	if tabs {
		line = strings.TrimLeft(line, "\t")
	}
	return line == end
}

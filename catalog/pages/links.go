package pages

import (
	"strings"

	"obsready/catalog"
)

const (
	maxLabel  = 999  // bytes of a reference's label, as CommonMark has it for characters
	maxTarget = 2048 // bytes of a link's target
	maxTitle  = 1000 // bytes of a link's title
	// maxOpeners is how many brackets may be open at once; the text of nested images is looked at once for each.
	maxOpeners = 64
)

// open notes a bracket that may open a link or an image.
func (in *inline) open(image bool) {
	start := in.at
	if image {
		in.at++
	}
	in.openers = append(in.openers, opener{at: start, plain: len(in.plain), links: len(in.links), image: image})
	if len(in.openers) > maxOpeners {
		in.openers = in.openers[1:]
	}
	in.keep(1)
}

// close reads what follows a closing bracket, and makes a link of it and its opener when that is one.
func (in *inline) close() {
	if len(in.openers) == 0 {
		in.keep(1)
		return
	}
	o := in.openers[len(in.openers)-1]
	in.openers = in.openers[:len(in.openers)-1]
	target, end, ok := in.target(o)
	if !ok {
		in.keep(1)
		return
	}
	if o.image {
		in.at = o.at
		in.plain, in.links = in.plain[:o.plain], in.links[:o.links]
		in.fill(end)
		return
	}
	text := string(in.plain[o.plain+1:])
	in.plain = append(in.plain[:o.plain], text...)
	in.mask[o.at] = filler
	in.links = append(in.links[:o.links], catalog.PageLink{
		Text: strings.ReplaceAll(strings.Join(strings.Fields(text), " "), string(filler), ""), Target: target, At: in.place(o.at),
	})
	in.openers = in.openers[:0] // a link holds no links, so brackets around it open none
	in.fill(end)
}

// target gives where a link leads whose text ends at the closing bracket here, and the offset after it all.
func (in *inline) target(o opener) (target string, end int, ok bool) {
	after := in.at + 1
	rest := in.text[after:]
	if strings.HasPrefix(rest, "(") {
		if from, to, n := inlineTarget(rest); n > 0 {
			return in.quote(after+from, after+to), after + n, true
		}
	}
	start := o.at + 1
	if o.image {
		start++
	}
	label, end := in.text[start:in.at], after
	if strings.HasPrefix(rest, "[") {
		if n := strings.IndexAny(rest[1:min(len(rest), maxLabel)], "[]"); n >= 0 && rest[1+n] == ']' {
			end = after + n + 2
			if strings.TrimSpace(rest[1:1+n]) != "" {
				label = rest[1 : 1+n]
			}
		}
	}
	if len(label) > maxLabel || strings.ContainsAny(label, "[]") {
		return "", 0, false
	}
	target, ok = in.builder.references[normalLabel(label)]
	return target, end, ok
}

// inlineTarget reads `(target "title")`. It gives the target's range and the length of all, 0 when s is no such thing.
func inlineTarget(s string) (from, to, length int) {
	i := skipBlanks(s, 1)
	from, to = i, i
	switch {
	case i < len(s) && s[i] == '<':
		n := strings.IndexAny(s[i+1:min(len(s), i+maxTarget)], ">\n")
		if n < 0 || s[i+1+n] == '\n' {
			return 0, 0, 0
		}
		from, to, i = i+1, i+1+n, i+n+2
	default:
		i += bareTarget(s[i:min(len(s), i+maxTarget)])
		to = i
	}
	i = skipBlanks(s, i)
	if i < len(s) && i > to && strings.IndexByte(`"'(`, s[i]) >= 0 {
		closer := s[i]
		if closer == '(' {
			closer = ')'
		}
		n := strings.IndexByte(s[i+1:min(len(s), i+maxTitle)], closer)
		if n < 0 {
			return 0, 0, 0
		}
		i = skipBlanks(s, i+n+2)
	}
	if i >= len(s) || s[i] != ')' {
		return 0, 0, 0
	}
	return from, to, i + 1
}

// bareTarget gives the length of a target without angle brackets: up to a blank or the bracket that closes the link,
// over template tags with the blanks in them.
func bareTarget(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c <= ' ' && c != filler:
			return i
		case c == '\\':
			i++
		case c == '{' && strings.HasPrefix(s[i:], "{{"):
			if n := templateEnd(s[i:]); n > 0 {
				i += n - 1
			}
		case c == '(':
			depth++
		case c == ')':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return len(s)
}

func skipBlanks(s string, i int) int {
	for i < len(s) && i < maxTarget && strings.IndexByte(" \t\n", s[i]) >= 0 {
		i++
	}
	return i
}

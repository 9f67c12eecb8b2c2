package pages

import (
	"html"
	"regexp"
	"strings"

	"obsready/catalog"
)

// openTag is an HTML element that waits for its end.
type openTag struct {
	at, plain int // offset, and the length of plain there
	level     int // of a heading
	link      int // index in links
}

var (
	autolink = regexp.MustCompile(`^<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[\w.+-]+@[\w.-]+)>`)
	htmlTag  = regexp.MustCompile(`^<(/?)([A-Za-z][A-Za-z0-9-]{0,30})((?:\s+[A-Za-z_:@][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>` + "`" + `]+))?)*)\s*/?>`)
	tagAttr  = regexp.MustCompile(`([A-Za-z_:@][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>` + "`" + `]+))`)
)

// placeholderTag matches the names of what has a tag's form and is prose: `<insert name>`.
var placeholderTag = regexp.MustCompile(`(?i)^(insert|fill|describe|explain|todo|tbd)$`)

// angle reads what begins with "<": a comment, an autolink or an HTML tag. It reports whether it was one of them.
func (in *inline) angle() bool {
	rest := in.text[in.at:]
	if strings.HasPrefix(rest, "<!--") {
		end := in.find("-->", in.at+4)
		if end < 0 {
			return false
		}
		in.space(end + 3)
		return true
	}
	rest = rest[:min(len(rest), maxTag)]
	if m := autolink.FindStringSubmatchIndex(rest); m != nil && !in.html {
		target := in.quote(in.at+m[2], in.at+m[3])
		if !strings.Contains(target, ":") {
			target = "mailto:" + target
		}
		in.links = append(in.links, catalog.PageLink{Text: rest[m[2]:m[3]], Target: target, At: in.place(in.at)})
		in.plain = append(in.plain, rest[m[2]:m[3]]...)
		in.fill(in.at + m[1])
		return true
	}
	m := htmlTag.FindStringSubmatchIndex(rest)
	if m == nil || placeholderTag.MatchString(rest[m[4]:m[5]]) {
		return false
	}
	in.tag(rest, m)
	return true
}

// space passes over the text up to end and leaves blanks for it.
func (in *inline) space(end int) {
	blank(in.mask, in.at, end, ' ')
	in.at = end
}

// tag reads an HTML tag; m are the places of its slash, name and attributes in s.
func (in *inline) tag(s string, m []int) {
	start, name, closing := in.at, strings.ToLower(s[m[4]:m[5]]), m[3] > m[2]
	in.space(in.at + m[1])
	if closing {
		in.endTag(name)
		return
	}
	href := in.tagAttributes(name, start, s[:m[7]], m[6])
	switch {
	case name == "a" && href != nil:
		in.links = append(in.links, *href)
		in.anchor = &openTag{at: start, plain: len(in.plain), link: len(in.links) - 1}
	case name == "code" || name == "pre" || name == "kbd" || name == "script" || name == "style":
		in.rawElement(name)
	case len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6':
		in.heading = &openTag{at: start, plain: len(in.plain), level: int(name[1] - '0')}
	}
}

// tagAttributes notes the ids that a tag sets, and gives the link that it makes.
func (in *inline) tagAttributes(name string, start int, s string, from int) *catalog.PageLink {
	var href *catalog.PageLink
	for _, a := range tagAttr.FindAllStringSubmatchIndex(s[from:], -1) {
		value := from + max(a[4], a[6], a[8])
		end := from + max(a[5], a[7], a[9])
		switch key := strings.ToLower(s[from+a[2] : from+a[3]]); {
		case key == "id" || key == "name" && name == "a":
			if id := html.UnescapeString(s[value:end]); !strings.ContainsRune(id, filler) {
				in.builder.page.Anchors = append(in.builder.page.Anchors, id)
			}
		case key == "href":
			href = &catalog.PageLink{Target: html.UnescapeString(in.quote(start+value, start+end)), At: in.place(start)}
		}
	}
	return href
}

// rawElement passes over an element whose content is no prose.
func (in *inline) rawElement(name string) {
	end := in.find("</"+name, in.at)
	if end < 0 {
		return
	}
	content := in.text[in.at:end]
	if name == "code" || name == "pre" || name == "kbd" {
		in.plain = append(in.plain, content...)
		if name != "kbd" && strings.TrimSpace(content) != "" {
			in.code++
		}
	}
	in.fill(end)
}

func (in *inline) endTag(name string) {
	switch {
	case name == "a" && in.anchor != nil:
		if in.anchor.link < len(in.links) && in.anchor.plain <= len(in.plain) {
			in.links[in.anchor.link].Text = strings.Join(strings.Fields(string(in.plain[in.anchor.plain:])), " ")
		}
		in.anchor = nil
	case in.heading != nil && name == "h"+string(rune('0'+in.heading.level)):
		if in.heading.plain <= len(in.plain) {
			in.endHeading()
		}
		in.heading = nil
	}
}

// endHeading makes a heading of an <h2> element: what was read before it belongs to the heading before.
func (in *inline) endHeading() {
	h, end := in.heading, in.at
	in.at = h.at
	in.countProse()
	in.at = end
	in.skipCount()
	in.builder.heading(h.level, html.UnescapeString(string(in.plain[h.plain:])), in.offset(h.at))
}

// find gives the offset of a needle at or after from, -1 for none; it remembers what is not there.
func (in *inline) find(needle string, from int) int {
	if at, known := in.absent[needle]; known && from >= at {
		return -1
	}
	i := strings.Index(in.text[from:], needle)
	if i < 0 {
		in.absent[needle] = from
		return -1
	}
	return from + i
}

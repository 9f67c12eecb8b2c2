package pages

import (
	"regexp"
	"strings"
)

// found is a part of a block's prose.
type found struct{ start, end int }

// These decide what counts as text that somebody still has to write. Each was held against the manuals of real
// estates, which say "fill in the form", "your team is here to help" and "identify any TODO items" in finished pages.
var (
	// unwritten matches a line, sentence-long item or table cell with nothing else in it.
	unwritten = regexp.MustCompile(`(?i)^(?:todo|tbd|tbc|tba|fixme|x{3,}|coming soon|under construction|work in progress|` +
		`to be (?:determined|defined|decided|written|documented|completed|confirmed|added|done|filled in)|` +
		`(?:please )?fill (?:this |me |it )?in(?: here| later)?|(?:description|content|text|details) (?:goes )?here)$`)
	// marker matches the words that programmers leave, as words of their own.
	marker = regexp.MustCompile(`(?:TODO|TBD|FIXME)|(?i:^todo[ \t]*[:(])`)
	// bracketed matches templates in brackets. Parameters of a command (`<service-name>`) are none.
	bracketed = regexp.MustCompile(`(?i)[\[<{](?:(?:insert|fill in|fill out|describe|explain|todo|tbd)(?:[ _:-][^\[\]<>{}\n]{0,80})?|` +
		`(?:a |the |short |brief )*(?:description|explanation)(?: of [^\[\]<>{}\n]{0,80})?|` +
		`(?:add|enter|put|write|your)[ _-][^\[\]<>{}\n]{0,60}[ _-]here)[\]>}]`)
	// goesHere matches "your name goes here" as a whole line, cell or emphasised part.
	goesHere = regexp.MustCompile(`(?i)(?:^|[_*:"(])[ \t]*(?:add |enter |put |write |insert )?your (?:[\w-]+ ){1,3}(?:goes )?here[.!]?[ \t]*(?:$|[_*")])`)
	// instruction matches a line in italics that tells the author what to write.
	instruction = regexp.MustCompile(`(?i)^[ \t]*[_*](?:(?:include|insert|describe|explain) (?:a|an|the|what|how|any|all)\b.*|\((?:e\.g\.|for example)[^()]*(?:\([^()]*\)[^()]*)*\))[_*][ \t]*$`)
	// others match wherever they stand: filler text, and braces left blank.
	others = regexp.MustCompile(`(?i)lorem ipsum|\{\{[ \t]*\}\}`)
)

// spokenOf are words after a marker that tell that the page speaks of markers, as in "the TODO list".
var spokenOf = regexp.MustCompile(`^["'” -]*(?:s\b|lists?\b|items?\b|notes?\b|comments?\b|tickets?\b|tasks?\b|tags?\b|markers?\b|apps?\b|boards?\b|column\b|section\b)`)

// placeholders gives the parts of a block's prose that wait to be written, in the order of the text. Each line and
// each cell of a table is looked at for itself.
func placeholders(prose string) []found {
	var all []found
	start := 0
	for start < len(prose) {
		end := strings.IndexAny(prose[start:], "\n|")
		if end < 0 {
			end = len(prose) - start
		}
		unit := prose[start : start+end]
		if f, ok := placeholder(unit); ok {
			all = append(all, found{start + f.start, start + f.end})
		}
		start += end + 1
	}
	return all
}

// placeholder gives the first placeholder of a line or cell.
func placeholder(unit string) (found, bool) {
	if len(unit) < 3 {
		return found{}, false
	}
	bare := strings.Trim(unit, " \t*_~>-.:!()…\"")
	if bare != "" && unwritten.MatchString(bare) {
		at := strings.Index(unit, bare)
		return found{at, at + len(bare)}, true
	}
	for _, m := range marker.FindAllStringIndex(unit, -1) {
		if standsAlone(unit, m[0], m[1]) {
			return found{m[0], m[1]}, true
		}
	}
	for _, pattern := range []*regexp.Regexp{bracketed, goesHere, instruction, others} {
		if m := pattern.FindStringIndex(unit); m != nil && !strings.HasPrefix(unit[m[1]:], "(") {
			return found{m[0], m[1]}, true
		}
	}
	return found{}, false
}

// standsAlone reports whether a marker is a word of its own that is meant and not spoken of.
func standsAlone(s string, start, end int) bool {
	before, after := s[:start], s[end:]
	if before != "" && strings.IndexByte("\"'`-/.#", before[len(before)-1]) >= 0 || strings.HasSuffix(before, "“") {
		return false
	}
	if before != "" && isWordByte(before[len(before)-1]) && (before[len(before)-1] != '_' || len(before) > 1 && isWordByte(before[len(before)-2])) {
		return false
	}
	if len(after) > 0 && isWordByte(after[0]) && (after[0] != '_' || len(after) > 1 && isWordByte(after[1])) {
		return false
	}
	if len(after) > 1 && strings.IndexByte("-/.", after[0]) >= 0 && isWordByte(after[1]) {
		return false
	}
	return !spokenOf.MatchString(after)
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

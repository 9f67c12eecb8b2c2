package secrets

import (
	"bytes"
	"regexp"
)

// minDocumented is the least length of a credential where people write down what a value looks like. There a short value
// is made up more often than not, and a token that somebody copied from a working setting is longer.
const minDocumented = 16

// maxBefore bounds how far before a name is looked for the beginning of its line and of a comment, in bytes.
const maxBefore = 2000

var (
	// lineComment matches what makes the rest of a line a comment: the mark of one at the line's beginning, or with blanks
	// around it. "--" with a blank behind it is one of SQL, Lua and Haskell, and no option of a command.
	lineComment = regexp.MustCompile(`^\s*(?:#|//|--\s|;|<!--)|\s(?:#|//|<!--)\s`)
	// blockComment matches the beginning of a comment of several lines; elsewhere on a line "/*" ends the path of a glob.
	blockComment = regexp.MustCompile(`(?m)^[ \t]*/\*`)
	// illustrates matches what stands before an example.
	illustrates = regexp.MustCompile(`(?i)\be\.g\.|\bfor (?:example|instance)\b|\bsuch as\b|\blooks like\b|\bexamples?:`)
)

// documented reports whether a name stands where values are explained and not set: in a comment, or behind "for example" on
// its line.
func documented(text []byte, at int) bool {
	before := text[max(0, at-maxBefore):at]
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	if lineComment.Match(line) || illustrates.Match(line) {
		return true
	}
	begins := blockComment.FindAllIndex(before, -1)
	return len(begins) > 0 && begins[len(begins)-1][0] > bytes.LastIndex(before, []byte("*/"))
}

// Package owners reads CODEOWNERS files, as GitHub and GitLab understand them. It answers "who owns this path,
// according to the code host?" and never "is that the right team?".
package owners

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
)

// MaxLines bounds how many rules are read; GitHub ignores files over 3 MB, which is about as much.
const MaxLines = 50_000

// IsPath says whether a path is a place where GitHub or GitLab look for a CODEOWNERS file: the repository's root,
// .github, .gitlab or docs. Both use only one file; GitHub prefers .github, then the root, then docs.
func IsPath(file string) bool {
	dir, name := path.Split(file)
	return name == "CODEOWNERS" && slices.Contains([]string{"", ".github/", ".gitlab/", "docs/"}, dir)
}

// Read gives the rules of a CODEOWNERS file in their order. A line that the code host would pass over, or whose
// pattern cannot be matched, is a gap; the others are still read.
//
// A rule without owners says that its paths have none. Inside a GitLab section it has the section's default owners.
func Read(file string, data []byte) catalog.Facts {
	r := reader{file: file, owners: &catalog.CodeOwners{At: catalog.Place{File: file}}}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		r.gap(0, catalog.Encoding, "the file is not UTF-8 text. save it as UTF-8", string(data))
		return catalog.Facts{Gaps: r.gaps}
	}
	for line := range strings.SplitSeq(string(data), "\n") {
		if r.line++; r.line > MaxLines {
			r.gap(r.line, catalog.TooLarge, fmt.Sprintf("only the first %d lines are read. split the repository or use wider patterns", MaxLines), "")
			break
		}
		r.read(strings.TrimRight(line, " \t\r"))
	}
	return catalog.Facts{CodeOwners: []*catalog.CodeOwners{r.owners}, Gaps: r.gaps}
}

// reader reads one file line by line.
type reader struct {
	file    string
	line    int
	section string         // of GitLab; "" before the first one
	inherit []catalog.Text // the section's default owners
	owners  *catalog.CodeOwners
	gaps    []catalog.Gap
}

func (r *reader) gap(line int, cause catalog.Cause, detail, text string) {
	g := catalog.Gap{Kinds: []catalog.Kind{catalog.Owners}, At: catalog.Place{File: r.file, Line: line}, Cause: cause, Detail: detail}
	if text != "" {
		g.Names = document.Words(text)
	}
	r.gaps = append(r.gaps, g)
}

// section matches a GitLab section heading: `[Name]`, `^[Optional]`, `[Name][2]`, each with default owners after it.
var section = regexp.MustCompile(`^\^?\[([^\[\]]+)\](?:\[\d+\])?(?:[ \t]+(.*))?$`)

func (r *reader) read(line string) {
	start := len(line) - len(strings.TrimLeft(line, " \t"))
	text := line[start:]
	if text == "" || text[0] == '#' {
		return
	}
	if m := section.FindStringSubmatchIndex(text); m != nil {
		r.section, r.inherit = strings.ToLower(strings.TrimSpace(text[m[2]:m[3]])), nil
		if m[4] >= 0 {
			r.inherit, _ = r.readOwners(line, start+m[4])
		}
		return
	}
	end := start + patternLen(text)
	pattern := catalog.Text{Value: line[start:end], At: r.place(line, start)}
	if problem := invalid(pattern.Value); problem != "" {
		r.gap(r.line, catalog.Syntax, problem, line)
		return
	}
	owners, ok := r.readOwners(line, end)
	if !ok {
		return
	}
	if len(owners) == 0 {
		owners = r.inherit
	}
	r.owners.Rules = append(r.owners.Rules, catalog.OwnerRule{Pattern: pattern, Owners: owners, Section: r.section})
}

// patternLen gives the length of the pattern that a line begins with, up to the first blank that is not escaped.
func patternLen(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ' ', '\t':
			return i
		}
	}
	return len(s)
}

func (r *reader) place(line string, at int) catalog.Place {
	return catalog.Place{File: r.file, Line: r.line, Col: 1 + utf8.RuneCountInString(line[:at])}
}

// owner matches users, teams, nested groups, GitLab roles and mail addresses.
var owner = regexp.MustCompile(`^(?:@[\w.-]+(?:/[\w.-]+)*|@@(?:developer|maintainer|owner)s?|[\w.%+-]+@[\w.-]+\.[A-Za-z]{2,})$`)

// readOwners gives the owners that stand in the line from an offset on, up to a comment. One that is no owner makes
// the code host pass over the whole line: then ok is false and a gap is noted.
func (r *reader) readOwners(line string, from int) (owners []catalog.Text, ok bool) {
	for from < len(line) {
		if line[from] == ' ' || line[from] == '\t' {
			from++
			continue
		}
		end := from
		for end < len(line) && line[end] != ' ' && line[end] != '\t' {
			end++
		}
		name := line[from:end]
		if name[0] == '#' {
			break
		}
		if !owner.MatchString(name) {
			r.gap(r.line, catalog.Syntax, fmt.Sprintf("owner %q is neither @user, @organisation/team nor a mail address, so the code host passes over the line", name), line)
			return nil, false
		}
		owners = append(owners, catalog.Text{Value: name, At: r.place(line, from)})
		from = end
	}
	return owners, true
}

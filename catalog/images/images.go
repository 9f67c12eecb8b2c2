// Package images reads Dockerfiles. It answers "on which images does this build, and as whom does it run?" and never
// "is the image safe?" or "is the tag a good one?".
//
// It reads what Docker's own parser does of the language: parser directives, continued lines, comments between them,
// here-documents, arguments with their defaults. https://docs.docker.com/reference/dockerfile/
package images

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
)

// Limits of what is read.
const (
	MaxBytes  = 1 << 20 // of a file
	maxStages = 200
	maxValue  = 4096 // bytes of a value with its variables filled in
)

// otherEndings are those of files that are about a Dockerfile, not one.
var otherEndings = []string{".dockerignore", ".ignore", ".md", ".go", ".py", ".js", ".ts", ".tsx", ".sh", ".html", ".css", ".scss", ".json", ".yaml", ".yml", ".rst", ".patch", ".lock"}

// IsPath reports whether a file is named as a Dockerfile is: Dockerfile, Dockerfile.dev, api.Dockerfile, Containerfile.
func IsPath(file string) bool {
	base := strings.ToLower(path.Base(file))
	if slices.ContainsFunc(otherEndings, func(end string) bool { return strings.HasSuffix(base, end) }) {
		return false
	}
	for _, name := range []string{"dockerfile", "containerfile"} {
		if base == name || strings.HasPrefix(base, name+".") || strings.HasSuffix(base, "."+name) {
			return true
		}
	}
	return false
}

// Read gives the image build of a Dockerfile, or a gap. A file that holds no instruction at all is none.
func Read(file string, data []byte) catalog.Facts {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	b := &build{file: file, global: map[string]string{}, result: &catalog.ImageBuild{At: catalog.Place{File: file}}}
	switch {
	case len(data) > MaxBytes:
		b.fail(0, catalog.TooLarge, "the file has %d bytes and the limit is %d", len(data), MaxBytes)
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		b.fail(0, catalog.Encoding, "the file is not UTF-8 text. save it as UTF-8")
	default:
		b.read(string(data))
	}
	if b.gap != nil {
		if b.gap.Cause != catalog.Encoding && b.gap.Cause != catalog.TooLarge {
			b.gap.Names = document.Words(string(data))
		}
		return catalog.Facts{Gaps: []catalog.Gap{*b.gap}}
	}
	if len(b.stages) == 0 {
		return catalog.Facts{}
	}
	b.result.User = b.stages[len(b.stages)-1].user
	return catalog.Facts{ImageBuilds: []*catalog.ImageBuild{b.result}}
}

// build is one Dockerfile that is being read.
type build struct {
	file   string
	escape byte
	global map[string]string // arguments before the first FROM that have a value
	stages []*stage
	result *catalog.ImageBuild
	gap    *catalog.Gap // the first thing that could not be read, after which nothing is
}

// stage is what one FROM begins.
type stage struct {
	name      string
	parent    *stage // the stage that it builds on; nil for an image
	user      catalog.Text
	variables map[string]string // its own ARG and ENV values
}

// lookup gives the value of a variable in a stage or in those that it builds on.
func (s *stage) lookup(name string) (string, bool) {
	for ; s != nil; s = s.parent {
		if value, ok := s.variables[name]; ok {
			return value, true
		}
	}
	return "", false
}

func (b *build) fail(line int, cause catalog.Cause, format string, args ...any) {
	if b.gap == nil {
		b.gap = &catalog.Gap{Kinds: []catalog.Kind{catalog.ImageBuilds}, At: catalog.Place{File: b.file, Line: line}, Cause: cause, Detail: fmt.Sprintf(format, args...)}
	}
}

func (b *build) read(text string) {
	found := false
	for in := range instructions(text, &b.escape) {
		found = true
		if b.instruction(in); b.gap != nil {
			return
		}
	}
	if found && len(b.stages) == 0 {
		b.fail(0, catalog.Syntax, "no FROM stands in the file, so it builds no image. name the base image, or rename a fragment that others include")
	}
}

func (b *build) instruction(in instruction) {
	switch in.keyword {
	case "FROM":
		b.from(in)
	case "ARG":
		b.argument(in)
	case "ENV":
		b.environment(in)
	case "USER":
		b.user(in)
	case "RUN", "CMD", "LABEL", "MAINTAINER", "EXPOSE", "ADD", "COPY", "ENTRYPOINT", "VOLUME", "WORKDIR", "ONBUILD", "STOPSIGNAL", "HEALTHCHECK", "SHELL":
	default:
		b.unknown(in)
	}
}

// unknown states a line that is no instruction: a template's, another frontend's or a mistake.
func (b *build) unknown(in instruction) {
	whole := in.keyword + " " + in.rest()
	if isTemplate(whole) || strings.HasPrefix(in.keyword, "$") {
		b.fail(in.line, catalog.Template, "line %q is a template's. keep a rendered copy in the catalog", shorten(whole))
		return
	}
	b.fail(in.line, catalog.Syntax, "unknown instruction %q. write one of Docker's own", shorten(in.keyword))
}

func isTemplate(text string) bool {
	return slices.ContainsFunc([]string{"{{", "{%", "<%", "@@", "#{"}, func(mark string) bool { return strings.Contains(text, mark) })
}

func shorten(s string) string {
	if len(s) > 80 {
		return strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}

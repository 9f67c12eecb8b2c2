package otherci

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/workflows"
)

// script is the text of a script that remembers where each of its lines was written.
type script struct {
	text  string
	lines []line
}

// line is where one line of a script was written.
type line struct {
	at    catalog.Place // of its first character, or of the value that it stands in
	exact bool          // the columns of the line can be counted from there
}

// scriptOf gives the script that a scalar holds. Only the lines of a literal block keep their own places: quotes, folding
// and escapes move the others.
func scriptOf(n *document.Node) script {
	s := script{text: strings.TrimRight(n.Str(), "\n")}
	if s.text == "" {
		return script{}
	}
	for i := range strings.Count(s.text, "\n") + 1 {
		l := line{at: n.At}
		if n.Indent > 0 {
			l.at = catalog.Place{File: n.At.File, Line: n.At.Line + i, Col: n.Indent}
			l.exact = true
		}
		s.lines = append(s.lines, l)
	}
	return s
}

// place gives the place in the file of a position in the script, as workflows.Shell asks for it.
func (s script) place(row, col int) catalog.Place {
	if len(s.lines) == 0 {
		return catalog.Place{}
	}
	l := s.lines[min(max(row, 1), len(s.lines))-1]
	if l.exact {
		l.at.Col += max(col, 1) - 1
	}
	return l.at
}

// findings collects what readers find beside the pipeline itself: gaps.
type findings struct {
	gaps []catalog.Gap
	work int // bytes of script that were read
}

// maxWork bounds how much script is read for one file, in bytes, with smallScript for each: jobs that share a script
// multiply it.
const (
	maxWork     = 16 << 20
	smallScript = 256
)

// tools gives the tools that a script uses.
func (f *findings) tools(sh workflows.Shell, s script) []catalog.Tool {
	if strings.TrimSpace(s.text) == "" || f.spent(len(s.text), s.place(1, 1)) {
		return nil
	}
	s.text = plain(s.text)
	tools, gap := sh.Read(s.text, s.place)
	if gap != nil {
		f.gaps = append(f.gaps, *gap)
	}
	return tools
}

// spent counts a script of the given size and reports whether no more can be read; it leaves a gap when that is so for
// the first time.
func (f *findings) spent(size int, at catalog.Place) bool {
	was := f.work > maxWork
	f.work += size + smallScript
	if f.work <= maxWork {
		return false
	}
	if !was {
		f.gap(at, catalog.TooLarge, "the jobs of the file come to more than 16 MiB of script. split the pipeline")
	}
	return true
}

// gap adds a gap that may hide pipelines.
func (f *findings) gap(at catalog.Place, cause catalog.Cause, detail string) {
	f.gaps = append(f.gaps, catalog.Gap{Kinds: []catalog.Kind{catalog.Workflows}, At: at, Cause: cause, Detail: detail})
}

// expressions are what a pipeline's own engine fills in before a shell sees a script, and what no shell could parse:
// `<< parameters.x >>`, `${{ parameters.x }}`, `$[[ inputs.x ]]`, `{{ .var }}`, and Groovy's `${env.X}`.
var expressions = regexp.MustCompile(`<<\s*[A-Za-z_][\w.-]*\s*>>|\$?\{\{[^{}\n]*\}\}|\$\[\[[^\[\]\n]*\]\]|\$\{[A-Za-z_]\w*(?:\.[\w.]+|\([^{}\n]*\)|\[['"\w])[^{}\n]*\}`)

// plain puts a variable of the same length in place of such expressions, so that a shell's grammar and all positions
// hold.
func plain(text string) string {
	return expressions.ReplaceAllStringFunc(text, func(found string) string {
		if n := len([]rune(found)); n > 3 {
			return "${" + strings.Repeat("_", n-3) + "}"
		}
		return found
	})
}

// placed gives tools that have no place of their own the place where they are named.
func placed(tools []catalog.Tool, at catalog.Place) []catalog.Tool {
	for i := range tools {
		tools[i].At = tools[i].At.Or(at)
	}
	return tools
}

// softened gives tools of which none can fail its job, for the given reason.
func softened(tools []catalog.Tool, why string) []catalog.Tool {
	for i := range tools {
		if tools[i].Gates || tools[i].Unsure {
			tools[i].Gates, tools[i].Why, tools[i].Unsure = false, why, false
		}
	}
	return tools
}

// unsettled gives tools of which only a run knows whether they can fail their job, for the given reason.
func unsettled(tools []catalog.Tool, why string) []catalog.Tool {
	for i := range tools {
		if tools[i].Gates {
			tools[i].Gates, tools[i].Why, tools[i].Unsure = false, why, true
		}
	}
	return tools
}

// soften makes it so that no tool of a job can fail the run, for the given reason.
func soften(j *catalog.Job, why string) {
	for i := range j.Steps {
		j.Steps[i].Tools = softened(j.Steps[i].Tools, why)
	}
}

// unsettle makes it so that only a run knows whether a tool of a job can fail it, for the given reason.
func unsettle(j *catalog.Job, why string) {
	for i := range j.Steps {
		j.Steps[i].Tools = unsettled(j.Steps[i].Tools, why)
	}
}

package workflows

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog/document"
)

// maxMatrix is how many jobs a matrix gives at most; the values of a larger one are taken as not known.
// Source: docs.github.com, "Running variations of jobs in a workflow".
const maxMatrix = 256

// ofMatrix finds a value that is that of a name in the matrix and nothing else.
var ofMatrix = regexp.MustCompile(`^\$\{\{\s*matrix\.([A-Za-z_][\w-]*)\s*\}\}$`)

// matrixValues gives what an expression of the form `${{ matrix.name }}` stands for in the jobs of a matrix, each once; "" for
// jobs that lack the name. It reports false for other texts, and when the file does not show all values.
func matrixValues(matrix *document.Node, expression string) ([]string, bool) {
	m := ofMatrix.FindStringSubmatch(expression)
	if m == nil || matrix == nil || matrix.Kind != document.Map || !isShown(matrix.Get("include")) || !isShown(matrix.Get(m[1])) {
		return nil, false
	}
	var values []string
	add := func(value string) {
		if !slices.Contains(values, value) {
			values = append(values, value)
		}
	}
	for _, v := range matrix.Get(m[1]).List() {
		add(strings.TrimSpace(v.Str()))
	}
	alone := slices.ContainsFunc(matrix.Pairs, func(p document.Pair) bool { return p.Key.Value != "include" && p.Key.Value != "exclude" })
	if matrix.Get(m[1]) == nil && alone {
		add("") // the jobs that the other names make, unless one of `include` completes each
	}
	for _, job := range matrix.Get("include").List() {
		if v := job.Get(m[1]); v != nil || !alone {
			add(strings.TrimSpace(v.Str()))
		}
	}
	open := slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, "${{") })
	return values, len(values) > 0 && !open
}

// isShown reports whether a part of a matrix is a list that the file shows, or is not there.
func isShown(n *document.Node) bool {
	return n == nil || n.Kind == document.List && len(n.Items) <= maxMatrix
}

// inMatrix finds the expressions that stand for a value of the matrix.
var inMatrix = regexp.MustCompile(`\$\{\{\s*matrix\.[A-Za-z_][\w-]*\s*\}\}`)

// maxFilled is how many values are put in a script.
const maxFilled = 32

// filledIn gives a script with the values of the matrix in place of the first name that stands in it; nil when it has none or
// the values are not known. Names beside it stay as they are, as the file does not say which values go together.
func filledIn(script string, matrix *document.Node) []string {
	expression := inMatrix.FindString(script)
	values, known := matrixValues(matrix, expression)
	if !known || len(values) > maxFilled {
		return nil
	}
	var filled []string
	for _, value := range values {
		filled = append(filled, strings.ReplaceAll(script, expression, value))
	}
	return filled
}

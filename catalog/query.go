package catalog

import "strings"

// Lang is the language of a query.
type Lang string

// The languages that queries are written in.
const (
	PromQL    Lang = "PromQL"
	LogQL     Lang = "LogQL"
	TraceQL   Lang = "TraceQL"
	OtherLang Lang = "other" // SQL, Lucene, CloudWatch, …: shown, not judged
)

// Query is one expression of an alert, a panel or an indicator.
type Query struct {
	Text string // as written, before variables and macros are replaced
	At   Place  // of its first character
	// Indent is the column at which the second and later lines of Text begin in the file; 0 when Text stands on one
	// line of the file or its lines were folded, so that only At is known.
	Indent    int
	Lang      Lang
	Selectors []Selector // every series or stream selector, in the order of the text
	Error     string     // why the query does not parse; "" when it does or when its language is not parsed here
	ErrorAt   Place
	Templated bool // part of it stands in a Helm or ERB template, so an error may be the template's
}

// Place gives where the byte at offset of Text stands in its file, as exactly as the file's form allows.
func (q Query) Place(offset int) Place {
	if offset < 0 || offset > len(q.Text) {
		return q.At
	}
	before := q.Text[:offset]
	lines := strings.Count(before, "\n")
	if lines == 0 {
		if strings.Contains(q.Text, "\n") && q.Indent == 0 {
			return q.At
		}
		p := q.At
		p.Col += len([]rune(before))
		return p
	}
	if q.Indent == 0 {
		return q.At
	}
	p := q.At
	p.Line += lines
	p.Col = q.Indent + len([]rune(before[strings.LastIndexByte(before, '\n')+1:]))
	return p
}

// Selector is one series or stream selector of a query.
type Selector struct {
	Metric   string // "" when a LogQL selector or a selector by __name__ pattern
	Matchers []Matcher
	Offset   int // bytes into Query.Text
}

// Matcher is one label matcher of a selector.
type Matcher struct {
	Name, Op, Value string // Op is =, !=, =~ or !~
}

// Label is a key with its value: a rule's label or annotation, a resource's label.
type Label struct {
	Key       string
	Value     string
	At        Place // of the value
	FromGroup bool  // inherited from the rule's group
}

// Text gives the label's value with its place.
func (l Label) Text() Text { return Text{l.Value, l.At} }

// FindLabel gives the first label of the given key among labels.
func FindLabel(labels []Label, key string) (Label, bool) {
	for _, l := range labels {
		if l.Key == key {
			return l, true
		}
	}
	return Label{}, false
}

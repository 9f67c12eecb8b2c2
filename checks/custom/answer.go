package custom

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/mapping"
	"obsready/catalog/tomldoc"
)

// Bounds of what a check may say of a service.
const (
	maxRequirements = 1000
	longestMessage  = 1000 // bytes
)

// retries bounds how often a check is asked again about fewer services because it failed for some.
const retries = 24

// requirement is one requirement as a program states it.
type requirement struct {
	State   catalog.Text `toml:"state" required:"true" enum:"met,unmet,missing,unknown" doc:"What became of it; missing is unmet, unless what is missing may stand in a file that could not be read"`
	Message catalog.Text `toml:"message" required:"true" doc:"met: what was believed; else the fact, the value quoted, and the way out"`
	Where   catalog.Text `toml:"at" doc:"Place of what was judged, as the facts have it; that of the service's entry when it is not stated"`
	Cause   catalog.Text `toml:"cause" doc:"What it has in common with findings of other services, in a sentence: these are told once"`

	At catalog.Place
}

// exemption is what a program gives for a service of which it requires nothing.
type exemption struct {
	NotApplicable catalog.Text `toml:"notApplicable" required:"true" doc:"Why nothing is required of the service"`
}

// answer is what one check said of one service.
type answer struct {
	requirements  []requirement
	notApplicable string
	fault         string // why there is no answer
	at            catalog.Place
}

// questioning is one check being asked about all services.
type questioning struct {
	set     *Set
	check   *check
	estate  *catalog.Estate
	answers map[string]answer // by service ID
	gaps    []catalog.Gap
	told    map[string]bool // details of gaps, each of which is told once
	left    int             // how often it may be asked again
}

// ask puts one batch to the program. When it fails with an error of its own, or says too much, it is asked again about each
// half, so that one service with odd facts does not take the answers about all others away.
func (q *questioning) ask(ctx context.Context, b batch) {
	if q.check.broken != "" || len(b.ids) == 0 {
		return
	}
	out, gap := q.set.evaluate(ctx, q.check.file, askingCode(q.check.file), b.document(), nil)
	if gap == nil {
		if gap = q.read(out.JSON, b); gap == nil {
			return
		}
	}
	ofOne := gap.Cause == catalog.Failed || gap.Cause == catalog.TooLarge // others may do well
	if ofOne && len(b.ids) > 1 && q.left >= 2 && ctx.Err() == nil {
		q.left -= 2
		first, second := b.halves()
		q.ask(ctx, first)
		q.ask(ctx, second)
		return
	}
	if ofOne && len(b.ids) > 1 {
		gap.Detail = fmt.Sprintf("%s, for one of %d services at least, and it fails for too many to ask about each", gap.Detail, len(b.ids))
	}
	for _, id := range b.ids {
		q.fault(id, *gap)
	}
}

// fault notes that there is no answer about a service.
func (q *questioning) fault(id string, g catalog.Gap) {
	q.answers[id] = answer{fault: fmt.Sprintf("the check cannot be asked about the service (%s: %s)", g.Cause, g.Detail), at: g.At}
	if q.told == nil {
		q.told = map[string]bool{}
	}
	if key := g.String(); !q.told[key] {
		q.told[key] = true
		g.Detail = fmt.Sprintf("%s (about service %q)", g.Detail, id)
		g.Names, g.Kinds = map[string]bool{}, nil
		q.gaps = append(q.gaps, g)
	}
}

// read takes the answers about the services of a batch, or says why there are none.
func (q *questioning) read(output []byte, b batch) *catalog.Gap {
	docs, gaps := document.ParseJSON(q.check.file, output)
	items := []*document.Node(nil)
	if len(gaps) == 0 && len(docs) == 1 {
		items = docs[0].Root.List()
	}
	if len(items) != len(b.ids) {
		return &catalog.Gap{At: catalog.Place{File: q.check.file}, Cause: catalog.TooLarge, Detail: "what the check returns is too much to be read. return fewer requirements"}
	}
	for i, id := range b.ids {
		a, fault := q.answer(items[i])
		if fault != "" {
			q.fault(id, catalog.Gap{At: catalog.Place{File: q.check.file}, Cause: catalog.BadValue, Detail: fault})
			continue
		}
		q.answers[id] = a
	}
	return nil
}

const way = "expected an array of requirements, each with state, message and at, or an object with notApplicable"

// answer reads what was said of one service.
func (q *questioning) answer(n *document.Node) (a answer, fault string) {
	n = bare(n, catalog.Place{File: q.check.file})
	switch {
	case n.Kind == document.Scalar && n.Tag == "null":
		return answer{}, ""
	case n.Kind == document.Scalar:
		return answer{}, fmt.Sprintf("check returns %s. %s", kindOf(n), way)
	case n.Kind == document.Map && n.Get("notApplicable") != nil:
		var e exemption
		if fault := decode(q.check.file, n, &e, "check returns an object of which "); fault != "" {
			return answer{}, fault
		}
		return answer{notApplicable: shortened(clean(e.NotApplicable.Value))}, ""
	case n.Kind == document.Map:
		n = &document.Node{Kind: document.List, Items: []*document.Node{n}, At: n.At}
	}
	if len(n.Items) > maxRequirements {
		return answer{}, fmt.Sprintf("check returns %d requirements. return at most %d", len(n.Items), maxRequirements)
	}
	for i, item := range n.Items {
		r, fault := q.requirement(i, item)
		if fault != "" {
			return answer{}, fault
		}
		a.requirements = append(a.requirements, r)
	}
	return a, ""
}

// kindOf names a value as it stands in a message.
func kindOf(n *document.Node) string {
	switch {
	case n.Kind == document.List:
		return "an array"
	case n.Tag == "str":
		return fmt.Sprintf("%q", shortened(n.Value))
	}
	return n.Value
}

func (q *questioning) requirement(i int, n *document.Node) (r requirement, fault string) {
	which := fmt.Sprintf("requirement %d: ", i)
	if n.Kind != document.Map {
		return r, fmt.Sprintf("%sit is %s. %s", which, kindOf(n), way)
	}
	if fault := decode(q.check.file, n, &r, which); fault != "" {
		return r, fault
	}
	r.Message.Value, r.Cause.Value = shortened(clean(r.Message.Value)), shortened(clean(r.Cause.Value))
	switch {
	case r.State.Value == "":
		return r, which + "it has no state. add state: one of met, unmet, missing, unknown"
	case r.Message.Value == "":
		return r, which + "it has no message. add message: the fact, the value, and the way out"
	}
	r.At = catalog.Place{}
	if r.Where.Value == "" {
		return r, ""
	}
	at, ok := mapping.ParsePlace(r.Where.Value)
	if inside := path.Join(q.set.root, at.File); !q.estate.HasFile(at.File) && q.estate.HasFile(inside) {
		at.File = inside // of a catalog in a folder, as its paths for native functions are
	}
	if !ok || !q.estate.HasFile(at.File) {
		return r, fmt.Sprintf("%sat %q names no file of the catalog. take a place of the facts, as in at: service.owner.at", which, shortened(r.Where.Value))
	}
	r.At = at
	return r, ""
}

// decode reads an object and gives its first problem.
func decode(file string, n *document.Node, into any, prefix string) string {
	problems := tomldoc.FromTree(file, n).Decode(into)
	if len(problems) == 0 {
		return ""
	}
	return prefix + problems[0].Detail
}

// bare gives every value the same place: those in the output of the program say nothing.
func bare(n *document.Node, at catalog.Place) *document.Node {
	n.At = at
	for i := range n.Pairs {
		n.Pairs[i].Key.At = at
		bare(n.Pairs[i].Value, at)
	}
	for _, item := range n.Items {
		bare(item, at)
	}
	return n
}

// shortened bounds a text of the program's own.
func shortened(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= longestMessage {
		return text
	}
	cut := longestMessage
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// batch is some of the services, each with its facts.
type batch struct {
	ids    []string
	facts  [][]byte
	estate []byte
}

// halves gives the batch in two.
func (b batch) halves() (first, second batch) {
	half := len(b.ids) / 2
	return batch{b.ids[:half], b.facts[:half], b.estate}, batch{b.ids[half:], b.facts[half:], b.estate}
}

// document gives the facts as one JSON text.
func (b batch) document() []byte {
	text := slices.Concat([]byte(`{"estate":`), b.estate, []byte(`,"services":[`))
	for i, f := range b.facts {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, f...)
	}
	return append(text, "]}"...)
}

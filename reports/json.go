package reports

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"obsready/catalog"
	"obsready/scorecard"
)

//go:embed report.schema.json
var schema []byte

// Schema gives the JSON Schema (draft 2020-12) of what the format json writes.
func Schema() []byte { return append([]byte(nil), schema...) }

// writeJSON writes everything that was concluded, for other tools. The same report gives the same bytes. Elements of the
// long lists stand on a line each: they can be compared line by line, and are put together one at a time, so that
// memory does not follow the size of the estate.
func writeJSON(w io.Writer, r *scorecard.Report, _ Options) error {
	e := jsonEncoder{w: bufio.NewWriterSize(w, 64<<10)}
	v := jsonView{revision: r.Estate.Revision, causes: indexCauses(r)}
	e.field("format", reportFormat)
	e.field("version", reportVersion)
	e.field("ruleSet", r.RuleSet)
	e.field("now", r.Now.UTC())
	e.field("revision", v.revisionOf())
	if live := r.Estate.Live; live != nil {
		e.field("grafana", grafanaOf(live))
	}
	e.field("counts", countsOf(r.Estate.Counts))
	e.field("policy", policyOf(r.Policy))
	e.field("summary", summaryOf(r.Summary))
	eachOf(&e, "checks", r.Checks, checkOf(r.Policy))
	eachOf(&e, "answers", r.Answers, v.answer)
	eachOf(&e, "promises", r.Promises, v.promise)
	eachOf(&e, "threads", r.Threads, v.thread)
	eachOf(&e, "actions", r.Actions, actionOf)
	e.field("reflection", v.reflection(r.Reflection))
	eachOf(&e, "attestations", r.Attestations, v.attestation)
	eachOf(&e, "causes", r.Causes, causeOf)
	eachOf(&e, "teams", r.Teams, v.team)
	eachOf(&e, "services", r.Cards, v.service)
	eachOf(&e, "orphans", r.Estate.Orphans, func(o catalog.Orphan) jsonOrphan { return jsonOrphan{string(o.Kind), o.Name, v.place(o.At), o.Problem} })
	eachOf(&e, "gaps", r.Estate.Gaps, v.gap)
	if r.History != nil {
		v.writeHistory(&e, r.History)
	}
	if r.Comparison != nil {
		v.writeComparison(&e, r.Comparison)
	}
	return e.close()
}

// jsonEncoder writes one object, field by field. The first error stays.
type jsonEncoder struct {
	w      *bufio.Writer
	begun  bool
	failed error
}

func (e *jsonEncoder) field(name string, value any) {
	e.name(name)
	e.value(name, value)
}

// eachOf writes a field whose value is a list, making one element at a time.
func eachOf[T, U any](e *jsonEncoder, name string, items []T, view func(T) U) {
	e.name(name)
	e.text("[")
	for i, item := range items {
		if i > 0 {
			e.text(",")
		}
		e.text("\n")
		e.value(name, view(item))
	}
	if len(items) > 0 {
		e.text("\n")
	}
	e.text("]")
}

// object writes a field whose value is an object, with the fields that write writes.
func (e *jsonEncoder) object(name string, write func()) {
	e.name(name)
	e.begun = false
	write()
	if !e.begun {
		e.text("{")
	}
	e.text("}")
	e.begun = true
}

func (e *jsonEncoder) name(name string) {
	if e.begun {
		e.text(",\n")
	} else {
		e.text("{")
		e.begun = true
	}
	e.text(`"` + name + `":`)
}

func (e *jsonEncoder) value(name string, value any) {
	data, err := json.Marshal(value)
	if err != nil && e.failed == nil {
		e.failed = fmt.Errorf("could not write %s as JSON: %w", name, err)
	}
	e.text(escapeSteering(string(data)))
}

// escapeSteering writes characters that steer or hide as escapes of JSON. Their value stays, and a report that is printed
// to a terminal shows what it holds.
func escapeSteering(text string) string {
	if strings.IndexFunc(text, steers) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if !steers(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

func (e *jsonEncoder) text(text string) {
	if e.failed == nil {
		_, e.failed = e.w.WriteString(text)
	}
}

func (e *jsonEncoder) close() error {
	e.text("}\n")
	if e.failed != nil {
		return e.failed
	}
	return e.w.Flush()
}

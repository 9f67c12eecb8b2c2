package sboms

import (
	"errors"
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// marks are the members at the top of a JSON document that tell what it is.
type marks struct {
	bomFormat, spdxVersion, specVersion, schema, context string
	csaf                                                 string // the category of a CSAF document
	inner                                                []byte // the document inside an envelope
	innerAt                                              int
	line                                                 int // of bomFormat
}

func (m marks) decided() bool {
	return m.bomFormat != "" || m.spdxVersion != "" || m.context != "" || m.csaf != ""
}

// readJSON finds out by its content which format the document has, and reads it.
func (b *bill) readJSON() bool {
	m, err := b.sniff()
	switch {
	case m.bomFormat == "CycloneDX":
		b.walk((&cycloneDX{bill: b}).read)
	case m.bomFormat != "":
		b.fail(m.line, catalog.BadValue, "bomFormat %q is not CycloneDX's. write \"CycloneDX\"", m.bomFormat)
	case m.spdxVersion != "":
		b.walk((&spdx{bill: b}).read)
	case strings.Contains(m.context, "openvex"):
		b.walk(b.readOpenVEX)
	case strings.Contains(m.context, "spdx.org"):
		b.walk((&spdx3{bill: b}).read)
	case m.csaf == "csaf_vex":
		b.walk(b.readCSAF)
	case err != nil:
		b.fail(err.line, catalog.Syntax, "the document is no JSON: %s. generate it again", err.reason)
	case m.specVersion != "" && strings.Contains(m.schema, "cyclonedx.org"):
		b.fail(0, catalog.BadValue, "the CycloneDX document has no bomFormat. write \"CycloneDX\"")
	case m.inner != nil && !b.unwrapped:
		b.body, b.base, b.unwrapped = m.inner, b.base+m.innerAt, true
		return b.readJSON()
	default:
		return false
	}
	return true
}

// broken is where and why JSON text could not be read on.
type broken struct {
	line   int
	reason string
}

var errDecided = errors.New("the format is known")

// sniff goes over the members at the top until they tell the format. Attestations (in-toto) and answers of GitHub's API
// hold the document in a member of its own.
func (b *bill) sniff() (m marks, trouble *broken) {
	w := jsonwalk.New(b.body)
	err := w.Object(func(key string) (err error) {
		switch key {
		case "bomFormat":
			var at int
			m.bomFormat, at, err = w.Scalar()
			m.line = b.text("", at).At.Line
		case "spdxVersion":
			m.spdxVersion, _, err = w.Scalar()
		case "specVersion":
			m.specVersion, _, err = w.Scalar()
		case "$schema":
			m.schema, _, err = w.Scalar()
		case "@context":
			m.context, err = context(w)
		case "document":
			m.csaf, err = category(w)
		case "sbom", "predicate":
			m.innerAt = w.Offset()
			m.inner, err = w.Raw()
		default:
			err = w.Skip()
		}
		if err == nil && m.decided() {
			return errDecided
		}
		return err
	})
	if err == nil {
		err = w.End()
	}
	if err == nil || errors.Is(err, errDecided) {
		return m, nil
	}
	return m, b.broken(w, err)
}

func (b *bill) broken(w *jsonwalk.Walker, err error) *broken {
	return &broken{b.text("", w.Stopped()).At.Line, jsonwalk.Reason(err)}
}

// context gives a JSON-LD context: a string, or a list of which the first string counts.
func context(w *jsonwalk.Walker) (value string, err error) {
	if !w.IsList() {
		value, _, err = w.Scalar()
		return value, err
	}
	err = w.Array(func() error {
		item, _, err := w.Scalar()
		if value == "" {
			value = item
		}
		return err
	})
	return value, err
}

// category gives the category of a CSAF document.
func category(w *jsonwalk.Walker) (value string, err error) {
	err = w.Object(func(key string) (err error) {
		if key != "category" {
			return w.Skip()
		}
		value, _, err = w.Scalar()
		return err
	})
	return value, err
}

// walk reads the whole document; text that does not parse to its end is a gap.
func (b *bill) walk(visit func(w *jsonwalk.Walker) error) {
	w := jsonwalk.New(b.body)
	err := visit(w)
	if err == nil {
		err = w.End()
	}
	if err != nil {
		trouble := b.broken(w, err)
		b.gap = nil
		b.fail(trouble.line, catalog.Syntax, "the document is no JSON: %s. generate it again", trouble.reason)
	}
}

// scalar takes in a value as a text with its place. The first of several counts: working out a place takes a look at all
// lines above.
func (b *bill) scalar(w *jsonwalk.Walker, into *catalog.Text) error {
	value, at, err := w.Scalar()
	if err == nil && value != "" && into.IsZero() {
		*into = b.text(value, at)
	}
	return err
}

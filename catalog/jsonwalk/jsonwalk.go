// Package jsonwalk goes through JSON text member by member without building a tree of it, so that a lockfile or a bill
// of materials of many megabytes costs one pass and little memory. It answers "where is this member, and what is its
// value?" and never "is the document valid?". Small files, of which most values matter, are better read by
// catalog/document.
package jsonwalk

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"obsready/catalog"
)

// Walker is a position in JSON text. Its methods each take in exactly one value, so that they can be put together as
// the text is. Text beyond the decoder's own limit of nesting (10,000 levels) is an error of every method.
type Walker struct {
	data    []byte
	decoder *jsontext.Decoder
}

// New gives a walker before the first value of data, which it neither changes nor copies.
func New(data []byte) *Walker {
	w := &Walker{data: data}
	// Looking for duplicate names would keep a set of every object's names.
	w.decoder = jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true))
	return w
}

// Object takes in an object and calls member with the name of each of its members; member must take in the value. What
// is no object is passed over.
func (w *Walker) Object(member func(name string) error) error {
	if w.decoder.PeekKind() != '{' {
		return w.decoder.SkipValue()
	}
	if _, err := w.decoder.ReadToken(); err != nil {
		return err
	}
	for w.decoder.PeekKind() != '}' {
		token, err := w.decoder.ReadToken()
		if err != nil {
			return err
		}
		if err := member(token.String()); err != nil {
			return err
		}
	}
	_, err := w.decoder.ReadToken()
	return err
}

// Array takes in an array and calls item before each of its values; item must take in the value. What is no array is
// passed over.
func (w *Walker) Array(item func() error) error {
	if w.decoder.PeekKind() != '[' {
		return w.decoder.SkipValue()
	}
	if _, err := w.decoder.ReadToken(); err != nil {
		return err
	}
	for w.decoder.PeekKind() != ']' {
		if err := item(); err != nil {
			return err
		}
	}
	_, err := w.decoder.ReadToken()
	return err
}

// Scalar takes in a value and gives it as text with the offset of its first character, inside the quotes of a string.
// What is no string, number or boolean is passed over and gives "".
func (w *Walker) Scalar() (value string, offset int, err error) {
	offset = w.Offset()
	switch w.decoder.PeekKind() {
	case '"':
		offset++
	case '0', 't', 'f':
	default:
		return "", offset, w.decoder.SkipValue()
	}
	token, err := w.decoder.ReadToken()
	if err != nil {
		return "", offset, err
	}
	return token.String(), offset, nil
}

// Skip passes over a value.
func (w *Walker) Skip() error { return w.decoder.SkipValue() }

// Raw takes in a value and gives its text, which is a part of the data.
func (w *Walker) Raw() ([]byte, error) {
	start := w.Offset()
	if err := w.decoder.SkipValue(); err != nil {
		return nil, err
	}
	return w.data[start:w.decoder.InputOffset()], nil
}

// IsList reports whether the coming value is an array.
func (w *Walker) IsList() bool { return w.decoder.PeekKind() == '[' }

// IsTable reports whether the coming value is an object.
func (w *Walker) IsTable() bool { return w.decoder.PeekKind() == '{' }

// End gives an error when anything but white space is left.
func (w *Walker) End() error {
	_, err := w.decoder.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
		return nil
	case err == nil:
		return errors.New("text stands after the end of the JSON value")
	}
	return err
}

// Offset gives the offset of the coming value's first byte.
func (w *Walker) Offset() int {
	i := int(w.decoder.InputOffset())
	for i < len(w.data) && bytes.IndexByte([]byte(" \t\r\n,:"), w.data[i]) >= 0 {
		i++
	}
	return i
}

// Stopped gives the offset that was reached, which after an error is where the trouble stands.
func (w *Walker) Stopped() int { return int(w.decoder.InputOffset()) }

// Reason gives the message of an error without the decoder's own prefix and position.
func Reason(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "the text ends in the middle of a value"
	}
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) && syntactic.Err != nil {
		return syntactic.Err.Error()
	}
	return err.Error()
}

// Place gives the place of a byte offset in a file's data: line and column in characters.
func Place(file string, data []byte, offset int) catalog.Place {
	before := data[:min(max(offset, 0), len(data))]
	lineStart := bytes.LastIndexByte(before, '\n') + 1
	return catalog.Place{File: file, Line: 1 + bytes.Count(before, []byte("\n")), Col: 1 + utf8.RuneCount(before[lineStart:])}
}

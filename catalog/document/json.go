package document

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"obsready/catalog"
)

// ParseJSON gives the one document of a JSON file, or a gap. It reads what YAML's parser refuses in JSON (`\/` and
// surrogate pairs) and is several times as fast.
func ParseJSON(file string, data []byte) ([]Document, []catalog.Gap) {
	text, gap := decodeText(file, data)
	if gap != nil {
		return nil, []catalog.Gap{*gap}
	}
	return parse(source{file: file, text: text, at: catalog.Place{File: file, Line: 1, Col: 1}, indent: 1, json: true})
}

func parseJSON(s source) ([]Document, []catalog.Gap) {
	j := jsonBuilder{source: s, decoder: jsontext.NewDecoder(strings.NewReader(s.text), jsontext.AllowDuplicateNames(true)), line: 1, col: 1}
	root, err := j.value(0)
	if err == nil {
		if _, more := j.decoder.ReadToken(); !errors.Is(more, io.EOF) {
			err = errors.New("text stands after the end of the JSON value")
		}
	}
	if err == nil {
		return []Document{{Root: root, File: s.file, Templated: s.templated}}, nil
	}
	if errors.Is(err, io.EOF) && strings.TrimSpace(s.text) == "" {
		return nil, nil
	}
	g := catalog.Gap{At: j.at(int(j.decoder.InputOffset())), Cause: catalog.Syntax, Detail: jsonMessage(err), Names: Words(s.text)}
	switch {
	case errors.Is(err, errTooDeep):
		g.Cause, g.Detail = catalog.TooDeep, fmt.Sprintf("values are nested deeper than %d levels", MaxDepth)
	case errors.Is(err, errTooMany):
		g.Cause, g.Detail = catalog.TooDeep, fmt.Sprintf("more than %d values", MaxNodes)
	case looksLikeHelm(s.text):
		g.Cause = catalog.Template
		g.Detail += ". the file is a template: keep a rendered copy in the catalog"
	}
	return nil, []catalog.Gap{g}
}

// jsonMessage gives the error without the decoder's prefix and its position in bytes, which the gap's place replaces.
func jsonMessage(err error) string {
	var syntactic *jsontext.SyntacticError
	if errors.As(err, &syntactic) && syntactic.Err != nil {
		return syntactic.Err.Error()
	}
	return err.Error()
}

type jsonBuilder struct {
	source
	decoder *jsontext.Decoder
	count   int
	// The position reached so far; offsets are asked for in rising order, so one pass serves them all.
	offset, line, col int
}

// at gives the place of a byte offset, which must not be smaller than that of the call before.
func (j *jsonBuilder) at(offset int) catalog.Place {
	for ; j.offset < offset && j.offset < len(j.text); j.offset++ {
		switch c := j.text[j.offset]; {
		case c == '\n':
			j.line++
			j.col = 1
		case c < 0x80 || c >= 0xC0: // not a continuation byte
			j.col++
		}
	}
	return j.place(j.line, j.col)
}

// next gives the place where the coming token begins.
func (j *jsonBuilder) next() catalog.Place {
	i := int(j.decoder.InputOffset())
	for i < len(j.text) && strings.IndexByte(" \t\r\n,:", j.text[i]) >= 0 {
		i++
	}
	return j.at(i)
}

func (j *jsonBuilder) value(depth int) (*Node, error) {
	if depth > MaxDepth {
		return nil, errTooDeep
	}
	if j.count++; j.count > MaxNodes {
		return nil, errTooMany
	}
	n := &Node{At: j.next(), Exact: j.indent > 0}
	token, err := j.decoder.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		n.Kind = Map
		for j.decoder.PeekKind() != '}' {
			at := j.next()
			if j.indent > 0 {
				at.Col++ // the character after the quote
			}
			key, err := j.decoder.ReadToken()
			if err != nil {
				return nil, err
			}
			k := catalog.Text{Value: shared(key.String()), At: at}
			v, err := j.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.Pairs = append(n.Pairs, Pair{k, v})
		}
		_, err = j.decoder.ReadToken()
		return n, err
	case '[':
		n.Kind = List
		for j.decoder.PeekKind() != ']' {
			v, err := j.value(depth + 1)
			if err != nil {
				return nil, err
			}
			n.Items = append(n.Items, v)
		}
		_, err = j.decoder.ReadToken()
		return n, err
	case '"':
		n.Tag, n.Value = "str", shared(token.String())
		if j.indent > 0 {
			n.At.Col++
		}
	case '0':
		n.Tag, n.Value = "float", token.String()
		if !strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "int"
		}
	case 't', 'f':
		n.Tag, n.Value = "bool", token.String()
	default:
		n.Tag = "null"
	}
	return n, nil
}

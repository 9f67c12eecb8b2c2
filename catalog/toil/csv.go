package toil

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
)

// maxRows bounds the entries that are read of one file.
const maxRows = 10_000

// ReadCSV gives the log of a CSV file whose first row names the columns: task, category, often, lasts, ticket, owner, team,
// service, done, or words that mean the same. Commas, semicolons or tabs separate cells. It reports false when the
// columns are not those of a log.
func ReadCSV(file string, data []byte) (catalog.Facts, bool) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return unread(file, 0, catalog.Encoding, "the file is not UTF-8 text. save it as UTF-8"), true
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = separator(data), '#', -1, true
	lines := bytes.Split(data, []byte("\n"))
	header, err := r.Read()
	if err != nil {
		return unread(file, 1, catalog.Syntax, "the file has no row that names its columns. write task,category,often,lasts,ticket,owner"), true
	}
	l := layoutOf(header)
	if !l.isLog() {
		return catalog.Facts{}, false
	}
	log := &catalog.ToilLog{Percent: -1, At: catalog.Place{File: file, Line: 1}}
	facts := catalog.Facts{ToilLogs: []*catalog.ToilLog{log}}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return facts, true
		}
		if err != nil {
			facts.Gaps = append(facts.Gaps, syntaxGap(file, data, err))
			return facts, true
		}
		if len(log.Entries) == maxRows {
			facts.Gaps = append(facts.Gaps, unread(file, 1, catalog.TooLarge, fmt.Sprintf("the log has more than %d entries. split it", maxRows)).Gaps...)
			return facts, true
		}
		if e, ok := l.entry(texts(file, lines, r, record)); ok {
			log.Entries = append(log.Entries, e)
		}
	}
}

// texts gives the cells of a record with their places.
func texts(file string, lines [][]byte, r *csv.Reader, record []string) []catalog.Text {
	cells := make([]catalog.Text, len(record))
	for i, value := range record {
		line, col := r.FieldPos(i)
		at := catalog.Place{File: file, Line: line, Col: col}
		if line >= 1 && line <= len(lines) && col-1 <= len(lines[line-1]) {
			at.Col = utf8.RuneCount(lines[line-1][:col-1]) + 1
		}
		cells[i] = catalog.Text{Value: strings.TrimSpace(value), At: at}
	}
	return cells
}

func syntaxGap(file string, data []byte, err error) catalog.Gap {
	line := 1
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		line, err = parse.Line, parse.Err
	}
	g := unread(file, line, catalog.Syntax, fmt.Sprintf("the row does not parse: %v. write a quotation mark inside quotes twice", err)).Gaps[0]
	g.Names = document.Words(string(data))
	return g
}

func unread(file string, line int, cause catalog.Cause, detail string) catalog.Facts {
	return catalog.Facts{Gaps: []catalog.Gap{{Kinds: []catalog.Kind{catalog.ToilLogs}, At: catalog.Place{File: file, Line: line}, Cause: cause, Detail: detail}}}
}

// separator gives the sign that stands most often between the cells of the first row, a comma when none does.
func separator(data []byte) rune {
	best, most := ',', 0
	for _, sign := range []rune{',', ';', '\t'} {
		if n := countOutside(data, sign); n > most {
			best, most = sign, n
		}
	}
	return best
}

// countOutside counts a sign outside of quotes on the first line that is no comment.
func countOutside(data []byte, sign rune) int {
	n, quoted := 0, false
	for line := range bytes.Lines(data) {
		if trimmed := bytes.TrimSpace(line); len(trimmed) == 0 || trimmed[0] == '#' {
			continue
		}
		for _, r := range string(line) {
			switch {
			case r == '"':
				quoted = !quoted
			case r == sign && !quoted:
				n++
			}
		}
		break
	}
	return n
}

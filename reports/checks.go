package reports

import (
	"bytes"
	"io"
	"strings"

	"obsready/checks"
)

// WriteChecks shows a table of checks, in the given order, below a heading for each pillar.
func WriteChecks(w io.Writer, all []*checks.Check, o Options) error {
	t := table{columns: []column{{title: "check"}, {title: "level"}, {title: "severity"}, {title: "true when it passes", least: 20, wraps: true}}}
	for i, c := range all {
		if i == 0 || c.Pillar != all[i-1].Pillar {
			t.rows = append(t.rows, []cell{{}, {}, {}, {}}, []cell{{strings.ToUpper(string(c.Pillar)), strong}, {}, {}, {}})
		}
		t.rows = append(t.rows, []cell{{c.ID, named}, {text: c.Levels()}, {c.Severity.String(), severityTone(c.Severity)}, {text: c.Title}})
	}
	var b bytes.Buffer
	if len(t.rows) > 0 {
		t.rows = t.rows[1:] // no empty row below the header
		b.WriteString(t.screen(o.columns(), o.Color))
	}
	_, err := w.Write(b.Bytes())
	return err
}

func severityTone(s checks.Severity) tone {
	switch s {
	case checks.Critical:
		return bad
	case checks.High:
		return unsure
	default:
		return neutral
	}
}

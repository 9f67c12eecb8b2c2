package reports

import (
	"encoding/csv"
	"strings"
	"testing"
)

func TestCellText(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+49 30 1234": "'+49 30 1234", "-1+1": "'-1+1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "' =1", "\r=1": "' =1", "\n@x": "' @x", "  =1": "'  =1",
		"\u00a0=1": "'\u00a0=1", "\u202e=1": "'\ufffd=1", "＝1": "'＝1", "--help": "'--help", "-": "'-", "-1e": "'-1e",
		"-5": "-5", "-1.5": "-1.5", "-1,000.25": "-1,000.25", "": "", "checkout": "checkout", "a=b": "a=b", "'=1": "'=1", "日本": "日本", "a\x1b[31m": "a\ufffd[31m",
	} {
		if got := cellText(text); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

// TestCSV reads the tables as RFC 4180 has them and looks for cells that a spreadsheet would compute.
func TestCSV(t *testing.T) {
	r := sample()
	r.Cards[1].Service.ID, r.Cards[1].Service.Title.Value = "=HYPERLINK(\"x\")", "two\r\nlines, \"quoted\""
	r.Cards[1].Results[2].Requirements[1].Message = "@cmd|'/c calc'!A0\n"
	for format, rows := range map[string]int{"csv": 7, "csv-findings": 14} {
		out := render(t, format, r, Options{})
		if strings.Count(out, "\r\n") != strings.Count(out, "\n") || strings.HasPrefix(out, "\ufeff") {
			t.Errorf("%s: lines do not end as RFC 4180 has them, or it has a mark of its byte order", format)
		}
		table, err := csv.NewReader(strings.NewReader(out)).ReadAll() // every row has as many cells
		if err != nil {
			t.Fatal(err)
		}
		if len(table) != rows {
			t.Errorf("%s has %d rows, want %d", format, len(table), rows)
		}
		for _, row := range table {
			for i, cell := range row {
				if cell != "" && strings.Contains("=+-@\t\r", cell[:1]) && !negative.MatchString(cell) {
					t.Errorf("%s: %s is computed: %q", format, table[0][i], cell)
				}
			}
		}
	}
	if out := render(t, "csv", r, Options{}); !strings.Contains(out, `"'=HYPERLINK(""x"")","two  lines, ""quoted""",payments`) {
		t.Errorf("got %s", out)
	}
	if out := render(t, "csv", sample(), Options{Team: "payments"}); strings.Count(out, "\r\n") != 4 {
		t.Errorf("a team's table is %s", out)
	}
	if out := render(t, "csv-findings", sample(), Options{Service: "ledger"}); strings.Count(out, "\r\n") != 2 {
		t.Errorf("a service's table is %s", out)
	}
}

package reports

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"obsready/checks"
)

func TestReadPrevious(t *testing.T) {
	r := sample()
	p := earlier(t, r)
	if !p.Now.Equal(r.Now.AddDate(0, 0, -7)) || p.Commit != strings.Repeat("b", 40) || p.RuleSet != checks.RuleSet || p.Policy != r.Policy.Digest() || p.Live {
		t.Errorf("got %+v", p)
	}
	if p.Standing.Services != 6 || len(p.Services) != 6 || len(p.Teams) != 4 || len(p.Checks) != 4 {
		t.Errorf("got %d services, %d teams, %d checks", len(p.Services), len(p.Teams), len(p.Checks))
	}
	checkout := p.Services["checkout"]
	if checkout == nil || checkout.Team != "payments" || !checkout.Rated || checkout.Level != checks.None || len(checkout.Results) != 4 {
		t.Fatalf("got %+v", checkout)
	}
	if f := checkout.Results[2]; f.Check != "alert-runbook" || f.Verdict != checks.Fail || f.Finding == nil || f.Finding.At != place("services/checkout/alerts.yaml", 12) || !strings.Contains(f.Finding.Text, "CheckoutSlow") {
		t.Errorf("got %+v", f)
	}
	if zlib := p.Services["zlib"]; zlib.Rated {
		t.Error("a service that is not rated has a level")
	}
	if p.Services[hostileService] == nil || p.Teams[hostileTeam].Services != 1 {
		t.Error("hostile names are lost")
	}
}

// anyOrder is a report whose fields stand in another order than they are written in.
const anyOrder = `{"unknown":{"deep":[[{"a":[1,2,{"b":[]}]}],null,"]"]},"services":[{"id":"a","level":"gold","results":[{"check":"x","verdict":"pass","points":1,"earned":1,"requirements":[]}]}],
	"teams":[],"checks":[{"id":"x"}],"summary":{"services":1,"ready":1,"levels":{"gold":1},"score":{"earned":1,"possible":1}},"now":"2026-01-01T00:00:00+01:00","ruleSet":"2026.1","version":1,"format":"obsready report","gaps":[{"at":{}}]} `

func TestReadsAnyOrderAndTheVersionBefore(t *testing.T) {
	p, err := ReadPrevious(strings.NewReader(anyOrder))
	if err != nil {
		t.Fatal(err)
	}
	if p.Services["a"].Level != checks.Gold || p.Standing.Levels[checks.Gold] != 1 || p.Now.Hour() != 23 || p.Policy != "" {
		t.Errorf("got %+v", p)
	}
}

func TestRefusesWhatIsNoEarlierReport(t *testing.T) {
	whole := render(t, "json", sample(), Options{})
	tests := map[string]struct{ text, want string }{
		"nothing":          {"", "the earlier report is empty"},
		"spaces":           {"   \n", "ends in the middle"},
		"a page":           {"<html>", "is no JSON"},
		"a list":           {"[]", "it is no report of obsready"},
		"another file":     {`{"a":1}`, `it has no "format"`},
		"another format":   {`{"format":"obsready deadlines","version":1}`, `its format is "obsready deadlines"`},
		"a later version":  {`{"format":"obsready report","version":3}`, "it is of version 3 of the format, and versions 1 and 2 are known"},
		"a verdict":        {strings.Replace(whole, `"verdict":"fail","points"`, `"verdict":"bad","points"`, 1), `has the unknown verdict "bad"`},
		"a level":          {strings.Replace(whole, `"level":"none","required"`, `"level":"platinum","required"`, 1), `unknown level "platinum"`},
		"a number as text": {strings.Replace(whole, `"version":2`, `"version":"2"`, 1), "is damaged"},
		"twice":            {strings.Replace(whole, `"format":`, `"format":"obsready report","format":`, 1), `it has "format" twice`},
		"a service twice":  {strings.Replace(whole, `{"id":"ledger"`, `{"id":"mail"`, 1), `service "mail" stands in it twice`},
		"a huge value":     {`{"format":"obsready report","x":"` + strings.Repeat("x", maxPreviousValue+1<<20), "more than 64 MB"},
		"nested deeply":    {`{"format":"obsready report","x":` + strings.Repeat("[", 100_000), "is no JSON"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := ReadPrevious(strings.NewReader(test.text))
			if err == nil {
				t.Fatalf("got %+v", p)
			}
			if !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "--previous") {
				t.Errorf("got %q, want one with %q and a way out", err, test.want)
			}
		})
	}
	for cut := 1; cut < len(whole)-2; cut += 97 { // wherever it ends
		if _, err := ReadPrevious(strings.NewReader(whole[:cut])); err == nil || !strings.Contains(err.Error(), "ends in the middle") {
			t.Fatalf("cut at %d: got %v", cut, err)
		}
	}
	broken := errors.New("the disk is gone")
	if _, err := ReadPrevious(failing{strings.NewReader(whole[:1000]), broken}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failing struct {
	*strings.Reader
	err error
}

func (f failing) Read(p []byte) (int, error) {
	if f.Len() == 0 {
		return 0, f.err
	}
	return f.Reader.Read(p)
}

func FuzzReadPrevious(f *testing.F) {
	for _, text := range []string{anyOrder, `{"format":"obsready report","version":2,"services":[{}]}`, `{"x":[1,{"y":[]}],"format":null}`, `{"revision":{"commit":"1","repositories":[{}]},"grafana":{}}`} {
		f.Add([]byte(text))
	}
	r := sample()
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPrevious(bytes.NewReader(data))
		if (p == nil) == (err == nil) {
			t.Fatalf("got %v and %v", p, err)
		}
		if err != nil && !strings.Contains(err.Error(), "--previous") {
			t.Fatalf("the error names no way out: %v", err)
		}
		if err == nil {
			r.Compare(p)
		}
	})
}

func TestComparesWithAnEarlierReport(t *testing.T) {
	r := withPast(t)
	c := r.Comparison
	var told []string
	for _, m := range c.Moves {
		told = append(told, moveText(m)+" "+string(m.By))
	}
	for _, s := range c.Shifts {
		told = append(told, s.Service+" "+s.Check.ID+" "+string(s.From)+"→"+string(s.To)+" "+string(s.By)+" "+s.Text)
	}
	if want := []string{
		"ledger rose from bronze to silver not known", "left is gone, and was at no level not known", "mail is new, at no level not known",
		"ledger logs-structured fail→pass not known no log format is stated",
	}; !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
}

package picture

import (
	"encoding/xml"
	"html/template"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func weeks(n int) []Moment {
	moments := make([]Moment, n)
	for i := range moments {
		moments[i].When = string(rune('A'+i)) + " Mar"
	}
	return moments
}

// hostile is text that no page may take as anything else.
const hostile = `<script>"'&` + "\x00\x1b\u202e\xff" + `</svg>` + "\n🧾 خدمة"

// gallery draws every picture with plain and with hostile words.
func gallery(word string) map[string]template.HTML {
	marked := weeks(6)
	marked[1].Gap, marked[3].Mark, marked[4].Mark = true, "policy changed"+word, "rules changed"
	name := template.HTML(escape("checkout" + word))
	return map[string]template.HTML{
		"shares": Bar("Services by level"+word, []Part{{Gold, "gold" + word, 1}, {Silver, "silver", 0}, {Below, "below bronze", 2}}),
		"stack": Stack("Services by level"+word, marked, []Layer{{Gold, "gold" + word, []int{0, 0, 1, 1, 2, 2}}, {Silver, "silver", []int{1, 0, 1, 1, 1, 1}},
			{Bronze, "bronze", []int{2, 0, 1, 1, 0, 0}}, {Below, "below bronze", nil}}),
		"line":              Line("Score"+word, marked, []Share{{61, 9}, {}, {64.26, 8}, {66, 4}, {70, 4}, {71.99, 3.2}}),
		"spark":             Spark("Score"+word, []float64{61, math.NaN(), 64.26, 66, 70, 71.99}),
		"chain":             Chain("Payment"+word, []Link{{Pass, "SLO" + word}, {Unknown, "alert"}, {Fail, "owner"}}),
		"budgets":           Budgets("Error budgets"+word, []Budget{{name, 43.2, "43.2 min a month" + word}, {name, 21.6, "21.6 min a month"}, {name, 0, "none"}}),
		"budgets far apart": Budgets("Error budgets"+word, []Budget{{name, 4.32, "4.32 min a month"}, {name, 2160, "36 h a month"}}),
		"heat":              Heat("Pillars"+word, "Pillar", []HeatColumn{{Fail, "fail" + word}, {Unknown, "unknown"}, {Pass, "pass"}}, []HeatRow{{name, []int{3, 0, 1}}, {name, nil}}),
	}
}

// TestWellFormed reads every picture as XML, whatever its words are, and holds it to what pages with a strict policy
// and screen readers need.
func TestWellFormed(t *testing.T) {
	for _, word := range []string{"", hostile} {
		for name, drawn := range gallery(word) {
			pictures := 0
			for d := xml.NewDecoder(strings.NewReader(string(drawn))); ; {
				token, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v in %s", name, err, drawn)
				}
				element, ok := token.(xml.StartElement)
				if !ok {
					continue
				}
				attrs := map[string]string{}
				for _, a := range element.Attr {
					attrs[a.Name.Local] = a.Value
				}
				for _, banned := range []string{"style", "id", "fill", "stroke", "onload"} {
					if _, found := attrs[banned]; found {
						t.Errorf("%s: <%s> has %s", name, element.Name.Local, banned)
					}
				}
				switch element.Name.Local {
				case "script":
					t.Errorf("%s: %s", name, drawn)
				case "svg":
					if attrs["role"] == "img" && attrs["aria-label"] != "" {
						pictures++
					} else if attrs["aria-hidden"] != "true" {
						t.Errorf("%s: a drawing has no words", name)
					}
				}
			}
			if pictures == 0 && !strings.HasPrefix(string(drawn), "<table") {
				t.Errorf("%s is neither a picture with words nor a table", name)
			}
			if strings.ContainsAny(string(drawn), "\x00\x1b\u202e") {
				t.Errorf("%s holds characters that are no text", name)
			}
		}
	}
}

// TestInksHaveStyle fails when a picture has a class that the style sheet does not draw.
func TestInksHaveStyle(t *testing.T) {
	page := []string{"sub", "num", "vh", "v"} // classes of the page that pictures stand in
	for name, drawn := range gallery("") {
		for _, m := range regexp.MustCompile(`class="([^"]+)"`).FindAllStringSubmatch(string(drawn), -1) {
			for class := range strings.FieldsSeq(m[1]) {
				if !slices.Contains(page, class) && !strings.Contains(Style, "."+class) && !strings.Contains(name, "heat") {
					t.Errorf("%s: nothing draws class %q", name, class)
				}
			}
		}
	}
	if regexp.MustCompile(`#[0-9a-f]{3,6}\b|rgb\(|hsl\(`).MatchString(Style) {
		t.Error("the style has a colour of its own")
	}
}

func TestGolden(t *testing.T) {
	for name, drawn := range gallery("") {
		got := strings.ReplaceAll(string(drawn), "><", ">\n<") + "\n"
		golden := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".golden")
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs (UPDATE_GOLDEN=1 rewrites it):\n%s", golden, diff)
		}
	}
}

// label gives what a picture says in words.
func label(drawn template.HTML) string {
	if m := regexp.MustCompile(`aria-label="([^"]*)"`).FindStringSubmatch(string(drawn)); m != nil {
		return m[1]
	}
	return ""
}

func TestWords(t *testing.T) {
	drawn := gallery("")
	for name, want := range map[string]string{
		"shares": "Services by level: 1 gold, 2 below bronze",
		"stack":  "Services by level from A Mar to F Mar: gold 0, now 2; silver 1; bronze 2, now 0. policy changed by D Mar, rules changed by E Mar. 1 week is not known",
		"line":   "Score from A Mar to F Mar: 61 %, now 71 % earned, and 4 % unknown. policy changed by D Mar, rules changed by E Mar. 1 week is not known",
		"spark":  "Score: from 61 % to 71 %",
		"chain":  "Payment: SLO holds, alert not known, owner broken",
	} {
		if got := label(drawn[name]); got != want {
			t.Errorf("%s says %q, want %q", name, got, want)
		}
	}
	for _, words := range []string{"4.32 min a month", "36 h a month", ">1 min<", ">100 h<", "six to ten times"} {
		if !strings.Contains(string(drawn["budgets far apart"]), words) {
			t.Errorf("budgets do not say %q", words)
		}
	}
}

// TestNothingToDraw asks for pictures of nothing: none is drawn, and nothing fails.
func TestNothingToDraw(t *testing.T) {
	gaps := []Moment{{When: "A", Gap: true}, {When: "B", Gap: true}}
	one := []Moment{{When: "A", Gap: true}, {When: "B"}}
	for name, drawn := range map[string]template.HTML{
		"no parts": Bar("x", nil), "parts of 0": Bar("x", []Part{{Gold, "gold", 0}, {Silver, "silver", -1}}),
		"no moments": Stack("x", nil, nil), "no layers": Stack("x", weeks(3), nil), "all gaps": Stack("x", gaps, []Layer{{Gold, "gold", []int{1, 1}}}),
		"one moment": Stack("x", one, []Layer{{Gold, "gold", []int{1, 1}}}), "no shares": Line("x", weeks(3), nil),
		"a line of one": Line("x", one, make([]Share, 2)), "no line": Line("x", gaps, make([]Share, 2)),
		"no values": Spark("x", nil), "one value": Spark("x", []float64{math.NaN(), 4}), "no links": Chain("x", nil),
		"no budgets": Budgets("x", nil), "budgets of 0": Budgets("x", []Budget{{"a", 0, ""}, {"b", math.Inf(1), ""}, {"c", math.NaN(), ""}}), "no rows": Heat("x", "y", nil, nil),
	} {
		if drawn != "" {
			t.Errorf("%s: %s", name, drawn)
		}
	}
}

// FuzzLine draws scores that no report would have.
func FuzzLine(f *testing.F) {
	f.Add(10.0, 5.0, 120.0, -4.0, "week", true)
	f.Add(math.NaN(), math.Inf(1), 1e300, 0.0, hostile, false)
	f.Fuzz(func(t *testing.T, a, b, c, d float64, when string, gap bool) {
		moments := []Moment{{When: when}, {When: when, Gap: gap, Mark: when}, {When: when}}
		for _, drawn := range []template.HTML{Line(when, moments, []Share{{a, b}, {b, c}, {c, d}}), Spark(when, []float64{a, b, c, d})} {
			if strings.Contains(string(drawn), "NaN") || strings.Contains(string(drawn), "Inf") {
				t.Errorf("no number: %s", drawn)
			}
			if len(drawn) > 20_000+20*len(when) {
				t.Errorf("%d bytes", len(drawn))
			}
			if err := xml.Unmarshal([]byte("<x>"+drawn+"</x>"), new(struct{})); err != nil {
				t.Errorf("%v in %s", err, drawn)
			}
		}
	})
}

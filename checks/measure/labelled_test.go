package measure_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"

	"obsready/catalog"
	"obsready/checks/measure"
)

// labelled are real alerts with what two people found that they measure.
const labelled = "../../../shared/labels/alerts.jsonl"

type example struct{ ID, Alert, Expr, Class string }

// TestLabelled holds the decisions against those of people. What is undecided costs recall, which is only logged:
// a wrong verdict costs more than a missing one.
func TestLabelled(t *testing.T) {
	counts := map[[2]string]int{} // by their class and ours
	for _, e := range examples(t) {
		got := string(measure.New(&catalog.Estate{}).Alert(rule(e.Expr)).Class)
		counts[[2]string{e.Class, got}]++
		if got != e.Class && got != "unknown" && e.Class != "unclear" {
			t.Logf("%s %s is %s, got %s: %s", e.ID, e.Alert, e.Class, got, e.Expr)
		}
	}
	for _, c := range []struct {
		class     string
		precision float64
	}{{"symptom", 0.8}, {"cause", 0.9}, {"meta", 0.8}} {
		decided, all := 0, 0
		for _, class := range []string{"symptom", "cause", "meta"} {
			decided += counts[[2]string{class, c.class}]
		}
		for _, got := range []string{"symptom", "cause", "meta", "unknown"} {
			all += counts[[2]string{c.class, got}]
		}
		right := float64(counts[[2]string{c.class, c.class}])
		t.Logf("%s: precision %.2f, recall %.2f of %d", c.class, right/float64(decided), right/float64(all), all)
		if right/float64(decided) < c.precision {
			t.Errorf("%s: precision %.2f is below %.2f", c.class, right/float64(decided), c.precision)
		}
	}
}

// examples reads the labelled alerts.
func examples(t *testing.T) []example {
	t.Helper()
	f, err := os.Open(labelled)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the labelled alerts are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

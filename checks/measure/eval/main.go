// Command eval compares what checks/measure says of alert rules with what people say of them.
//
// It reads labelled rules, one JSON object a line: {"id", "source" or "repo", "alert", "expr", "for", "labels",
// "annotations", "class"}. A class other than symptom, cause and meta is left out of the scores; with no class at all the
// distribution is printed alone. It is called by `make eval LABELS=file`.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/promql"
	"obsready/checks/measure"
)

func main() {
	sources := flag.String("sources", "", "only rules of these sources, separated by commas; a leading ! leaves them out")
	quiet := flag.Bool("quiet", false, "print no single errors")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: eval [-sources a,b] [-quiet] FILE.jsonl")
		os.Exit(2)
	}
	examples, err := read(flag.Arg(0), *sources)
	if err != nil {
		fmt.Fprintln(os.Stderr, "eval:", err)
		os.Exit(1)
	}
	report(os.Stdout, examples, !*quiet)
	bySource(os.Stdout, examples)
}

// example is one rule with the class that people give it and the judgement.
type example struct {
	ID, Source, Repo, Alert, Expr, For, Class string
	Labels, Annotations                       map[string]string

	judgement measure.Judgement
}

func (e example) source() string {
	if e.Source == "" {
		return e.Repo
	}
	return e.Source
}

func read(path, sources string) ([]example, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	meter := measure.New(&catalog.Estate{}, measure.DefaultOptions())
	names, others := strings.CutPrefix(sources, "!")
	var all []example
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		var e example
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, number, err)
		}
		if sources != "" && slices.Contains(strings.Split(names, ","), e.source()) == others {
			continue
		}
		e.judgement = meter.Alert(e.rule())
		all = append(all, e)
	}
	return all, lines.Err()
}

func (e example) rule() *catalog.AlertRule {
	at := catalog.Place{File: e.ID, Line: 1, Col: 1}
	return &catalog.AlertRule{
		Format: "prometheus", Name: catalog.Text{Value: e.Alert, At: at}, At: at,
		Expr:   promql.ParseRule(catalog.Query{Text: e.Expr, Lang: promql.Detect(e.Expr), At: at}),
		Labels: labelsOf(e.Labels), Annotations: labelsOf(e.Annotations),
	}
}

func labelsOf(m map[string]string) []catalog.Label {
	var all []catalog.Label
	for key, value := range m {
		all = append(all, catalog.Label{Key: key, Value: value})
	}
	slices.SortFunc(all, func(a, b catalog.Label) int { return strings.Compare(a.Key, b.Key) })
	return all
}

var classes = []string{"symptom", "cause", "meta"}

// report prints the errors, the confusion matrix, precision and recall of each class, and how right each confidence is.
func report(w io.Writer, examples []example, each bool) {
	given := map[string]int{}
	confused := map[[2]string]int{} // people's class, ours
	sure := map[[2]string]int{}     // confidence and whether it is right
	for _, e := range examples {
		got := string(e.judgement.Class)
		given[got]++
		if !slices.Contains(classes, e.Class) {
			continue
		}
		confused[[2]string{e.Class, got}]++
		right := "wrong"
		if got == e.Class {
			right = "right"
		} else if each {
			fmt.Fprintf(w, "%s %s (%s): people say %s, measured %s %s, %s confidence\n  %s\n", e.ID, e.Alert, e.source(), e.Class, got, e.judgement.Dimension, e.judgement.Confidence, strings.Join(strings.Fields(e.Expr), " "))
			for _, r := range e.judgement.Reasons {
				fmt.Fprintf(w, "    %s %s\n", r.At, r.Text)
			}
		}
		if got != "unknown" {
			sure[[2]string{e.judgement.Confidence.String(), right}]++
		}
	}
	fmt.Fprintf(w, "%d rules: %d symptom, %d cause, %d meta, %d unknown (%.1f %%)\n", len(examples), given["symptom"], given["cause"], given["meta"], given["unknown"], percent(given["unknown"], len(examples)))
	if len(confused) == 0 {
		return
	}
	matrix(w, confused)
	for _, confidence := range []string{"high", "medium", "low"} {
		right, wrong := sure[[2]string{confidence, "right"}], sure[[2]string{confidence, "wrong"}]
		fmt.Fprintf(w, "%-6s confidence: %d of %d right (%.1f %%)\n", confidence, right, right+wrong, percent(right, right+wrong))
	}
}

// bySource prints the symptoms found, the symptoms missed and the share of right classes for each source.
func bySource(w io.Writer, examples []example) {
	sources := map[string][]example{}
	for _, e := range examples {
		sources[e.source()] = append(sources[e.source()], e)
	}
	if len(sources) < 2 {
		return
	}
	fmt.Fprintln(w)
	for _, source := range slices.Sorted(maps.Keys(sources)) {
		judged, right, unknown := 0, 0, 0
		for _, e := range sources[source] {
			if e.judgement.Class == measure.Unknown {
				unknown++
			}
			if slices.Contains(classes, e.Class) {
				judged++
				if e.Class == string(e.judgement.Class) {
					right++
				}
			}
		}
		fmt.Fprintf(w, "%-40s %4d rules, %d unknown", source, len(sources[source]), unknown)
		if judged > 0 {
			fmt.Fprintf(w, ", %d of %d right (%.1f %%)", right, judged, percent(right, judged))
		}
		fmt.Fprintln(w)
	}
}

func matrix(w io.Writer, confused map[[2]string]int) {
	columns := append(slices.Clone(classes), "unknown")
	fmt.Fprintf(w, "\n%-10s", "people \\ we")
	for _, c := range columns {
		fmt.Fprintf(w, "%9s", c)
	}
	fmt.Fprintf(w, "%11s%9s\n", "precision", "recall")
	for _, class := range classes {
		fmt.Fprintf(w, "%-11s", class)
		ours, theirs := 0, 0
		for _, c := range columns {
			fmt.Fprintf(w, "%9d", confused[[2]string{class, c}])
			theirs += confused[[2]string{class, c}]
			ours += confused[[2]string{c, class}]
		}
		right := confused[[2]string{class, class}]
		fmt.Fprintf(w, "%11.3f%9.3f\n", percent(right, ours)/100, percent(right, theirs)/100)
	}
	fmt.Fprintln(w)
}

func percent(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

package reports

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/scorecard"
)

func render(t *testing.T, format string, r *scorecard.Report, o Options) string {
	t.Helper()
	f, err := ByName(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGolden compares what each format makes of the sample. UPDATE_GOLDEN=1 rewrites the files.
func TestGolden(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			compareGolden(t, f.Name, render(t, f.Name, sample(), Options{}))
		})
	}
	t.Run("checks", func(t *testing.T) {
		var b bytes.Buffer
		if err := WriteChecks(&b, toyChecks(), Options{}); err != nil {
			t.Fatal(err)
		}
		compareGolden(t, "checks", b.String())
	})
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("..", "testdata", "reports", name+".golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got). UPDATE_GOLDEN=1 rewrites it:\n%s", file, diff)
	}
}

func TestDeterministic(t *testing.T) {
	for _, f := range Formats() {
		first := render(t, f.Name, sample(), Options{})
		for range 5 {
			if again := render(t, f.Name, sample(), Options{}); again != first {
				t.Fatalf("%s differs from run to run", f.Name)
			}
		}
	}
}

// TestShowsHostileTextAsText looks for what would steer a terminal or a reader's eye in everything that people read.
func TestShowsHostileTextAsText(t *testing.T) {
	for _, format := range []string{"text", "lines", "markdown", "digest"} {
		out := render(t, format, sample(), Options{Width: 200})
		if i := strings.IndexFunc(out, func(r rune) bool { return r != '\n' && steers(r) }); i >= 0 {
			t.Errorf("%s lets %q through", format, out[i:min(i+10, len(out))])
		}
		if !utf8.ValidString(out) {
			t.Errorf("%s is not UTF-8", format)
		}
	}
	out := render(t, "markdown", sample(), Options{})
	for _, markup := range []string{"<script", "<b>", "@octocat", "#12", "](", "://"} {
		if strings.Contains(out, markup) {
			t.Errorf("markdown lets %q through", markup)
		}
	}
}

func TestAnyEstate(t *testing.T) {
	reports := map[string]*scorecard.Report{
		"empty":   scorecard.Evaluate(&catalog.Estate{}, nil, scorecard.DefaultPolicy(), sample().Now, 1),
		"unasked": scorecard.Evaluate(sampleEstate(), nil, scorecard.DefaultPolicy(), sample().Now, 1),
		"crowd":   crowd(60),
	}
	for name, r := range reports {
		for _, f := range Formats() {
			for _, o := range []Options{{}, {Width: 300, Color: true}, {Width: 3}} {
				out := render(t, f.Name, r, o)
				if f.Name != "lines" && out == "" {
					t.Errorf("%s of %s is empty", f.Name, name)
				}
			}
		}
	}
}

type fullDisk struct{}

var errFull = errors.New("no space left")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestSaysThatNothingCouldBeWritten(t *testing.T) {
	for _, f := range Formats() {
		if err := f.Write(fullDisk{}, sample(), Options{}); !errors.Is(err, errFull) {
			t.Errorf("%s: got error %v", f.Name, err)
		}
	}
}

func TestByNameListsTheKnown(t *testing.T) {
	_, err := ByName("xml")
	if want := `unknown format "xml". expected one of text, lines, markdown, digest, json, csv, csv-findings, openmetrics`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Package reports says how a report is shown: one file for each format. It answers "how is it shown?" and never changes
// what it shows.
package reports

import (
	"fmt"
	"io"
	"strings"

	"obsready/scorecard"
)

// Format is one way to show a report.
type Format struct {
	Name    string
	Summary string                                                  // for the help text
	Write   func(w io.Writer, r *scorecard.Report, o Options) error // must not modify r
}

// Options are what a format may need to know of where it writes to, and of what its reader asked for.
type Options struct {
	Width  int // columns of the terminal; 0 is 80
	Color  bool
	Blocks bool // the terminal draws "▁▃▅": a trend is drawn with them, and otherwise told in numbers

	// What the formats text, lines and markdown show: one team or one service of the report, by its ID, instead of all of
	// them. At most one of the two is given. An unknown one is an *UnknownName.
	Team, Service string

	All bool // the text has its long lists in full
}

// ByName gives the format of the given name; the error for an unknown one lists the known ones.
func ByName(name string) (Format, error) {
	var known []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Format{}, fmt.Errorf("unknown format %q. expected one of %s", name, strings.Join(known, ", "))
}

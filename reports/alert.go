package reports

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/checks/measure"
)

// AlertAt gives the alert rule that stands at a line of a file: the last one that begins at or before the line. The file
// is a path as findings print it, or the end of one that no other file with alerts has. An error says what there is
// instead.
func AlertAt(estate *catalog.Estate, file string, line int) (*catalog.AlertRule, error) {
	file = strings.TrimPrefix(path.Clean(strings.ReplaceAll(file, `\`, "/")), "./")
	files := alertFiles(estate, file)
	switch len(files) {
	case 0:
		return nil, fmt.Errorf("no alert rule was read in %q. give a file as findings print it: FILE:LINE, from the root of the repository", file)
	case 1:
	default:
		return nil, fmt.Errorf("%q can be each of %s. give more of the path", file, quoted(files))
	}
	var found *catalog.AlertRule
	var lines []string
	for _, a := range estate.Alerts {
		if a.At.File != files[0] {
			continue
		}
		if a.At.Line <= line && (found == nil || found.At.Compare(a.At) <= 0) {
			found = a
		}
		lines = append(lines, fmt.Sprintf("%d (%s)", a.At.Line, a.Name.Value))
	}
	if found == nil {
		return nil, fmt.Errorf("no alert rule of %s begins at or before line %d. they begin at the lines %s", files[0], line, strings.Join(lines, ", "))
	}
	return found, nil
}

// alertFiles gives the file of that path, else those that end with it, in order.
func alertFiles(estate *catalog.Estate, file string) []string {
	var ending []string
	for _, a := range estate.Alerts {
		switch {
		case a.At.File == file:
			return []string{file}
		case strings.HasSuffix(a.At.File, "/"+file) && !slices.Contains(ending, a.At.File):
			ending = append(ending, a.At.File)
		}
	}
	slices.Sort(ending)
	return ending
}

func quoted(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = fmt.Sprintf("%q", w)
	}
	return strings.Join(all, ", ")
}

// WriteAlert explains one alert rule of an estate to people: what it measures and why, whom it wakes, and what it leads
// them to.
func WriteAlert(w io.Writer, s *checks.Survey, a *catalog.AlertRule, o Options) error {
	e := explanation{survey: s, alert: a, width: max(40, o.columns()), color: o.Color}
	e.headline()
	e.measurement()
	e.delivery()
	e.belonging()
	e.links()
	_, err := w.Write(e.text.Bytes())
	return err
}

// explanation is the text about one alert while it is written.
type explanation struct {
	survey *checks.Survey
	alert  *catalog.AlertRule
	width  int
	color  bool
	text   bytes.Buffer
}

// termWidth is the width of the column with the names of what is said.
const termWidth = 12

// say writes a line with its name, wrapped; an empty name continues what is above.
func (e *explanation) say(name string, t tone, format string, args ...any) {
	for i, line := range wrap(plain(fmt.Sprintf(format, args...)), e.width-termWidth) {
		if i > 0 {
			name = ""
		}
		fmt.Fprintf(&e.text, "%s%s\n", quiet.paint(fmt.Sprintf("%-*s", termWidth, name), e.color), t.paint(line, e.color))
	}
}

func (e *explanation) headline() {
	fmt.Fprintf(&e.text, "%s\n%s\n\n", strong.paint(plain(e.alert.Name.Value), e.color), named.paint(plain(e.alert.At.String()), e.color))
	for i, line := range strings.Split(strings.TrimRight(e.alert.Expr.Text, "\n"), "\n") {
		name := ""
		if i == 0 {
			name = "expression"
		}
		fmt.Fprintf(&e.text, "%s%s\n", quiet.paint(fmt.Sprintf("%-*s", termWidth, name), e.color), plain(strings.ReplaceAll(line, "\t", "  ")))
	}
	if e.alert.For.Value != "" {
		e.say("for", neutral, "%s", e.alert.For.Value)
	}
	e.text.WriteByte('\n')
}

func (e *explanation) measurement() {
	j := e.survey.Measure(e.alert)
	what := string(j.Class)
	if j.Dimension != measure.Other {
		what += ", of " + string(j.Dimension)
	}
	if j.Class != measure.Unknown {
		what += " (" + j.Confidence.String() + " confidence)"
	}
	e.say("measures", classTone(j.Class), "%s", what)
	for i, r := range j.Reasons {
		name := ""
		if i == 0 {
			name = "because"
		}
		e.say(name, neutral, "%s", r.Text)
		e.say("", named, "%s", r.At)
	}
	switch {
	case j.Contradicts():
		e.say("declared", bad, "%s, which contradicts the expression: it measures a %s", j.Declared, j.Measured)
	case j.Declared != "":
		e.say("declared", neutral, "%s", j.Declared)
	}
	e.text.WriteByte('\n')
}

func classTone(c measure.Class) tone {
	switch c {
	case measure.Symptom:
		return good
	case measure.Unknown:
		return unsure
	default:
		return neutral
	}
}

func (e *explanation) delivery() {
	severity := e.alert.Severity.Value
	if severity == "" {
		severity = "none"
	}
	e.say("severity", neutral, "%s", severity)
	state, why := e.survey.Paged(e.alert)
	word := map[checks.State]string{checks.Met: "yes", checks.Unmet: "no", checks.Undecided: "not known"}[state]
	e.say("pages", neutral, "%s: %s", word, why)
	for i, d := range e.alert.Deliveries {
		name := ""
		if i == 0 {
			name = "sent to"
		}
		unsure := ""
		if d.Unsure != "" {
			unsure = ", perhaps: " + d.Unsure
		}
		e.say(name, neutral, "%q by the route %s%s", d.Name.Value, d.Route.At, unsure)
	}
}

func (e *explanation) belonging() {
	team := "no team label"
	switch ref := e.alert.Team.Ref.Value; {
	case e.alert.Team.Team != nil:
		team = e.alert.Team.Team.ID
	case ref != "":
		team = fmt.Sprintf("%q, which is no team of the catalog", ref)
	}
	e.say("team", neutral, "%s", team)
	name := "service"
	for _, svc := range e.survey.Estate.Services {
		for _, a := range svc.Alerts {
			if a.Item == e.alert {
				e.say(name, neutral, "%s, %s", svc.ID, a.By)
				name = ""
			}
		}
	}
	if name != "" {
		e.say(name, unsure, "none: no service of the catalog was found for it")
	}
}

func (e *explanation) links() {
	for _, l := range []struct {
		name string
		link catalog.ResolvedLink
	}{{"runbook", e.alert.Runbook}, {"dashboard", e.alert.Dashboard}} {
		switch detail := l.link.Detail; {
		case l.link.State == catalog.NoLink:
			e.say(l.name, neutral, "none")
		case detail != "":
			e.say(l.name, neutral, "%s (%s: %s)", l.link.Link.Value, l.link.State, detail)
		default:
			e.say(l.name, neutral, "%s (%s)", l.link.Link.Value, l.link.State)
		}
	}
}

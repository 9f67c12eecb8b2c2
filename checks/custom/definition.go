package custom

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonnet"
	"obsready/catalog/tomldoc"
	"obsready/checks"
)

// definition is what a check says of itself, beside its function.
type definition struct {
	ID       catalog.Text   `toml:"id" doc:"Name of the check, in lower case with dashes; that of the file when it is not stated. Begin it with the organisation's name: the IDs of built-in checks are taken"`
	Title    catalog.Text   `toml:"title" required:"true" doc:"A sentence that is true when the check passes, without full stop"`
	Why      catalog.Text   `toml:"why" required:"true" doc:"What goes wrong without it (Markdown)"`
	Fix      catalog.Text   `toml:"fix" required:"true" doc:"What to do, beginning with a verb (Markdown)"`
	Severity catalog.Text   `toml:"severity" required:"true" enum:"low,medium,high,critical" doc:"How much it hurts when it is not met"`
	Level    catalog.Text   `toml:"level" required:"true" enum:"bronze,silver,gold" doc:"The level that it guards"`
	Pillar   catalog.Text   `toml:"pillar" required:"true" enum:"ownership,metrics,logs,traces,dashboards,SLOs,alerts,runbooks,threats,secure development,supply chain,delivery,recovery,postmortems,toil" doc:"The heading that it is shown under"`
	Question catalog.Text   `toml:"question" enum:"protect,promise,know,recover" doc:"Which of the four questions it helps to answer; that of its pillar when it is not stated"`
	Source   catalog.Text   `toml:"source" doc:"Where the rule comes from; the file itself when it is not stated"`
	Needs    []catalog.Text `toml:"needs" enum:"entry,teams,journeys,alerts,recordings,dashboards,runbooks,slos,collectors,targets,workloads,threatModels,workflows,manifests,sboms,images,securityPolicies,recoveryPlans,exercises,incidentProcesses,postmortems,toilLogs,branchProtections,attestations" doc:"The facts that it looks at; entry when it is not stated. A requirement in state missing is unknown while some of these could not be read"`
	All      bool           `toml:"all" doc:"Whether it judges every piece of what it needs, so that one that could not be read leaves it unknown"`
}

// definitionKeys names the keys of a check beside its function.
func definitionKeys() []string {
	var names []string
	for _, k := range tomldoc.Keys(definition{}) {
		names = append(names, k.Name)
	}
	return names
}

// needed are the kinds of evidence behind the words of needs.
var needed = map[string]catalog.Kind{
	"entry": catalog.Services, "teams": catalog.Teams, "journeys": catalog.Journeys, "alerts": catalog.Alerts, "recordings": catalog.Recordings,
	"dashboards": catalog.Dashboards, "runbooks": catalog.Runbooks, "slos": catalog.SLOs, "collectors": catalog.Collectors, "targets": catalog.Targets,
	"workloads": catalog.Workloads, "threatModels": catalog.ThreatModels, "workflows": catalog.Workflows, "manifests": catalog.Manifests,
	"sboms": catalog.SBOMs, "images": catalog.ImageBuilds, "securityPolicies": catalog.SecurityPolicies, "recoveryPlans": catalog.RecoveryPlans,
	"exercises": catalog.Exercises, "incidentProcesses": catalog.IncidentProcesses, "postmortems": catalog.Postmortems, "toilLogs": catalog.ToilLogs,
	"branchProtections": catalog.BranchProtections, "attestations": catalog.Attestations,
}

// described is what the wrapper gives of a program.
type described struct {
	Is    string          `json:"is"`
	Keys  map[string]bool `json:"keys"`
	Check string          `json:"check"`
	Given json.RawMessage `json:"given"`
}

// load reads what one program says of itself. What it leaves out, or states wrongly, is a gap and replaced by what is
// safe; without a name of its own or a function it is broken. One that may be no check gives nil when it is none, or
// cannot be evaluated.
func (s *Set) load(ctx context.Context, file string, likely likelihood, taken map[string]string) (*check, []catalog.Gap) {
	d := &defining{file: file}
	out, gap := s.evaluate(ctx, file, describingCode(file), nil, definitionKeys())
	if gap != nil && likely == maybeCheck {
		d.add(*gap)
		return nil, d.gaps
	}
	if gap != nil {
		d.broken(*gap)
		return d.check(definition{ID: s.writtenID(file)}, taken), d.gaps
	}
	var is described
	if err := json.Unmarshal(out.JSON, &is); err != nil {
		d.broken(catalog.Gap{At: d.place(), Cause: catalog.BadValue, Detail: "what the program returns cannot be read: " + err.Error()})
		return d.check(definition{}, taken), d.gaps
	}
	if likely == maybeCheck && (is.Is != "object" || is.Check == "none") {
		return nil, nil
	}
	if is.Is != "object" {
		d.broken(catalog.Gap{At: d.place(), Cause: catalog.BadValue, Detail: fmt.Sprintf("the program returns %s. expected an object with %s and check",
			article(is.Is), strings.Join(definitionKeys(), ", "))})
		return d.check(definition{}, taken), d.gaps
	}
	d.literals = slices.DeleteFunc(out.Literals, func(l jsonnet.Literal) bool { return path.Base(l.At.File) == wrapperName })
	def := d.decode(is)
	d.function(is.Check)
	return d.check(def, taken), d.gaps
}

// writtenID gives the ID that is written in a program which cannot be evaluated, so that the policy still knows the check
// by it; empty when there is none, or more than one.
func (s *Set) writtenID(file string) catalog.Text {
	data, _, err := s.files.Read(file)
	found := idField.FindAllSubmatch(data, 2)
	if err != nil || len(found) != 1 || !validID.Match(found[0][1]) {
		return catalog.Text{}
	}
	return catalog.Text{Value: string(found[0][1]), At: catalog.Place{File: file}}
}

var idField = regexp.MustCompile(`\bid['"]?\s*:{1,3}\s*['"]([^'"]*)['"]`)

// article writes the name of a jsonnet type as it stands in a sentence.
func article(kind string) string {
	switch kind {
	case "null":
		return kind
	case "array", "object":
		return "an " + kind
	}
	return "a " + kind
}

// defining is a definition while it is read.
type defining struct {
	file     string
	literals []jsonnet.Literal
	gaps     []catalog.Gap
	reason   string        // why the check is broken
	at       catalog.Place // where that stands
}

func (d *defining) place() catalog.Place { return catalog.Place{File: d.file} }

// broken notes why the check cannot be asked.
func (d *defining) broken(g catalog.Gap) {
	d.add(g)
	if d.reason == "" {
		d.reason, d.at = fmt.Sprintf("the check cannot be asked (%s: %s)", g.Cause, g.Detail), g.At
	}
}

func (d *defining) add(g catalog.Gap) {
	g.Names = map[string]bool{}
	d.gaps = append(d.gaps, g)
}

// decode reads the definition. Keys that are none are gaps too; the program's function is none of them.
func (d *defining) decode(is described) definition {
	var def definition
	docs, gaps := document.ParseJSON(d.file, is.Given)
	if len(gaps) > 0 || len(docs) == 0 {
		d.broken(catalog.Gap{At: d.place(), Cause: catalog.BadValue, Detail: "what the program says of itself cannot be read"})
		return def
	}
	root := docs[0].Root
	d.placed(root)
	for _, key := range slices.Sorted(maps.Keys(is.Keys)) {
		if key != "check" && root.Get(key) == nil {
			at := d.placeOf(key, "")
			root.Pairs = append(root.Pairs, document.Pair{Key: catalog.Text{Value: key, At: at}, Value: &document.Node{Kind: document.Scalar, Tag: "bool", Value: "true", At: at}})
		}
	}
	wrong := map[string]bool{}
	for _, p := range tomldoc.FromTree(d.file, root).Decode(&def) {
		d.add(p.Gap)
		wrong[p.Path] = true
	}
	for _, k := range tomldoc.Keys(def) {
		if v := root.Get(k.Name); k.Required && !wrong[k.Name] && strings.TrimSpace(v.Str()) == "" {
			d.add(catalog.Gap{At: d.place(), Cause: catalog.BadValue, Detail: fmt.Sprintf("the check has no %s. add %s: %s", k.Name, k.Name, expected(k))})
		}
	}
	return def
}

func expected(k tomldoc.Key) string {
	if len(k.Enum) > 0 {
		return "one of " + strings.Join(k.Enum, ", ")
	}
	return `"…"`
}

// placed gives the values their places in the program, where they are written out there.
func (d *defining) placed(n *document.Node) {
	n.At = d.place()
	for i := range n.Pairs {
		p := &n.Pairs[i]
		d.placed(p.Value)
		if p.Value.Kind == document.Scalar {
			p.Value.At = d.placeOf(p.Key.Value, p.Value.Value)
		}
		p.Key.At = p.Value.At
	}
	for _, item := range n.Items {
		d.placed(item)
	}
}

// placeOf gives where a key has a value, or where the key is written.
func (d *defining) placeOf(key, value string) catalog.Place {
	for _, l := range d.literals {
		if l.Field == key && l.Value == value && !l.Composed {
			return l.At
		}
	}
	for _, l := range d.literals {
		if l.Field == "" && l.Value == key {
			return l.At
		}
	}
	return d.place()
}

// function looks at what the program has as its function.
func (d *defining) function(is string) {
	switch is {
	case "function of 1", "function of 2":
	case "none":
		d.broken(catalog.Gap{At: d.place(), Cause: catalog.BadValue, Detail: "the program has no check. add check(service):: […], a function that gives requirements"})
	default:
		d.broken(catalog.Gap{At: d.place(), Cause: catalog.BadValue,
			Detail: fmt.Sprintf("check is %s. expected a function of the service, as in check(service):: […], or of the service and the estate", article(is))})
	}
}

// validID is a name that can stand in an address, a file name and a policy.
var validID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const maxID = 60

// identify gives the ID of the check, with a gap when it cannot have the one it wants.
func (d *defining) identify(stated catalog.Text, taken map[string]string) string {
	wanted, at := stated.Value, stated.At
	if wanted == "" {
		wanted, at = nameOf(d.file), d.place()
	}
	if !validID.MatchString(wanted) || len(wanted) > maxID {
		d.broken(catalog.Gap{At: at, Cause: catalog.BadValue,
			Detail: fmt.Sprintf("the ID %q is none. write lower case letters, digits and single dashes, as in id: \"acme-cost-centre\"", wanted)})
	} else if owner, ok := taken[wanted]; ok {
		d.broken(catalog.Gap{At: at, Cause: catalog.Duplicate,
			Detail: fmt.Sprintf("the ID %q is taken: a check of that name is %s. choose another, as in id: %q", wanted, owner, free(wanted, taken))})
	} else {
		return wanted
	}
	words := strings.FieldsFunc(strings.ToLower(nameOf(d.file)), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	base := strings.Join(append([]string{"own"}, words...), "-")
	id := base[:min(len(base), maxID)]
	for n := 2; taken[id] != ""; n++ {
		id = fmt.Sprintf("%s-%d", base[:min(len(base), maxID)], n)
	}
	return id
}

// free gives an ID like the wanted one that no check has.
func free(wanted string, taken map[string]string) string {
	id := "acme-" + strings.TrimPrefix(wanted, "acme-")
	for n := 2; taken[id] != ""; n++ {
		id = fmt.Sprintf("%s-%d", wanted, n)
	}
	return id
}

// questions are the questions behind their words, and those of pillars.
var (
	questions       = map[string]checks.Question{"protect": checks.Protect, "promise": checks.Promise, "know": checks.Know, "recover": checks.Recover}
	pillarQuestions = map[checks.Pillar]checks.Question{
		checks.Metrics: checks.Know, checks.Logs: checks.Know, checks.Traces: checks.Know, checks.Dashboards: checks.Know, checks.Alerts: checks.Know,
		checks.SLOs: checks.Promise, checks.Threats: checks.Protect, checks.Secure: checks.Protect, checks.Supply: checks.Protect, checks.Delivery: checks.Protect,
	}
)

// check makes the check. What is not stated, or stated wrongly, is such that it gives nothing away: the lowest level is
// the one that everything has to pass.
func (d *defining) check(def definition, taken map[string]string) *check {
	severity, err := checks.ParseSeverity(def.Severity.Value)
	if err != nil {
		severity = checks.Medium
	}
	level, err := checks.ParseLevel(def.Level.Value)
	if err != nil {
		level = checks.Bronze
	}
	made := &checks.Check{
		ID: d.identify(def.ID, taken), Severity: severity, Level: level, All: def.All,
		Title:  or(strings.TrimRight(clean(printable(def.Title.Value)), "."), "What "+d.file+" requires is so"),
		Why:    sentence(or(printable(def.Why.Value), "The check does not say.")),
		Fix:    sentence(or(printable(def.Fix.Value), "Mend `"+d.file+"`.")),
		Source: or(strings.TrimSpace(printable(def.Source.Value)), "`"+d.file+"` of the catalog"),
		Pillar: checks.Pillar(or(def.Pillar.Value, string(checks.Ownership))),
	}
	made.Question = questions[def.Question.Value]
	if made.Question == "" {
		made.Question = checks.Question(or(string(pillarQuestions[made.Pillar]), string(checks.Recover)))
	}
	for _, word := range def.Needs {
		if kind, ok := needed[word.Value]; ok && !slices.Contains(made.Needs, kind) {
			made.Needs = append(made.Needs, kind)
		}
	}
	if len(made.Needs) == 0 {
		made.Needs = []catalog.Kind{catalog.Services}
	}
	c := &check{Check: made, file: d.file, broken: d.reason, brokeAt: d.at}
	made.Run = c.run
	return c
}

func or(value, otherwise string) string {
	if strings.TrimSpace(value) == "" {
		return otherwise
	}
	return value
}

// printable replaces what steers a terminal or turns the direction of a text: "obsready explain" prints it as it is.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return utf8.RuneError
		}
		return r
	}, text)
}

// clean writes a text on one line.
func clean(text string) string { return strings.Join(strings.Fields(text), " ") }

// sentence gives a Markdown text its full stop.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

package load

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
	"obsready/catalog/branches"
	"obsready/catalog/budgets"
	"obsready/catalog/dashboards"
	"obsready/catalog/dependencies"
	"obsready/catalog/document"
	"obsready/catalog/entries"
	"obsready/catalog/images"
	"obsready/catalog/owners"
	"obsready/catalog/pages"
	"obsready/catalog/recovery"
	"obsready/catalog/routes"
	"obsready/catalog/rules"
	"obsready/catalog/sboms"
	"obsready/catalog/secrets"
	"obsready/catalog/securitypolicy"
	"obsready/catalog/slos"
	"obsready/catalog/telemetry"
	"obsready/catalog/threats"
	"obsready/catalog/toil"
	"obsready/catalog/tree"
	"obsready/catalog/workflows"
	"obsready/catalog/workflows/otherci"
)

// selectFiles sorts the files of the tree by what they can hold, from their paths alone.
func (l *loader) selectFiles() {
	for _, f := range l.tree.Files() {
		l.selectFile(f)
	}
}

func (l *loader) selectFile(f tree.File) {
	says := l.pathSays(f.Path)
	if says.ignored {
		return
	}
	l.estate.Counts.Listed++
	l.paths[f.Path] = f
	l.sorted = append(l.sorted, f.Path)
	seen := l.isSeen(f.Path)
	if says.unread && seen {
		gap, _ := threats.Unread(f.Path)
		l.estate.Gaps = append(l.estate.Gaps, gap)
		return
	}
	switch {
	case says.form == noForm:
	case says.form == markdownForm: // whether it is read, links decide
		l.markdown = append(l.markdown, f)
	case seen && !f.Symlink: // what a link leads to is read at its own place
		l.structured = append(l.structured, f)
	}
}

// pathSays is what the path of a file tells by itself, under the options of a load.
type pathSays struct {
	inner   string // the path in its repository
	ignored bool
	unread  bool // it is a threat model of a format that is not read
	form    form
	page    bool // a page that is read although no link leads to it
}

// pathSays gives what a path tells. Few paths differ from one load to the next, and asking them is not cheap.
func (l *loader) pathSays(p string) pathSays {
	inner := l.inner(p)
	says, known := l.saidBefore[p]
	if !known || says.inner != inner {
		_, unread := threats.Unread(p)
		says = pathSays{inner: inner, ignored: l.ignored(inner), unread: unread, form: formOf(inner)}
		says.page = says.form == markdownForm && (pages.IsRunbookPath(inner) || budgets.MayHold(inner) || isDocument(inner))
	}
	l.says[p] = says
	return says
}

func (l *loader) ignored(p string) bool {
	for _, pattern := range l.options.Ignore {
		if doublestar.MatchUnvalidated(pattern, p) {
			return true
		}
	}
	return false
}

// form is how a file's bytes are to be read.
type form int

const (
	noForm form = iota
	yamlForm
	jsonForm
	tomlForm
	markdownForm
	ownersForm
	nativeForm   // TOML of this product beside the entries: recovery plans, exercises, toil
	manifestForm // a dependency manifest, a lockfile, or the configuration of an update tool
	imageForm    // a Dockerfile
	sbomForm
	pipelineForm // a pipeline or commit hooks that are not YAML
	securityForm // security.txt and its like
	tableForm    // a toil log as CSV
)

// formOf tells a file's form by its path in its repository.
func (l *loader) formOf(p string) form {
	if says, known := l.says[p]; known {
		return says.form
	}
	return formOf(l.inner(p))
}

// formOf tells a file's form by its name.
func formOf(p string) form {
	base := path.Base(p)
	for _, template := range []string{".tpl", ".tmpl", ".gotmpl", ".erb"} {
		base = strings.TrimSuffix(base, template)
	}
	switch ext := path.Ext(base); {
	case owners.IsPath(p):
		return ownersForm
	case entries.IsNative(p):
		return tomlForm
	case base == path.Base(p) && ext == ".toml" && (recovery.IsPath(p) || recovery.IsExercisePath(p) || toil.IsPath(p)):
		return nativeForm
	case toil.IsPath(p) && (ext == ".csv" || ext == ".tsv"):
		return tableForm
	case dependencies.IsPath(p) && !aside(p):
		return manifestForm
	case images.IsPath(p) && !aside(p):
		return imageForm
	case sboms.IsPath(p) && !aside(p):
		return sbomForm
	case otherci.IsText(p) && mayStart(p):
		return pipelineForm
	case securitypolicy.IsPath(p) && securitypolicy.IsText(p):
		return securityForm
	case ext == ".yaml" || ext == ".yml" || ext == ".rules" || ext == ".alerts":
		return yamlForm
	case ext == ".json":
		return jsonForm
	case pages.IsPath(p) || pages.IsRunbookPath(p) || isDocument(p):
		return markdownForm
	}
	return noForm
}

// readAll reads files with as many workers as the options say, each with a reader of its own, and gives the facts in
// the order of the files.
func (l *loader) readAll(ctx context.Context, files []tree.File) ([]catalog.Facts, error) {
	const chunk = 64 // neighbouring files share delta bases, so they are best read together
	facts := make([]catalog.Facts, len(files))
	var next, read, size atomic.Int64
	var wg sync.WaitGroup
	workers := max(1, min(l.options.Workers, len(files)/chunk+1))
	errs := make([]error, workers)
	for w := range workers {
		wg.Go(func() {
			r, err := l.tree.Reader()
			if err != nil {
				errs[w] = err
				return
			}
			for ctx.Err() == nil {
				start := int(next.Add(chunk)) - chunk
				if start >= len(files) {
					break
				}
				end := min(start+chunk, len(files))
				for i := start; i < end; i++ {
					found, bytes, gap := l.readFile(r, files[i])
					if gap != nil {
						facts[i].Gaps = []catalog.Gap{l.unread(files[i].Path, *gap)}
						continue
					}
					read.Add(1)
					size.Add(bytes)
					facts[i] = found
				}
				if l.options.Progress != nil {
					l.options.Progress(end-start, len(files))
				}
			}
			errs[w] = r.Close()
		})
	}
	wg.Wait()
	l.estate.Counts.Read += int(read.Load())
	l.estate.Counts.Bytes += size.Load()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return facts, ctx.Err()
}

// Bounds of files that are not as the others.
const (
	maxListBytes   = 64 << 20 // of lockfiles and SBOMs: those of real products have up to 40 MB
	maxScriptBytes = 1 << 20  // of Jenkinsfiles and hooks: people write them, and no real one has 200 KB
)

func (l *loader) limit(p string) int64 {
	switch l.formOf(p) {
	case markdownForm:
		return l.options.MaxPageBytes
	case manifestForm, sbomForm: // written by tools, and counted more than read
		return max(l.options.MaxFileBytes, maxListBytes)
	case pipelineForm:
		return min(l.options.MaxFileBytes, maxScriptBytes)
	}
	return l.options.MaxFileBytes
}

// survive gives the facts that read makes of a file. A fault of a reader hides one file and does not end the run.
func (l *loader) survive(p string, read func() catalog.Facts) (facts catalog.Facts) {
	defer func() {
		if fault := recover(); fault != nil {
			facts = catalog.Facts{Gaps: []catalog.Gap{l.unread(p, catalog.Gap{At: catalog.Place{File: p}, Cause: catalog.Unsupported,
				Detail: fmt.Sprintf("the reader failed: %v. this is a fault of obsready: report it with the file", fault)})}}
		}
	}()
	return read()
}

// scan gives the facts of one file with the credentials that stand in it. Their values are masked before any reader sees
// the file, so that nothing that quotes it can show them.
func (l *loader) scan(p string, data []byte) catalog.Facts {
	data, found := secrets.Mask(p, data)
	facts := l.read(p, data)
	facts.Secrets = append(facts.Secrets, found...)
	return facts
}

// read gives the facts of one file. It depends on the path, the bytes and the options only.
func (l *loader) read(p string, data []byte) catalog.Facts {
	switch l.formOf(p) {
	case markdownForm:
		return l.readPage(p, data)
	case ownersForm:
		return owners.Read(p, data)
	case tomlForm:
		return entries.ReadNative(p, data)
	case nativeForm:
		return readNative(p, data)
	case tableForm:
		facts, _ := toil.ReadCSV(p, data)
		return facts
	case manifestForm:
		return dependencies.Read(p, data)
	case imageForm:
		return images.Read(p, data)
	case sbomForm:
		facts, ok := sboms.Read(p, data)
		if !ok && path.Ext(p) == ".json" {
			docs, gaps := document.ParseJSON(p, data)
			return l.readDocuments(data, docs, gaps)
		}
		return facts
	case pipelineForm:
		facts, _ := otherci.ReadText(p, data)
		return facts
	case securityForm:
		return readSecurityText(p, data)
	case jsonForm:
		if l.pathKinds(p) == nil && !mayHoldEvidence(data) {
			return catalog.Facts{}
		}
		docs, gaps := document.ParseJSON(p, data)
		return l.readDocuments(data, docs, gaps)
	default:
		if !entries.IsDescriptor(p) && l.pathKinds(p) == nil && !mayHoldEvidence(data) {
			return catalog.Facts{}
		}
		docs, gaps := document.ParseYAML(p, data)
		return l.readDocuments(data, docs, gaps)
	}
}

// readDocuments asks every reader about every document.
func (l *loader) readDocuments(data []byte, docs []document.Document, gaps []catalog.Gap) catalog.Facts {
	facts, isCatalog := entries.ReadYAML(docs, entries.Options{TierKeys: l.options.Labels.Tier, NameAnnotations: l.options.NameAnnotations})
	flat := document.Flatten(docs)
	for i := 0; i < len(flat); i++ {
		inner, more := document.Embedded(flat[i])
		flat = append(flat, inner...)
		gaps = append(gaps, more...)
	}
	if !isCatalog {
		for _, d := range flat {
			for _, read := range []func(document.Document) (catalog.Facts, bool){rules.Read, dashboards.Read, slos.Read, telemetry.Read, routes.Read, l.readWorkflow, threats.Read, branches.Read} {
				if found, ok := read(d); ok {
					facts.Add(found)
				}
			}
		}
	}
	for _, g := range gaps {
		if g.Kinds = l.pathKinds(g.At.File); g.Kinds == nil {
			g.Kinds = kindsIn(data)
		}
		if len(g.Kinds) > 0 { // else nothing in it looks like evidence
			facts.Gaps = append(facts.Gaps, g)
		}
	}
	var words map[string]bool
	for i := range facts.Gaps { // the text is known, so it is about the services that it names
		if facts.Gaps[i].Names == nil {
			if words == nil {
				words = document.Words(string(data))
			}
			facts.Gaps[i].Names = words
		}
	}
	return facts
}

// readSecurityText gives the security policy that a text file is.
func readSecurityText(p string, data []byte) (facts catalog.Facts) {
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		facts.Gaps = []catalog.Gap{{Kinds: []catalog.Kind{catalog.SecurityPolicies}, At: catalog.Place{File: p}, Cause: catalog.Encoding, Detail: "the file is not UTF-8 text. save it as UTF-8"}}
	} else if policy, ok := securitypolicy.ReadText(p, data); ok {
		facts.SecurityPolicies = []*catalog.SecurityPolicy{policy}
	}
	return facts
}

// readWorkflow gives the pipelines of a document that a code host may start.
func (l *loader) readWorkflow(d document.Document) (catalog.Facts, bool) {
	if !mayStart(l.inner(d.File)) {
		return catalog.Facts{}, false
	}
	facts, ok := workflows.Read(d)
	if ok {
		return facts, true
	}
	return otherci.Read(d)
}

// signs are texts without which a YAML or JSON file holds no evidence of the kinds.
var signs = []struct {
	text  string
	kinds []catalog.Kind
}{
	{"alert:", []catalog.Kind{catalog.Alerts}},
	{`"alert"`, []catalog.Kind{catalog.Alerts}},
	{"groups:", []catalog.Kind{catalog.Alerts, catalog.Recordings}},
	{`"groups"`, []catalog.Kind{catalog.Alerts, catalog.Recordings}},
	{"record:", []catalog.Kind{catalog.Recordings}},
	{`"record"`, []catalog.Kind{catalog.Recordings}},
	{"rule_files", []catalog.Kind{catalog.RuleTests}},
	{"backstage.io", []catalog.Kind{catalog.Services, catalog.Teams}},
	{"dd-service", []catalog.Kind{catalog.Services}},
	{"schema-version", []catalog.Kind{catalog.Services}},
	{"x-cortex-tag", []catalog.Kind{catalog.Services}},
	{`"panels"`, []catalog.Kind{catalog.Dashboards}},
	{`"rows"`, []catalog.Kind{catalog.Dashboards}},
	{`"elements"`, []catalog.Kind{catalog.Dashboards}},
	{"GrafanaDashboard", []catalog.Kind{catalog.Dashboards}},
	{"dashboard.grafana.app", []catalog.Kind{catalog.Dashboards}},
	{`"model"`, []catalog.Kind{catalog.Dashboards}},
	{"panels:", []catalog.Kind{catalog.Dashboards}},
	{"openslo", []catalog.Kind{catalog.SLOs}},
	{"sloth", []catalog.Kind{catalog.SLOs}},
	{"pyrra", []catalog.Kind{catalog.SLOs}},
	{"prometheus/v1", []catalog.Kind{catalog.SLOs}},
	{"slos:", []catalog.Kind{catalog.SLOs}},
	{`"objectives"`, []catalog.Kind{catalog.SLOs}},
	{"grafana_slo", []catalog.Kind{catalog.SLOs}},
	{"pipelines:", []catalog.Kind{catalog.Collectors}},
	{"processors:", []catalog.Kind{catalog.Collectors}},
	{"exporters:", []catalog.Kind{catalog.Collectors}},
	{"scrape_configs", []catalog.Kind{catalog.Targets}},
	{"ServiceMonitor", []catalog.Kind{catalog.Targets}},
	{"PodMonitor", []catalog.Kind{catalog.Targets}},
	{"kind: Probe", []catalog.Kind{catalog.Targets}},
	{"ScrapeConfig", []catalog.Kind{catalog.Targets}},
	{"prometheus.io/scrape", []catalog.Kind{catalog.Targets}},
	{"containers:", []catalog.Kind{catalog.Workloads}},
	{"kind: Instrumentation", []catalog.Kind{catalog.Workloads}},
	{"image:", []catalog.Kind{catalog.Workloads}},
	{"build:", []catalog.Kind{catalog.Workloads}},
	{"receiver:", []catalog.Kind{catalog.Routes}},
	{`"receiver"`, []catalog.Kind{catalog.Routes}},
	{"contactPoints", []catalog.Kind{catalog.Routes}},
	{"alertmanager.yaml", []catalog.Kind{catalog.Routes}},
	{"alertmanager.yml", []catalog.Kind{catalog.Routes}},
	{"threagile_version", []catalog.Kind{catalog.ThreatModels}},
	{"otmVersion", []catalog.Kind{catalog.ThreatModels}},
	{`"threats"`, []catalog.Kind{catalog.ThreatModels}},
	{`"diagrams"`, []catalog.Kind{catalog.ThreatModels}},
	{`"findings"`, []catalog.Kind{catalog.ThreatModels}},
	{"runs-on:", []catalog.Kind{catalog.Workflows}},
	{"tekton.dev", []catalog.Kind{catalog.Workflows}},
	// Without kinds of their own: formats that are told by their structure.
	{"apiVersion", nil},
	{"receivers:", nil},
	{"services:", nil},
	{"service:", nil},
	{"version: 1", nil},
}

// mayHoldEvidence tells without parsing whether a YAML or JSON file can hold evidence, so that the lockfiles, locales
// and fixtures of a repository cost a scan only.
func mayHoldEvidence(data []byte) bool {
	for _, s := range signs {
		if bytes.Contains(data, []byte(s.text)) {
			return true
		}
	}
	return false
}

// kindsIn tells which kinds of evidence a text that does not parse may hold.
func kindsIn(data []byte) []catalog.Kind {
	var kinds []catalog.Kind
	for _, s := range signs {
		for _, k := range s.kinds {
			if !slices.Contains(kinds, k) && bytes.Contains(data, []byte(s.text)) {
				kinds = append(kinds, k)
			}
		}
	}
	return kinds
}

// pathKinds gives the kinds of evidence that a YAML or JSON file holds as its path tells, nil when it tells none.
func (l *loader) pathKinds(p string) []catalog.Kind {
	p = l.inner(p)
	switch {
	case workflows.IsPath(p) && mayStart(p):
		return []catalog.Kind{catalog.Workflows}
	case branches.IsPath(p):
		return []catalog.Kind{catalog.BranchProtections}
	case threats.IsPath(p):
		return []catalog.Kind{catalog.ThreatModels}
	}
	return nil
}

// unread completes the gap of a file whose bytes could not be had: any kind that its form can hold may be in it.
func (l *loader) unread(p string, g catalog.Gap) catalog.Gap {
	switch l.formOf(p) {
	case markdownForm:
		g.Kinds = l.pageKinds(p)
	case ownersForm:
		g.Kinds = []catalog.Kind{catalog.Owners}
	case tomlForm:
		g.Kinds = []catalog.Kind{catalog.Services, catalog.Teams, catalog.Journeys, catalog.SLOs, catalog.Attestations}
	case nativeForm:
		g.Kinds = []catalog.Kind{catalog.RecoveryPlans, catalog.Exercises, catalog.ToilLogs}
	case tableForm:
		g.Kinds = []catalog.Kind{catalog.ToilLogs}
	case manifestForm:
		g.Kinds = []catalog.Kind{catalog.Manifests, catalog.UpdateConfigs}
	case imageForm:
		g.Kinds = []catalog.Kind{catalog.ImageBuilds}
	case sbomForm:
		g.Kinds = []catalog.Kind{catalog.SBOMs}
	case pipelineForm:
		g.Kinds = []catalog.Kind{catalog.Workflows}
	case securityForm:
		g.Kinds = []catalog.Kind{catalog.SecurityPolicies}
	default:
		if g.Kinds = l.pathKinds(p); g.Kinds == nil {
			g.Kinds = []catalog.Kind{catalog.Alerts, catalog.Recordings, catalog.Dashboards, catalog.SLOs, catalog.Collectors, catalog.Targets, catalog.Workloads, catalog.Routes}
		}
	}
	return g
}

// wantedPages gives the Markdown files that serve as runbooks, may hold an error budget policy, or are one of the
// documents that show a practice: by their path, named by an entry, or linked from an alert.
func (l *loader) wantedPages() []tree.File {
	var wanted []tree.File
	for _, f := range l.markdown {
		p := f.Path
		linked := l.linked.pages[p] || l.linked.policies[p] || l.linked.documents[p]
		if linked || l.says[p].page && l.isSeen(p) {
			wanted = append(wanted, f)
		}
	}
	return wanted
}

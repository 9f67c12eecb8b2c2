package catalog

import "time"

// AlertRule is one alerting rule, of Prometheus, Mimir, Loki or Grafana.
type AlertRule struct {
	// Format is "prometheus" (also Mimir's and Loki's rules) or "grafana". Of a Grafana rule Expr is the first query that its
	// condition reads: what the result is compared to stands in Chain.
	Format        string
	Name          Text
	Expr          Query
	For           Text    // Prometheus duration as written
	KeepFiringFor Text    // Prometheus duration as written
	Labels        []Label // the rule's own first, then those of its group that it does not override
	Annotations   []Label
	Group         Text
	Interval      Text // of the group
	Namespace     string
	Resource      []Label // labels of the PrometheusRule resource around it
	Templated     bool    // actions of Helm were taken out of its document, so its texts may lack parts
	At            Place   // of the rule
	Program       string  // the jsonnet program that gives it, which may stand elsewhere than At; "" of a plain file

	// Of a Grafana rule:
	UID        string      // as its file states it, "" without one
	Chain      []ChainStep // its queries and expressions, in the order of the file
	Condition  Text        // ref of the step whose result fires the alert
	NoData     Text        // what becomes of it without data: "NoData", "Alerting", "OK", "KeepLast"
	QueryError Text        // what becomes of it when a query fails: "Error", "Alerting", "OK", "KeepLast"
	Paused     bool        // it is not evaluated
	Notify     Text        // the contact point that it names itself, past the notification policies

	// Resolved by load against the whole estate:
	Severity   Text
	Team       Owner        // the team label
	Runbook    ResolvedLink // the first runbook link
	Dashboard  ResolvedLink
	TestedBy   []*RuleTest
	Deliveries []Delivery // where the notification routes send it, one for each route that takes it; empty without routes
}

// ChainStep is one step of a Grafana rule: a query of a data source, or an expression over the results of other steps.
type ChainStep struct {
	Ref        Text   // "A"
	Kind       string // "query", "reduce", "resample", "math", "threshold", "classic_conditions", "sql"
	Query      Query  // of a query; of a query in a language that is not judged only Text and Lang are given
	Expression Text   // of math, as in "$A / $B"; of other expressions the ref that they read
	Inputs     []string
	Reducer    Text // of reduce and of a classic condition: "last", "mean", "max", …
	Conditions []Threshold
	Range      time.Duration // of a query: how far it looks back
	Instant    bool          // of a query in PromQL or LogQL: it gives one value for each series, and not those of the range
	At         Place
}

// Threshold is one comparison of a Grafana rule.
type Threshold struct {
	Ref    string    // the step whose result is compared
	Type   string    // "gt", "lt", "gte", "lte", "eq", "ne", "within_range", "outside_range", "no_value", …
	Params []float64 // one, or two of a range
	Join   string    // of a classic condition: "and" or "or" with the one before
	At     Place
}

// Label gives the rule's label of the given name.
func (a *AlertRule) Label(key string) (Label, bool) { return FindLabel(a.Labels, key) }

// Annotation gives the rule's annotation of the given name.
func (a *AlertRule) Annotation(key string) (Label, bool) { return FindLabel(a.Annotations, key) }

// LinkState is what became of following a link.
type LinkState string

// What following a link can end in.
const (
	NoLink       LinkState = ""             // there is none
	LinkOK       LinkState = "resolved"     // page, and anchor when one is named, are in what this run read
	NoSuchFile   LinkState = "no such page" // it points into what this run read, and the page is not there
	NoSuchAnchor LinkState = "no such part" // the page is there, the anchor (or panel) is not
	Elsewhere    LinkState = "elsewhere"    // it points outside what this run read: given, never checked
	Unfilled     LinkState = "template"     // a template that the rule's matchers and labels do not fix
	Malformed    LinkState = "malformed"    // neither an address nor a path
	Unreadable   LinkState = "unreadable"   // the page is there and could not be read
)

// ResolvedLink is a link of an alert with what it leads to.
type ResolvedLink struct {
	Key       string // the annotation or label that holds it
	Link      Text   // as written
	Address   string // after templates are filled in
	State     LinkState
	Page      *Page      // the runbook it leads to, when State is LinkOK or NoSuchAnchor
	Dashboard *Dashboard // likewise
	Detail    string     // "no page source/manual/alerts/x.html.md; there is source/manual/alerts/x.html.md.erb"
}

// RecordingRule is one recording rule.
type RecordingRule struct {
	Name    Text
	Expr    Query
	Labels  []Label
	Group   Text
	At      Place
	Program string // as AlertRule's
}

// RuleTest is one promtool unit test file, reduced to what it tests.
type RuleTest struct {
	At         Place
	RuleFiles  []Text
	AlertNames []Text // alerts that a case evaluates, firing or not
}

// Dashboard is one Grafana dashboard, of either schema.
type Dashboard struct {
	UID         Text
	Title       Text
	Description Text
	Tags        []Text
	Schema      string // "classic" or "v2"
	Folder      Text   // of a GrafanaDashboard resource or a ConfigMap annotation
	Editable    bool
	Variables   []Variable
	Panels      []Panel // rows opened, library panels resolved where the estate has them
	Links       []Text
	At          Place
	Program     string // as AlertRule's
}

// Variable is a template variable of a dashboard.
type Variable struct {
	Name    Text
	Type    string // "query", "datasource", "custom", "constant", …
	Query   Text
	Current string // the value it is saved with, "" for none or All
}

// Panel is one panel of a dashboard.
type Panel struct {
	ID          int
	Title       Text
	Description Text
	Type        string // as in "timeseries"
	Unit        Text
	Row         string // title of the row around it
	Datasource  Text   // uid, name or "${datasource}"
	Queries     []Query
	Library     Text   // uid of the library panel it shows
	LibraryName string // name of that library panel
	Unresolved  bool   // a library panel that the estate does not hold: what it shows is unknown
	Content     string // of a text panel
	At          Place
}

// Page is one Markdown page that serves as runbook or documentation.
type Page struct {
	Path         string
	Title        Text
	FrontMatter  []Label // scalar values of the front matter
	Headings     []Heading
	Anchors      []string // ids set by hand: {#id}, <a name>, <a id>
	Links        []PageLink
	Procedures   []Procedure
	Rollback     []Text    // the steps and commands that take a release back; read of runbooks only
	Placeholders []Text    // TODO, TBD, "fill in", lorem ipsum, template braces left blank
	Words        int       // words of prose, without headings, code and front matter
	Code         int       // code blocks and inline commands
	Fingerprint  string    // hash of the prose without names, numbers and headings: equal for copies of one text
	Templated    bool      // ERB or another template: parts may be filled in later
	Changed      time.Time // committer time of the last change; zero when not known
	AtLeastAsOld bool      // the history was not walked further back than Changed
	At           Place
}

// Heading is one heading of a page with what stands below it, up to the next heading of the same or a higher level.
type Heading struct {
	Level  int
	Text   string
	Anchor string // as GitHub makes it
	Words  int    // prose below it
	Code   int    // code blocks and inline commands below it
	Links  int
	Steps  int // list items below it
	At     Place
}

// Procedure is a list of steps that somebody carries out by hand.
type Procedure struct {
	Heading     string // that it stands below
	Steps       int
	First       string // its first step
	Fingerprint string // equal for lists with the same steps but for names and numbers
	At          Place
}

// PageLink is one link of a page.
type PageLink struct {
	Text   string
	Target string
	At     Place
}

// Collector is one OpenTelemetry Collector configuration.
type Collector struct {
	Name       Text // of the resource or file
	Components []Component
	Pipelines  []Pipeline
	// Partial says that the configuration is completed elsewhere: a Helm chart's defaults, a template, or another file
	// of the same --config list. What it does not define may be defined there.
	Partial bool
	At      Place
}

// Component is one receiver, processor, exporter, connector or extension of a collector.
type Component struct {
	Role     string  // "receiver", "processor", "exporter", "connector", "extension"
	Name     Text    // "otlp", "batch/traces"
	Settings []Label // scalar settings by dotted path, as in "protocols.grpc.endpoint"
}

// Type gives the component's type, the part of its name before the slash.
func (c Component) Type() string {
	for i, r := range c.Name.Value {
		if r == '/' {
			return c.Name.Value[:i]
		}
	}
	return c.Name.Value
}

// Pipeline is one pipeline of a collector's service section.
type Pipeline struct {
	Name       Text   // "traces", "logs/app"
	Signal     string // "traces", "metrics", "logs", "profiles"
	Receivers  []Text
	Processors []Text
	Exporters  []Text
}

// Component gives the component of the given role and name that a pipeline refers to.
func (c *Collector) Component(role, name string) (Component, bool) {
	for _, k := range c.Components {
		if k.Role == role && k.Name.Value == name {
			return k, true
		}
	}
	return Component{}, false
}

// ScrapeTarget is one declaration that metrics are collected from something.
type ScrapeTarget struct {
	Kind      string // "ServiceMonitor", "PodMonitor", "Probe", "scrape_config", "annotation"
	Name      Text   // of the resource or job
	Namespace string
	Job       Text    // the job label its series get, when stated
	Selector  []Label // labels that the scraped resource must bear
	Labels    []Label // labels of the resource itself and of static configurations
	Addresses []Text  // static targets
	Interval  Text
	At        Place
}

// Workload is something that runs a service: a Kubernetes workload or a Compose service.
type Workload struct {
	Kind        string // "Deployment", "CronJob", "compose service", …
	Name        Text
	Namespace   string
	Labels      []Label // of the resource and its pods
	Annotations []Label
	Env         []Label // environment variables with literal values; secrets are never kept, see catalog/telemetry
	Images      []Text
	Templated   bool // Helm fills parts of it in, so a label or variable that is not here may still be set
	At          Place
}

// CodeOwners is one CODEOWNERS file.
type CodeOwners struct {
	At    Place
	Rules []OwnerRule
}

// OwnerRule is one line of a CODEOWNERS file.
type OwnerRule struct {
	Pattern Text
	Owners  []Text
	Section string // GitLab section in lower case; "" outside of one
}

package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// The causes why something of a live Grafana could not be had. [Template], [Syntax], [TooLarge] and [Unsupported] occur too.
const (
	Unauthorized  Cause = "unauthorized"   // the token is not known, has expired, or is of another organisation
	NoPermission  Cause = "no permission"  // the token may not read it, or gets empty answers for want of rights
	NotFound      Cause = "not found"      // Grafana says that it has no such thing
	RateLimited   Cause = "rate limited"   // asked to come back later, and no time was left for it
	ServerError   Cause = "server error"   // Grafana, or the data source behind it, failed
	NotJSON       Cause = "not JSON"       // a page or a damaged reply where JSON was expected
	Redirected    Cause = "redirected"     // sent elsewhere, where the token is not taken
	TimedOut      Cause = "time-out"       // no reply within the time of a call, or of the whole
	NoConnection  Cause = "no connection"  // no reply at all: wrong address, refused, certificate not trusted
	Refused       Cause = "refused"        // Grafana or the data source does not take the request as it is
	PartialAnswer Cause = "partial answer" // the reply says that it is incomplete
	NotFetched    Cause = "not fetched"    // this run did not ask for it
)

// Live is what one Grafana showed to one token at one time. Texts that people wrote have no credentials left in them.
//
// Nothing in it is absent for want of looking without saying so: each part tells whether it was had. Only in a part that
// is [LivePart.Complete] does a thing that is not listed not exist, as far as the token may see: Grafana leaves out of its
// lists what a token may not read.
type Live struct {
	URL       string    `json:"url"`               // base address, as in "https://grafana.example.org"
	OrgID     int64     `json:"orgId,omitempty"`   // 0 when not known
	Org       string    `json:"org,omitempty"`     // its name, "" when not known
	Version   string    `json:"grafana,omitempty"` // Grafana's version, as in "12.4.0"; "" when not known
	FetchedAt time.Time `json:"fetchedAt"`

	Permissions   LivePart[LivePermission]   `json:"permissions"`   // of the token, in the order of their actions
	Folders       LivePart[LiveFolder]       `json:"folders"`       // in UID order
	Dashboards    LivePart[LiveDashboard]    `json:"dashboards"`    // in UID order
	Libraries     LivePart[LiveLibrary]      `json:"libraries"`     // library panels that fetched dashboards show, in UID order
	DataSources   LivePart[LiveDataSource]   `json:"dataSources"`   // in UID order
	ContactPoints LivePart[LiveContactPoint] `json:"contactPoints"` // in the order of their names
	Policies      LivePart[LiveRoute]        `json:"policies"`      // the tree of notification policies: one root
	MuteTimings   LivePart[string]           `json:"muteTimings"`   // names, in order
	Silences      LivePart[LiveSilence]      `json:"silences"`      // that are active or to come, in ID order
	Rules         []LiveRules                `json:"rules,omitempty"`
	Metrics       []LiveMetrics              `json:"metrics,omitempty"` // a data source each, in UID order
	Probes        []LiveProbe                `json:"probes,omitempty"`  // in the order they were asked for
}

// LivePart is one part of a Grafana: a list, and whether all of it was had.
type LivePart[T any] struct {
	Asked   bool     `json:"asked"`
	Items   []T      `json:"items,omitempty"` // what was had, also when the rest was not
	Trouble *Trouble `json:"trouble,omitempty"`
}

// Complete reports whether all was had, so that what is not listed is not there.
func (p LivePart[T]) Complete() bool { return p.Asked && p.Trouble == nil }

// Missing says why what is not listed may be there nevertheless; nil when the part is complete.
func (p LivePart[T]) Missing() *Trouble {
	if !p.Asked {
		return &Trouble{Cause: NotFetched, Detail: "this run did not ask Grafana for it"}
	}
	if p.Trouble != nil && p.Trouble.Cause == NotFound { // each Grafana has its lists: this is none, or its address is wrong
		return &Trouble{Cause: Unsupported, Status: p.Trouble.Status, Detail: "there is no such list here. see whether the address is that of Grafana"}
	}
	return p.Trouble
}

// Trouble is why something of a Grafana could not be had.
type Trouble struct {
	Cause  Cause  `json:"cause"`
	Status int    `json:"status,omitempty"` // of HTTP; 0 without a reply
	Detail string `json:"detail"`           // the fact and the way out
}

func (t *Trouble) String() string {
	if t.Status == 0 {
		return fmt.Sprintf("%s: %s", t.Cause, t.Detail)
	}
	return fmt.Sprintf("%s (HTTP %d): %s", t.Cause, t.Status, t.Detail)
}

// LivePermission is one action that the token may do, as in "dashboards:read", and on what, as in "folders:uid:payments".
type LivePermission struct {
	Action string   `json:"action"`
	Scopes []string `json:"scopes,omitempty"` // in order
}

// LiveFolder is a folder of dashboards and rules.
type LiveFolder struct {
	UID    string `json:"uid"`
	Title  string `json:"title"`
	Parent string `json:"parent,omitempty"` // UID
	Path   string `json:"path"`             // titles from the top, as in "Payments/Causes"
}

// LiveDashboard is one dashboard. One that was only listed has neither JSON nor Trouble.
type LiveDashboard struct {
	UID         string    `json:"uid"`
	Title       string    `json:"title,omitempty"`
	Path        string    `json:"path,omitempty"` // of its address, as in "/d/journey-checkout/journey-checkout"
	FolderUID   string    `json:"folderUid,omitempty"`
	Folder      string    `json:"folder,omitempty"` // title
	Tags        []string  `json:"tags,omitempty"`   // in order
	Version     int64     `json:"version,omitempty"`
	Updated     time.Time `json:"updated,omitzero"`
	Provisioned bool      `json:"provisioned,omitempty"` // from a file: what is changed by hand is lost
	// Revision changes with every change of the dashboard; "" when this Grafana does not list it.
	Revision string          `json:"revision,omitempty"`
	Hash     string          `json:"hash,omitempty"` // SHA-256 of JSON
	JSON     json.RawMessage `json:"json,omitempty"` // canonical, see catalog/grafana; nil when it was not asked for or not had
	Listed   bool            `json:"listed"`         // a search for all dashboards names it
	Trouble  *Trouble        `json:"trouble,omitempty"`
}

// LiveLibrary is a library panel.
type LiveLibrary struct {
	UID       string          `json:"uid"`
	Name      string          `json:"name"`
	Type      string          `json:"type,omitempty"`
	FolderUID string          `json:"folderUid,omitempty"`
	Version   int64           `json:"version,omitempty"`
	JSON      json.RawMessage `json:"json,omitempty"` // the panel, canonical
}

// LiveDataSource is a data source. Its address and its settings are never kept.
type LiveDataSource struct {
	UID     string     `json:"uid"`
	Name    string     `json:"name"`
	Type    string     `json:"type"` // as in "prometheus"
	Default bool       `json:"default,omitempty"`
	Health  LiveHealth `json:"health"`
}

// LiveHealth is what a data source said when Grafana asked it.
type LiveHealth struct {
	Answer  Answer   `json:"answer"` // whether it is well
	Message string   `json:"message,omitempty"`
	Trouble *Trouble `json:"trouble,omitempty"` // why that is unknown
}

// Answer is the answer to a question that may have none.
type Answer string

// The answers.
const (
	Yes      Answer = "yes"
	No       Answer = "no"
	NotKnown Answer = "unknown"
)

// GrafanaRules is the source of the rules that Grafana itself evaluates.
const GrafanaRules = "grafana"

// LiveRules are the rules of one source.
type LiveRules struct {
	Source string             `json:"source"` // UID of the data source, or "grafana"
	Name   string             `json:"name"`   // of the data source
	Rules  LivePart[LiveRule] `json:"rules"`  // in the order of folder, group, name and UID
	// Unconfigured is why receivers, pauses and dates of change of Grafana's own rules could not be had, when they could not.
	Unconfigured *Trouble `json:"unconfigured,omitempty"`
	// Hidden is why Grafana may have rules that its list leaves out without a word: those of folders that the token may not read.
	Hidden *Trouble `json:"hidden,omitempty"`
	Absent []string `json:"absent,omitempty"` // UIDs, in order, that Grafana was asked for one by one and has no rule of, hidden or not
}

// MayHide says why there may be a rule with a UID that is not listed; nil when there is surely none.
func (r *LiveRules) MayHide(uid string) *Trouble {
	if t := r.Rules.Missing(); t != nil || contains(r.Absent, uid) {
		return t
	}
	return r.Hidden
}

// LiveRule is one rule with what became of it when it was last evaluated.
type LiveRule struct {
	UID       string `json:"uid,omitempty"` // of a rule of Grafana
	Name      string `json:"name"`
	Recording bool   `json:"recording,omitempty"`
	Group     string `json:"group"`
	Folder    string `json:"folder"` // its path; of a data source's rule the rule file
	FolderUID string `json:"folderUid,omitempty"`
	Query     string `json:"query,omitempty"`
	State     string `json:"state,omitempty"`  // "firing", "pending" or "inactive"; "" when not known
	Health    string `json:"health,omitempty"` // "ok", "nodata", "error", "unknown": a rule in error is inactive, so read this first
	LastError string `json:"lastError,omitempty"`
	Paused    bool   `json:"paused,omitempty"`
	// Since is when it came to its state: when the first of its instances became pending, firing, without data or in error. Of a paused rule
	// it is the last change of the rule, since when it is paused at least. Zero when not known.
	Since         time.Time         `json:"since,omitzero"`
	Updated       time.Time         `json:"updated,omitzero"` // last change of the rule itself
	LastEvaluated time.Time         `json:"lastEvaluated,omitzero"`
	Instances     int               `json:"instances,omitempty"` // that are pending, firing, without data or in error
	Labels        map[string]string `json:"labels,omitempty"`
	Annotations   map[string]string `json:"annotations,omitempty"`
	DataSources   []string          `json:"dataSources,omitempty"` // UIDs that it queries
	NoData        string            `json:"noData,omitempty"`      // what becomes of it without data: "NoData", "Alerting", "OK", "KeepLast"
	QueryError    string            `json:"queryError,omitempty"`
	Receiver      string            `json:"receiver,omitempty"`    // contact point that it names itself, past the policies
	MuteTimings   []string          `json:"muteTimings,omitempty"` // of a rule that names its receiver
	ActiveTimes   []string          `json:"activeTimes,omitempty"` // likewise
	Provenance    string            `json:"provenance,omitempty"`  // "file", "api", "converted_prometheus"; "" by hand
	Configured    bool              `json:"configured,omitempty"`  // the list of configured rules names it, so that Receiver and Updated are known
	Evaluated     bool              `json:"evaluated,omitempty"`   // the list of states names it, so that State and Health are known
}

// LiveContactPoint is a contact point, without the settings of its integrations.
type LiveContactPoint struct {
	Name  string   `json:"name"`
	Types []string `json:"types"` // of its integrations, in order: "email", "pagerduty"
}

// LiveRoute is one node of the tree of notification policies. What it does not state it has from the one above it.
type LiveRoute struct {
	Receiver    string        `json:"receiver,omitempty"`
	Matchers    []LiveMatcher `json:"matchers,omitempty"`
	Continue    bool          `json:"continue,omitempty"`
	MuteTimings []string      `json:"muteTimings,omitempty"`
	ActiveTimes []string      `json:"activeTimes,omitempty"`
	GroupBy     []string      `json:"groupBy,omitempty"`
	Repeat      string        `json:"repeat,omitempty"` // interval, as in "4h"
	Routes      []LiveRoute   `json:"routes,omitempty"`
}

// LiveMatcher is a matcher of a policy or a silence.
type LiveMatcher struct {
	Name  string `json:"name"`
	Op    string `json:"op"` // =, !=, =~ or !~
	Value string `json:"value"`
}

// LiveSilence keeps the alerts that match all its matchers quiet.
type LiveSilence struct {
	ID       string        `json:"id"`
	State    string        `json:"state"` // "active" or "pending"
	Matchers []LiveMatcher `json:"matchers"`
	Starts   time.Time     `json:"starts"`
	Ends     time.Time     `json:"ends"`
	Comment  string        `json:"comment,omitempty"`
}

// LiveMetrics says which of the metrics that dashboards and files query have had series in one data source within the last 24 h.
type LiveMetrics struct {
	DataSource string   `json:"dataSource"` // UID
	Present    []string `json:"present,omitempty"`
	Absent     []string `json:"absent,omitempty"`
	Trouble    *Trouble `json:"trouble,omitempty"` // why those that are in neither list are not known
}

// Signal is a kind of telemetry.
type Signal string

// The signals that a live Grafana can be asked for.
const (
	MetricSignal Signal = "metrics"
	LogSignal    Signal = "logs"
	TraceSignal  Signal = "traces"
)

// LiveProbe is the answer to "has there been telemetry of this service in the last 24 h?".
type LiveProbe struct {
	Service string   `json:"service"` // ID
	Signal  Signal   `json:"signal"`
	Select  string   `json:"select"`            // the selector asked for; of traces the service.name
	Query   string   `json:"query,omitempty"`   // that was sent last
	Sources []string `json:"sources,omitempty"` // UIDs of the data sources asked, in order
	Answer  Answer   `json:"answer"`
	Found   string   `json:"found,omitempty"` // UID of the first data source that has it
	// Count is the number of series at the newest point of them. Of logs and traces it is at least 1: nobody counts on.
	Count   int       `json:"count,omitempty"`
	Newest  time.Time `json:"newest,omitzero"`
	Trouble *Trouble  `json:"trouble,omitempty"` // why the answer is unknown
}

// Dashboard gives the dashboard of a UID. Without one the trouble says whether that is so in Grafana ([NotFound]) or why it
// is not known: who does not list dashboards is not believed that there is none.
func (l *Live) Dashboard(uid string) (*LiveDashboard, *Trouble) {
	for i := range l.Dashboards.Items {
		if d := &l.Dashboards.Items[i]; d.UID == uid {
			if !d.Listed && d.JSON == nil && d.Trouble != nil {
				if d.Trouble.Cause == NotFound {
					return nil, cmp.Or(l.Dashboards.Missing(), d.Trouble)
				}
				return nil, d.Trouble
			}
			return d, nil
		}
	}
	if t := l.Dashboards.Missing(); t != nil {
		return nil, t
	}
	// A list leaves out what the token may not read, and nobody asked for the UID itself.
	return nil, &Trouble{Cause: NotFetched, Detail: fmt.Sprintf("no listed dashboard has uid %q, and it was not asked for by itself", uid)}
}

// Rule gives the rule of Grafana with a UID; of none the trouble says whether there is none or why that is not known.
func (l *Live) Rule(uid string) (*LiveRule, *Trouble) {
	for i := range l.Rules {
		if l.Rules[i].Source != GrafanaRules {
			continue
		}
		for j := range l.Rules[i].Rules.Items {
			if r := &l.Rules[i].Rules.Items[j]; r.UID == uid {
				return r, nil
			}
		}
		if t := l.Rules[i].MayHide(uid); t != nil {
			return nil, t
		}
		return nil, &Trouble{Cause: NotFound, Detail: fmt.Sprintf("Grafana shows no alert rule with uid %q to this token", uid)}
	}
	return nil, (LivePart[LiveRule]{}).Missing()
}

// DataSource gives the data source of a UID or name, nil when none is listed.
func (l *Live) DataSource(ref string) *LiveDataSource {
	for _, same := range []func(d *LiveDataSource) bool{
		func(d *LiveDataSource) bool { return d.UID == ref },
		func(d *LiveDataSource) bool { return d.Name == ref },
	} {
		for i := range l.DataSources.Items {
			if d := &l.DataSources.Items[i]; same(d) {
				return d
			}
		}
	}
	return nil
}

// Probe gives the answer for a service and a signal, nil when it was not asked for.
func (l *Live) Probe(service string, signal Signal) *LiveProbe {
	for i := range l.Probes {
		if p := &l.Probes[i]; p.Service == service && p.Signal == signal {
			return p
		}
	}
	return nil
}

// Metric says whether series of a metric have been in a data source within the last 24 h. An empty source stands for all of them:
// yes when one has it, no when none has it and all could be asked. The trouble says why the answer is unknown.
func (l *Live) Metric(source, name string) (Answer, *Trouble) {
	var unknown *Trouble
	absent := false
	for _, m := range l.Metrics {
		switch {
		case source != "" && m.DataSource != source:
		case contains(m.Present, name):
			return Yes, nil
		case contains(m.Absent, name):
			absent = true
		default:
			unknown = cmp.Or(unknown, m.Trouble, &Trouble{Cause: NotFetched, Detail: fmt.Sprintf("metric %q was not asked for", name)})
		}
	}
	switch {
	case unknown != nil:
		return NotKnown, unknown
	case absent:
		return No, nil
	}
	return NotKnown, &Trouble{Cause: NotFetched, Detail: fmt.Sprintf("no such data source was asked for metric %q", name)}
}

func contains(sorted []string, s string) bool {
	_, found := slices.BinarySearch(sorted, s)
	return found
}

// May says whether the token may do an action somewhere, as in "dashboards:read". The trouble says why that is unknown.
func (l *Live) May(action string) (Answer, *Trouble) {
	for _, p := range l.Permissions.Items {
		if p.Action == action {
			return Yes, nil
		}
	}
	if t := l.Permissions.Missing(); t != nil {
		return NotKnown, t
	}
	return No, nil
}

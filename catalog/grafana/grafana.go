// Package grafana asks a live Grafana what it holds, and keeps the answer. It answers "what does Grafana show, and what could it
// not be asked?" and never "is that good enough?". It changes nothing in Grafana.
//
// [Fetch] gives a [catalog.Live] through a transport of its own, which keeps Grafana well: few requests at once, at a bounded
// rate, with few retries. [WriteSnapshot] and [ReadSnapshot] keep a Live as a file, so that a later run needs no Grafana.
// [Wants] says what an estate has to ask, and [Attach] puts the answer beside what files say. [Facts] gives what the readers of
// files make of a live dashboard, [Router] what Grafana's notification policies are to catalog/routes, and [Drift] and
// [Differences] how a live dashboard differs from the one in git.
//
// # What is not asked again
//
// Search results carry no version, and a dashboard's reply has no validator to send back. Grafana 12 lists dashboards as
// resources whose metadata can be had alone: when the list is answered so, a dashboard with the revision that the previous
// Live has is taken from there. A Grafana that does not answer so is asked for each dashboard that is wanted.
//
// # The token
//
// It is sent in a header to the configured host, and nowhere else: redirects are not followed. It is in no error, and texts
// that come back are cleaned of it.
package grafana

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"obsready/catalog"
)

// Token is a token of a Grafana service account. However it is printed, it does not show.
type Token string

const hidden = "[redacted]"

func (Token) String() string               { return hidden }
func (Token) Format(f fmt.State, _ rune)   { _, _ = io.WriteString(f, hidden) } // fmt notes what fails
func (Token) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Options say how Grafana is reached. See [DefaultOptions] for the limits.
type Options struct {
	URL   string // base address with the path Grafana is served below, as in "https://example.org/grafana"
	OrgID int64  // 0 takes the token's own organisation
	Token Token
	TLS   TLS

	Rate     float64       // requests per second
	InFlight int           // requests at once
	Timeout  time.Duration // of one try of one request
	Budget   time.Duration // of all together; what is not had by then is in trouble, and the rest is given
	Retries  int           // of one request: after 429, after 5xx, after a lost connection
	// AllRetries bounds the retries of the whole run, so that a Grafana in need is not asked three times for everything.
	AllRetries int

	// Now is the time of fetching: the end of the 24 h that are asked about.
	Now time.Time
	// Previous is what an earlier Fetch gave, so that unchanged dashboards are not asked for again; nil for none.
	Previous *catalog.Live
	// Progress is told, one call at a time, how many requests have been answered.
	Progress func(requests int)
}

// TLS says whom to trust and who one is. The zero value trusts the system's authorities.
type TLS struct {
	CAFile     string // PEM; replaces the system's authorities
	CertFile   string // PEM, of a client certificate
	KeyFile    string
	ServerName string // name to expect in the certificate, when it is not the host's
	Insecure   bool   // trust every certificate
}

// DefaultOptions gives limits that a Grafana does not notice: ten requests per second, four at once, three retries.
func DefaultOptions() Options {
	return Options{Rate: 10, InFlight: 4, Timeout: 30 * time.Second, Budget: 20 * time.Minute, Retries: 3, AllRetries: 100}
}

// Want says what to ask for. Folders, the list of dashboards and data sources are always asked for.
type Want struct {
	All     bool     // the JSON of every dashboard
	UIDs    []string // of the dashboards with these UIDs: of one that is not listed, whether it exists
	Titles  []string // of the listed dashboards with these titles
	Tags    []string // of the dashboards with one of these tags
	Folders []string // of the dashboards in one of these folders, or below it: UIDs, titles or paths

	Alerts bool // rules with their states, contact points, policies, mute timings and silences
	// Rules are UIDs of rules of Grafana. Whether one exists is asked where the list of rules does not tell.
	Rules  []string
	Probes []Probe
	// Metrics are names that files query; with those that the fetched dashboards query they are looked for.
	Metrics []string
	// DashboardMetrics has the names looked for that the fetched dashboards query.
	DashboardMetrics bool
	// Sources names the data sources to ask for a signal, by UID or name. Without any, all of the fitting types are asked.
	Sources map[catalog.Signal][]string
}

// Probe asks whether there has been telemetry of a service.
type Probe struct {
	Service string // ID
	Signal  catalog.Signal
	Select  string // a PromQL or LogQL selector, or a service.name
}

// Fetch asks Grafana for what is wanted. What cannot be had is in trouble in the result, with its cause; an error is given only
// for options that cannot work and when ctx is cancelled, at once.
//
// The result's order never depends on the order of replies.
func Fetch(ctx context.Context, o Options, w Want) (*catalog.Live, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	defer c.close()
	within, cancel := context.WithTimeoutCause(ctx, o.Budget, errBudget)
	defer cancel()
	live := &catalog.Live{URL: c.url(), OrgID: o.OrgID, FetchedAt: o.Now.UTC()}
	c.fetch(within, live, w)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("fetching from Grafana was stopped: %w", err)
	}
	return live, nil
}

// fetch asks in stages: who one is, what there is, then what each of it holds. When the first question shows that nothing
// can be had, nothing more is asked.
func (c *client) fetch(ctx context.Context, live *catalog.Live, w Want) {
	c.permissions(ctx, live)
	if t := live.Permissions.Trouble; t != nil && hopeless(t) {
		giveUp(live, w, t)
		return
	}
	c.identity(ctx, live)
	c.folders(ctx, live)
	c.dashboards(ctx, live, w)
	c.dataSources(ctx, live)
	c.libraries(ctx, live)
	if w.Alerts {
		c.notifications(ctx, live)
		c.rules(ctx, live, w.Rules)
	}
	c.metrics(ctx, live, w)
	c.probes(ctx, live, w)
}

// hopeless reports whether a trouble with the first question is one with all of them.
func hopeless(t *catalog.Trouble) bool {
	switch t.Cause {
	case catalog.Unauthorized, catalog.NoConnection, catalog.TimedOut, catalog.Redirected, catalog.NotJSON:
		return true
	}
	return false
}

// giveUp notes of everything wanted that it could not be had.
func giveUp(live *catalog.Live, w Want, t *catalog.Trouble) {
	live.Folders = lost[catalog.LiveFolder](t)
	live.Dashboards = lost[catalog.LiveDashboard](t)
	live.DataSources = lost[catalog.LiveDataSource](t)
	if w.Alerts {
		live.Rules = []catalog.LiveRules{{Source: catalog.GrafanaRules, Name: "Grafana", Rules: lost[catalog.LiveRule](t)}}
		live.ContactPoints = lost[catalog.LiveContactPoint](t)
		live.Policies = lost[catalog.LiveRoute](t)
		live.MuteTimings = lost[string](t)
		live.Silences = lost[catalog.LiveSilence](t)
	}
	for _, p := range w.Probes {
		live.Probes = append(live.Probes, catalog.LiveProbe{Service: p.Service, Signal: p.Signal, Select: p.Select, Answer: catalog.NotKnown, Trouble: t})
	}
}

func lost[T any](t *catalog.Trouble) catalog.LivePart[T] {
	return catalog.LivePart[T]{Asked: true, Trouble: t}
}

var errBudget = errors.New("the time for all of Grafana is over")

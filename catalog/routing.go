package catalog

// Router is one configuration of notification routes: an Alertmanager's, or Grafana's notification policies.
// Secrets of its receivers are never kept.
type Router struct {
	Format      string // "alertmanager", "alertmanager resource", "grafana"
	Name        Text   // of the resource or secret, else of nothing
	Namespace   string // an AlertmanagerConfig resource takes alerts of this namespace only
	Root        *Route
	Receivers   []Receiver
	Inhibitions []Inhibition
	Partial     bool // a template or include fills parts in: a route that is not here may still be there
	At          Place
}

// Receiver gives the receiver of the given name, or nil.
func (r *Router) Receiver(name string) *Receiver {
	for i := range r.Receivers {
		if r.Receivers[i].Name.Value == name {
			return &r.Receivers[i]
		}
	}
	return nil
}

// Route is one node of a tree of routes. What it does not state it has from the route above it.
type Route struct {
	Receiver       Text
	Matchers       []RouteMatcher
	Continue       bool   // later siblings are asked too
	MutedDuring    []Text // names of time intervals
	ActiveDuring   []Text
	GroupBy        []Text
	RepeatInterval Text
	Routes         []*Route
	At             Place
}

// RouteMatcher is one matcher of a route, with its place.
type RouteMatcher struct {
	Matcher
	At Place
}

// Receiver is a named set of ways to tell somebody.
type Receiver struct {
	Name         Text
	Integrations []Integration
	At           Place
}

// Integration is one way of telling somebody.
type Integration struct {
	Kind   string // "pagerduty", "opsgenie", "slack", "email", "webhook", …
	Target Text   // a channel, a schedule or an address without credentials; "" when there is none to show
	// Urgency is what it tells the paging tool of how urgent an alert is: PagerDuty's severity, Opsgenie's and Pushover's
	// priority. "" leaves that to the tool.
	Urgency Text
	At      Place
}

// Inhibition mutes the alerts that Target matches while one that Source matches fires.
type Inhibition struct {
	Source, Target []RouteMatcher
	Equal          []Text
	At             Place
}

// Delivery is one route that takes an alert.
type Delivery struct {
	Router   *Router
	Route    *Route
	Name     Text      // of the receiver, as the route or one above it states it
	Receiver *Receiver // nil when the configuration defines none of that name
	// Unsure says why it is not certain that the alert comes here, as in "the route matches label \"cluster\", which the
	// alert's series decide"; "" when it is certain.
	Unsure string
	Muted  []Text // time intervals in which nobody is told
}

package grafana

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client/provisioning"
	"github.com/grafana/grafana-openapi-client-go/models"

	"obsready/catalog"
)

// notifications asks who is told: contact points, notification policies, mute timings and silences.
func (c *client) notifications(ctx context.Context, live *catalog.Live) {
	api := provisioning.New(c.api, strfmt.Default)
	c.contactPoints(ctx, api, live)
	c.policies(ctx, api, &live.Policies)
	c.muteTimings(ctx, api, &live.MuteTimings)
	c.silences(ctx, &live.Silences)
}

// contactPoints lists the contact points with the types of their integrations. The settings, which hold addresses and keys, are
// dropped at once.
func (c *client) contactPoints(ctx context.Context, api provisioning.ClientService, live *catalog.Live) {
	part := &live.ContactPoints
	part.Asked = true
	ok, err := api.GetContactpoints(provisioning.NewGetContactpointsParamsWithContext(ctx))
	if err != nil {
		part.Trouble = c.trouble(err)
		return
	}
	types := map[string][]string{}
	for _, p := range ok.Payload {
		if p != nil && p.Name != "" {
			types[p.Name] = append(types[p.Name], value(p.Type))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		slices.Sort(types[name])
		part.Items = append(part.Items, catalog.LiveContactPoint{Name: c.clean(name), Types: types[name]})
	}
	if !slices.ContainsFunc(readsContactPoints, func(action string) bool { return mayAll(live, action, "receivers") }) {
		part.Trouble = &catalog.Trouble{Cause: catalog.NoPermission, Status: http.StatusOK, Detail: "the token may read some contact points only, and the others are not listed. give its service account the role Viewer"}
	}
}

// readsContactPoints are the actions each of which lets a token read contact points, of Grafana 9 to 12.
var readsContactPoints = []string{
	"alert.notifications:read", "alert.notifications.receivers:read", "alert.notifications.receivers.secrets:read",
	"alert.provisioning:read", "alert.provisioning.secrets:read", "alert.notifications.provisioning:read",
}

// policies gives the tree of notification policies.
func (c *client) policies(ctx context.Context, api provisioning.ClientService, part *catalog.LivePart[catalog.LiveRoute]) {
	part.Asked = true
	ok, err := api.GetPolicyTreeWithParams(provisioning.NewGetPolicyTreeParamsWithContext(ctx))
	if err != nil {
		part.Trouble = c.trouble(err)
		return
	}
	if ok.Payload == nil {
		part.Trouble = &catalog.Trouble{Cause: catalog.NotJSON, Status: 200, Detail: "the reply holds no notification policy"}
		return
	}
	part.Items = []catalog.LiveRoute{c.route(ok.Payload, 0)}
}

// maxRoutes bounds how deep policies are read.
const maxRoutes = 100

func (c *client) route(r *models.Route, depth int) catalog.LiveRoute {
	route := catalog.LiveRoute{
		Receiver: c.clean(r.Receiver), Continue: r.Continue, MuteTimings: r.MuteTimeIntervals, ActiveTimes: r.ActiveTimeIntervals,
		GroupBy: r.GroupBy, Repeat: r.RepeatInterval,
	}
	for _, m := range r.ObjectMatchers {
		if len(m) == 3 {
			route.Matchers = append(route.Matchers, catalog.LiveMatcher{Name: m[0], Op: m[1], Value: c.clean(m[2])})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Match)) { // of before Grafana 9
		route.Matchers = append(route.Matchers, catalog.LiveMatcher{Name: name, Op: "=", Value: c.clean(r.Match[name])})
	}
	for _, below := range r.Routes {
		if below != nil && depth < maxRoutes {
			route.Routes = append(route.Routes, c.route(below, depth+1))
		}
	}
	return route
}

// muteTimings lists the names of mute timings.
func (c *client) muteTimings(ctx context.Context, api provisioning.ClientService, part *catalog.LivePart[string]) {
	part.Asked = true
	ok, err := api.GetMuteTimingsWithParams(provisioning.NewGetMuteTimingsParamsWithContext(ctx))
	if err != nil {
		part.Trouble = c.trouble(err)
		return
	}
	for _, m := range ok.Payload {
		if m != nil {
			part.Items = append(part.Items, c.clean(m.Name))
		}
	}
	slices.Sort(part.Items)
}

// silences lists the silences that are not over. Who made them is not kept.
func (c *client) silences(ctx context.Context, part *catalog.LivePart[catalog.LiveSilence]) {
	part.Asked = true
	var all []struct {
		ID       string
		Status   struct{ State string }
		Comment  string
		StartsAt time.Time
		EndsAt   time.Time
		Matchers []struct {
			Name, Value string
			IsRegex     bool
			IsEqual     *bool // true when absent
		}
	}
	if err := c.get(ctx, "/api/alertmanager/grafana/api/v2/silences", nil, &all); err != nil {
		part.Trouble = c.trouble(err)
		return
	}
	for _, s := range all {
		if s.Status.State == "expired" {
			continue
		}
		silence := catalog.LiveSilence{ID: s.ID, State: s.Status.State, Starts: moment(s.StartsAt), Ends: moment(s.EndsAt), Comment: c.line(s.Comment)}
		for _, m := range s.Matchers {
			silence.Matchers = append(silence.Matchers, catalog.LiveMatcher{Name: m.Name, Op: operator(m.IsRegex, m.IsEqual == nil || *m.IsEqual), Value: c.clean(m.Value)})
		}
		part.Items = append(part.Items, silence)
	}
	slices.SortFunc(part.Items, func(a, b catalog.LiveSilence) int { return cmp.Compare(a.ID, b.ID) })
}

// operator gives how a matcher compares.
func operator(regex, equal bool) string {
	switch {
	case regex && equal:
		return "=~"
	case regex:
		return "!~"
	case equal:
		return "="
	}
	return "!="
}

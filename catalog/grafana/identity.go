package grafana

import (
	"context"
	"maps"
	"slices"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client/health"
	"github.com/grafana/grafana-openapi-client-go/client/org"

	"obsready/catalog"
)

// permissions asks what the token may do. It is the first question: its answer shows, too, whether the token is taken at all,
// which /api/health does not.
func (c *client) permissions(ctx context.Context, live *catalog.Live) {
	part := &live.Permissions
	part.Asked = true
	var actions map[string][]string
	if err := c.get(ctx, "/api/access-control/user/permissions", nil, &actions); err != nil {
		part.Trouble = c.trouble(err)
		return
	}
	for _, action := range slices.Sorted(maps.Keys(actions)) {
		scopes := slices.DeleteFunc(actions[action], func(s string) bool { return s == "" })
		slices.Sort(scopes)
		part.Items = append(part.Items, catalog.LivePermission{Action: action, Scopes: slices.Compact(scopes)})
	}
}

// identity asks for the version of Grafana and for the organisation. Neither is worth more than a name in a report, so without
// an answer it stays unknown.
func (c *client) identity(ctx context.Context, live *catalog.Live) {
	if ok, err := health.New(c.api, strfmt.Default).GetHealthWithParams(health.NewGetHealthParamsWithContext(ctx)); err == nil && ok.Payload != nil {
		live.Version = c.line(ok.Payload.Version)
	}
	if ok, err := org.New(c.api, strfmt.Default).GetCurrentOrgWithParams(org.NewGetCurrentOrgParamsWithContext(ctx)); err == nil && ok.Payload != nil {
		live.OrgID, live.Org = ok.Payload.ID, c.line(ok.Payload.Name)
	}
}

// mayAll reports whether the token surely may do an action on all things of a kind, as "folders". An action without scopes is on all.
func mayAll(live *catalog.Live, action, kind string) bool {
	all := []string{"*", kind + ":*", kind + ":uid:*"}
	return slices.ContainsFunc(live.Permissions.Items, func(p catalog.LivePermission) bool {
		return p.Action == action && (len(p.Scopes) == 0 || slices.ContainsFunc(p.Scopes, func(scope string) bool { return slices.Contains(all, scope) }))
	})
}

// doubtEmpty puts an empty list in trouble unless the token may do the action that fills it: a token without rights gets an empty
// list with status 200, so that only one with rights says that there is nothing.
func doubtEmpty[T any](live *catalog.Live, part *catalog.LivePart[T], action string) {
	if part.Trouble != nil || len(part.Items) > 0 {
		return
	}
	switch may, why := live.May(action); may {
	case catalog.No:
		part.Trouble = &catalog.Trouble{Cause: catalog.NoPermission, Status: 200, Detail: "the list is empty, and the token has no permission \"" + action + "\". give its service account the role Viewer"}
	case catalog.NotKnown:
		part.Trouble = &catalog.Trouble{Cause: catalog.NoPermission, Status: 200, Detail: "the list is empty, and whether the token has permission \"" + action + "\" is not known: " + why.Detail}
	}
}

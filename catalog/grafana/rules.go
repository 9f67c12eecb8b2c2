package grafana

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client/provisioning"
	"github.com/grafana/grafana-openapi-client-go/models"

	"obsready/catalog"
)

const (
	groupPage = 200 // rule groups in one reply
	maxAlerts = 100 // instances of one rule that are looked at for the first
)

// state is the reply with rules and their state: Grafana's own, or a data source's through it. The generated client has neither.
type state struct {
	Status string
	Data   struct {
		Groups []struct {
			Name, File, FolderUID string
			Rules                 []ruleState
		}
		GroupNextToken string
	}
}

type ruleState struct {
	UID, Name, Query, State, Health, LastError, Type, Provenance string
	FolderUID                                                    string
	IsPaused                                                     bool
	LastEvaluation                                               time.Time
	ActiveAt                                                     *time.Time
	Labels, Annotations                                          map[string]string
	QueriedDatasourceUIDs                                        []string
	Totals                                                       map[string]int
	Alerts                                                       []struct {
		State    string
		ActiveAt *time.Time
	}
}

// rules asks for the rules of Grafana itself and for those of each data source that can have some.
func (c *client) rules(ctx context.Context, live *catalog.Live, wanted []string) {
	own := catalog.LiveRules{Source: catalog.GrafanaRules, Name: "Grafana"}
	own.Rules = c.ruleStates(ctx, "/api/prometheus/grafana/api/v1/rules", url.Values{"limit_alerts": {strconv.Itoa(maxAlerts)}, "group_limit": {strconv.Itoa(groupPage)}})
	own.Unconfigured = c.configure(ctx, &own.Rules, live.Folders.Items)
	doubtEmpty(live, &own.Rules, "alert.rules:read")
	c.hidden(ctx, live, &own, wanted)
	live.Rules = append(live.Rules, own)
	var ruled []*catalog.LiveDataSource
	for i := range live.DataSources.Items {
		if d := &live.DataSources.Items[i]; d.Type == "prometheus" || d.Type == "loki" {
			ruled = append(ruled, d)
		}
	}
	of := make([]catalog.LiveRules, len(ruled))
	c.each(len(ruled), func(i int) {
		path := "/api/prometheus/" + url.PathEscape(ruled[i].UID) + "/api/v1/rules"
		of[i] = catalog.LiveRules{Source: ruled[i].UID, Name: ruled[i].Name, Rules: c.ruleStates(passedOn(ctx), path, url.Values{})}
	})
	live.Rules = append(live.Rules, of...)
}

// ruleStates gives all pages of the rules at a path. Data sources give one page.
func (c *client) ruleStates(ctx context.Context, path string, query url.Values) catalog.LivePart[catalog.LiveRule] {
	part := catalog.LivePart[catalog.LiveRule]{Asked: true}
	for range maxPages {
		var page state
		if err := c.get(ctx, path, query, &page); err != nil {
			part.Trouble = c.trouble(err)
			break
		}
		if page.Status != "success" {
			part.Trouble = &catalog.Trouble{Cause: catalog.NotJSON, Status: http.StatusOK, Detail: "the reply holds no list of rules"}
			break
		}
		for _, g := range page.Data.Groups {
			for _, r := range g.Rules {
				part.Items = append(part.Items, c.rule(r, g.Name, g.File, cmp.Or(r.FolderUID, g.FolderUID)))
			}
		}
		if page.Data.GroupNextToken == "" || page.Data.GroupNextToken == query.Get("group_next_token") {
			break
		}
		query.Set("group_next_token", page.Data.GroupNextToken)
	}
	slices.SortStableFunc(part.Items, compareRules)
	return part
}

func compareRules(a, b catalog.LiveRule) int {
	return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name), cmp.Compare(a.UID, b.UID))
}

func (c *client) rule(r ruleState, group, file, folderUID string) catalog.LiveRule {
	token := c.options.Token
	rule := catalog.LiveRule{
		UID: r.UID, Name: c.clean(r.Name), Recording: r.Type == "recording", Group: c.clean(group), Folder: c.clean(file), FolderUID: folderUID,
		Query: c.clean(r.Query), State: r.State, Health: r.Health, LastError: c.line(r.LastError), Paused: r.IsPaused,
		LastEvaluated: moment(r.LastEvaluation), Labels: cleanAll(r.Labels, token), Annotations: cleanAll(r.Annotations, token),
		DataSources: r.QueriedDatasourceUIDs, Provenance: r.Provenance, Evaluated: true,
	}
	slices.Sort(rule.DataSources)
	first := r.ActiveAt
	for _, a := range r.Alerts {
		if strings.HasPrefix(strings.ToLower(a.State), "normal") {
			continue
		}
		rule.Instances++
		if a.ActiveAt != nil && !a.ActiveAt.IsZero() && (first == nil || a.ActiveAt.Before(*first)) {
			first = a.ActiveAt
		}
	}
	total := 0
	for name, n := range r.Totals {
		if name != "normal" && name != "inactive" && n > 0 {
			total += n
		}
	}
	rule.Instances = max(rule.Instances, total)
	if first != nil {
		rule.Since = moment(*first)
	}
	return rule
}

// configure adds to the rules of Grafana what only their configuration says, and the rules that have no state yet.
func (c *client) configure(ctx context.Context, part *catalog.LivePart[catalog.LiveRule], folders []catalog.LiveFolder) *catalog.Trouble {
	ok, err := provisioning.New(c.api, strfmt.Default).GetAlertRulesWithParams(provisioning.NewGetAlertRulesParamsWithContext(ctx))
	if err != nil {
		return c.trouble(err)
	}
	byUID := map[string]int{}
	for i, r := range part.Items {
		byUID[r.UID] = i
	}
	for _, p := range ok.Payload {
		if p == nil || p.UID == "" {
			continue
		}
		i, has := byUID[p.UID]
		if !has {
			i = len(part.Items)
			part.Items = append(part.Items, c.stateless(p, folders))
		}
		c.configureRule(&part.Items[i], p)
	}
	slices.SortStableFunc(part.Items, compareRules)
	return nil
}

// hidden notes why Grafana may have rules that its list leaves out, and which of the wanted UIDs it has no rule of in any folder: asked
// for one by one it tells what is forbidden from what is not there.
func (c *client) hidden(ctx context.Context, live *catalog.Live, own *catalog.LiveRules, wanted []string) {
	if mayAll(live, "folders:read", "folders") && mayAll(live, "alert.rules:read", "folders") {
		return
	}
	own.Hidden = &catalog.Trouble{Cause: catalog.NoPermission, Detail: "the token may read some folders only, and rules of the others are not listed. let its service account view the folder of the rule"}
	if own.Rules.Trouble != nil || own.Unconfigured != nil {
		return
	}
	listed := map[string]bool{}
	for _, r := range own.Rules.Items {
		listed[r.UID] = true
	}
	wanted = slices.DeleteFunc(bounded(slices.Clone(wanted), maxRules), func(uid string) bool { return listed[uid] })
	absent := make([]bool, len(wanted))
	c.each(len(wanted), func(i int) {
		resp, body, err := c.send(ctx, http.MethodGet, "/api/v1/provisioning/alert-rules/"+url.PathEscape(wanted[i]), nil, nil)
		if err == nil {
			f := failed(resp, body)
			absent[i] = f != nil && f.cause == catalog.NotFound
		}
	})
	for i, uid := range wanted {
		if absent[i] {
			own.Absent = append(own.Absent, uid)
		}
	}
}

// stateless gives a rule that has no state yet.
func (c *client) stateless(p *models.ProvisionedAlertRule, folders []catalog.LiveFolder) catalog.LiveRule {
	r := catalog.LiveRule{
		UID: p.UID, Name: c.clean(value(p.Title)), Group: c.clean(value(p.RuleGroup)), FolderUID: value(p.FolderUID), Recording: p.Record != nil,
		Labels: cleanAll(maps.Clone(p.Labels), c.options.Token), Annotations: cleanAll(maps.Clone(p.Annotations), c.options.Token), Provenance: string(p.Provenance),
	}
	if f := folderOf(folders, r.FolderUID); f != nil {
		r.Folder = f.Path
	}
	return r
}

func (c *client) configureRule(r *catalog.LiveRule, p *models.ProvisionedAlertRule) {
	r.Configured, r.Paused, r.Updated = true, r.Paused || p.IsPaused, moment(time.Time(p.Updated))
	r.NoData, r.QueryError = value(p.NoDataState), value(p.ExecErrState)
	if s := p.NotificationSettings; s != nil {
		r.Receiver, r.MuteTimings, r.ActiveTimes = c.clean(value(s.Receiver)), s.MuteTimeIntervals, s.ActiveTimeIntervals
	}
	if r.Paused && r.Since.IsZero() {
		r.Since = r.Updated
	}
}

// value gives what an optional text of the generated client holds.
func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

package grafana

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client/dashboards"
	"github.com/grafana/grafana-openapi-client-go/client/search"
	"github.com/grafana/grafana-openapi-client-go/models"

	"obsready/catalog"
)

const (
	searchPage = 5000 // hits, the most that Grafana gives
	maxPages   = 200  // of any list
)

// search gives all hits of a type, page by page. There is no total and no link: a short page is the last.
func (c *client) search(ctx context.Context, kind string) ([]*models.Hit, *catalog.Trouble) {
	var hits []*models.Hit
	seen := map[string]bool{}
	limit := int64(searchPage)
	for page := int64(1); page <= maxPages; page++ {
		params := search.NewSearchParamsWithContext(ctx).WithType(&kind).WithLimit(&limit).WithPage(&page)
		ok, err := search.New(c.api, strfmt.Default).Search(params)
		if err != nil {
			return hits, c.trouble(err)
		}
		fresh := 0
		for _, hit := range ok.Payload {
			if hit == nil || hit.UID == "" || seen[hit.UID] {
				continue
			}
			seen[hit.UID] = true
			fresh++
			hits = append(hits, hit)
		}
		if len(ok.Payload) < searchPage || fresh == 0 {
			return hits, nil
		}
	}
	return hits, &catalog.Trouble{Cause: catalog.TooLarge, Detail: "there are more pages of search results than this program asks for"}
}

// dashboards lists all dashboards and fetches those that are wanted.
func (c *client) dashboards(ctx context.Context, live *catalog.Live, w Want) {
	part := &live.Dashboards
	part.Asked = true
	hits, trouble := c.search(ctx, "dash-db")
	part.Trouble = trouble
	for _, hit := range hits {
		tags := slices.Clone(hit.Tags)
		slices.Sort(tags)
		part.Items = append(part.Items, catalog.LiveDashboard{
			UID: hit.UID, Title: c.clean(hit.Title), Path: c.path(hit.URL), FolderUID: hit.FolderUID, Folder: c.clean(hit.FolderTitle), Tags: tags, Listed: true,
		})
	}
	doubtEmpty(live, part, "dashboards:read")
	wanted := c.choose(live, w)
	slices.SortFunc(part.Items, func(a, b catalog.LiveDashboard) int { return cmp.Compare(a.UID, b.UID) })
	var fetch []*catalog.LiveDashboard
	for i := range part.Items {
		if wanted[part.Items[i].UID] {
			fetch = append(fetch, &part.Items[i])
		}
	}
	fetch = c.reuse(ctx, live, fetch)
	c.each(len(fetch), func(i int) { c.dashboard(ctx, fetch[i]) })
}

// choose gives the UIDs of the dashboards that are wanted, and adds an entry for each of them that is not listed.
func (c *client) choose(live *catalog.Live, w Want) map[string]bool {
	wanted := map[string]bool{}
	inside := foldersBelow(live.Folders.Items, w.Folders)
	for _, d := range live.Dashboards.Items {
		tagged := slices.ContainsFunc(d.Tags, func(tag string) bool { return slices.Contains(w.Tags, tag) })
		if w.All || tagged || slices.Contains(w.Titles, d.Title) || inside[d.FolderUID] || slices.Contains(w.Folders, cmp.Or(d.Folder, "General")) {
			wanted[d.UID] = true
		}
	}
	listed := map[string]bool{}
	for _, d := range live.Dashboards.Items {
		listed[d.UID] = true
	}
	for _, uid := range w.UIDs {
		if uid = strings.TrimSpace(uid); uid == "" || wanted[uid] {
			continue
		}
		wanted[uid] = true
		if !listed[uid] {
			live.Dashboards.Items = append(live.Dashboards.Items, catalog.LiveDashboard{UID: uid})
		}
	}
	return wanted
}

// dashboard fetches the JSON of one dashboard.
func (c *client) dashboard(ctx context.Context, d *catalog.LiveDashboard) {
	ok, err := dashboards.New(c.api, strfmt.Default).GetDashboardByUIDWithParams(dashboards.NewGetDashboardByUIDParamsWithContext(ctx).WithUID(d.UID))
	if err != nil {
		d.Trouble = c.trouble(err)
		return
	}
	if ok.Payload == nil || ok.Payload.Dashboard == nil {
		d.Trouble = &catalog.Trouble{Cause: catalog.NotJSON, Status: 200, Detail: "the reply holds no dashboard"}
		return
	}
	text, err := c.cleanValue(ok.Payload.Dashboard)
	if err != nil {
		d.Trouble = c.trouble(err)
		return
	}
	d.JSON, d.Hash = text, hashOf(text)
	if meta := ok.Payload.Meta; meta != nil {
		d.Version, d.Updated, d.Provisioned = meta.Version, moment(time.Time(meta.Updated)), meta.Provisioned
		d.Path, d.FolderUID, d.Folder = cmp.Or(d.Path, c.path(meta.URL)), cmp.Or(d.FolderUID, meta.FolderUID), cmp.Or(d.Folder, meta.FolderTitle)
	}
	if fields, isMap := ok.Payload.Dashboard.(map[string]any); isMap && d.Title == "" {
		title, _ := fields["title"].(string)
		d.Title = c.clean(title)
	}
}

// path gives the path of a dashboard below the address of Grafana, which a Grafana served below a path puts before it; "" for
// what is no path.
func (c *client) path(address string) string {
	address = strings.TrimPrefix(address, c.base.Path)
	if !strings.HasPrefix(address, "/d/") || strings.ContainsAny(address, "\\?# ") {
		return ""
	}
	return address
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// moment gives a time as it is kept: in UTC, the zero time for the zero times of all the formats.
func moment(t time.Time) time.Time {
	if t.Unix() <= 0 || t.Year() > 9999 {
		return time.Time{}
	}
	return t.UTC()
}

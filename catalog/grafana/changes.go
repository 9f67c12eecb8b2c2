package grafana

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"obsready/catalog"
)

// metadataOnly asks a Kubernetes style interface for the metadata of a list's items alone.
const metadataOnly = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"

// metadataPage is how many items a page of metadata holds.
const metadataPage = 500

// reuse notes the revision of each dashboard, where this Grafana lists them, and takes from the previous Live what has not
// changed since. It gives the dashboards that are left to be fetched.
//
// The revisions are had before the dashboards: one that changes in between is kept with its old revision and fetched again next
// time.
func (c *client) reuse(ctx context.Context, live *catalog.Live, wanted []*catalog.LiveDashboard) []*catalog.LiveDashboard {
	if len(wanted) < 2 {
		return wanted
	}
	revisions, complete := c.revisions(ctx, live.OrgID)
	if !complete {
		return wanted
	}
	known := c.known(live.OrgID)
	var fetch []*catalog.LiveDashboard
	for _, d := range wanted {
		d.Revision = revisions[d.UID]
		old, ok := known[d.UID]
		if !ok || d.Revision == "" || old.Revision != d.Revision {
			fetch = append(fetch, d)
			continue
		}
		d.JSON, d.Hash, d.Version, d.Updated, d.Provisioned = old.JSON, old.Hash, old.Version, old.Updated, old.Provisioned
	}
	return fetch
}

// known gives the dashboards of the previous Live that can be taken again: those of the same Grafana and organisation.
func (c *client) known(org int64) map[string]*catalog.LiveDashboard {
	known := map[string]*catalog.LiveDashboard{}
	p := c.options.Previous
	if p == nil || p.URL != c.url() || p.OrgID != org {
		return known
	}
	for i := range p.Dashboards.Items {
		if d := &p.Dashboards.Items[i]; d.JSON != nil && d.Hash == hashOf(d.JSON) {
			known[d.UID] = d
		}
	}
	return known
}

// objects is a list of resources without their content.
type objects struct {
	Kind     string
	Metadata struct{ Continue string }
	Items    []struct {
		Metadata struct {
			Name            string
			ResourceVersion string
		}
	}
}

// revisions gives the revision of every dashboard by UID. It is not complete when this Grafana has no such list, or answers it
// with whole dashboards: the first page holds a single one, so that finding that out costs nothing.
func (c *client) revisions(ctx context.Context, org int64) (map[string]string, bool) {
	namespace := "default"
	if org > 1 {
		namespace = fmt.Sprintf("org-%d", org)
	}
	path := "/apis/dashboard.grafana.app/v1beta1/namespaces/" + namespace + "/dashboards"
	ctx = context.WithValue(passedOn(ctx), accept{}, metadataOnly)
	revisions := map[string]string{}
	query := url.Values{"limit": {"1"}}
	for range maxPages {
		page, err := c.metadata(ctx, path, query)
		if err != nil || page.Kind != "PartialObjectMetadataList" {
			return nil, false
		}
		for _, item := range page.Items {
			revisions[item.Metadata.Name] = item.Metadata.ResourceVersion
		}
		if page.Metadata.Continue == "" {
			return revisions, true
		}
		query = url.Values{"limit": {strconv.Itoa(metadataPage)}, "continue": {page.Metadata.Continue}}
	}
	return nil, false
}

func (c *client) metadata(ctx context.Context, path string, query url.Values) (page objects, err error) {
	resp, body, err := c.send(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return page, err
	}
	if f := failed(resp, body); f != nil {
		return page, f
	}
	return page, json.Unmarshal(body, &page)
}

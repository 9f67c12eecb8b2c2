package grafana

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client/datasources"

	"obsready/catalog"
)

// dataSources lists the data sources and asks each how it is. Their addresses and settings are dropped at once.
func (c *client) dataSources(ctx context.Context, live *catalog.Live) {
	part := &live.DataSources
	part.Asked = true
	ok, err := datasources.New(c.api, strfmt.Default).GetDataSourcesWithParams(datasources.NewGetDataSourcesParamsWithContext(ctx))
	if err != nil {
		part.Trouble = c.trouble(err)
		return
	}
	for _, d := range ok.Payload {
		if d == nil || d.UID == "" {
			continue
		}
		part.Items = append(part.Items, catalog.LiveDataSource{UID: d.UID, Name: c.clean(d.Name), Type: d.Type, Default: d.IsDefault})
	}
	doubtEmpty(live, part, "datasources:read")
	slices.SortFunc(part.Items, func(a, b catalog.LiveDataSource) int { return cmp.Compare(a.UID, b.UID) })
	c.each(len(part.Items), func(i int) { part.Items[i].Health = c.health(ctx, part.Items[i].UID) })
}

// health asks a data source how it is. One that is not well is answered with status 400 and the message that the generated
// client loses.
func (c *client) health(ctx context.Context, uid string) catalog.LiveHealth {
	h := catalog.LiveHealth{Answer: catalog.NotKnown}
	resp, body, err := c.send(passedOn(ctx), http.MethodGet, "/api/datasources/uid/"+url.PathEscape(uid)+"/health", nil, nil)
	if err != nil {
		h.Trouble = c.trouble(err)
		return h
	}
	var reply struct{ Status, Message string }
	if _, isJSON := messageOf(resp, body); isJSON && json.Unmarshal(body, &reply) == nil {
		switch {
		case reply.Status == "OK" && resp.StatusCode == http.StatusOK:
			return catalog.LiveHealth{Answer: catalog.Yes, Message: c.line(reply.Message)}
		case reply.Status == "ERROR":
			return catalog.LiveHealth{Answer: catalog.No, Message: c.line(reply.Message)}
		}
	}
	h.Trouble = &catalog.Trouble{Cause: catalog.Unsupported, Status: resp.StatusCode, Detail: "the data source does not say how it is"}
	if f := failed(resp, body); f != nil {
		h.Trouble = c.trouble(f)
	}
	return h
}

// fitting gives the types of data sources that hold a signal and are asked for it.
func fitting(signal catalog.Signal) []string {
	switch signal {
	case catalog.MetricSignal:
		return []string{"prometheus", "grafana-amazonprometheus-datasource", "grafana-azureprometheus-datasource"}
	case catalog.LogSignal:
		return []string{"loki"}
	case catalog.TraceSignal:
		return []string{"tempo"}
	}
	return nil
}

// sourcesFor gives the data sources to ask for a signal, or why there are none.
func sourcesFor(live *catalog.Live, w Want, signal catalog.Signal) ([]*catalog.LiveDataSource, *catalog.Trouble) {
	types := fitting(signal)
	var sources []*catalog.LiveDataSource
	for _, ref := range w.Sources[signal] {
		d := live.DataSource(ref)
		switch {
		case d == nil && live.DataSources.Missing() != nil:
			return nil, live.DataSources.Missing()
		case d == nil:
			return nil, &catalog.Trouble{Cause: catalog.NotFound, Detail: "Grafana lists no data source " + quote(ref) + ", which the policy names for " + string(signal)}
		case !slices.Contains(types, d.Type):
			return nil, &catalog.Trouble{Cause: catalog.Unsupported, Detail: "data source " + quote(ref) + " is of type " + quote(d.Type) + ", which is not asked for " + string(signal)}
		}
		sources = append(sources, d)
	}
	if len(w.Sources[signal]) > 0 {
		return sources, nil
	}
	for i := range live.DataSources.Items {
		if d := &live.DataSources.Items[i]; slices.Contains(types, d.Type) {
			sources = append(sources, d)
		}
	}
	switch missing := live.DataSources.Missing(); {
	case len(sources) > 0:
		return sources, nil
	case missing != nil:
		return nil, missing
	}
	return nil, &catalog.Trouble{Cause: catalog.NotFound, Detail: "Grafana lists no data source of a type that is asked for " + string(signal) + ": " + quote(types[0])}
}

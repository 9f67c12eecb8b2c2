package grafana

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"obsready/catalog"
)

// span is how far back telemetry is looked for.
const span = 24 * time.Hour

// perRequest bounds the queries in one request to /api/ds/query: they run at once in the data source.
const perRequest = 10

// query is one query of a data source, in the form that Grafana passes on to it.
type query map[string]any

// reply is what became of one query.
type reply struct {
	rows   int       // points, lines or traces, over all frames
	value  float64   // the newest number
	newest time.Time // the latest of all times
	// partial says that the data source warned of an incomplete answer.
	partial string
	trouble *catalog.Trouble
}

// ask sends queries to a data source and gives a reply for each. A reply with status 400 has results, too: of those queries that
// went well, and the errors of the others.
func (c *client) ask(ctx context.Context, source *catalog.LiveDataSource, queries []query) []reply {
	replies := make([]reply, len(queries))
	for i, q := range queries {
		q["refId"] = refID(i)
		q["datasource"] = map[string]string{"uid": source.UID, "type": source.Type}
	}
	now := c.options.Now
	resp, body, err := c.send(ctx, http.MethodPost, "/api/ds/query", nil, map[string]any{
		"from": strconv.FormatInt(now.Add(-span).UnixMilli(), 10), "to": strconv.FormatInt(now.UnixMilli(), 10), "queries": queries,
	})
	var results map[string]reply
	if err == nil {
		results, err = c.results(resp, body)
	}
	for i := range replies {
		one, has := results[refID(i)]
		switch {
		case err != nil:
			replies[i].trouble = c.trouble(err)
		case !has:
			replies[i].trouble = &catalog.Trouble{Cause: catalog.ServerError, Status: resp.StatusCode, Detail: "the reply has no result for the query"}
		default:
			replies[i] = one
		}
	}
	return replies
}

func refID(i int) string { return "Q" + strconv.Itoa(i) }

// results gives the results in a reply, or the failure that a reply without any is.
func (c *client) results(resp *http.Response, body []byte) (map[string]reply, error) {
	if _, isJSON := messageOf(resp, body); isJSON {
		switch results, err := readResults(body); {
		case err == nil:
			for ref, r := range results {
				if r.trouble != nil {
					r.trouble.Detail = c.line(r.trouble.Detail)
				}
				results[ref] = r
			}
			return results, nil
		case resp.StatusCode == http.StatusOK:
			return nil, err
		}
	}
	if f := failed(resp, body); f != nil {
		return nil, f
	}
	return nil, errNoResults
}

var errNoResults = errors.New("the reply holds no results")

// frame is a table of a reply, column by column.
type frame struct {
	Schema struct {
		Meta struct {
			Notices []struct{ Severity, Text string }
		}
		Fields []struct{ Type string }
	}
	Data struct{ Values []json.RawMessage }
}

// readResults reads the body of a reply of /api/ds/query. A frame without fields is no data: of a selector without series as of
// one with a variable that nobody filled in, so that the latter must not be asked.
func readResults(body []byte) (map[string]reply, error) {
	var parsed struct {
		Results map[string]struct {
			Status int
			Error  string
			Frames []frame
		}
	}
	if err := json.Unmarshal(body, &parsed); err != nil {
		return nil, err
	}
	if parsed.Results == nil {
		return nil, errNoResults
	}
	replies := make(map[string]reply, len(parsed.Results))
	for ref, result := range parsed.Results {
		var r reply
		if result.Error != "" || result.Status >= 400 {
			r.trouble = &catalog.Trouble{Cause: causeOf(result.Status), Status: result.Status, Detail: or(result.Error, "the data source gives no reason")}
			replies[ref] = r
			continue
		}
		for _, f := range result.Frames {
			if err := r.add(f); err != nil {
				r = reply{trouble: &catalog.Trouble{Cause: catalog.NotJSON, Status: result.Status, Detail: err.Error()}}
				break
			}
		}
		replies[ref] = r
	}
	return replies, nil
}

// causeOf says what the status of one query means. It is of the data source, not of Grafana: a 401 is not about our token.
func causeOf(status int) catalog.Cause {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return catalog.Refused
	case http.StatusTooManyRequests:
		return catalog.RateLimited
	case http.StatusGatewayTimeout, http.StatusRequestTimeout:
		return catalog.TimedOut
	}
	return catalog.ServerError
}

// add counts a frame.
func (r *reply) add(f frame) error {
	for _, n := range f.Schema.Meta.Notices {
		if n.Severity == "warning" || n.Severity == "error" {
			r.partial = or(n.Text, "the data source warned without a text")
		}
	}
	rows := 0
	for i, column := range f.Data.Values {
		var cells []json.RawMessage
		if err := json.Unmarshal(column, &cells); err != nil {
			return fmt.Errorf("column %d of a frame is no list", i)
		}
		rows = max(rows, len(cells))
		if i >= len(f.Schema.Fields) || len(cells) == 0 {
			continue
		}
		switch f.Schema.Fields[i].Type {
		case "time":
			r.times(cells)
		case "number":
			if n, ok := number(cells[len(cells)-1]); ok {
				r.value = n
			}
		}
	}
	r.rows += rows
	return nil
}

// times notes the latest of a column of times, which are milliseconds.
func (r *reply) times(cells []json.RawMessage) {
	for _, cell := range cells {
		ms, ok := number(cell)
		if !ok || ms <= 0 || ms > 253402300799999 { // the end of the year 9999
			continue
		}
		if at := time.UnixMilli(int64(ms)).UTC(); at.After(r.newest) {
			r.newest = at
		}
	}
}

// number gives the finite number of a cell.
func number(cell json.RawMessage) (float64, bool) {
	n, err := strconv.ParseFloat(string(cell), 64)
	return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
}

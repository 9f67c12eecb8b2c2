package grafana

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// probes asks for the telemetry of services.
//
// Metrics are counted as they are now, which costs a data source little; only where there are none, the 24 h before are walked in
// steps of the five minutes that a series is remembered for. Of logs and traces the newest one is asked for: counting them would
// read them all. What several services ask alike is asked once.
func (c *client) probes(ctx context.Context, live *catalog.Live, w Want) {
	live.Probes = make([]catalog.LiveProbe, len(w.Probes))
	var now []question
	asked := map[Probe]*catalog.LiveProbe{}
	for i, p := range w.Probes {
		live.Probes[i] = catalog.LiveProbe{Service: p.Service, Signal: p.Signal, Select: p.Select, Answer: catalog.NotKnown}
		answer, alike := &live.Probes[i], Probe{Signal: p.Signal, Select: p.Select}
		if asked[alike] != nil {
			continue
		}
		asked[alike] = answer
		if answer.Trouble = unfit(p); answer.Trouble != nil {
			continue
		}
		sources, trouble := sourcesFor(live, w, p.Signal)
		if answer.Trouble = trouble; trouble != nil {
			continue
		}
		for _, s := range sources {
			answer.Sources = append(answer.Sources, s.UID)
			now = append(now, question{probe: answer, source: s, query: firstQuery(p)})
		}
	}
	c.answer(ctx, now)
	var before []question
	for i := range now {
		if q := now[i]; q.probe.Signal == catalog.MetricSignal && q.probe.Answer == catalog.No {
			before = append(before, question{probe: q.probe, source: q.source, query: earlierQuery(q.probe.Select)})
		}
	}
	for _, q := range before {
		q.probe.Answer = catalog.NotKnown
	}
	c.answer(ctx, before)
	for i, p := range w.Probes {
		live.Probes[i] = *asked[Probe{Signal: p.Signal, Select: p.Select}]
		live.Probes[i].Service = p.Service
	}
}

// question is one probe for one data source.
type question struct {
	probe  *catalog.LiveProbe
	source *catalog.LiveDataSource
	query  query
	reply  reply
}

// answer asks all questions, those for one data source in batches, and notes what came of each probe: yes when one data source has
// something, no when none has and all could be asked.
func (c *client) answer(ctx context.Context, all []question) {
	batches := batch(all)
	c.each(len(batches), func(i int) {
		queries := make([]query, len(batches[i]))
		for j, q := range batches[i] {
			queries[j] = q.query
		}
		for j, r := range c.ask(ctx, batches[i][0].source, queries) {
			batches[i][j].reply = r
		}
	})
	troubled := map[*catalog.LiveProbe]bool{}
	for i := range all {
		note(&all[i], troubled)
	}
}

// batch groups questions by data source, in their order, up to the number that one request holds.
func batch(all []question) [][]*question {
	var batches [][]*question
	open := map[string]int{}
	for i := range all {
		at, has := open[all[i].source.UID]
		if !has || len(batches[at]) == perRequest {
			at = len(batches)
			open[all[i].source.UID] = at
			batches = append(batches, nil)
		}
		batches[at] = append(batches[at], &all[i])
	}
	return batches
}

// note takes one reply into the answer of its probe.
func note(q *question, troubled map[*catalog.LiveProbe]bool) {
	p, r := q.probe, q.reply
	p.Query = queryText(q.query)
	switch {
	case p.Answer == catalog.Yes:
	case r.trouble == nil && r.rows > 0:
		p.Answer, p.Found, p.Newest, p.Trouble, p.Count = catalog.Yes, q.source.UID, r.newest, nil, 1
		if p.Signal == catalog.MetricSignal && r.value >= 1 && r.value < math.MaxInt32 {
			p.Count = int(r.value)
		}
	case troubled[p]:
	case r.trouble != nil:
		p.Answer, p.Trouble, troubled[p] = catalog.NotKnown, r.trouble, true
	case r.partial != "":
		p.Answer, troubled[p] = catalog.NotKnown, true
		p.Trouble = &catalog.Trouble{Cause: catalog.PartialAnswer, Status: 200, Detail: "no data, and the data source warns: " + line(r.partial, "")}
	default:
		p.Answer = catalog.No
	}
}

// firstQuery gives the cheap query for a probe.
func firstQuery(p Probe) query {
	switch p.Signal {
	case catalog.LogSignal:
		return query{"expr": p.Select, "queryType": "range", "maxLines": 1, "direction": "backward"}
	case catalog.TraceSignal:
		return query{"query": "{ resource.service.name = " + strconv.Quote(p.Select) + " }", "queryType": "traceql", "limit": 1, "spss": 1, "tableType": "traces"}
	}
	return query{"expr": "count(" + p.Select + ")", "instant": true, "range": false, "intervalMs": 60_000, "maxDataPoints": 100}
}

// earlierQuery gives the query that sees each sample of the last 24 h, also those of a job that ran for a minute: a range selector,
// unlike a plain one, is not ended by the mark of a series that went away.
func earlierQuery(selector string) query {
	return query{"expr": "count(last_over_time(" + selector + "[5m]))", "instant": false, "range": true, "interval": "5m", "intervalMs": 300_000, "maxDataPoints": 1000}
}

func queryText(q query) string {
	for _, key := range []string{"expr", "query"} {
		if text, ok := q[key].(string); ok {
			return text
		}
	}
	return ""
}

// variable is a variable of Grafana. It is never filled in outside of a dashboard, and the empty answer looks like none.
var variable = regexp.MustCompile(`\$\{\w+|\$\w|\[\[\w+\]\]`)

// unfit says why a probe cannot be sent.
func unfit(p Probe) *catalog.Trouble {
	switch {
	case !slices.Contains([]catalog.Signal{catalog.MetricSignal, catalog.LogSignal, catalog.TraceSignal}, p.Signal):
		return &catalog.Trouble{Cause: catalog.Unsupported, Detail: "signal " + quote(string(p.Signal)) + " is none of metrics, logs, traces"}
	case strings.TrimSpace(p.Select) == "":
		return &catalog.Trouble{Cause: catalog.Syntax, Detail: "the service names no selector for " + string(p.Signal)}
	case variable.MatchString(p.Select) || strings.Contains(p.Select, "{{"):
		return &catalog.Trouble{Cause: catalog.Template, Detail: "selector " + quote(p.Select) + " holds a variable, which nobody fills in here. write its value"}
	case p.Signal == catalog.TraceSignal:
		return nil
	}
	if _, err := promql.Selector(p.Select); err != nil { // stream selectors of LogQL have the same form
		return &catalog.Trouble{Cause: catalog.Syntax, Detail: line(err.Error(), "")}
	}
	return nil
}

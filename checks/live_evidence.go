package checks

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

// noGrafana is why a check that needs a live Grafana is not asked.
const noGrafana = "no live Grafana is part of this run. name one in the policy, or give a snapshot of one"

// liveEstate is what a live Grafana showed, made ready for the checks of many services.
type liveEstate struct {
	*catalog.Live
	estate *catalog.Estate
	rules  map[string][]liveRule        // alert rules by name
	inGit  map[string]int               // how many dashboards of git have a UID
	facts  sync.Map                     // UID to *catalog.Dashboard, what the live JSON shows
	loaded sync.Map                     // *catalog.AlertRule to []liveRule, see rulesOf
	seen   func() map[string]seenFormat // see seenFormats
	free   func() freeRules
}

func newLiveEstate(e *catalog.Estate) *liveEstate {
	l := &liveEstate{Live: e.Live, estate: e, rules: map[string][]liveRule{}, inGit: map[string]int{}}
	for i := range e.Live.Rules {
		source := &e.Live.Rules[i]
		for j := range source.Rules.Items {
			if r := &source.Rules.Items[j]; !r.Recording {
				l.rules[r.Name] = append(l.rules[r.Name], liveRule{r, source})
			}
		}
	}
	for _, d := range e.Dashboards {
		if uid := d.UID.Value; uid != "" && !l.isLive(d.At) {
			l.inGit[uid]++
		}
	}
	l.seen, l.free = sync.OnceValue(l.seenFormats), sync.OnceValue(l.findFree)
	return l
}

// outlived reports whether Grafana was asked too long before or after the day of judgement.
func (in *Inspection) outlived() bool {
	return in.Now.Sub(in.live().FetchedAt).Abs() > in.Settings.LiveMaxAge
}

// outdated gives the result of a check that has only a snapshot of another time to go by.
func (in *Inspection) outdated() Result {
	in.requirements = nil
	apart, side := in.Now.Sub(in.live().FetchedAt), "before"
	if apart < 0 {
		side = "after"
	}
	q := in.Undecidedf(in.Service.At, "what Grafana showed is of %s, which is %s %s the day of judgement. ask it again, or set the day of judgement to that one",
		moment(in.live()), count(dayCount(apart.Abs()), "day", "days"), side)
	return Result{Check: in.check, Verdict: Unknown, Reason: q.Message, Requirements: in.requirements}
}

// isLive reports whether a place is in Grafana and not in a file.
func (l *liveEstate) isLive(p catalog.Place) bool { return strings.HasPrefix(p.File, l.URL+"/") }

// shown gives what a live dashboard shows; nil when its JSON was not had or is none.
func (l *liveEstate) shown(d *catalog.LiveDashboard) *catalog.Dashboard {
	if known, ok := l.facts.Load(d.UID); ok {
		return known.(*catalog.Dashboard)
	}
	var board *catalog.Dashboard
	if facts := grafana.Facts(l.Live, d); len(facts.Dashboards) > 0 {
		board = facts.Dashboards[0]
	}
	known, _ := l.facts.LoadOrStore(d.UID, board)
	return known.(*catalog.Dashboard)
}

// boardTrouble says why it is not known what a live dashboard shows.
func boardTrouble(d *catalog.LiveDashboard) *catalog.Trouble {
	switch {
	case d.Trouble != nil:
		return d.Trouble
	case d.JSON == nil:
		return &catalog.Trouble{Cause: catalog.NotFetched, Detail: "this run did not fetch what it shows"}
	}
	return &catalog.Trouble{Cause: catalog.Unsupported, Detail: "its JSON is none of a dashboard"}
}

// days gives the whole days from a moment until Grafana was asked.
func (l *liveEstate) days(since time.Time) int { return dayCount(l.FetchedAt.Sub(since)) }

// sourceName gives the name of a data source for messages.
func (l *liveEstate) sourceName(uid string) string {
	if d := l.DataSource(uid); d != nil && d.Name != "" {
		return d.Name
	}
	return uid
}

// because tells a trouble so that it can end a message.
func because(t *catalog.Trouble) string { return strings.TrimRight(t.String(), ". ") }

// stateProbe states whether Grafana finds telemetry of the service under the selector that its entry declares. way says what to do
// when there is none.
func stateProbe(in *Inspection, signal catalog.Signal, selector catalog.Text, way string) {
	live, name := in.live(), in.Service.Name.Value
	p := live.Probe(in.Service.ID, signal)
	switch {
	case p == nil:
		in.Undecidedf(selector.At, "Grafana was not asked for %s of service %q. ask it again with this catalog", signal, name)
	case p.Select != selector.Value:
		in.Undecidedf(selector.At, "Grafana was asked for %s of service %q under %q, and the entry says %q by now. ask it again with this catalog", signal, name, p.Select, selector.Value)
	case p.Answer == catalog.Yes:
		in.Metf(selector.At, "%s", found(live, p))
	case p.Answer != catalog.No:
		in.Undecidedf(selector.At, "whether %s of service %q arrive is not known: %s", signal, name, because(p.Trouble))
	case in.Service.KindName() == "batch":
		in.Undecidedf(selector.At, "no %s were found under %q in the 24 hours before %s, in which a job that runs less often need not have run. ask again on a day on which it ran", signal, selector.Value, moment(live))
	default:
		in.Unmetf(selector.At, "no %s of service %q have arrived in the 24 hours before %s: %s finds none under %q. %s",
			signal, name, moment(live), sourcesAsked(live, p), selector.Value, way)
	}
}

func found(l *liveEstate, p *catalog.LiveProbe) string {
	what := string(p.Signal)
	if p.Signal == catalog.MetricSignal {
		what = count(p.Count, "series", "series")
	}
	text := fmt.Sprintf("data source %q has %s under %q", l.sourceName(p.Found), what, p.Select)
	if !p.Newest.IsZero() {
		text += ", the newest of " + p.Newest.UTC().Format(time.RFC3339)
	}
	return text
}

// moment tells when Grafana was asked.
func moment(l *liveEstate) string { return l.FetchedAt.UTC().Format(time.RFC3339) }

func sourcesAsked(l *liveEstate, p *catalog.LiveProbe) string {
	var names []string
	for _, uid := range p.Sources {
		names = append(names, l.sourceName(uid))
	}
	slices.Sort(names)
	if len(names) == 1 {
		return fmt.Sprintf("data source %q", names[0])
	}
	return "each of the data sources " + quoteAll(names)
}

// undeclared states that Grafana cannot be asked because the entry declares no selector.
func undeclared(in *Inspection, signal catalog.Signal, example string) {
	in.Undecidedf(in.Service.Name.At, "under which selector %s of service %q are found is not stated, so Grafana cannot be asked. declare it, as in signals.%s = %s",
		signal, in.Service.Name.Value, signal, example)
}

package checks

import (
	"cmp"
	"fmt"
	"strings"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

var sourcesLive = &Check{
	ID:       "sources-live",
	Title:    "The data sources of the service's dashboards and alerts are there and well",
	Why:      "All panels and alerts of a data source that does not answer fail together, most often because a credential expired or an address moved.",
	Fix:      "Repair the data source named, or let the dashboard use one that is there. A variable (`${datasource}`) lets a dashboard follow when data sources change.",
	Source:   "Grafana documentation, \"Data source management\" (health check).",
	Pillar:   Dashboards,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Dashboards, catalog.Alerts},
	Live:     true,
	Run: func(in *Inspection) {
		judged := map[string]bool{}
		uses, hidden := sourcesUsed(in)
		for _, use := range uses {
			if !judged[use.ref] {
				judged[use.ref] = true
				requireSource(in, use)
			}
		}
		switch {
		case len(in.requirements) > 0:
		case hidden != nil:
			in.Undecidedf(in.Service.At, "which data sources the dashboards and alerts of service %q use is not known: %s", in.Service.Name.Value, because(hidden))
		default:
			in.NotApplicablef("no dashboard or alert of the service in Grafana names a data source that can be asked how it is")
		}
	},
}

// sourceUse is a data source that something of a service uses.
type sourceUse struct {
	ref  string // UID or name
	by   string // `dashboard "Checkout"`
	at   catalog.Place
	link *catalog.Link
}

// sourcesUsed gives the data sources that the service's dashboards and alerts in Grafana surely use, in their order. hidden is why
// others may be used, too.
func sourcesUsed(in *Inspection) (uses []sourceUse, hidden *catalog.Trouble) {
	live := in.live()
	for _, l := range in.Service.Dashboards {
		board, trouble := live.boardOf(l.Item)
		if board == nil {
			if trouble.Cause != catalog.NotFound {
				hidden = trouble
			}
			continue
		}
		for _, p := range board.Panels {
			if uid, ok := fixedSource(board, p.Datasource.Value); ok && len(p.Queries) > 0 {
				uses = append(uses, sourceUse{uid, fmt.Sprintf("dashboard %q", l.Item.Title.Value), l.Item.At, &l.By})
			}
		}
	}
	for _, ref := range givenDashboards(in.Service) {
		if d, trouble := grafana.Find(live.Live, ref.Value); d == nil && !isFile(ref.Value) && trouble.Cause != catalog.NotFound && trouble.Cause != catalog.Unreachable {
			hidden = cmp.Or(hidden, trouble)
		}
	}
	if len(in.Service.Alerts) > 0 {
		hidden = cmp.Or(hidden, live.rulesTrouble())
	}
	return append(uses, alertSources(in)...), hidden
}

// boardOf gives what the dashboard of Grafana that one of git became shows.
func (l *liveEstate) boardOf(git *catalog.Dashboard) (*catalog.Dashboard, *catalog.Trouble) {
	d, trouble := grafana.Of(l.Live, git)
	if d == nil {
		return nil, trouble
	}
	if board := l.shown(d); board != nil {
		return board, nil
	}
	return nil, boardTrouble(d)
}

// alertSources gives the data sources that the service's alerts query or that evaluate them.
func alertSources(in *Inspection) []sourceUse {
	var uses []sourceUse
	for _, w := range watchedAlerts(in) {
		for _, r := range w.rules {
			for _, uid := range r.DataSources {
				if uid, ok := fixedSource(nil, uid); ok {
					uses = append(uses, sourceUse{uid, fmt.Sprintf("alert %q", w.name), w.at, w.link})
				}
			}
			if !r.isGrafanas() {
				uses = append(uses, sourceUse{r.source.Source, fmt.Sprintf("alert %q", w.name), w.at, w.link})
			}
		}
	}
	return uses
}

// fixedSource gives the data source that a reference surely means: no variable but one of data sources whose value the dashboard
// is saved with, no default, and none of Grafana's own.
func fixedSource(d *catalog.Dashboard, ref string) (string, bool) {
	if name := strings.Trim(ref, "${}[]"); name != ref && d != nil {
		for _, v := range d.Variables {
			if v.Name.Value == name && v.Type == "datasource" && !variable(v.Current) && v.Current != "" && v.Current != "default" {
				return v.Current, true
			}
		}
	}
	own := strings.HasPrefix(ref, "-- ") || strings.HasPrefix(ref, "__expr") || ref == "grafana" || ref == "-100"
	if ref == "" || ref == "default" || own || variable(ref) {
		return "", false
	}
	return ref, true
}

func requireSource(in *Inspection, use sourceUse) {
	live := in.live()
	d := live.DataSource(use.ref)
	if d == nil {
		if missing := live.DataSources.Missing(); missing != nil {
			link(in.Undecidedf(use.at, "whether data source %q of %s is there is not known: %s", use.ref, use.by, because(missing)), use.link)
			return
		}
		link(in.Unmetf(use.at, "%s uses data source %q, which Grafana at %s does not have. name one that is there", use.by, use.ref, live.URL), use.link).
			Because("data source "+use.ref, "data source %q is not in Grafana", use.ref)
		return
	}
	switch health := d.Health; {
	case health.Answer == catalog.Yes:
		link(in.Metf(use.at, "data source %q of %s is well", d.Name, use.by), use.link)
	case health.Answer == catalog.No:
		link(in.Unmetf(use.at, "data source %q of %s is not well: %q. repair it in Grafana", d.Name, use.by, health.Message), use.link).
			Because("data source "+d.UID, "data source %q is not well", d.Name)
	case health.Trouble == nil || health.Trouble.Cause == catalog.Unsupported || health.Trouble.Cause == catalog.NotFound: // its plugin does not say
	default:
		link(in.Undecidedf(use.at, "whether data source %q of %s is well is not known: %s", d.Name, use.by, because(health.Trouble)), use.link)
	}
}

// link adds why the evidence belongs to the service, where that is known.
func link(r *Requirement, by *catalog.Link) *Requirement {
	r.Link = by
	return r
}

package checks

import (
	"net/url"
	"strings"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

var dashboardExists = &Check{
	ID:       "dashboard-exists",
	Title:    "The service has a dashboard that shows it",
	Why:      "An alert says that something is wrong, a dashboard shows what. Without one everybody writes queries while users wait.",
	Fix:      "Keep a dashboard in the catalog: below the service's folder, tagged with the service's name, or named by the entry, as a file under `[evidence] dashboards` or by its uid or title as `[links] dashboard`. Its queries have to select the service, by a matcher or a variable.",
	Source:   "Grafana documentation, \"Grafana dashboard best practices\".",
	Pillar:   Dashboards,
	Question: Know,
	Severity: High,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Dashboards},
	Run: func(in *Inspection) {
		if !kindWithSignals(in) {
			return
		}
		svc := in.Service
		if shown := in.shown(); len(shown) > 0 {
			for _, d := range shown {
				in.Metf(d.Item.At, "dashboard %q queries the service", d.Item.Title.Value).LinkedBy(d.By)
			}
			return
		}
		used := ownMetrics(svc)
		for _, d := range svc.Dashboards {
			st := stands(svc, d.Item, used)
			in.state(st.state, d.Item.At, "dashboard %q does not count: %s", d.Item.Title.Value, st.reason).LinkedBy(d.By)
		}
		given := givenDashboards(svc)
		for _, ref := range given {
			stateGiven(in, ref)
		}
		if len(svc.Dashboards)+len(given) == 0 {
			in.Missingf(svc.Name.At, "service %q has no dashboard. keep one in the catalog, tag it %q or name it in the entry", svc.Name.Value, svc.Name.Value)
		}
	},
}

// givenDashboards gives the dashboards that the service's entry names and the catalog does not hold.
func givenDashboards(svc *catalog.Service) []catalog.Text {
	refs := svc.Wanted.Dashboards
	for _, l := range svc.Links {
		if l.Kind == "dashboard" {
			refs = append(refs[:len(refs):len(refs)], l.URL)
		}
	}
	var given []catalog.Text
	for _, ref := range refs {
		if !isHeld(svc, ref.Value) {
			given = append(given, ref)
		}
	}
	return given
}

// isHeld reports whether one of the service's dashboards answers to the reference.
func isHeld(svc *catalog.Service, ref string) bool {
	for _, d := range svc.Dashboards {
		uid := d.Item.UID.Value
		if ref == uid || ref == d.Item.Title.Value || strings.HasSuffix(d.Item.At.File, strings.TrimPrefix(ref, "./")) || uid != "" && strings.Contains(ref+"/", "/"+uid+"/") {
			return true
		}
	}
	return false
}

// stateGiven states what a reference to a dashboard outside the catalog is worth: an address counts as given, anything
// else may be the name of a dashboard that only Grafana knows.
func stateGiven(in *Inspection, ref catalog.Text) {
	switch {
	case in.Estate.Live != nil && !isFile(ref.Value) && stateLive(in, ref):
	case isWebAddress(ref.Value):
		in.Metf(ref.At, "dashboard %q is given. this run does not read it: keep a copy in the catalog to have it judged", ref.Value)
	case isFile(ref.Value):
		in.Missingf(ref.At, "there is no dashboard file %q. correct the path", ref.Value)
	default:
		in.Undecidedf(ref.At, "no dashboard of the catalog has the uid or title %q, and this run does not read Grafana. keep the dashboard in the catalog", ref.Value)
	}
}

// stateLive states what Grafana says of a dashboard that the entry names and no file holds; false for an address, unless
// Grafana has no such dashboard. One that was fetched is among the service's dashboards.
func stateLive(in *Inspection, ref catalog.Text) bool {
	d, trouble := grafana.Find(in.Estate.Live, ref.Value)
	switch {
	case isWebAddress(ref.Value) && (d != nil || trouble.Cause != catalog.NotFound):
		return false // it counts as given, as it does without Grafana
	case d != nil:
		in.Undecidedf(ref.At, "what dashboard %q shows is not known: %s", ref.Value, because(boardTrouble(d)))
	case trouble.Cause == catalog.NotFound:
		in.Missingf(ref.At, "neither the catalog nor Grafana at %s has dashboard %q. correct the reference", in.Estate.Live.URL, ref.Value)
	default:
		in.Undecidedf(ref.At, "no dashboard of the catalog has the uid or title %q, and whether Grafana has one is not known: %s", ref.Value, because(trouble))
	}
	return true
}

func isWebAddress(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// isFile reports whether a reference to a dashboard is a path.
func isFile(ref string) bool {
	return !isWebAddress(ref) && (strings.HasSuffix(ref, ".json") || strings.HasSuffix(ref, ".yaml") || strings.HasSuffix(ref, ".yml"))
}

// noDashboardShown states why the checks on dashboards do not apply, or cannot be decided, when no dashboard counts; it
// reports whether that is so.
func noDashboardShown(in *Inspection) bool {
	svc := in.Service
	if len(in.shown()) > 0 {
		return false
	}
	used := ownMetrics(svc)
	for _, d := range svc.Dashboards {
		if st := stands(svc, d.Item, used); st.state == Undecided {
			in.Undecidedf(d.Item.At, "what dashboard %q shows is not known: %s", d.Item.Title.Value, st.reason).LinkedBy(d.By)
			return true
		}
	}
	for _, ref := range givenDashboards(svc) {
		if !isFile(ref.Value) {
			in.Undecidedf(ref.At, "dashboard %q is not in what this run reads. keep a copy in the catalog", ref.Value)
			return true
		}
	}
	if hides(svc, catalog.Dashboards) {
		in.Missingf(svc.Name.At, "no dashboard was found")
		return true
	}
	in.NotApplicablef("no dashboard shows the service, which dashboard-exists reports")
	return true
}

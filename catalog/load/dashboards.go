package load

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"obsready/catalog"
)

// indexDashboards makes dashboards findable by uid, title and file. The first of a name holds.
func (l *loader) indexDashboards() {
	l.dashByUID = map[string]*catalog.Dashboard{}
	l.dashByName = map[string]*catalog.Dashboard{}
	put := func(m map[string]*catalog.Dashboard, key string, d *catalog.Dashboard) {
		if _, taken := m[key]; !taken && key != "" {
			m[key] = d
		}
	}
	for _, d := range l.estate.Dashboards {
		put(l.dashByUID, d.UID.Value, d)
		put(l.dashByName, d.Title.Value, d)
		put(l.dashByName, d.At.File, d)
	}
}

// grafanaPath finds the uid in the address of a Grafana dashboard: …/d/<uid>/<slug>, …/d-solo/<uid>/….
var grafanaPath = regexp.MustCompile(`/d(?:-solo)?/([^/?#]+)`)

// dashboard finds a dashboard by uid, title, file or Grafana address. isAddress says that the text is an address of a
// dashboard that may well exist where this run does not look.
func (l *loader) dashboard(text, from string) (d *catalog.Dashboard, isAddress bool) {
	text = strings.TrimSpace(text)
	if d := l.dashByUID[text]; d != nil {
		return d, true
	}
	if m := grafanaPath.FindStringSubmatch(text); m != nil {
		return l.dashByUID[m[1]], true
	}
	if d := l.dashByName[text]; d != nil {
		return d, false
	}
	for _, file := range []string{strings.TrimPrefix(path.Clean("/"+text), "/"), path.Join(path.Dir(from), text)} {
		if d := l.dashByName[file]; d != nil {
			return d, false
		}
	}
	u, err := url.Parse(text)
	return nil, err == nil && u.Host != ""
}

// uidShape is the shape of a Grafana uid: at most 40 letters, digits, dashes and underscores.
var uidShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// dashboardLink gives the alert's link to a dashboard with its state. A uid that the estate's files do not have may
// still be in a Grafana that this run does not read.
func (l *loader) dashboardLink(a *catalog.AlertRule) catalog.ResolvedLink {
	label, ok := firstLabel(a, l.options.Labels.Dashboard)
	if !ok {
		return catalog.ResolvedLink{}
	}
	address, filled := fillTemplate(label.Value, a)
	r := catalog.ResolvedLink{Key: label.Key, Link: label.Text(), Address: address, State: catalog.LinkOK}
	if !filled {
		r.State, r.Detail = catalog.Unfilled, "the template depends on labels that the rule does not fix"
		return r
	}
	d, isAddress := l.dashboard(address, a.At.File)
	r.Dashboard = d
	switch {
	case d != nil:
	case isAddress:
		r.State, r.Detail = catalog.Elsewhere, "no dashboard file of this catalog has that uid, and this run does not read Grafana"
	case strings.ContainsAny(address, "/.") && !strings.ContainsAny(address, " "):
		r.State, r.Detail = catalog.NoSuchFile, "there is no dashboard file "+address
	case uidShape.MatchString(address):
		r.State, r.Detail = catalog.Elsewhere, "no dashboard file of this catalog has that uid, and this run does not read Grafana"
	default:
		r.State, r.Detail = catalog.Malformed, "it is neither an address, a file, a uid nor the title of a dashboard of this catalog"
	}
	return r
}

// namedDashboards gives the dashboards that services and journeys name.
func (l *loader) namedDashboards() map[*catalog.Dashboard][]match {
	if l.linked.dashboards != nil {
		return l.linked.dashboards
	}
	named := map[*catalog.Dashboard][]match{}
	name := func(s *catalog.Service, text catalog.Text) {
		if d, _ := l.dashboard(text.Value, s.At.File); d != nil {
			named[d] = append(named[d], match{s, "named " + quote(text.Value)})
		}
	}
	for _, s := range l.estate.Services {
		for _, text := range s.Wanted.Dashboards {
			name(s, text)
		}
		for _, link := range s.Links {
			if link.Kind == "dashboard" {
				name(s, link.URL)
			}
		}
		for _, j := range s.Journeys {
			if j.Dashboard != nil {
				named[j.Dashboard] = append(named[j.Dashboard], match{s, "journey " + quote(j.Name.Value)})
			}
		}
	}
	l.linked.dashboards = named
	return named
}

// resolveJourneys finds the SLOs and the dashboard that journeys name.
func (l *loader) resolveJourneys() {
	slos := map[string][]*catalog.SLO{}
	for _, o := range l.estate.SLOs {
		slos[o.Name.Value] = append(slos[o.Name.Value], o)
	}
	for _, j := range l.estate.Journeys {
		for _, name := range j.SLORefs {
			j.SLOs = append(j.SLOs, slos[name.Value]...)
		}
		if j.DashRef.Value != "" {
			j.Dashboard, _ = l.dashboard(j.DashRef.Value, j.At.File)
		}
	}
}

// resolveTests tells alerts which rule tests name them. A test names the rule files it loads: by a path relative to its
// own, or, where the rules are rendered before they are tested, by the path of a build folder, of which the base name is
// known to the estate. A test of which neither holds stands for every alert of the name.
func (l *loader) resolveTests() {
	byName := map[string][]*catalog.AlertRule{}
	files, bases := map[string]bool{}, map[string]bool{}
	for _, a := range l.estate.Alerts {
		byName[a.Name.Value] = append(byName[a.Name.Value], a)
		files[a.At.File] = true
		bases[path.Base(a.At.File)] = true
	}
	for _, t := range l.estate.RuleTests {
		exact, base := map[string]bool{}, map[string]bool{}
		for _, f := range t.RuleFiles {
			if file := path.Join(path.Dir(t.At.File), f.Value); files[file] {
				exact[file] = true
			} else if !l.has(file) && bases[path.Base(f.Value)] {
				base[path.Base(f.Value)] = true
			}
		}
		done := map[string]bool{}
		for _, name := range t.AlertNames {
			if done[name.Value] {
				continue
			}
			done[name.Value] = true
			for _, a := range byName[name.Value] {
				if exact[a.At.File] || base[path.Base(a.At.File)] || len(exact)+len(base) == 0 {
					a.TestedBy = append(a.TestedBy, t)
				}
			}
		}
	}
}

package load

import (
	"cmp"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// nameIn is a uid, a title or the path of a file in a repository, which is given by its folder in the tree.
type nameIn struct{ root, name string }

// indexDashboards makes dashboards findable by uid, title and file. The first of a name holds, and for a uid, which one
// Grafana has once, the catalog's own ones come before those of other repositories.
func (l *loader) indexDashboards() {
	l.dashByUID = map[string]*catalog.Dashboard{}
	l.dashByName = map[nameIn]*catalog.Dashboard{}
	all := slices.Clone(l.estate.Dashboards)
	slices.SortStableFunc(all, func(a, b *catalog.Dashboard) int {
		return cmp.Compare(min(len(l.rootOf(a.At.File)), 1), min(len(l.rootOf(b.At.File)), 1))
	})
	for _, d := range all {
		root := l.rootOf(d.At.File)
		putNew(l.dashByUID, d.UID.Value, d.UID.Value, d)
		putNew(l.dashByName, d.UID.Value, nameIn{root, d.UID.Value}, d)
		putNew(l.dashByName, d.Title.Value, nameIn{root, d.Title.Value}, d)
		putNew(l.dashByName, d.At.File, nameIn{root, d.At.File}, d)
	}
}

// putNew keeps the first dashboard of a name that is not empty.
func putNew[K comparable](m map[K]*catalog.Dashboard, name string, key K, d *catalog.Dashboard) {
	if _, taken := m[key]; !taken && name != "" {
		m[key] = d
	}
}

// grafanaPath finds the uid in the address of a Grafana dashboard: …/d/<uid>/<slug>, …/d-solo/<uid>/….
var grafanaPath = regexp.MustCompile(`/d(?:-solo)?/([^/?#]+)`)

// dashboard finds a dashboard by uid, title, file or Grafana address, as a file of a repository names it: one of its own
// first, then one of the catalog's, and by its uid one of any repository. isAddress says that the text is an address of
// a dashboard that may well exist where this run does not look.
func (l *loader) dashboard(text, root, from string) (d *catalog.Dashboard, isAddress bool) {
	text = strings.TrimSpace(text)
	if m := grafanaPath.FindStringSubmatch(text); m != nil {
		if d := l.dashByName[nameIn{root, m[1]}]; d != nil {
			return d, true
		}
		return l.dashByUID[m[1]], true
	}
	inside := strings.TrimPrefix(path.Clean("/"+text), "/")
	for _, key := range []nameIn{{root, text}, {root, path.Join(root, inside)}, {root, path.Join(path.Dir(from), text)}, {"", text}, {"", inside}} {
		if d := l.dashByName[key]; d != nil {
			return d, d.UID.Value == text
		}
	}
	u, err := url.Parse(text)
	d = l.dashByUID[text]
	return d, d != nil || err == nil && u.Host != ""
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
	d, isAddress := l.dashboard(address, l.rootOf(a.At.File), a.At.File)
	r.Dashboard = d
	switch {
	case d != nil:
	case isAddress:
		r.State, r.Detail = catalog.Elsewhere, "no dashboard file of this catalog has that uid, and this run does not read Grafana"
	case l.partlySeen(a.At.File):
		r.State, r.Detail = catalog.Elsewhere, "no dashboard of that name stands in the folders that are read of the repository"
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
		if d, _ := l.dashboard(text.Value, l.rootOf(l.sources[s]), s.At.File); d != nil {
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

// resolveJourneys finds the SLOs and the dashboard that journeys name. What is in another repository is that of a journey
// through one of the services that name the repository.
func (l *loader) resolveJourneys() {
	slos := map[string][]*catalog.SLO{}
	for _, o := range l.estate.SLOs {
		slos[o.Name.Value] = append(slos[o.Name.Value], o)
	}
	for _, j := range l.estate.Journeys {
		for _, name := range j.SLORefs {
			for _, o := range slos[name.Value] {
				crossed := func(s *catalog.Service) bool { return l.mayBeAbout(o.At.File, s) }
				if l.mountOf(o.At.File) == nil || slices.ContainsFunc(j.Services, crossed) {
					j.SLOs = append(j.SLOs, o)
				}
			}
		}
		if j.DashRef.Value != "" {
			j.Dashboard, _ = l.dashboard(j.DashRef.Value, "", j.At.File)
			for _, s := range j.Services {
				if root := l.rootOf(l.sources[s]); j.Dashboard == nil && root != "" {
					j.Dashboard, _ = l.dashboard(j.DashRef.Value, root, j.At.File)
				}
			}
		}
	}
}

// resolveTests tells alerts which rule tests name them. A test names the rule files it loads: by a path relative to its
// own, or, where the rules are rendered before they are tested, by the path of a build folder, of which the base name is
// known to the estate. A test of which neither holds stands for every alert of the name in its
// repository.
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
				if l.rootOf(a.At.File) != l.rootOf(t.At.File) {
					continue
				}
				if exact[a.At.File] || base[path.Base(a.At.File)] || len(exact)+len(base) == 0 {
					a.TestedBy = append(a.TestedBy, t)
				}
			}
		}
	}
}

package grafana

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"obsready/catalog"
)

// dashboardPath finds the UID in the path of a dashboard's address: /d/<uid>/<slug>, /d-solo/<uid>/<slug>.
var dashboardPath = regexp.MustCompile(`^/d(?:-solo)?/([^/?#]+)`)

// uidShape is the shape of a UID: at most 40 letters, digits, dashes and underscores.
var uidShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// UIDIn gives the UID that the address of a dashboard names. ok is false for an address that is not below the base address of the
// Grafana, or is none of a dashboard.
func UIDIn(base, address string) (uid string, ok bool) {
	b, err := url.Parse(base)
	if err != nil {
		return "", false
	}
	a, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !strings.EqualFold(a.Hostname(), b.Hostname()) || port(a) != port(b) {
		return "", false
	}
	below, under := strings.CutPrefix(a.Path, strings.TrimRight(b.Path, "/"))
	m := dashboardPath.FindStringSubmatch(below)
	if !under || m == nil {
		return "", false
	}
	return m[1], true
}

// port gives the port of an address. The two of HTTP and HTTPS are one: people write either.
func port(u *url.URL) string {
	if p := u.Port(); p != "80" && p != "443" {
		return p
	}
	return ""
}

// Find gives the dashboard that a reference names: a UID, the title of a listed dashboard that no other has, or an address in this
// Grafana. Without one the trouble has the cause [catalog.NotFound] when Grafana was asked for the UID and has none,
// [catalog.Unreachable] when the reference is an address elsewhere, and else says why it is not known.
func Find(live *catalog.Live, ref string) (*catalog.LiveDashboard, *catalog.Trouble) {
	ref = strings.TrimSpace(ref)
	if strings.Contains(ref, "://") {
		uid, ok := UIDIn(live.URL, ref)
		if !ok {
			return nil, &catalog.Trouble{Cause: catalog.Unreachable, Detail: fmt.Sprintf("%q is no address of a dashboard in %s", ref, live.URL)}
		}
		return live.Dashboard(uid)
	}
	var missing *catalog.Trouble
	if uidShape.MatchString(ref) {
		d, trouble := live.Dashboard(ref)
		if d != nil {
			return d, nil
		}
		missing = trouble
	}
	return byTitle(live, ref, missing)
}

// byTitle gives the one listed dashboard with a title. missing is why there is none with that UID; nil for what cannot be one.
func byTitle(live *catalog.Live, title string, missing *catalog.Trouble) (*catalog.LiveDashboard, *catalog.Trouble) {
	var found *catalog.LiveDashboard
	for i := range live.Dashboards.Items {
		d := &live.Dashboards.Items[i]
		switch {
		case !d.Listed || d.Title != title:
		case found != nil:
			return nil, &catalog.Trouble{Cause: catalog.Duplicate, Detail: fmt.Sprintf("several dashboards have the title %q. name the uid of the one that is meant", title)}
		default:
			found = d
		}
	}
	if found != nil {
		return found, nil
	}
	unlisted := &catalog.Trouble{Cause: catalog.NotFetched, Detail: fmt.Sprintf("no listed dashboard has the title %q, and one that the token may not read is not listed. name its uid", title)}
	return nil, cmp.Or(missing, live.Dashboards.Missing(), unlisted)
}

// Of gives the dashboard of Grafana that one of git became: that with its UID, or, when it states none, the one with its title.
// The trouble is as [Find] gives it.
func Of(live *catalog.Live, git *catalog.Dashboard) (*catalog.LiveDashboard, *catalog.Trouble) {
	uid, title := git.UID.Value, git.Title.Value
	switch {
	case variable.MatchString(uid+title) || strings.Contains(uid+title, "{{"):
		return nil, &catalog.Trouble{Cause: catalog.Template, Detail: fmt.Sprintf("a template fills in the uid %q or the title %q", uid, title)}
	case uid != "":
		return live.Dashboard(uid)
	}
	return byTitle(live, title, nil)
}

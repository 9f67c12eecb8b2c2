package reports

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/tomldoc"
)

// UnknownName is the error for a team or a service that a catalog does not have.
type UnknownName struct {
	Noun  string // "team" or "service"
	Name  string
	Known []string // in order
}

// maxNames is how many names the error lists.
const maxNames = 12

func (e *UnknownName) Error() string {
	text := fmt.Sprintf("unknown %s %q. ", e.Noun, e.Name)
	near := e.near()
	switch {
	case len(e.Known) == 0:
		return text + "the catalog has none"
	case len(near) > 0:
		return text + "did you mean " + alternatives(near) + "?"
	}
	listed := strings.Join(e.Known[:min(maxNames, len(e.Known))], ", ")
	if n := len(e.Known) - maxNames; n > 0 {
		listed += " and " + number(n) + " more"
	}
	return text + "expected one of " + listed
}

// near gives the names that may be meant: the one with the fewest letters changed, and those that hold what was written.
func (e *UnknownName) near() []string {
	var found []string
	if nearest := tomldoc.Nearest(e.Name, e.Known); nearest != "" {
		found = append(found, nearest)
	}
	const least = 3 // what is shorter is in too many names
	for _, known := range e.Known {
		if len(e.Name) >= least && len(found) < 5 && !slices.Contains(found, known) && strings.Contains(strings.ToLower(known), strings.ToLower(e.Name)) {
			found = append(found, known)
		}
	}
	return found
}

func alternatives(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	if n := len(quoted); n > 1 {
		return strings.Join(quoted[:n-1], ", ") + " or " + quoted[n-1]
	}
	return quoted[0]
}

// Check gives an *UnknownName unless the catalog has the team and the service that the options ask for.
func (o Options) Check(e *catalog.Estate) error {
	if o.Team != "" {
		known := viewsOf(e.Teams, func(t *catalog.Team) string { return t.ID })
		if !slices.Contains(known, o.Team) {
			return &UnknownName{"team", o.Team, known}
		}
	}
	if o.Service != "" {
		if known := viewsOf(e.Services, serviceID); !slices.Contains(known, o.Service) {
			return &UnknownName{"service", o.Service, known}
		}
	}
	return nil
}

package checks

import (
	"testing"

	"obsready/catalog"
)

func named(text string) catalog.Text { return catalog.Text{Value: text} }

// TestExcess checks what is too much for a whole workflow: it holds for the jobs that state nothing themselves.
func TestExcess(t *testing.T) {
	own := catalog.Job{Permissions: catalog.Permissions{At: catalog.Place{Line: 9}}}
	write := catalog.Permissions{Scopes: []catalog.Label{{Key: "contents", Value: "read"}, {Key: "packages", Value: "write"}}}
	for name, test := range map[string]struct {
		permissions catalog.Permissions
		jobs        []catalog.Job
		want        string
	}{
		"nothing stated":            {catalog.Permissions{}, []catalog.Job{{}, {}}, ""},
		"reading all":               {catalog.Permissions{All: named("read-all")}, []catalog.Job{{}, {}}, ""},
		"writing all":               {catalog.Permissions{All: named("write-all")}, []catalog.Job{{}}, `lets its token write everything: permissions is "write-all"`},
		"writing all, by nobody":    {catalog.Permissions{All: named("write-all")}, []catalog.Job{own}, ""},
		"one job that writes":       {write, []catalog.Job{{}}, ""},
		"two jobs that write":       {write, []catalog.Job{{}, {}}, "lets 2 of its jobs write packages"},
		"one of two, by their own":  {write, []catalog.Job{{}, own}, ""},
		"two of three by their own": {write, []catalog.Job{{}, own, {}}, "lets 2 of its jobs write packages"},
	} {
		if got := excess(&catalog.Workflow{Permissions: test.permissions, Jobs: test.jobs}); got != test.want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

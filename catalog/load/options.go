package load

import (
	"time"

	"obsready/catalog/jsonnet"
	"obsready/catalog/mapping"
)

// Options say how evidence is found and linked. The zero value is not useful; see [DefaultOptions].
type Options struct {
	Labels          Labels
	Sites           []Site
	Ignore          []string // globs of paths that are not read: "vendor/**"
	NameAnnotations []string // annotations of a Backstage entity that hold other names of the service, comma separated
	Web             string   // web address of the catalog's repository, for links; "" takes the origin remote's
	Permalink       string   // template of a link with {commit}, {path} and {line}; "" makes one from Web
	MaxFileBytes    int64    // larger files are gaps
	MaxPageBytes    int64    // larger Markdown pages are gaps
	Workers         int      // how many files are read at once; the result does not depend on it
	// HistorySince ends the walk over the history that dates pages: older ones are dated "at least that old".
	HistorySince time.Time
	// Repositories opens the repositories that services name beside the catalog's own. Their files then stand in the tree
	// below folders that are named after their addresses, and Load closes them. nil means that none is looked at.
	Repositories Repositories
	// Jsonnet evaluates catalog.jsonnet, mixins and other jsonnet of the catalog. nil means that none is looked at.
	Jsonnet *jsonnet.Runner
	// Map is a program to read the catalog with instead of the catalog.jsonnet at its root, nil for none.
	Map *mapping.Program
	// Cache keeps what files say from one Load to the next, for loads of neighbouring commits; nil reads every file.
	Cache *Cache
	// Progress is told, from many goroutines, how many files were just read, of how many.
	Progress func(read, of int)
}

// Labels are the names that an organisation gives to the labels and annotations that matter here.
type Labels struct {
	Service   []string // on rules, groups and resources, and as matchers in expressions
	Team      []string
	Severity  []string
	Runbook   []string // annotations, then labels
	Dashboard []string
	Tier      []string // labels and annotations of Backstage entities
}

// Site maps the address of a published site to the folder that it is built from.
type Site struct {
	URL    string   // prefix of the addresses, as in "https://docs.example.org/manual"
	Folder string   // folder in the catalog, as in "source/manual"
	Suffix []string // endings that replace the address's own: ".html.md"; a page "x.html" or "x" is looked for as "x.html.md"
}

// DefaultOptions gives the conventions that most estates follow.
func DefaultOptions() Options {
	return Options{
		Labels: Labels{
			Service:   []string{"service", "app", "component", "job", "namespace", "service_name", "app_kubernetes_io_name", "app.kubernetes.io/name", "sloth_service"},
			Team:      []string{"team", "owner", "squad"},
			Severity:  []string{"severity"},
			Runbook:   []string{"runbook_url", "runbook", "runbookURL", "playbook", "playbook_url", "sop_url", "sop", "documentation"},
			Dashboard: []string{"dashboard_url", "dashboard", "dashboardUid", "__dashboardUid__", "grafana_dashboard", "grafana_url"},
			Tier:      []string{"tier", "criticality"},
		},
		Ignore:       []string{"**/node_modules/**", "**/vendor/**", ".git/**"},
		MaxFileBytes: 8 << 20,
		MaxPageBytes: 256 << 10,
		Workers:      1,
	}
}

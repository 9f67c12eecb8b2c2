// Package intake puts together what one run judges: the policy, the checks with the catalog's own among them, the estate,
// and what a Grafana showed. It answers "what is to be judged?" and never what is concluded.
//
// Beside the readers of catalog it is the only part that turns to files outside the catalog, the network and the
// environment, and it does so as its [Options] say.
package intake

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
	"obsready/catalog/load"
	"obsready/catalog/mapping"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/checks/custom"
	"obsready/scorecard"
)

// Options say what is read beside the catalog. The zero value reads the catalog alone.
type Options struct {
	Config            string    // policy file; "" for obsready.toml of the catalog
	CatalogMap        string    // jsonnet program to read the catalog's layout with; "" for its own catalog.jsonnet
	Cache             string    // folder for what is kept from run to run; "" for one in the user's cache folder
	LocalRepositories []string  // folders in which repositories of file:// may stand
	Offline           bool      // ask no Grafana, and take of other repositories what the cache has
	Checks            []string  // IDs of the checks to ask; all when there are none. An unknown one is an error
	Now               time.Time // the moment of judgement
	Workers           int       // how much is done at once; the result does not depend on it
	Past              bool      // other states of the catalog will be read too, see [Input.At]

	Grafana Grafana

	Log *slog.Logger
	// Progress begins to tell of something that takes long, by its name.
	Progress func(what string) Progress
}

// Progress is told from many goroutines how many more are done, and of how many, -1 when nobody knows.
type Progress struct {
	Add  func(done, of int)
	Done func()
}

// Grafana says where what a live Grafana shows is taken from, the first that is set.
type Grafana struct {
	File      string // a live.json that an earlier run wrote
	Snapshot  io.Reader
	Ask       bool   // ask the Grafana of the policy
	TokenFile string // that holds the token; "" for the environment's
	Previous  string // a live.json: what is unchanged since is not asked for again
}

// Failure is an error of the run itself. Every other error is one of usage or configuration.
type Failure struct{ error }

// Failed makes an error one of the run itself.
func Failed(err error) Failure { return Failure{err} }

func (f Failure) Unwrap() error { return f.error }

// Input is everything that a judgement needs.
type Input struct {
	Policy *scorecard.Policy
	Checks []*checks.Check // built in, and the catalog's own, which have been asked
	Estate *catalog.Estate

	options      Options
	tree         *tree.Tree
	runner       *jsonnet.Runner
	repositories *repositories // nil when none is read
}

// Read reads what is to be judged of a catalog: its own checks, the policy, which may name them, the estate, and what
// Grafana shows. A catalog without services is an error.
func Read(ctx context.Context, t *tree.Tree, o Options) (*Input, error) {
	in := &Input{options: o, tree: t, runner: jsonnet.New(jsonnet.Options{CacheDir: o.cacheDir("jsonnet")})}
	files, err := load.Programs(t, load.DefaultOptions().MaxFileBytes)
	if err != nil {
		return nil, Failed(err)
	}
	defer files.Close()
	own, gaps := custom.Load(ctx, in.runner, files, t.Root())
	in.Checks = own.With(checks.All())
	if _, err := checks.Among(in.Checks, o.Checks...); err != nil {
		return nil, err
	}
	if in.Policy, err = policyOf(t, o.Config, in.Checks); err != nil {
		return nil, err
	}
	token, err := in.prepare()
	if err != nil {
		return nil, err
	}
	if in.Estate, err = in.load(ctx, t, o.Now); err != nil {
		return nil, err
	}
	if len(in.Estate.Services) == 0 {
		return nil, noServices(in.Estate)
	}
	if err := in.attachLive(ctx, token); err != nil {
		return nil, err
	}
	in.note(append(gaps, own.Ask(ctx, in.Estate, o.Now.Format(time.DateOnly), o.workers())...))
	return in, nil
}

// Set gives the checks that are asked: those that the policy does not turn off, and of these the ones that the caller
// names, when it names any.
func (in *Input) Set() []*checks.Check { return in.asked(in.Checks) }

func (in *Input) asked(all []*checks.Check) []*checks.Check {
	set := in.Policy.CheckSet(all)
	if len(in.options.Checks) > 0 {
		set = slices.DeleteFunc(set, func(c *checks.Check) bool { return !slices.Contains(in.options.Checks, c.ID) })
	}
	return set
}

func (o Options) workers() int { return max(1, o.Workers) }

// cacheDir gives the folder for one kind of what is kept from run to run, "" where there is none.
func (o Options) cacheDir(kind string) string {
	if o.Cache != "" {
		return filepath.Join(o.Cache, kind)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "obsready", kind)
}

// policyOf reads the policy file: the one that config names, else obsready.toml of the catalog, else the defaults.
func policyOf(t *tree.Tree, config string, known []*checks.Check) (*scorecard.Policy, error) {
	if config != "" {
		data, err := os.ReadFile(config)
		if err != nil {
			return nil, fmt.Errorf("could not read the policy: %w", err)
		}
		return scorecard.ParsePolicy(config, data, known)
	}
	name := "obsready.toml"
	if t.Root() != "" {
		name = t.Root() + "/" + name
	}
	i := slices.IndexFunc(t.Files(), func(f tree.File) bool { return f.Path == name })
	if i < 0 {
		return scorecard.DefaultPolicy(), nil
	}
	r, err := t.Reader()
	if err != nil {
		return nil, Failed(err)
	}
	defer r.Close()
	data, gap := r.Read(t.Files()[i], 1<<20)
	if gap != nil {
		return nil, fmt.Errorf("could not read the policy: %v", gap)
	}
	return scorecard.ParsePolicy(name, data, known)
}

// prepare sets where evidence comes from beside the files of the catalog, and refuses what cannot work before anything is
// read. It gives the token for the Grafana that is to be asked, if any.
func (in *Input) prepare() (token string, err error) {
	in.Policy.Load.Jsonnet = in.runner
	if in.options.Past {
		in.Policy.Load.Cache = load.NewCache()
	}
	if file := in.options.CatalogMap; file != "" {
		code, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("could not read the program of --catalog-map: %w", err)
		}
		in.Policy.Load.Map = &mapping.Program{File: filepath.ToSlash(file), Code: string(code)}
	}
	if err := in.openRepositories(); err != nil {
		return "", err
	}
	if in.asksGrafana() {
		return in.options.Grafana.token()
	}
	return "", nil
}

// load reads what the tree holds, as it is judged at the given moment.
func (in *Input) load(ctx context.Context, t *tree.Tree, now time.Time) (*catalog.Estate, error) {
	o := in.loadOptions(now)
	bar := in.options.Progress("reading")
	o.Progress = bar.Add
	estate, err := load.Load(ctx, t, o)
	bar.Done()
	if err != nil {
		return nil, Failed(err)
	}
	in.options.Log.Info("read", "commit", estate.Revision.Commit, "files", estate.Counts.Listed, "read", estate.Counts.Read, "bytes", estate.Counts.Bytes,
		"services", len(estate.Services), "teams", len(estate.Teams), "orphans", len(estate.Orphans), "gaps", len(estate.Gaps))
	in.logGaps(estate.Gaps)
	return estate, nil
}

// loadOptions say how the catalog is read that is judged at a moment.
func (in *Input) loadOptions(now time.Time) load.Options {
	o := in.Policy.Load
	o.HistorySince, o.Workers = in.historySince(now), in.options.workers()
	return o
}

// historySince gives the moment before which it does not matter when something last changed.
func (in *Input) historySince(now time.Time) time.Time {
	return now.Add(-2 * max(in.Policy.Settings.RunbookMaxAge, in.Policy.Settings.ThreatModelMaxAge))
}

// note adds gaps to the estate, and logs them.
func (in *Input) note(gaps []catalog.Gap) {
	in.logGaps(gaps)
	in.Estate.AddGaps(gaps)
}

func (in *Input) logGaps(gaps []catalog.Gap) {
	for _, g := range gaps {
		in.options.Log.Info("gap", "at", g.At.String(), "cause", string(g.Cause), "detail", g.Detail)
	}
}

// noServices says that the catalog lists no services: because what lists them cannot be read, the catalog's own program
// before all, or because nothing does.
func noServices(estate *catalog.Estate) error {
	var unread []catalog.Gap
	for _, g := range estate.Gaps {
		if g.Concerns(catalog.Services) {
			unread = append(unread, g)
		}
	}
	if len(unread) == 0 {
		return fmt.Errorf("found no services in %d files. write a service.toml (see obsready explain service.toml), a Backstage catalog-info.yaml, or a catalog.jsonnet for a layout of your own", estate.Counts.Listed)
	}
	first := max(0, slices.IndexFunc(unread, func(g catalog.Gap) bool { return strings.HasSuffix(g.At.File, "sonnet") }))
	return fmt.Errorf("found no services in %d files. what may list them cannot be read: %v", estate.Counts.Listed, unread[first])
}

package intake

import (
	"context"
	"errors"
	"net/http"
	"os"
	"sync"
	"time"

	"obsready/catalog/load"
	"obsready/catalog/remote"
	"obsready/catalog/tree"
)

// repositories fetches the repositories that services name. Those of a run that looks back are fetched once and stay
// open, to be read as they were at other moments.
type repositories struct {
	options  remote.Options
	progress func(what string) Progress

	mu     sync.Mutex
	opened map[remote.Repository]remote.Result // nil unless they stay open
}

// openRepositories has the estate read the repositories that services name, when the policy says so.
func (in *Input) openRepositories() error {
	o := in.Policy.Repositories
	if o == nil {
		return nil
	}
	if o.CacheDir = in.options.cacheDir("repositories"); o.CacheDir == "" {
		return errors.New("there is no folder to keep fetched repositories in. name one with --cache")
	}
	o.Rules.Roots, o.Offline, o.Now = in.options.LocalRepositories, in.options.Offline, time.Now()
	o.Since = in.historySince(in.options.Now)
	o.Getenv, o.CredentialHelper, o.Proxy = os.Getenv, true, http.ProxyFromEnvironment
	in.repositories = &repositories{options: *o, progress: in.options.Progress}
	in.Policy.Load.Repositories = in.repositories.fetch
	if in.options.Past {
		in.repositories.opened = map[remote.Repository]remote.Result{}
		in.Policy.Load.Repositories = in.repositories.at(time.Time{})
	}
	return nil
}

func (r *repositories) fetch(ctx context.Context, wanted []remote.Repository) []remote.Result {
	bar := r.progress("fetching")
	defer bar.Done()
	o := r.options
	o.Progress = func(_, of int) { bar.Add(1, of) }
	return remote.Fetch(ctx, wanted, o)
}

// at gives the function that opens repositories as they were at a moment, the zero time for how they are now.
func (r *repositories) at(when time.Time) load.Repositories {
	return func(ctx context.Context, wanted []remote.Repository) []remote.Result {
		results := make([]remote.Result, len(wanted))
		seen := map[*tree.Tree]*tree.Tree{} // results of one branch share one tree
		for i, kept := range r.keep(ctx, wanted) {
			results[i] = kept
			if kept.Tree == nil {
				continue
			}
			then, known := seen[kept.Tree]
			if !known {
				var err error
				if then, err = asOf(kept.Tree, when); err != nil {
					results[i].Tree, results[i].Err = nil, err
					continue
				}
				seen[kept.Tree] = then
			}
			results[i].Tree = then
		}
		return results
	}
}

// asOf gives a repository as it was at a moment. One that was not there yet has no files.
func asOf(t *tree.Tree, when time.Time) (*tree.Tree, error) {
	if when.IsZero() {
		return t.At(t.Revision().Commit)
	}
	then, err := t.AsOf(when)
	var beyond *tree.BeyondError
	if errors.As(err, &beyond) && !beyond.Cut {
		return tree.FromFiles(nil, when), nil
	}
	return then, err
}

// keep gives a result for each repository, of which none is fetched a second time.
func (r *repositories) keep(ctx context.Context, wanted []remote.Repository) []remote.Result {
	r.mu.Lock()
	defer r.mu.Unlock()
	var missing []remote.Repository
	for _, w := range wanted {
		if _, ok := r.opened[w]; !ok {
			missing = append(missing, w)
		}
	}
	if len(missing) > 0 {
		for i, result := range r.fetch(ctx, missing) {
			r.opened[missing[i]] = result
		}
	}
	results := make([]remote.Result, len(wanted))
	for i, w := range wanted {
		results[i] = r.opened[w]
	}
	return results
}

// close closes the repositories that stayed open.
func (r *repositories) close() error {
	var errs []error
	closed := map[*tree.Tree]bool{}
	for _, result := range r.opened {
		if result.Tree != nil && !closed[result.Tree] {
			closed[result.Tree] = true
			errs = append(errs, result.Tree.Close())
		}
	}
	return errors.Join(errs...)
}

package intake

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"obsready/catalog/remote"
)

// repositories fetches the repositories that services name.
type repositories struct {
	options  remote.Options
	progress func(what string) Progress
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
	o.Since = in.options.Now.Add(-2 * max(in.Policy.Settings.RunbookMaxAge, in.Policy.Settings.ThreatModelMaxAge))
	o.Getenv, o.CredentialHelper, o.Proxy = os.Getenv, true, http.ProxyFromEnvironment
	in.repositories = &repositories{options: *o, progress: in.options.Progress}
	in.Policy.Load.Repositories = in.repositories.fetch
	return nil
}

func (r *repositories) fetch(ctx context.Context, wanted []remote.Repository) []remote.Result {
	bar := r.progress("fetching")
	defer bar.Done()
	o := r.options
	o.Progress = func(_, of int) { bar.Add(1, of) }
	return remote.Fetch(ctx, wanted, o)
}

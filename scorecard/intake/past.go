package intake

import (
	"context"
	"time"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/checks/custom"
)

// At reads another state of the same catalog, as it is to be judged at a moment: by the policy and the checks of this run,
// of which the catalog's own are asked about the estate that is given, with the other repositories as they were then, and
// without a Grafana. An estate may have no services. The input must have been read with [Options.Past].
func (in *Input) At(ctx context.Context, t *tree.Tree, now time.Time) (*catalog.Estate, []*checks.Check, error) {
	o := in.loadOptions(now)
	if in.repositories != nil {
		o.Repositories = in.repositories.at(now)
	}
	estate, err := load.Load(ctx, t, o)
	if err != nil {
		return nil, nil, Failed(err)
	}
	set, err := in.askOwn(ctx, estate, now)
	return estate, set, err
}

// askOwn asks the catalog's own checks, as they are now, about another estate, and gives the checks of the run with them.
// What own checks say of an estate is kept with them, so they are other ones for each.
func (in *Input) askOwn(ctx context.Context, estate *catalog.Estate, now time.Time) ([]*checks.Check, error) {
	if len(in.Checks) == len(checks.All()) {
		return in.Set(), nil
	}
	files, err := load.Programs(in.tree, load.DefaultOptions().MaxFileBytes)
	if err != nil {
		return nil, Failed(err)
	}
	defer files.Close()
	own, _ := custom.Load(ctx, in.runner, files, in.tree.Root()) // its gaps are told already
	estate.AddGaps(own.Ask(ctx, estate, now.Format(time.DateOnly), in.options.workers()))
	return in.asked(own.With(checks.All())), nil
}

// Close closes what stayed open to look back.
func (in *Input) Close() error {
	if in.repositories == nil {
		return nil
	}
	return in.repositories.close()
}

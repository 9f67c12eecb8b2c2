package mixins

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
)

// Read evaluates the mixins and programs of a tree and gives what they add to the facts of its plain files, in the order
// of the programs' paths. own tells which files may be programs; the others, libraries in vendor/ among them, are there to
// be imported. files is asked by one goroutine at a time.
//
// A catalog may hold a mixin beside the files that were rendered from it, and beside a program that renders it: a rule or a
// dashboard that a plain file has is left out, and so is what a mixin gives with its defaults when a program of the catalog
// imports the mixin and gives the same kind of evidence. The sources are those of the plain rules and dashboards that do
// not count: a program imports their files and makes others of them.
//
// When ctx ends, the rest are gaps that say so.
func Read(ctx context.Context, runner *jsonnet.Runner, files jsonnet.Files, own func(path string) bool, plain catalog.Facts) (added, sources catalog.Facts) {
	programs := find(files, own)
	outcomes := make([]outcome, len(programs))
	shared := jsonnet.Shared(files)
	var group errgroup.Group
	group.SetLimit(runner.AtOnce())
	for i, p := range programs {
		group.Go(func() error {
			outcomes[i] = p.read(ctx, runner, shared)
			return nil
		})
	}
	_ = group.Wait() // what goes wrong is a gap
	return merge(plain, deployed(outcomes)), sourcesOf(plain, outcomes)
}

// deployed gives the facts of every program, without those of mixins that another program renders.
func deployed(outcomes []outcome) []catalog.Facts {
	facts := make([]catalog.Facts, len(outcomes))
	for i := range outcomes {
		facts[i] = outcomes[i].facts
		for j := range outcomes {
			if i != j && outcomes[i].program.mixin && outcomes[j].renders(outcomes[i].program) {
				leaveOut(&facts[i], &outcomes[j].facts)
			}
		}
	}
	return facts
}

// renders reports whether a program was made with all the parts of a mixin.
func (o *outcome) renders(mixin program) bool {
	return !slices.ContainsFunc(mixin.parts, func(part string) bool { return !o.reads[part] })
}

// leaveOut takes the kinds of evidence out of a mixin's facts that a program which renders it has.
func leaveOut(mixin, rendered *catalog.Facts) {
	has := map[catalog.Kind]bool{
		catalog.Alerts: len(rendered.Alerts) > 0, catalog.Recordings: len(rendered.Recordings) > 0, catalog.Dashboards: len(rendered.Dashboards) > 0,
	}
	if has[catalog.Alerts] {
		mixin.Alerts = nil
	}
	if has[catalog.Recordings] {
		mixin.Recordings = nil
	}
	if has[catalog.Dashboards] {
		mixin.Dashboards, mixin.Libraries = nil, nil
	}
	var gaps []catalog.Gap
	for _, g := range mixin.Gaps {
		g.Kinds = slices.DeleteFunc(slices.Clone(g.Kinds), func(k catalog.Kind) bool { return has[k] })
		if len(g.Kinds) > 0 {
			gaps = append(gaps, g)
		}
	}
	mixin.Gaps = gaps
}

package load

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/remote"
	"obsready/catalog/tree"
)

// Repositories opens repositories and gives a result for each, in their order: what [remote.Fetch] does.
type Repositories func(ctx context.Context, repositories []remote.Repository) []remote.Result

// unreadRepository is a repository that a service names and that could not be read.
type unreadRepository struct {
	service *catalog.Service
	gap     catalog.Gap
}

// hiddenElsewhere are the kinds of evidence that a repository which could not be read may hide. What there is in the
// estate, who vouches for what and where alerts go is said in the catalog alone, and CODEOWNERS is no service's evidence.
var hiddenElsewhere = slices.DeleteFunc(slices.Clone(catalog.Kinds), func(k catalog.Kind) bool {
	switch k {
	case catalog.Services, catalog.Teams, catalog.Journeys, catalog.Owners, catalog.Routes, catalog.Attestations:
		return true
	}
	return false
})

// readElsewhere reads the repositories that the services among the facts name, mounts them in the tree, and adds what
// their files say to the facts, which stay in the order of their paths.
func (l *loader) readElsewhere(ctx context.Context, facts []catalog.Facts) ([]catalog.Facts, error) {
	services, repositories := l.wantedRepositories(facts)
	if len(repositories) == 0 {
		return facts, nil
	}
	results := l.options.Repositories(ctx, repositories)
	mounts := remote.Mounts(results)
	for _, m := range mounts {
		l.opened = append(l.opened, m.Tree)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	u, err := tree.Union(l.tree, mounts)
	if err != nil {
		return nil, err
	}
	l.tree, l.mounts, l.sources = u, map[string]*mount{}, map[*catalog.Service]string{}
	for i, r := range results {
		if r.Err != nil {
			l.notRead(services[i], r.Err)
			continue
		}
		l.sources[services[i]] = l.mount(u, r.Tree).name(services[i], r.Repository.Folder)
	}
	return l.readMounted(ctx, facts)
}

// wantedRepositories gives the services whose code is in another repository, with that repository for each.
func (l *loader) wantedRepositories(facts []catalog.Facts) (services []*catalog.Service, repositories []remote.Repository) {
	seen := map[string]bool{}
	for i := range facts {
		for _, s := range facts[i].Services {
			if seen[s.ID] { // the first entry of a name holds
				continue
			}
			seen[s.ID] = true
			text := strings.TrimSpace(s.Repository.Value)
			if _, same := l.inRepository(text); same || text == "" || s.Retired() {
				continue
			}
			r, err := remote.Address(text)
			if err != nil {
				l.notRead(s, err)
				continue
			}
			services, repositories = append(services, s), append(repositories, r)
		}
	}
	return services, repositories
}

// notRead notes that a service's repository could not be read. Any evidence of the service may be in it.
func (l *loader) notRead(s *catalog.Service, err error) {
	gap := remote.Gap(err, s.Repository.At.Or(s.At))
	gap.Kinds = hiddenElsewhere
	l.unreadRepositories = append(l.unreadRepositories, unreadRepository{s, gap})
}

// mount gives what is known of a mounted tree.
func (l *loader) mount(union, t *tree.Tree) *mount {
	folder, _ := union.Folder(t)
	m := l.mounts[folder]
	if m == nil {
		m = &mount{folder: folder, tree: t, named: map[string][]*catalog.Service{}, above: map[string]bool{}}
		l.mounts[folder] = m
	}
	return m
}

// readMounted selects and reads the files of the mounted repositories.
func (l *loader) readMounted(ctx context.Context, facts []catalog.Facts) ([]catalog.Facts, error) {
	own := len(l.structured)
	for _, f := range l.tree.Files() {
		if l.mountOf(f.Path) != nil {
			l.selectFile(f)
		}
	}
	slices.Sort(l.sorted)
	slices.SortFunc(l.markdown, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	more, err := l.readAll(ctx, l.structured[own:])
	if err != nil {
		return nil, err
	}
	for i := range more {
		withoutEntries(&more[i])
	}
	return l.inOrder(append(facts, more...)), nil
}

// inOrder puts the structured files, and their facts, in the order of their paths.
func (l *loader) inOrder(facts []catalog.Facts) []catalog.Facts {
	type read struct {
		file  tree.File
		facts catalog.Facts
	}
	all := make([]read, len(facts))
	for i, f := range facts {
		all[i] = read{l.structured[i], f}
	}
	slices.SortFunc(all, func(a, b read) int { return cmp.Compare(a.file.Path, b.file.Path) })
	for i, r := range all {
		l.structured[i], facts[i] = r.file, r.facts
	}
	return facts
}

// withoutEntries leaves of what a file of another repository says what counts there, see hiddenElsewhere.
func withoutEntries(f *catalog.Facts) {
	f.Services, f.Teams, f.Journeys, f.Locations, f.Entities, f.Attestations, f.Routers = nil, nil, nil, nil, nil, nil, nil
	f.Gaps = gapsElsewhere(f.Gaps)
}

// gapsElsewhere gives the gaps of another repository with the kinds of evidence that they may hide there: what counts in
// one, and CODEOWNERS.
func gapsElsewhere(gaps []catalog.Gap) []catalog.Gap {
	var left []catalog.Gap
	for _, g := range gaps {
		g.Kinds = slices.DeleteFunc(slices.Clone(g.Kinds), func(k catalog.Kind) bool { return k != catalog.Owners && !slices.Contains(hiddenElsewhere, k) })
		if len(g.Kinds) > 0 {
			left = append(left, g)
		}
	}
	return left
}

// treeGaps gives the gaps of the tree, but not those in parts of other repositories that nobody names.
func (l *loader) treeGaps() []catalog.Gap {
	var own, elsewhere []catalog.Gap
	for _, g := range l.tree.Gaps() {
		if m := l.mountOf(g.At.File); m == nil {
			own = append(own, g)
		} else if m.shows(l, g.At.File) {
			elsewhere = append(elsewhere, g)
		}
	}
	return append(own, gapsElsewhere(elsewhere)...)
}

// assignUnread gives services the gaps of their repositories.
func (l *loader) assignUnread() {
	for _, u := range l.unreadRepositories {
		u.service.Gaps = append(u.service.Gaps, u.gap)
		catalog.SortGaps(u.service.Gaps)
		l.estate.Gaps = append(l.estate.Gaps, u.gap)
	}
	catalog.SortGaps(l.estate.Gaps)
}

// closeOpened closes the repositories that were opened.
func (l *loader) closeOpened() {
	for _, t := range l.opened {
		_ = t.Close() // it was only read
	}
}

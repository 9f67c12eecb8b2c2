package load

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"obsready/catalog"
	"obsready/catalog/entries"
	"obsready/catalog/tree"
)

// Bounds of what is read of the history of entries. Beyond them a service has fewer changes, never other ones.
const (
	maxVersions = 500       // of one file
	maxChanges  = 20        // of one service
	maxHistory  = 256 << 20 // bytes in all, of which each file has an equal share, …
	minShare    = 256 << 10 // … but at least so many …
	maxShare    = 64 << 20  // … and at most so many
)

// resolveChanges gives every service the changes of its entry that call for another look at its threats, from the
// history of the file that the entry stands in. A history that is cut short, by HistorySince, by a shallow or partial
// clone or by the bounds above, gives fewer changes: a service is said to have been added only when that was seen.
//
// A version of a file that does not parse is passed over. What changed across it counts as changed at the oldest
// version passed over, because that is where somebody edited the file.
func (l *loader) resolveChanges() error {
	files, err := l.entryFiles()
	if err != nil {
		return err
	}
	share := shareOf(len(files))
	err = l.parallel(len(files), func(r *tree.Reader, i int) error {
		l.followBack(r, files[i], share)
		return nil
	})
	if err != nil {
		return err
	}
	return l.settleBeginnings(files)
}

// entryFile is a file that lists services, with the versions that it went through.
type entryFile struct {
	versions  []tree.Version
	followers []*follower
}

// entryFiles gives the files of all services' entries that changed, in the order of their paths.
func (l *loader) entryFiles() ([]*entryFile, error) {
	byPath := map[string]*entryFile{}
	for _, s := range l.estate.Services {
		if s.Format == entries.Mapped { // what its program made of an earlier version is not known
			continue
		}
		f := byPath[s.At.File]
		if f == nil {
			f = &entryFile{}
			byPath[s.At.File] = f
		}
		f.followers = append(f.followers, &follower{service: s, id: strings.ToLower(s.ID)})
	}
	paths := slices.Sorted(maps.Keys(byPath))
	versions, err := l.tree.Versions(paths, l.options.HistorySince, maxVersions)
	if err != nil {
		return nil, err
	}
	var files []*entryFile
	for _, p := range paths {
		if f := byPath[p]; len(versions[p]) > 0 {
			f.versions = versions[p]
			files = append(files, f)
		}
	}
	return files, nil
}

// shareOf gives how many bytes may be read for each of n files.
func shareOf(n int) int64 {
	return int64(min(max(maxHistory/max(n, 1), minShare), maxShare))
}

// parallel does n pieces of work with as many goroutines as the options say, each with a reader of its own.
func (l *loader) parallel(n int, work func(r *tree.Reader, i int) error) error {
	errs := make([]error, max(1, min(l.options.Workers, n)))
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			r, err := l.tree.Reader()
			if err != nil {
				errs[w] = err
				return
			}
			for i := int(next.Add(1)) - 1; i < n && err == nil; i = int(next.Add(1)) - 1 {
				err = work(r, i)
			}
			errs[w] = cmp.Or(err, r.Close())
		})
	}
	wg.Wait()
	return cmp.Or(errs...)
}

// followBack reads the versions of a file, from the latest on, and compares each service's entry with the one before.
func (l *loader) followBack(r *tree.Reader, f *entryFile, share int64) {
	rosters := rosterReader{load: l}
	for i, v := range f.versions {
		state, size, ok, gap := l.readRoster(r, &rosters, v.File, min(share, l.options.MaxFileBytes))
		if gap != nil {
			return // what lies before it is of no use without it
		}
		if share -= size; !ok {
			continue
		}
		if !state.recognised {
			return // a file of another format: the services may have been in it all the same
		}
		var next *tree.Version
		if i > 0 {
			next = &f.versions[i-1]
		}
		for _, s := range f.followers {
			s.step(state, next)
		}
	}
	if last := &f.versions[len(f.versions)-1]; last.Added {
		for _, s := range f.followers {
			s.begin(last)
		}
	}
}

// follower follows one service from version to version, back through the history of its entry.
type follower struct {
	service *catalog.Service
	id      string // the service's ID in lower case, as it was at the version reached

	seen   *catalog.Service // its entry in the last version in which it was found
	alone  bool             // that version listed no other service
	faults []string         // what was wrong with that entry

	began *tree.Version // the version in which it was found first
	done  bool
}

// step compares the entry with the one in an older version; next is the version right after that one.
func (s *follower) step(older *roster, next *tree.Version) {
	if s.done {
		return
	}
	old := older.services[s.id]
	if old == nil && s.seen != nil && s.alone && len(older.services) == 1 {
		for _, only := range older.services {
			old = only // it was renamed
		}
	}
	switch {
	case old != nil:
		s.compare(older, old, next)
	case s.seen != nil && !older.mayHide(s.seen):
		s.begin(next)
	}
}

func (s *follower) compare(older *roster, old *catalog.Service, next *tree.Version) {
	faults := older.faults[old.Name.Value]
	// A key that could not be read and then could was repaired; nothing tells that what it says is new.
	repaired := slices.ContainsFunc(faults, func(f string) bool { return !slices.Contains(s.faults, f) })
	if s.seen != nil && !repaired {
		for _, what := range triggers(old, s.seen) {
			s.add(catalog.Change{When: next.When, What: what})
		}
	}
	s.id, s.seen, s.alone, s.faults = strings.ToLower(old.ID), old, len(older.services) == 1, faults
}

func (s *follower) begin(v *tree.Version) {
	if !s.done && s.seen != nil {
		s.began, s.done = v, true
	}
}

func (s *follower) add(c catalog.Change) {
	if len(s.service.Changes) < maxChanges {
		s.service.Changes = append(s.service.Changes, c)
	}
	s.done = s.done || len(s.service.Changes) == maxChanges
}

// settleBeginnings tells the services that were added from those that were moved from another file, which their
// commit removed or changed.
func (l *loader) settleBeginnings(files []*entryFile) error {
	byCommit := map[string][]*follower{}
	for _, f := range files {
		for _, s := range f.followers {
			if s.began != nil && s.began.Commit != "" {
				byCommit[s.began.Commit] = append(byCommit[s.began.Commit], s)
			}
		}
	}
	// Neighbours in the history share their trees, so they are best read one after the other.
	commits := slices.SortedFunc(maps.Keys(byCommit), func(a, b string) int {
		return cmp.Or(byCommit[a][0].began.When.Compare(byCommit[b][0].began.When), strings.Compare(a, b))
	})
	share := shareOf(len(commits))
	return l.parallel(len(commits), func(r *tree.Reader, i int) error {
		before, known, err := l.listedBefore(r, commits[i], byCommit[commits[i]], share)
		if err != nil || !known {
			return err
		}
		for _, s := range byCommit[commits[i]] {
			if !before[lowerName(s.seen)] {
				s.add(catalog.Change{When: s.began.When, What: "the service was added", Begin: true})
			}
		}
		return nil
	})
}

// listedBefore gives the names, in lower case, of services that the files which a commit removed or changed listed
// before it, as far as they matter to the services that it seems to have added. known is false when not all of the files
// could be read.
func (l *loader) listedBefore(r *tree.Reader, commit string, added []*follower, share int64) (names map[string]bool, known bool, err error) {
	files, known, err := l.tree.Replaced(commit)
	if err != nil || !known {
		return nil, false, err
	}
	slices.SortFunc(files, func(a, b tree.File) int { return strings.Compare(a.Path, b.Path) })
	var wanted []string
	for _, s := range added {
		wanted = append(wanted, lowerName(s.seen))
	}
	names = map[string]bool{}
	for _, f := range files {
		if !l.mayList(f.Path) {
			continue
		}
		mentioned, size, gap := l.readMentions(r, f, wanted, min(share, l.options.MaxFileBytes))
		if gap != nil {
			return nil, false, nil
		}
		share -= size
		maps.Copy(names, mentioned)
	}
	return names, true, nil
}

// mayList reports whether a file can hold service entries, by its path.
func (l *loader) mayList(p string) bool {
	form := formOf(p)
	return (form == tomlForm || form == yamlForm || form == jsonForm) && path.Base(p) != "slo.toml" && path.Base(p) != "slos.toml" && !l.ignored(p)
}

package load

import (
	"fmt"
	"strings"
	"sync"

	"obsready/catalog"
	"obsready/catalog/tree"
)

// Cache keeps what this process has read, from one [Load] to the next, so that a load of a neighbouring commit parses only
// what changed. It holds what follows from bytes alone: the facts of files, by their path, their content and what the
// catalog asks of them, and what versions of entries say. Load makes the same estate with it as without it, and the estates
// share what is not finished by Load: they must not be changed.
//
// Files whose content is not known before they are read are read anew: links, and those of a work tree.
//
// A cache serves any number of loads, at the same time as well. What none of the last two needed is dropped, so that it
// does not grow with the length of a history that is walked along. When the options say that files are to be read in another
// way, it begins anew.
type Cache struct {
	mu         sync.Mutex
	settings   string              // the options that decide what readers make of a file
	generation int                 // counts the loads
	paths      map[string]pathSays // of a load before; it must not be changed
	files      shelf[fileKey, fileRead]
	rosters    shelf[versionKey, rosterRead]
	mentions   shelf[mentionKey, mentionsRead]
}

// NewCache gives an empty cache.
func NewCache() *Cache { return &Cache{} }

// fileKey is all that decides which facts a file gives, beside the options.
type fileKey struct {
	path  string
	inner string // the path in its repository
	id    string
	asked asked
}

// fileRead is what a file said. The facts must not be changed: load takes copies.
type fileRead struct {
	size  int64
	facts catalog.Facts
}

// versionKey is one content of a file in the catalog's history.
type versionKey struct{ path, id string }

// rosterRead is what a version of a file lists; ok is false when it does not parse.
type rosterRead struct {
	size   int64
	roster *roster
	ok     bool
}

// mentionKey is a question that [loader.mentions] answers.
type mentionKey struct {
	versionKey
	names string
}

type mentionsRead struct {
	size  int64
	names map[string]bool
}

// shelf keeps values that are used.
type shelf[K comparable, V any] map[K]*kept[V]

type kept[V any] struct {
	value V
	used  int // generation
}

// begin notes that a load begins, and gives what is known of paths.
func (c *Cache) begin(o Options) map[string]pathSays {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	settings := fmt.Sprintf("%q %q %q", o.Labels.Tier, o.NameAnnotations, o.Ignore)
	if c.files == nil || settings != c.settings {
		c.files, c.rosters, c.mentions = shelf[fileKey, fileRead]{}, shelf[versionKey, rosterRead]{}, shelf[mentionKey, mentionsRead]{}
		c.settings, c.paths = settings, nil
	}
	c.generation++
	c.files.sweep(c.generation)
	c.rosters.sweep(c.generation)
	c.mentions.sweep(c.generation)
	return c.paths
}

// keepPaths keeps what is known of paths for the next load.
func (c *Cache) keepPaths(says map[string]pathSays) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths = says
}

// sweep drops what neither of the two loads before needed.
func (s shelf[K, V]) sweep(generation int) {
	for key, k := range s {
		if k.used < generation-2 {
			delete(s, key)
		}
	}
}

// lookup gives what is kept under a key.
func lookup[K comparable, V any](c *Cache, of func(*Cache) shelf[K, V], key K) (V, bool) {
	if c == nil {
		var none V
		return none, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	k := of(c)[key]
	if k == nil {
		var none V
		return none, false
	}
	k.used = c.generation
	return k.value, true
}

// keep keeps a value under a key.
func keep[K comparable, V any](c *Cache, of func(*Cache) shelf[K, V], key K, value V) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	of(c)[key] = &kept[V]{value, c.generation}
}

func readsOf(c *Cache) shelf[fileKey, fileRead]           { return c.files }
func rostersOf(c *Cache) shelf[versionKey, rosterRead]    { return c.rosters }
func mentionsOf(c *Cache) shelf[mentionKey, mentionsRead] { return c.mentions }

// asked is what the catalog asks of a page beside what its path says: as what kinds of document entries name it, and
// whether a link leads to it.
type asked uint32

const (
	askedRunbook asked = 1 << iota
	askedPolicy
	askedDocument // one bit for each of documentKinds follows
)

// ask gives what is asked of a file. Only pages are asked anything.
func (l *loader) ask(p string) asked {
	if l.formOf(p) != markdownForm {
		return 0
	}
	var a asked
	if l.linked.pages[p] {
		a |= askedRunbook
	}
	if l.linked.policies[p] {
		a |= askedPolicy
	}
	for i, d := range documentKinds {
		if l.named(p, d.kind) {
			a |= askedDocument << i
		}
	}
	return a
}

// readFile gives the facts of a file and its size, or why it cannot be read. The facts are the caller's to finish.
func (l *loader) readFile(r *tree.Reader, f tree.File) (catalog.Facts, int64, *catalog.Gap) {
	limit := l.limit(f.Path)
	cache := l.options.Cache
	if f.ID == "" {
		cache = nil
	}
	var key fileKey
	if cache != nil {
		key = fileKey{f.Path, l.inner(f.Path), f.ID, l.ask(f.Path)}
		if known, ok := lookup(cache, readsOf, key); ok && known.size <= limit {
			return known.facts.Copy(), known.size, nil
		}
	}
	data, gap := r.Read(f, limit)
	if gap != nil {
		return catalog.Facts{}, 0, gap
	}
	facts := l.survive(f.Path, func() catalog.Facts { return l.scan(f.Path, data) })
	if cache != nil {
		keep(cache, readsOf, key, fileRead{int64(len(data)), facts})
		facts = facts.Copy()
	}
	return facts, int64(len(data)), nil
}

// readRoster gives which services a version of a file lists, and its size. It is not ok when the file does not parse.
func (l *loader) readRoster(r *tree.Reader, with *rosterReader, f tree.File, limit int64) (state *roster, size int64, ok bool, gap *catalog.Gap) {
	cache := l.options.Cache
	if f.ID == "" {
		cache = nil
	}
	key := versionKey{f.Path, f.ID}
	if known, found := lookup(cache, rostersOf, key); found && known.size <= limit {
		return known.roster, known.size, known.ok, nil
	}
	data, gap := r.Read(f, limit)
	if gap != nil {
		return nil, 0, false, gap
	}
	state, ok = with.read(f.Path, data)
	keep(cache, rostersOf, key, rosterRead{int64(len(data)), state, ok})
	return state, int64(len(data)), ok, nil
}

// readMentions is [loader.mentions] of a version of a file, with its size.
func (l *loader) readMentions(r *tree.Reader, f tree.File, names []string, limit int64) (found map[string]bool, size int64, gap *catalog.Gap) {
	key := mentionKey{versionKey{f.Path, f.ID}, strings.Join(names, "\x00")}
	if known, ok := lookup(l.options.Cache, mentionsOf, key); ok && known.size <= limit {
		return known.names, known.size, nil
	}
	data, gap := r.Read(f, limit)
	if gap != nil {
		return nil, 0, gap
	}
	found = l.mentions(f.Path, data, names)
	keep(l.options.Cache, mentionsOf, key, mentionsRead{int64(len(data)), found})
	return found, int64(len(data)), nil
}

// Package jsonnet evaluates jsonnet programs of a catalog in a child process of this program, which bounds their time and
// memory, and which can read nothing but the files of the tree that the program stands in. It never knows what a program's
// output means.
//
// The engine, github.com/google/go-jsonnet, has no limit of time or memory of its own, and a file of twenty thousand
// brackets ends the process that parses it. So the parent never parses jsonnet: even the search for the places of
// literals (see [Program].Locate) happens in the child.
package jsonnet

import (
	"context"
	"runtime"
	"sync"
	"time"

	"obsready/catalog"
)

// Files gives a program what it may read: files of one state of a tree, by their paths in it, "/"-separated and without a
// leading "/". It is asked by one goroutine at a time.
type Files interface {
	// Read gives the bytes of a file; ok is false when there is none. An error says that the file is there and cannot be
	// read; an [Unread] keeps its cause.
	Read(path string) (data []byte, ok bool, err error)
	// Paths gives the paths of all files in order.
	Paths() []string
	// Hash gives what changes when the bytes of a file do; "" when that is not known.
	Hash(path string) string
}

// Unread is the error of [Files] for a file whose gap is known.
type Unread struct{ Gap catalog.Gap }

func (u Unread) Error() string { return u.Gap.Detail }

// Program is what is evaluated.
type Program struct {
	File    string            // that the program stands in, or is made for: imports are relative to its folder, faults are told with it
	Code    string            // "" to evaluate the file itself
	Vendor  []string          // folders that imports are looked up in after the importing file's own, the first before the others
	Inputs  map[string]string // external variables (std.extVar) as JSON
	Natives bool              // the functions that read the tree are there: see Natives
	Root    string            // the folder that the paths of natives are relative to, "" for the tree's root
	// Alias gives other names of folders, as the links do that jsonnet-bundler makes in vendor/: an import of
	// "grafonnet/x" that is nowhere else is looked up as Alias["grafonnet"] + "/x" in each Vendor folder.
	Alias map[string]string
	// Locate names the fields whose values are to be found again in the jsonnet: see Output.Literals.
	Locate []string
}

// Output is what a program gave.
type Output struct {
	JSON  []byte
	Reads []string // the files that it depends on, in order: imports and what natives read
	// Literals are the places of string literals in the program and its imports that equal a value of one of the fields
	// that Locate names, a key of the output's first two levels, or one that names a JSON file. They are in the order in which files were imported.
	Literals []Literal
	Gaps     []catalog.Gap // documents that parseAll left out; their Kinds are left to the caller
	// Needs names, when there is a gap, what only a caller of the program can give: an external variable, an argument of
	// its top level function, a native function of another tool. "" for every other fault.
	Needs string
}

// Literal is a string literal of a jsonnet file.
type Literal struct {
	Value string
	Field string // the field whose value it is; "" when it is a key, an argument or stands elsewhere
	Of    string `json:",omitempty"` // of a key: the field whose value the object around it is
	At    catalog.Place
	// Composed says that the value is put together there, as in 'Kube%sDown' % name, and was told by its parts.
	Composed bool  `json:",omitempty"`
	Site     *Site `json:",omitempty"` // of a field that Locate names: the object around it
}

// Site is where a value of an object literal stands, with the values inside it.
type Site struct {
	At     catalog.Place
	Indent int              `json:",omitempty"` // of a text block: the column at which its lines begin
	Fields map[string]*Site `json:",omitempty"` // by name, of an object
	Items  []*Site          `json:",omitempty"` // of an array
}

// Options bound what a program may use. Zero values take the defaults.
type Options struct {
	Executable  string        // the program that serves as child; this process's own
	Args        []string      // that make it one: ChildCommand
	Timeout     time.Duration // 10 s of processor time; on a busy machine it may take patience times as long
	MemoryBytes int64         // 1 GiB, half of it for the program's data and half for what the collector has not freed yet
	MaxOutput   int64         // bytes of JSON, 64 MiB
	MaxReads    int           // files, 5,000
	MaxBytes    int64         // of all files together, 64 MiB
	AtOnce      int           // children at once, each with the memory above; as many as there are processors, at most 4
	CacheDir    string        // where results are kept from run to run; "" keeps them as long as the Runner
}

// Runner evaluates programs, each in a child process of its own. It may be used by several goroutines at once.
type Runner struct {
	options Options
	turns   chan struct{} // holds one for each child that runs
	mu      sync.Mutex
	results map[string]*entry // by the key of the program
	prune   sync.Once
}

// New gives a Runner.
func New(o Options) *Runner {
	if o.Args == nil {
		o.Args = []string{ChildCommand}
	}
	orDefault(&o.Timeout, 10*time.Second)
	orDefault(&o.MemoryBytes, 1<<30)
	orDefault(&o.MaxOutput, 64<<20)
	orDefault(&o.MaxReads, 5000)
	orDefault(&o.MaxBytes, 64<<20)
	orDefault(&o.AtOnce, min(runtime.GOMAXPROCS(0), 4))
	return &Runner{options: o, turns: make(chan struct{}, o.AtOnce), results: map[string]*entry{}}
}

func orDefault[T int | int64 | time.Duration](value *T, standard T) {
	if *value <= 0 {
		*value = standard
	}
}

// Run evaluates a program. What goes wrong is a gap with the place in the jsonnet, as far as that is known, and the way
// out; its Kinds are left to the caller. The Output's Reads hold for a gap as well. When ctx ends, so does the program,
// with a gap that says so.
//
// A result is taken from the cache when every file that it depends on, those it looked for in vain and the matches of
// its patterns are as they were. What failed for want of time or memory is tried again.
func (r *Runner) Run(ctx context.Context, files Files, p Program) (Output, *catalog.Gap) {
	key := cacheKey(p)
	if known := r.cached(ctx, key, files); known != nil {
		return known.answer()
	}
	fresh := r.evaluate(ctx, newSession(files, p, &r.options))
	if !fresh.passing {
		r.keep(key, fresh)
	}
	return fresh.answer()
}

// evaluate waits for a turn, which does not count as the program's time.
func (r *Runner) evaluate(ctx context.Context, s *session) *entry {
	select {
	case r.turns <- struct{}{}:
		defer func() { <-r.turns }()
		return s.run(ctx)
	case <-ctx.Done():
		return s.finish(nil, s.gap(fault{Message: stoppedMessage}), true)
	}
}

// AtOnce gives how many programs are evaluated at once; more have to wait.
func (r *Runner) AtOnce() int { return cap(r.turns) }

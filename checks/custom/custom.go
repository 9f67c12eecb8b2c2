// Package custom has an organisation's own checks asked: jsonnet programs of the catalog, checks/*.jsonnet. It answers
// "which checks does the catalog bring, and what do they say of each service?" and never judges anything itself.
//
// A program is evaluated in a child process (see catalog/jsonnet), once for what it is and once for what it says of all
// services. What it gives becomes an ordinary [checks.Check], so that points, levels and reports need not know
// the difference. A program that does not work is a gap, and its check is unknown for every service: dropping it would
// give away the level that it guards.
package custom

import (
	"bytes"
	"cmp"
	"context"
	"path"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"obsready/catalog"
	"obsready/catalog/jsonnet"
	"obsready/checks"
)

// Folder is the folder of a catalog in which its own checks stand.
const Folder = "checks"

// IsPath reports whether a file may be a check of the catalog at root, "" for the tree itself, by its path alone.
func IsPath(file, root string) bool {
	return path.Ext(file) == ".jsonnet" && path.Dir(file) == path.Join(root, Folder)
}

// Set is the own checks of one catalog.
type Set struct {
	runner *jsonnet.Runner
	files  jsonnet.Files
	root   string
	checks []*check
}

// check is one own check, with what it said.
type check struct {
	*checks.Check
	file    string
	broken  string        // why it cannot be asked, "" when it can
	brokeAt catalog.Place // where that stands
	answers map[string]answer
}

// Load finds the own checks of the catalog at root, and reads what they say of themselves: one evaluation for each. They
// must be asked ([Set.Ask]) before they are run. Other programs may stand in the folder: what neither reads like a check nor
// imports one is left alone.
//
// A gap hides no evidence, so it has no Kinds. A check whose ID is taken, by one that is built in or by another file, is
// known as "own-" and its file's name.
func Load(ctx context.Context, runner *jsonnet.Runner, files jsonnet.Files, root string) (*Set, []catalog.Gap) {
	s := &Set{runner: runner, files: jsonnet.Shared(files), root: root}
	var gaps []catalog.Gap
	taken := map[string]string{}
	for _, c := range checks.All() {
		taken[c.ID] = "built into the program"
	}
	for _, p := range files.Paths() {
		is := s.likely(p)
		if is == notACheck {
			continue
		}
		c, found := s.load(ctx, p, is, taken)
		gaps = append(gaps, found...)
		if c != nil {
			taken[c.ID] = "that of " + p
			s.checks = append(s.checks, c)
		}
	}
	return s, gaps
}

// likelihood is what the text of a program tells of it.
type likelihood int

const (
	notACheck  likelihood = iota
	maybeCheck            // what it imports may be one
	isCheck
)

// signs are texts of which a check that is written out has one.
var signs = [][]byte{[]byte("severity"), []byte("check(service"), []byte("pillar")}

func (s *Set) likely(p string) likelihood {
	if !IsPath(p, s.root) {
		return notACheck
	}
	data, ok, err := s.files.Read(p)
	switch {
	case err != nil: // the gap is told when it is evaluated
		return isCheck
	case ok && slices.ContainsFunc(signs, func(sign []byte) bool { return bytes.Contains(data, sign) }):
		return isCheck
	case bytes.Contains(data, []byte("import")):
		return maybeCheck
	}
	return notACheck
}

// Checks gives the own checks in the order of their files.
func (s *Set) Checks() []*checks.Check {
	own := make([]*checks.Check, len(s.checks))
	for i, c := range s.checks {
		own[i] = c.Check
	}
	return own
}

// With gives the built-in checks with the own ones among them, in report order: behind those of their pillar.
func (s *Set) With(builtIn []*checks.Check) []*checks.Check {
	all := append(slices.Clone(builtIn), s.Checks()...)
	pillars := checks.Pillars()
	slices.SortStableFunc(all, func(a, b *checks.Check) int {
		return cmp.Compare(slices.Index(pillars, a.Pillar), slices.Index(pillars, b.Pillar))
	})
	return all
}

// Ask has every check judge every service of the estate that is in use, several checks at a time, and keeps what they
// say. today is the day of judgement, as 2006-01-02. The result does not depend on workers. When ctx ends, the checks
// that were not asked are unknown.
func (s *Set) Ask(ctx context.Context, estate *catalog.Estate, today string, workers int) []catalog.Gap {
	if len(s.checks) == 0 {
		return nil
	}
	batches := batchesOf(estate, today)
	gaps := make([][]catalog.Gap, len(s.checks))
	var group errgroup.Group
	group.SetLimit(max(1, workers))
	for i, c := range s.checks {
		group.Go(func() error {
			q := &questioning{set: s, check: c, estate: estate, answers: map[string]answer{}, left: retries}
			for _, b := range batches {
				q.ask(ctx, b)
			}
			c.answers, gaps[i] = q.answers, q.gaps
			return nil
		})
	}
	_ = group.Wait() // no question ends in an error: what goes wrong is a gap
	return slices.Concat(gaps...)
}

// run is the check itself: it repeats what the program said of the service.
func (c *check) run(in *checks.Inspection) {
	at := catalog.Place{File: c.file}
	a, asked := c.answers[in.Service.ID]
	switch {
	case c.broken != "":
		in.Undecidedf(c.brokeAt.Or(at), "%s", c.broken)
	case !asked:
		in.Undecidedf(at, "%s was not asked about the service", c.file)
	case a.fault != "":
		in.Undecidedf(a.at.Or(at), "%s", a.fault)
	case a.notApplicable != "":
		in.NotApplicablef("%s", a.notApplicable)
	}
	for _, q := range a.requirements {
		c.state(in, q)
	}
}

func (c *check) state(in *checks.Inspection, q requirement) {
	states := map[string]func(catalog.Place, string, ...any) *checks.Requirement{
		"met": in.Metf, "unmet": in.Unmetf, "missing": in.Missingf, "unknown": in.Undecidedf,
	}
	stated := states[q.State.Value](q.At, "%s", q.Message.Value)
	if q.Cause.Value != "" && stated.State == checks.Unmet {
		stated.Because(c.ID+" "+q.Cause.Value, "%s", q.Cause.Value)
	}
}

// nameOf gives the name of a program's file without its ending.
func nameOf(file string) string { return strings.TrimSuffix(path.Base(file), ".jsonnet") }

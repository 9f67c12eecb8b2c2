package tree

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// step is one suffix of a revision: n times the first parent ("~n"), or once the n-th one ("^n").
type step struct {
	parent int // which parent; 0 for the commit itself
	times  int
}

// maxStep bounds the numbers in a revision.
const maxStep = 1_000_000

var errSyntax = errors.New("expected a branch, a tag or a hash, and ~n or ^n after it")

// parseRevision splits a revision into its name and the steps from there, as gitrevisions(7) describes them. Ranges,
// paths, reflogs and searches are not revisions of a catalog.
func parseRevision(rev string) (name string, steps []step, err error) {
	end := strings.IndexAny(rev, "~^")
	if end < 0 {
		end = len(rev)
	}
	name = rev[:end]
	if name == "@" {
		name = string(plumbing.HEAD)
	}
	if name == "" || strings.Contains(name, "..") || strings.Contains(name, "@{") || strings.ContainsAny(name, ": \t\n\\?*[") {
		return "", nil, errSyntax
	}
	for rest := rev[end:]; rest != ""; {
		var s step
		if s, rest, err = parseStep(rest); err != nil {
			return "", nil, err
		}
		steps = append(steps, s)
	}
	return name, steps, nil
}

func parseStep(text string) (s step, rest string, err error) {
	for _, peel := range []string{"^{}", "^{commit}"} {
		if rest, found := strings.CutPrefix(text, peel); found {
			return step{}, rest, nil
		}
	}
	op, rest := text[0], text[1:]
	if op != '~' && op != '^' {
		return step{}, "", errSyntax
	}
	digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	n := 1
	if digits != "" {
		if n, err = strconv.Atoi(digits); err != nil || n > maxStep {
			return step{}, "", errSyntax
		}
	}
	rest = rest[len(digits):]
	if op == '~' {
		return step{parent: 1, times: n}, rest, nil
	}
	return step{parent: n, times: 1}, rest, nil
}

// resolve gives the commit that a revision names.
func (r *repository) resolve(o *objects, rev string, shallow map[plumbing.Hash]bool) (plumbing.Hash, error) {
	name, steps, err := parseRevision(rev)
	if err != nil {
		return plumbing.ZeroHash, fmt.Errorf("cannot understand the revision %q: %w", rev, err)
	}
	h, err := r.lookupName(o, name)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	h, err = o.peel(h)
	switch {
	case errors.Is(err, plumbing.ErrObjectNotFound) && len(shallow) > 0:
		return plumbing.ZeroHash, fmt.Errorf("there is no commit %q in the shallow clone %q. fetch the rest with git fetch --unshallow", rev, r.name())
	case errors.Is(err, plumbing.ErrObjectNotFound):
		return plumbing.ZeroHash, fmt.Errorf("there is no commit %q in %q. fetch it first", rev, r.name())
	case err != nil:
		return plumbing.ZeroHash, fmt.Errorf("the revision %q in %q is no commit that can be read: %s", rev, r.name(), unreadable(err))
	}
	for _, s := range steps {
		for range s.times {
			if s.parent == 0 {
				break // the commit itself
			}
			c, err := o.commit(h)
			switch {
			case err != nil:
				return plumbing.ZeroHash, fmt.Errorf("cannot follow the revision %q in %q: %s", rev, r.name(), unreadable(err))
			case shallow[h]:
				return plumbing.ZeroHash, fmt.Errorf("the revision %q lies beyond the history of the shallow clone %q. fetch the rest with git fetch --unshallow", rev, r.name())
			case s.parent > len(c.parents):
				return plumbing.ZeroHash, fmt.Errorf("the revision %q does not exist in %q: commit %s has %d parents", rev, r.name(), h.String()[:12], len(c.parents))
			}
			h = c.parents[s.parent-1]
		}
	}
	return h, nil
}

// lookupName gives the object that a name stands for: a full hash, a reference, or an abbreviated hash, in git's order.
func (r *repository) lookupName(o *objects, name string) (plumbing.Hash, error) {
	if plumbing.IsHash(name) {
		return plumbing.NewHash(strings.ToLower(name)), nil
	}
	for _, ref := range candidates(name) {
		found, err := storer.ResolveReference(r.refs, ref)
		if err == nil && !found.Hash().IsZero() {
			return found.Hash(), nil
		}
	}
	if name == string(plumbing.HEAD) {
		return plumbing.ZeroHash, r.unborn()
	}
	if h, err := o.abbreviated(name); !h.IsZero() || err != nil {
		return h, err
	}
	return plumbing.ZeroHash, r.unknown(name)
}

// candidates are the references that a name can be short for. Names are also paths in git's folder, so only those that
// git allows for a reference are looked up.
func candidates(name string) []plumbing.ReferenceName {
	var refs []plumbing.ReferenceName
	for i, rule := range plumbing.RefRevParseRules {
		ref := plumbing.ReferenceName(fmt.Sprintf(rule, name))
		pseudo := i == 0 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" // HEAD, FETCH_HEAD
		if pseudo || strings.HasPrefix(string(ref), "refs/") && ref.Validate() == nil {
			refs = append(refs, ref)
		}
	}
	return refs
}

// abbreviated gives the commit or tag with the given first digits of its hash, the zero hash when there is none.
func (o *objects) abbreviated(digits string) (plumbing.Hash, error) {
	digits = strings.ToLower(digits)
	if len(digits) < 4 || len(digits) > 2*len(plumbing.ZeroHash) || strings.Trim(digits, "0123456789abcdef") != "" {
		return plumbing.ZeroHash, nil
	}
	prefix, err := hex.DecodeString(digits[:len(digits)/2*2])
	if err != nil {
		return plumbing.ZeroHash, err
	}
	var found []plumbing.Hash
	for _, s := range o.stores {
		files, ok := s.(*filesystem.Storage)
		if !ok {
			continue
		}
		hashes, err := files.HashesWithPrefix(prefix)
		if err != nil {
			return plumbing.ZeroHash, fmt.Errorf("cannot look up the revision %q: %w", digits, err)
		}
		for _, h := range hashes {
			if strings.HasPrefix(h.String(), digits) && !slices.Contains(found, h) && o.isCommit(h) {
				found = append(found, h)
			}
		}
	}
	if len(found) > 1 {
		return plumbing.ZeroHash, fmt.Errorf("the revision %q stands for %d commits. write more digits of the hash", digits, len(found))
	}
	return append(found, plumbing.ZeroHash)[0], nil
}

func (o *objects) isCommit(h plumbing.Hash) bool {
	_, err := o.peel(h)
	return err == nil
}

// peel follows annotated tags to the commit. Tags of tags are rare, so a short chain is enough.
func (o *objects) peel(h plumbing.Hash) (plumbing.Hash, error) {
	const most = 8
	for range most {
		_, err := o.commit(h)
		if err == nil {
			return h, nil
		}
		raw, tagErr := o.read(plumbing.TagObject, h, maxTreeBytes)
		if tagErr != nil {
			return plumbing.ZeroHash, err
		}
		if h, err = parseTag(raw); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	return plumbing.ZeroHash, errCorrupt
}

// unborn says why HEAD leads to no commit.
func (r *repository) unborn() error {
	branches := r.branches()
	if len(branches) == 0 {
		return fmt.Errorf("the repository %q has no commits yet. commit the catalog first: git add --all && git commit", r.name())
	}
	branch := ""
	if head, err := r.refs.Reference(plumbing.HEAD); err == nil {
		branch = fmt.Sprintf(", the branch %q,", head.Target().Short())
	}
	return fmt.Errorf("HEAD of %q%s has no commits yet. name another revision, such as %s", r.name(), branch, quoted(branches))
}

// unknown says that there is no such revision, and which one may be meant.
func (r *repository) unknown(name string) error {
	branches := r.branches()
	var meant []string
	for _, b := range branches {
		if strings.HasSuffix(b, "/"+name) || strings.EqualFold(b, name) {
			meant = append(meant, b)
		}
	}
	way := "see git branch --all and git tag"
	switch {
	case len(meant) > 0:
		way = "did you mean " + quoted(meant) + "?"
	case len(branches) > 0:
		way += ". branches are " + quoted(branches)
	}
	return fmt.Errorf("there is no revision %q in %q. fetch it first, or %s", name, r.name(), way)
}

// branches lists the short names of branches, local ones first.
func (r *repository) branches() []string {
	refs, err := r.refs.IterReferences()
	if err != nil {
		return nil
	}
	var local, remote []string
	_ = refs.ForEach(func(ref *plumbing.Reference) error {
		switch n := ref.Name(); {
		case n.IsBranch():
			local = append(local, n.Short())
		case n.IsRemote() && !strings.HasSuffix(string(n), "/HEAD"):
			remote = append(remote, n.Short())
		}
		return nil
	})
	slices.Sort(local)
	slices.Sort(remote)
	return append(local, remote...)
}

// quoted joins the first few names for a message.
func quoted(names []string) string {
	const most = 5
	var q []string
	for _, n := range names[:min(most, len(names))] {
		q = append(q, strconv.Quote(n))
	}
	if len(names) > most {
		q = append(q, "…")
	}
	return strings.Join(q, ", ")
}

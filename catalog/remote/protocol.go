package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/capability"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp/sideband"
)

// session is one conversation with a repository: over HTTP or ssh. go-git has transports of its own; these know a
// context at every step, look at the address that they connect to, and read no configuration of the user's.
type session interface {
	advertised(ctx context.Context) (*packp.AdvRefs, error)
	pack(ctx context.Context, req *packp.UploadPackRequest) (io.ReadCloser, error)
	Close() error
}

// decodeRefs reads a list of branches.
func decodeRefs(r io.Reader, repo Repository) (*packp.AdvRefs, error) {
	refs := packp.NewAdvRefs()
	err := refs.Decode(io.LimitReader(r, maxRefsBytes))
	var line *pktline.ErrorLine
	switch {
	case errors.Is(err, packp.ErrEmptyAdvRefs), err == nil && refs.IsEmpty():
		return nil, failf(Empty, "the repository %q has no commits. push to it, or leave it out", repo.URL)
	case errors.As(err, &line):
		return nil, said(repo, line.Text)
	case err != nil && !errors.Is(err, packp.ErrEmptyInput):
		return nil, failf(Server, "what answers at %q is no git host that can be understood: %s. correct the address", repo.URL, plain(err))
	}
	return refs, err
}

// said makes a failure of what a host says in words of its own.
func said(repo Repository, text string) *Failure {
	reason, way := Server, "try again later, or have the repository looked at on its host (git fsck)"
	low := strings.ToLower(text)
	for _, words := range []string{"not found", "could not be found", "does not exist", "not appear to be a git", "no such repository", "access denied"} {
		if strings.Contains(low, words) {
			reason, way = NotFound, "correct the address, or look at what the credentials for the host may read"
		}
	}
	text = strings.TrimRight(plain(errors.New(text)), ". ")
	return failf(reason, "the host says about %q: %q. %s", repo.URL, text, way)
}

// request asks for one commit without its parents, or with those since a day when the host can tell them.
func request(refs *packp.AdvRefs, commit plumbing.Hash, since time.Time) (*packp.UploadPackRequest, error) {
	offered := refs.Capabilities
	offered.Delete(capability.ThinPack) // there is nothing here that a thin pack could refer to
	req := packp.NewUploadPackRequestFromCapabilities(offered)
	req.Wants = []plumbing.Hash{commit}
	if offered.Supports(capability.NoProgress) {
		if err := req.Capabilities.Set(capability.NoProgress); err != nil {
			return nil, err
		}
	}
	deep := !since.IsZero() && offered.Supports(capability.DeepenSince)
	switch {
	case deep:
		req.Depth = packp.DepthSince(since)
		if err := req.Capabilities.Set(capability.DeepenSince); err != nil {
			return nil, err
		}
	case offered.Supports(capability.Shallow):
		req.Depth = packp.DepthCommits(1)
	default:
		return req, nil // all of the history, within the limit of bytes
	}
	return req, req.Capabilities.Set(capability.Shallow)
}

// encodeRequest writes a request of which all is wanted and nothing is there.
func encodeRequest(w io.Writer, req *packp.UploadPackRequest) error {
	if err := req.Validate(); err != nil {
		return err
	}
	if err := req.UploadRequest.Encode(w); err != nil {
		return err
	}
	return pktline.NewEncoder(w).EncodeString("done\n")
}

// answer is the beginning of a host's answer to a request: the rest is the pack.
type answer struct {
	shallow []plumbing.Hash // commits whose parents were not sent
	pack    io.Reader
}

func decodeAnswer(body io.ReadCloser, req *packp.UploadPackRequest) (answer, error) {
	res := packp.NewUploadPackResponse(req)
	if err := res.Decode(body); err != nil {
		return answer{}, err
	}
	a := answer{shallow: res.Shallows, pack: res}
	switch {
	case req.Capabilities.Supports(capability.Sideband64k):
		a.pack = sideband.NewDemuxer(sideband.Sideband64k, res)
	case req.Capabilities.Supports(capability.Sideband):
		a.pack = sideband.NewDemuxer(sideband.Sideband, res)
	}
	return a, nil
}

// head is the branch that a repository calls its own; "" when it does not say.
func head(refs *packp.AdvRefs) string {
	for _, s := range refs.Capabilities.Get(capability.SymRef) {
		if name, found := strings.CutPrefix(s, "HEAD:refs/heads/"); found && validRef(name) {
			return name
		}
	}
	if refs.Head == nil {
		return ""
	}
	var same []string
	for name, h := range refs.References {
		if short, found := strings.CutPrefix(name, "refs/heads/"); found && h == *refs.Head && validRef(short) {
			same = append(same, short)
		}
	}
	slices.Sort(same)
	for _, usual := range append([]string{"main", "master"}, same...) {
		if slices.Contains(same, usual) {
			return usual
		}
	}
	return ""
}

// tip gives the commit of a branch or tag, or the one at HEAD for "".
func tip(refs *packp.AdvRefs, branch string) (plumbing.Hash, bool) {
	if branch == "" {
		if refs.Head == nil {
			return plumbing.ZeroHash, false
		}
		return *refs.Head, true
	}
	if h, ok := refs.References["refs/heads/"+branch]; ok {
		return h, true
	}
	tag := "refs/tags/" + branch
	if h, ok := refs.Peeled[tag]; ok {
		return h, true
	}
	if h, ok := refs.References[tag]; ok {
		return h, true
	}
	// Of a commit only the hash is named. Hosts give it when a branch or tag leads to it, or when they allow it.
	return plumbing.NewHash(branch), plumbing.IsHash(branch)
}

// choose settles which branch and folder are meant, given what branches there are. known reports whether there is a
// branch of a name.
func choose(r Repository, known func(branch string) bool) (Repository, error) {
	if r.Branch == "" {
		return r, nil
	}
	if known(r.Branch) {
		r.guess = false
		return r, nil
	}
	if r.guess {
		names := strings.Split(r.Folder, "/")
		for i := range names {
			branch := r.Branch + "/" + strings.Join(names[:i+1], "/")
			if known(branch) {
				r.Branch, r.Folder, r.guess = branch, strings.Join(names[i+1:], "/"), false
				return r, nil
			}
		}
	}
	return r, failf(NotFound, "the repository %q has no branch or tag %q. correct the address", r.URL, r.Branch)
}

// some names a few branches for a message.
func some(refs *packp.AdvRefs) string {
	var names []string
	for name := range refs.References {
		if short, found := strings.CutPrefix(name, "refs/heads/"); found && validRef(short) {
			names = append(names, fmt.Sprintf("%q", short))
		}
	}
	slices.Sort(names)
	return strings.Join(names[:min(len(names), 5)], ", ")
}

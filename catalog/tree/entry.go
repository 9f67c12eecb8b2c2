package tree

import (
	"bytes"
	"errors"
	"strconv"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
)

// errCorrupt says that an object does not have the form of its type.
var errCorrupt = errors.New("object is damaged")

// entry is one entry of a raw tree object. Its slices point into the object's bytes, because walking a history reads
// millions of entries and looks at few.
type entry struct {
	raw  []byte // the whole entry: equal bytes mean same mode, name and content
	mode []byte // octal digits
	name []byte
	id   []byte // binary hash
}

// nextEntry splits the first entry off a raw tree: "<octal mode> <name>\x00<20 bytes>". ok is false when the bytes do
// not begin with an entry; callers tell the end of the tree by its length.
func nextEntry(raw []byte) (e entry, rest []byte, ok bool) {
	end := bytes.IndexByte(raw, 0)
	if end < 0 || len(raw)-end-1 < len(plumbing.ZeroHash) {
		return entry{}, nil, false
	}
	space := bytes.IndexByte(raw[:end], ' ')
	if space < 5 || space > 6 || space+1 == end {
		return entry{}, nil, false
	}
	size := end + 1 + len(plumbing.ZeroHash)
	return entry{raw: raw[:size], mode: raw[:space], name: raw[space+1 : end], id: raw[end+1 : size]}, raw[size:], true
}

// kind is what a tree entry leads to.
type kind int

const (
	otherKind kind = iota // submodules, and modes that git does not make
	regularKind
	linkKind
	folderKind
)

// kind reads the type bits of the mode, as stat.h defines them; permission bits do not matter here.
func (e entry) kind() kind {
	switch {
	case len(e.mode) == 5 && e.mode[0] == '4': // written without the leading zero
		return folderKind
	case len(e.mode) == 6 && e.mode[0] == '1' && e.mode[1] == '0':
		return regularKind
	case len(e.mode) == 6 && e.mode[0] == '1' && e.mode[1] == '2':
		return linkKind
	}
	return otherKind
}

func (e entry) hash() (h plumbing.Hash) {
	copy(h[:], e.id)
	return h
}

// compareOrder orders entries as git sorts them in a tree: by name, where a folder's name ends in a slash.
func (e entry) compareOrder(f entry) int {
	n := min(len(e.name), len(f.name))
	if c := bytes.Compare(e.name[:n], f.name[:n]); c != 0 {
		return c
	}
	if c := int(e.byteAt(n)) - int(f.byteAt(n)); c != 0 {
		return c
	}
	return len(e.name) - len(f.name) // only a name that ends in a slash, which git does not make, comes so far
}

func (e entry) byteAt(i int) byte {
	switch {
	case i < len(e.name):
		return e.name[i]
	case i == len(e.name) && e.kind() == folderKind:
		return '/'
	}
	return 0
}

// commit is what the walks need to know of a commit.
type commit struct {
	tree    plumbing.Hash
	parents []plumbing.Hash
	time    time.Time // committer time
}

// parseCommit reads the headers of a raw commit object.
func parseCommit(raw []byte) (commit, error) {
	var c commit
	hasTree := false
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		if len(line) == 0 {
			break // the message begins
		}
		key, value, _ := bytes.Cut(line, []byte(" "))
		switch string(key) {
		case "tree":
			h, ok := parseHash(value)
			if !ok {
				return commit{}, errCorrupt
			}
			c.tree, hasTree = h, true
		case "parent":
			h, ok := parseHash(value)
			if !ok {
				return commit{}, errCorrupt
			}
			c.parents = append(c.parents, h)
		case "committer":
			c.time = parseTime(value)
		}
		raw = rest
	}
	if !hasTree {
		return commit{}, errCorrupt
	}
	return c, nil
}

// parseTag gives the object that a raw annotated tag points to.
func parseTag(raw []byte) (plumbing.Hash, error) {
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	value, found := bytes.CutPrefix(line, []byte("object "))
	h, ok := parseHash(value)
	if !found || !ok {
		return plumbing.ZeroHash, errCorrupt
	}
	return h, nil
}

func parseHash(hex []byte) (plumbing.Hash, bool) {
	s := string(hex)
	return plumbing.NewHash(s), plumbing.IsHash(s)
}

// lastSecond is the last second of the year 9999, beyond which RFC 3339 cannot write a time.
const lastSecond = 253402300799

// parseTime reads the time from "Name <address> 1700000000 +0100", the zone left out: times are compared and printed
// in UTC. What is no time becomes 1970, as it does in git.
func parseTime(identity []byte) time.Time {
	fields := bytes.Fields(identity[bytes.LastIndexByte(identity, '>')+1:])
	if len(fields) == 0 {
		return time.Unix(0, 0).UTC()
	}
	seconds, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil || seconds < 0 || seconds > lastSecond {
		seconds = 0
	}
	return time.Unix(seconds, 0).UTC()
}

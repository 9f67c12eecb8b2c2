package tree

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-git/go-git/v5/plumbing"
)

// Commit is one step of the history along first parents.
type Commit struct {
	Hash string // in full
	// Subject is the first line of the message as it can be shown: in UTF-8, on one line, without control characters, and
	// with at most maxSubject characters. It is text that anybody may have written.
	Subject string
	Time    time.Time // of the committer, in UTC; 1970 when the commit has none that can be read
}

// maxSubject bounds the subjects that are kept. Git's own advice is 50 characters.
const maxSubject = 200

// Log gives the commits along first parents from the tree's revision back, the latest first, down to and including the
// first one that is older than since: so the last commit of Log(w) has the state of the catalog as it was at the time w. A
// few commits older than since among younger ones are the work of wrong clocks and do not end it. A zero since means the
// whole history. Merged branches are one commit, that of the merge.
//
// whole is false when a shallow or partial clone ends before a commit that is older than since. A history that simply
// begins later is whole, and its first commit is the last one here.
//
// In a work tree the log begins at HEAD. A tree of [FromFiles] has no commits; of a union it is the log of the catalog's
// own repository.
func (t *Tree) Log(since time.Time) (commits []Commit, whole bool, err error) {
	if t.parts != nil {
		return t.parts[0].tree.Log(since)
	}
	if t.pool == nil {
		return nil, true, nil
	}
	return t.log(func(c commit) bool { return c.time.Before(since) })
}

// log gives the commits down to the first of those that end the walk because all of them are old, see slack.
func (t *Tree) log(old func(commit) bool) (commits []Commit, whole bool, err error) {
	o, err := t.pool.get()
	if err != nil {
		return nil, false, err
	}
	defer t.pool.put(o)
	run := 0 // commits in a row, the last ones here, that are old
	for h := t.commit; run <= slack; {
		raw, err := o.read(plumbing.CommitObject, h, maxTreeBytes)
		if errors.Is(err, plumbing.ErrObjectNotFound) {
			break
		}
		if err != nil {
			return nil, false, err
		}
		c, err := parseCommit(raw)
		if err != nil {
			return nil, false, fmt.Errorf("cannot read the commit %s: %w. see git fsck", h, err)
		}
		commits = append(commits, Commit{Hash: h.String(), Subject: subjectOf(raw), Time: c.time})
		if run++; !old(c) {
			run = 0
		}
		if len(c.parents) == 0 && !t.shallow[h] {
			whole = true
			break
		}
		if t.shallow[h] {
			break
		}
		h = c.parents[0]
	}
	if run > 0 {
		return commits[:len(commits)-run+1], true, nil
	}
	return commits, whole, nil
}

// subjectOf gives the first line of a raw commit's message.
func subjectOf(raw []byte) string {
	_, message, _ := bytes.Cut(raw, []byte("\n\n"))
	line, _, _ := bytes.Cut(bytes.TrimLeft(message, "\r\n"), []byte("\n"))
	line = line[:min(len(line), maxSubject*utf8.UTFMax)]
	text := strings.ToValidUTF8(string(line), "\uFFFD")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unprintable(r):
			return -1
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxSubject {
		text = string(runes[:maxSubject-1]) + "…"
	}
	return text
}

// A BeyondError says that a history does not reach back to a time.
type BeyondError struct {
	When  time.Time // that was asked for
	First time.Time // of the oldest commit that is known
	Cut   bool      // a shallow or partial clone ends there; else the repository is not older
}

func (e *BeyondError) Error() string {
	if e.Cut {
		return fmt.Sprintf("the history of this clone ends at %s, so that its files at %s are not known. fetch the rest with git fetch --unshallow",
			e.First.Format(time.DateOnly), e.When.Format(time.DateOnly))
	}
	return fmt.Sprintf("the repository begins at %s: it has no files at %s", e.First.Format(time.DateOnly), e.When.Format(time.DateOnly))
}

// AsOf gives the tree at the last commit, along first parents from the tree's revision, whose committer time is not after
// when; wrong clocks are dealt with as in [Tree.Log]. The error is a [BeyondError] when the history does not reach so far.
// What holds for the result of [Tree.At] holds for it.
func (t *Tree) AsOf(when time.Time) (*Tree, error) {
	if t.parts != nil {
		return t.parts[0].tree.AsOf(when)
	}
	if t.pool == nil {
		return nil, errNoCommits
	}
	late := func(at time.Time) bool { return at.After(when) }
	commits, whole, err := t.log(func(c commit) bool { return !late(c.time) })
	if err != nil {
		return nil, err
	}
	if len(commits) == 0 {
		return nil, &BeyondError{When: when, Cut: true}
	}
	last := commits[len(commits)-1]
	if late(last.Time) {
		return nil, &BeyondError{When: when, First: last.Time, Cut: !whole}
	}
	return t.At(last.Hash)
}

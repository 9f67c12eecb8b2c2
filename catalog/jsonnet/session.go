package jsonnet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"obsready/catalog"
)

// session is one evaluation, from the side of the parent: it answers the child's questions and notes what they were.
type session struct {
	files   Files
	program Program
	options *Options
	ctx     context.Context

	seen     map[string]string // hash of every file that was looked for, "" when there is none
	sent     map[string]bool   // files whose bytes the child has
	bytes    int64             // of all of them
	matches  map[string]string // hash of what each pattern matched
	refusals []refusal
	unread   bool // a file could not be read, which may be otherwise next time
}

// refusal is a question that got no answer. The fault that it leads to repeats its message.
type refusal struct {
	cause   catalog.Cause
	message string
}

func (r refusal) Error() string { return r.message }

func newSession(files Files, p Program, o *Options) *session {
	return &session{files: files, program: p, options: o, seen: map[string]string{}, sent: map[string]bool{}, matches: map[string]string{}}
}

// run evaluates the program in a child.
func (s *session) run(ctx context.Context) *entry {
	code, err := s.code()
	if err != nil {
		return s.finish(nil, s.gap(fault{At: catalog.Place{File: s.program.File}, Message: err.Error()}), s.unread)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience*s.options.Timeout, errLate)
	defer cancel()
	s.ctx = ctx
	c, err := start(ctx, s.options)
	if ctx.Err() != nil && err != nil {
		return s.finish(nil, s.gap(fault{Message: stoppedMessage}), true)
	}
	if err != nil {
		return s.finish(nil, s.gap(fault{Message: fmt.Sprintf("the process that evaluates jsonnet did not start: %v", err)}), true)
	}
	answer, err := s.converse(c, code)
	end := c.end(err != nil)
	if err == nil {
		return s.finish(answer.result, answer.gap, s.unread)
	}
	f := end.fault(err, s.options)
	return s.finish(nil, s.gap(f), f.Cause != catalog.TooDeep)
}

// code gives the text of the program.
func (s *session) code() (string, error) {
	if s.program.Code != "" {
		return s.program.Code, nil
	}
	data, ok, err := s.look(s.program.File)
	if err == nil && !ok {
		err = s.refuse(catalog.Unreachable, "there is no file %q", s.program.File)
	}
	return string(data), err
}

// answer is what a child that comes to an end says.
type answer struct {
	result *Output
	gap    *catalog.Gap
}

// converse sends the program and answers questions until the child says how it went. An error says that it did not.
func (s *session) converse(c *child, code string) (answer, error) {
	if err := writeJSON(c.in, programFrame, newTask(s.program, code, s.options)); err != nil {
		return answer{}, err
	}
	for {
		kind, payload, err := nextFrame(c.out, maxQuestion)
		if err != nil {
			return answer{}, err
		}
		switch kind {
		case importFrame, readFrame, globFrame:
			if err := s.reply(c.in, kind, payload); err != nil {
				return answer{}, err
			}
		case resultFrame:
			result := &Output{}
			if err := json.Unmarshal(payload, result); err != nil {
				return answer{}, err
			}
			if result.JSON, err = expectFrame(c.out, dataFrame, s.options.MaxOutput); err != nil {
				return answer{}, err
			}
			return answer{result: s.admit(result)}, nil
		case faultFrame:
			var f fault
			if err := json.Unmarshal(payload, &f); err != nil {
				return answer{}, err
			}
			return answer{result: &Output{Needs: f.Needs}, gap: s.gap(f)}, nil
		default:
			return answer{}, fmt.Errorf("frame %q that no child sends", kind)
		}
	}
}

// reply answers one question.
func (s *session) reply(w io.Writer, kind frameKind, question []byte) error {
	var err error
	switch kind {
	case importFrame:
		err = s.replyImport(w, question)
	case readFrame:
		err = s.replyRead(w, string(question))
	case globFrame:
		err = s.replyGlob(w, string(question))
	}
	var r refusal
	if errors.As(err, &r) {
		return writeFrame(w, refusalFrame, []byte(r.message))
	}
	return err
}

func (s *session) replyImport(w io.Writer, question []byte) error {
	var q importQuestion
	if err := json.Unmarshal(question, &q); err != nil {
		return err
	}
	found, data, err := s.resolve(q)
	if err != nil {
		return err
	}
	known := s.sent[found]
	if !known {
		if err := s.admitBytes(found, data); err != nil {
			return err
		}
	}
	if err := writeJSON(w, foundFrame, importAnswer{Path: found, Known: known}); err != nil || known {
		return err
	}
	return writeFrame(w, dataFrame, data)
}

func (s *session) replyRead(w io.Writer, p string) error {
	full, err := s.rooted(p)
	if err != nil {
		return err
	}
	data, ok, err := s.look(full)
	if err == nil && !ok {
		err = s.refuse(catalog.Unreachable, "there is no file %q in the catalog", full)
	}
	if err == nil {
		err = s.admitBytes(full, data)
	}
	if err != nil {
		return err
	}
	return writeFrame(w, dataFrame, data)
}

func (s *session) refuse(cause catalog.Cause, format string, args ...any) error {
	r := refusal{cause: cause, message: fmt.Sprintf(format, args...)}
	s.refusals = append(s.refusals, r)
	return r
}

// admit takes a child's result, without places in files that it cannot know.
func (s *session) admit(result *Output) *Output {
	result.Literals = slices.DeleteFunc(result.Literals, func(l Literal) bool { return !s.knows(l.At.File) })
	result.Gaps = slices.DeleteFunc(result.Gaps, func(g catalog.Gap) bool { return !s.knows(g.At.File) })
	return result
}

func (s *session) knows(p string) bool { return s.sent[p] || p == s.program.File }

// gap makes a gap of a fault.
func (s *session) gap(f fault) *catalog.Gap {
	g := &catalog.Gap{At: f.At, Cause: f.Cause, Detail: f.Message}
	if !s.knows(g.At.File) {
		g.At = catalog.Place{File: s.program.File}
	}
	for _, r := range s.refusals {
		if strings.Contains(f.Message, r.message) {
			g.Cause, g.Detail = r.cause, r.message
		}
	}
	if g.Cause == "" {
		g.Cause = catalog.Failed
	}
	return g
}

// finish puts the outcome together with what it depends on.
func (s *session) finish(result *Output, gap *catalog.Gap, passing bool) *entry {
	e := &entry{Seen: s.seen, Matches: s.matches, Gap: gap, passing: passing || s.unread}
	if result != nil {
		e.Output = *result
	}
	reads := maps.Clone(s.sent)
	if s.program.Code == "" && s.seen[s.program.File] != "" {
		reads[s.program.File] = true
	}
	e.Output.Reads = slices.Sorted(maps.Keys(reads))
	return e
}

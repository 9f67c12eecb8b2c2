package jsonnet

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	engine "github.com/google/go-jsonnet"
)

// conversation is the child's side of the protocol. It is the engine's importer.
type conversation struct {
	r        io.Reader
	w        *bufio.Writer
	limit    int64 // of an answer, in bytes
	found    map[importQuestion]finding
	contents map[string]engine.Contents // by path: the engine wants the same value for the same place
	broken   error                      // why it cannot go on
}

type finding struct {
	path string
	err  error
}

// Import gives what an import expression names, as the parent finds it.
func (c *conversation) Import(from, imported string) (engine.Contents, string, error) {
	q := importQuestion{From: from, Path: imported}
	f, asked := c.found[q]
	if !asked {
		f.path, f.err = c.askImport(q)
		c.found[q] = f
	}
	return c.contents[f.path], f.path, f.err
}

func (c *conversation) askImport(q importQuestion) (string, error) {
	if err := c.say(importFrame, q); err != nil {
		return "", err
	}
	payload, err := c.hear(foundFrame)
	if err != nil {
		return "", err
	}
	var a importAnswer
	if err := json.Unmarshal(payload, &a); err != nil {
		return "", c.fail(err)
	}
	if a.Known { // by a native function, perhaps, which keeps nothing
		if _, have := c.contents[a.Path]; have {
			return a.Path, nil
		}
		return "", c.fail(errors.New("a file is said to be known that is not"))
	}
	data, err := c.hear(dataFrame)
	if err != nil {
		return "", err
	}
	c.contents[a.Path] = engine.MakeContentsRaw(data)
	return a.Path, nil
}

// read gives the bytes of a file of the tree.
func (c *conversation) read(p string) ([]byte, error) {
	if err := c.write(readFrame, []byte(p)); err != nil {
		return nil, err
	}
	return c.hear(dataFrame)
}

// glob gives the paths that a pattern matches.
func (c *conversation) glob(pattern string) (paths []string, err error) {
	if err := c.write(globFrame, []byte(pattern)); err != nil {
		return nil, err
	}
	payload, err := c.hear(pathsFrame)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(payload, &paths); err != nil {
		return nil, c.fail(err)
	}
	return paths, nil
}

// say sends a value.
func (c *conversation) say(kind frameKind, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return c.fail(err)
	}
	return c.write(kind, payload)
}

func (c *conversation) write(kind frameKind, payload []byte) error {
	if c.broken != nil {
		return c.broken
	}
	if err := writeFrame(c.w, kind, payload); err != nil {
		return c.fail(err)
	}
	if err := c.w.Flush(); err != nil {
		return c.fail(err)
	}
	return nil
}

// hear waits for an answer of the given kind. A refusal is an error with its text.
func (c *conversation) hear(kind frameKind) ([]byte, error) {
	got, payload, err := nextFrame(c.r, c.limit)
	switch {
	case err != nil:
		return nil, c.fail(err)
	case got == refusalFrame:
		return nil, errors.New(string(payload))
	case got != kind:
		return nil, c.fail(fmt.Errorf("frame %q where %q should be", got, kind))
	}
	return payload, nil
}

// fail notes that the conversation cannot go on.
func (c *conversation) fail(err error) error {
	if c.broken == nil {
		c.broken = err
	}
	return err
}

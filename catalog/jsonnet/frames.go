package jsonnet

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// frameKind says what a frame between the parent and its child holds.
type frameKind byte

// What the parent sends.
const (
	programFrame frameKind = 'P' // a task, as JSON: the first frame
	foundFrame   frameKind = 'F' // where an import was found, as JSON; a data frame follows unless the child has the bytes already
	dataFrame    frameKind = 'D' // the bytes of a file
	pathsFrame   frameKind = 'L' // what a pattern matches, as JSON
	refusalFrame frameKind = 'X' // why there is no answer, as text
)

// What the child sends: questions, and one result or fault at the end.
const (
	importFrame frameKind = 'I' // an importQuestion, as JSON
	readFrame   frameKind = 'R' // a path, as text
	globFrame   frameKind = 'G' // a pattern, as text
	resultFrame frameKind = 'T' // a result, as JSON; a data frame with the program's output follows
	faultFrame  frameKind = 'E' // a fault, as JSON
)

// maxQuestion bounds every frame but those that hold files and output.
const maxQuestion = 64 << 20

var errFrame = errors.New("a frame is larger than it may be")

// writeFrame sends one frame: its kind, the length of its payload in four bytes, and the payload.
func writeFrame(w io.Writer, kind frameKind, payload []byte) error {
	if uint64(len(payload)) > 1<<32-1 {
		return errFrame
	}
	header := [5]byte{byte(kind)}
	binary.BigEndian.PutUint32(header[1:], uint32(len(payload)))
	if _, err := w.Write(header[:]); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

// writeJSON sends a value as a frame.
func writeJSON(w io.Writer, kind frameKind, v any) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFrame(w, kind, payload)
}

// nextFrame reads one frame of at most limit bytes. The length that the frame claims costs no memory before the bytes
// are there.
func nextFrame(r io.Reader, limit int64) (frameKind, []byte, error) {
	var header [5]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, nil, err
	}
	size := int64(binary.BigEndian.Uint32(header[1:]))
	if size > limit {
		return 0, nil, errFrame
	}
	var payload bytes.Buffer
	if size <= 1<<20 {
		payload.Grow(int(size))
	}
	if _, err := io.CopyN(&payload, r, size); err != nil {
		return 0, nil, noEOF(err)
	}
	return frameKind(header[0]), payload.Bytes(), nil
}

// expectFrame reads the frame that must come next.
func expectFrame(r io.Reader, kind frameKind, limit int64) ([]byte, error) {
	got, payload, err := nextFrame(r, limit)
	if err != nil {
		return nil, err
	}
	if got != kind {
		return nil, fmt.Errorf("frame %q where %q should be", got, kind)
	}
	return payload, nil
}

// noEOF tells an end inside a frame from one between frames.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

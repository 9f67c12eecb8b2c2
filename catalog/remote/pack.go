package remote

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
)

const (
	maxObjects  = 2_000_000
	maxInflated = 24 // times as many bytes as the pack may have: sources are packed to a fifth, at best a tenth
)

// reservedType is the one of the types of an object in a pack that has no meaning.
const reservedType = plumbing.ObjectType(5)

// errDamaged is a pack that git would not have made.
var errDamaged = errors.New("the pack is damaged")

// tooLargeError says which limit was passed, and what to do about it.
type tooLargeError struct{ what string }

func (e *tooLargeError) Error() string { return "more than " + e.what }

func tooManyBytes(most int64, how string) error {
	return &tooLargeError{fmt.Sprintf("%d MiB%s. allow more with repositories.max_bytes in obsready.toml, or leave it out", most>>20, how)}
}

// receive writes a pack to a folder of packs, with its index. It reads no more than most bytes, and checks before
// anything is taken apart what would come out, since a few kilobytes can stand for terabytes.
func receive(ctx context.Context, pack io.Reader, dir string, most int64) (index *idxfile.MemoryIndex, err error) {
	defer func() {
		if p := recover(); p != nil { // the decoder is not ours, the pack may be anything
			index, err = nil, fmt.Errorf("%w: %v", errDamaged, p)
		}
	}()
	f, err := os.CreateTemp(dir, "tmp_pack_")
	if err != nil {
		return nil, err
	}
	defer func() {
		f.Close()
		os.Remove(f.Name()) // it is gone by then when all went well
	}()
	if err := download(ctx, f, pack, most); err != nil {
		return nil, err
	}
	file := &contextFile{ctx: ctx, File: f}
	if err := measure(file, most*maxInflated); err != nil {
		return nil, err
	}
	index, err = takeApart(file)
	if err != nil {
		return nil, err
	}
	return index, save(f, index, dir)
}

func download(ctx context.Context, f *os.File, pack io.Reader, most int64) error {
	n, err := io.Copy(f, &contextReader{ctx, io.LimitReader(pack, most+1)})
	if n > most {
		return tooManyBytes(most, "")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends too early", errDamaged)
	}
	return err
}

type contextReader struct {
	ctx context.Context
	io.Reader
}

func (r *contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// contextFile ends the reading of a file with its context.
type contextFile struct {
	ctx context.Context
	*os.File
}

func (f *contextFile) Read(p []byte) (int, error) {
	if err := f.ctx.Err(); err != nil {
		return 0, err
	}
	return f.File.Read(p)
}

// measure looks at every object of a pack without keeping any, and sums up how large they are when taken apart. A
// difference begins with the size of what it makes.
func measure(file *contextFile, most int64) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	scanner := packfile.NewScanner(file)
	_, count, err := scanner.Header()
	if err != nil {
		return damaged(err)
	}
	if count > maxObjects {
		return &tooLargeError{fmt.Sprintf("%d objects, and none of that size is read", maxObjects)}
	}
	var sum int64
	for range count {
		h, err := scanner.NextObjectHeader()
		if err != nil {
			return damaged(err)
		}
		if h.Type == reservedType || !h.Type.Valid() {
			return errDamaged
		}
		sum += h.Length
		if h.Length > most || sum > most {
			return tooManyBytes(most, " when unpacked")
		}
		var start beginning
		if _, _, err := scanner.NextObject(&start); err != nil {
			return damaged(err)
		}
		if !h.Type.IsDelta() {
			continue
		}
		size, ok := start.targetSize()
		if !ok {
			return errDamaged
		}
		if sum += size; size > most || sum > most {
			return tooManyBytes(most, " when unpacked")
		}
	}
	return nil
}

// beginning keeps the first bytes of a difference: two sizes of at most ten bytes each.
type beginning struct {
	bytes [20]byte
	n     int
}

func (b *beginning) Write(p []byte) (int, error) {
	b.n += copy(b.bytes[b.n:], p)
	return len(p), nil
}

// targetSize reads the second of the two sizes, as gitformat-pack(5) has them: seven bits in a byte, the lowest first.
func (b *beginning) targetSize() (size int64, ok bool) {
	rest := b.bytes[:b.n]
	for range 2 {
		size = 0
		for shift := 0; ; shift += 7 {
			if len(rest) == 0 || shift > 56 {
				return 0, false
			}
			c := rest[0]
			rest = rest[1:]
			size |= int64(c&0x7f) << shift
			if c&0x80 == 0 {
				break
			}
		}
	}
	return size, true
}

// takeApart computes the name of every object, and checks the pack's own sum.
func takeApart(file *contextFile) (*idxfile.MemoryIndex, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	writer := new(idxfile.Writer)
	parser, err := packfile.NewParser(packfile.NewScanner(file), writer)
	if err != nil {
		return nil, damaged(err)
	}
	if _, err := parser.Parse(); err != nil {
		return nil, damaged(err)
	}
	index, err := writer.Index()
	if err != nil {
		return nil, damaged(err)
	}
	return index, nil
}

// save puts pack and index where git and the reader of trees look for them.
func save(f *os.File, index *idxfile.MemoryIndex, dir string) error {
	base := filepath.Join(dir, "pack-"+plumbing.Hash(index.PackfileChecksum).String())
	out, err := os.OpenFile(base+".idx", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	w := bufio.NewWriter(out)
	if _, err := idxfile.NewEncoder(w).Encode(index); err != nil {
		return err
	}
	if err := errors.Join(w.Flush(), out.Sync(), f.Sync()); err != nil {
		return err
	}
	return os.Rename(f.Name(), base+".pack")
}

// damaged marks what the decoder found, but not the end of the context that it saw.
func damaged(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", errDamaged, err)
}

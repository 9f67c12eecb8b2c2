package remote

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"os"
	"testing"
)

// packOf writes a pack of the given entries, each with its type, the size that it states and its content.
type packEntry struct {
	kind    byte // 1 commit, 2 tree, 3 blob, 6 difference to an earlier offset
	size    int64
	back    int64 // of a difference
	content []byte
}

func packOf(count uint32, entries ...packEntry) []byte {
	var b bytes.Buffer
	b.WriteString("PACK")
	binary.Write(&b, binary.BigEndian, []uint32{2, count})
	for _, e := range entries {
		size := e.size
		c := e.kind<<4 | byte(size&15)
		for size >>= 4; size > 0; size >>= 7 {
			b.WriteByte(c | 0x80)
			c = byte(size & 0x7f)
		}
		b.WriteByte(c)
		if e.kind == 6 {
			b.WriteByte(byte(e.back))
		}
		z := zlib.NewWriter(&b)
		z.Write(e.content)
		z.Close()
	}
	sum := sha1.Sum(b.Bytes())
	return append(b.Bytes(), sum[:]...)
}

// delta writes a difference that copies the whole of a base of the given size over and over.
func delta(base, target uint64, copies int) []byte {
	var b []byte
	b = binary.AppendUvarint(b, base)
	b = binary.AppendUvarint(b, target)
	for range copies {
		b = append(b, 0x80|0x10|0x20|0x40, 0xff, 0xff, 0xff) // 16 MiB from its beginning
	}
	return b
}

func TestHostilePacks(t *testing.T) {
	blob := packEntry{kind: 3, size: 5, content: []byte("hello")}
	bomb := delta(5, 1<<40, 1000)
	for name, test := range map[string]struct {
		pack  []byte
		large bool
	}{
		"good":                    {packOf(1, blob), false},
		"a difference to 1 TiB":   {packOf(2, blob, packEntry{kind: 6, size: int64(len(bomb)), back: 14, content: bomb}), true},
		"a blob that states much": {packOf(1, packEntry{kind: 3, size: 1 << 40, content: []byte("x")}), true},
		"more than it states":     {packOf(1, packEntry{kind: 3, size: 1, content: bytes.Repeat([]byte("x"), 1<<20)}), false},
		"many objects":            {packOf(1<<31, blob), true},
		"one object missing":      {packOf(2, blob), false},
		"a difference to itself":  {packOf(2, blob, packEntry{kind: 6, size: 5, back: 0, content: delta(5, 5, 0)}), false},
		"a difference to nothing": {packOf(1, packEntry{kind: 6, size: 3, back: 3, content: []byte("\x05\x05x")}), false},
		"an empty difference":     {packOf(2, blob, packEntry{kind: 6, size: 0, back: 14}), false},
		"an unknown type":         {packOf(1, packEntry{kind: 5, size: 1, content: []byte("x")}), false},
		"no pack":                 {[]byte("PACK\x00\x00\x00\x09"), false},
		"nothing":                 {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			index, err := receive(context.Background(), bytes.NewReader(test.pack), t.TempDir(), 1<<20)
			var large *tooLargeError
			switch {
			case name == "good" && (err != nil || index == nil):
				t.Error(err)
			case name != "good" && err == nil:
				t.Error("it is taken")
			case test.large != errors.As(err, &large):
				t.Error(err)
			case err != nil && !test.large && !errors.Is(err, errDamaged):
				t.Error(err)
			}
		})
	}
}

func FuzzReceive(f *testing.F) {
	blob := packEntry{kind: 3, size: 5, content: []byte("hello")}
	f.Add(packOf(1, blob))
	f.Add(packOf(2, blob, packEntry{kind: 6, size: 4, back: 14, content: []byte("\x05\x05\x90\x05")}))
	f.Add(packOf(0))
	f.Fuzz(func(t *testing.T, pack []byte) {
		dir := t.TempDir()
		index, err := receive(context.Background(), bytes.NewReader(pack), dir, 1<<16)
		left, _ := os.ReadDir(dir)
		if (err == nil) != (index != nil) || err == nil && len(left) != 2 || err != nil && len(left) != 0 {
			t.Fatalf("%v leaves %d files", err, len(left))
		}
	})
}

//go:build race

package jsonnet

// detectorSpace is the address space, in bytes, that the race detector takes beside the program's own: it keeps several
// bytes for each byte of memory, and of stacks above all.
const detectorSpace = 16 << 30

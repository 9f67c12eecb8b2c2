//go:build !race

package jsonnet

// detectorSpace is 0 in a program without the race detector.
const detectorSpace = 0

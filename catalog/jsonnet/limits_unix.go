//go:build linux || darwin

package jsonnet

import (
	"os"
	"os/signal"
	"runtime"

	"golang.org/x/sys/unix"
)

// limitProcess has the system end this process when it takes more processor time than it may, and on Linux when it takes
// more address space. Address space counts what the runtime has reserved without using it, so the limit is above what the
// process has now by more than the memory it may use. macOS does not enforce that limit, and refuses one that is below
// what a process has reserved.
func limitProcess(memory int64, seconds uint64) error {
	if runtime.GOOS == "linux" {
		pages, _ := readPages("/proc/self/statm", 0) // 0 without /proc, which is stricter
		space := uint64(pages)*uint64(unix.Getpagesize()) + uint64(memory)*3/2 + 512<<20 + detectorSpace
		if err := lower(unix.RLIMIT_AS, space, 0); err != nil {
			return err
		}
	}
	over := make(chan os.Signal, 1)
	signal.Notify(over, unix.SIGXCPU)
	go func() {
		<-over
		os.Exit(lateExit)
	}()
	return lower(unix.RLIMIT_CPU, seconds, 2)
}

// lower sets a limit, or keeps the one there is when it is stricter. What the process may take beyond it before the system
// kills it lets it say why it ends.
func lower(resource int, value, beyond uint64) error {
	var now unix.Rlimit
	if err := unix.Getrlimit(resource, &now); err != nil {
		return err
	}
	return unix.Setrlimit(resource, &unix.Rlimit{Cur: min(value, now.Max), Max: min(value+beyond, now.Max)})
}

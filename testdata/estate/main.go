//go:build unix

// Command estate writes an estate of any size as a git repository, and measures how the program copes with it.
//
//	go run ./testdata/estate -services 10000 -out /tmp/estate.git
//	go run ./testdata/estate -services 10000 -run bin/obsready
//
// The same number of services gives the same commits, byte for byte. The estate is not there to be judged right or wrong:
// tests of verdicts have small inputs of their own. It is there to be large in the way that real ones are.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

func main() {
	services := flag.Int("services", 10000, "how many services, ten files each")
	out := flag.String("out", "", "bare repository to write; a temporary one by default")
	binary := flag.String("run", "", "program to measure on the estate")
	flag.Parse()
	if err := run(*services, *out, *binary); err != nil {
		fmt.Fprintln(os.Stderr, "estate:", err)
		os.Exit(1)
	}
}

func run(services int, out, binary string) error {
	switch {
	case services < 1:
		return fmt.Errorf("an estate of %d services is none. set -services to 1 or more", services)
	case out == "" && binary == "":
		return errors.New("there is nothing to do. set -out to write an estate, or -run to measure a program")
	}
	temp, err := os.MkdirTemp("", "estate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if out == "" {
		out = filepath.Join(temp, "estate.git")
	}
	began := time.Now()
	written, err := write(out, services)
	if err != nil {
		return err
	}
	fmt.Printf("estate    %d services in %d files of %d MiB, %d commits, written in %.1f s\n",
		services, written.files, written.bytes>>20, months, time.Since(began).Seconds())
	if binary == "" {
		return nil
	}
	return measure(binary, out, filepath.Join(temp, "report"), services)
}

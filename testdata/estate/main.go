//go:build unix

// Command estate writes an estate of any size as a git repository, and measures how the program copes with it.
//
//	go run ./testdata/estate -services 10000 -out /tmp/estate.git
//	go run ./testdata/estate -services 10000 -run bin/obsready
//	go run ./testdata/estate -services 2000 -weeks 26 -churn 0.01 -run bin/obsready
//
// The last of them has a past of 26 weeks, in each of which one service in a hundred changes, and measures what the history
// of a scorecard costs beside one without. The same flags give the same commits, byte for byte. The estate is not there to be judged right or wrong:
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
	weeks := flag.Int("weeks", 0, "how many weeks of changes follow the first year, with seven commits each")
	churn := flag.Float64("churn", 0.01, "share of the services that changes in each of the weeks")
	flag.Parse()
	if err := run(*services, *weeks, *churn, *out, *binary); err != nil {
		fmt.Fprintln(os.Stderr, "estate:", err)
		os.Exit(1)
	}
}

func run(services, weeks int, churn float64, out, binary string) error {
	switch {
	case services < 1:
		return fmt.Errorf("an estate of %d services is none. set -services to 1 or more", services)
	case weeks < 0 || churn <= 0 || churn > 1:
		return fmt.Errorf("%d weeks with a share of %g are no history. set -weeks to 0 or more, and -churn to a share in (0,1]", weeks, churn)
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
	written, err := write(out, services, weeks, churn)
	if err != nil {
		return err
	}
	fmt.Printf("estate    %d services in %d files of %d MiB, %d commits, written in %.1f s\n",
		services, written.files, written.bytes>>20, written.commits, time.Since(began).Seconds())
	if binary == "" {
		return nil
	}
	return measure(binary, out, filepath.Join(temp, "report"), services, weeks)
}

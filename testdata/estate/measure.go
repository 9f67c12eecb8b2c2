//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// The bounds for an estate of ten thousand services on two cores.
const (
	boundServices = 10000
	boundWall     = 60 * time.Second
	boundPeak     = 1536 << 20
)

// The bound of a history of half a year, beside a run without, for an estate of which one service in a hundred changes a
// week.
const (
	boundWeeks = 26
	boundRatio = 3
)

// cost is what one process took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // largest resident memory in bytes
}

// measure runs the program once over the estate, with nothing kept from an earlier run, and prints what it took beside
// what git takes to read the same files, and for an estate with weeks what a run with their history takes. The estate has just been written, so both read from memory, not from the disk.
func measure(binary, estate, report string, services, weeks int) error {
	git, err := costOf(exec.Command("sh", "-c", `git -C "$1" ls-tree -r HEAD | awk '{print $3}' | git -C "$1" cat-file --batch --buffer >"$2"`, "sh", estate, "/dev/null"))
	if err != nil {
		return err
	}
	scorecard := []string{"scorecard", "--quiet", "--fail-on", "never", "--now", end(weeks).Format(time.DateOnly), "--out", report}
	c, err := costOf(exec.Command(binary, append(slices.Clip(scorecard), estate)...))
	if err != nil {
		return err
	}
	fmt.Printf("git       %.2f s for git ls-tree -r | git cat-file --batch\n", git.wall.Seconds())
	fmt.Printf("obsready  %.2f s on %d cores (%.2f s of processor time), %.0f services/s, peak memory %d MiB, %.1f times git\n",
		c.wall.Seconds(), runtime.NumCPU(), c.cpu.Seconds(), float64(services)/c.wall.Seconds(), c.peak>>20, c.wall.Seconds()/git.wall.Seconds())
	if services == boundServices {
		fmt.Printf("bounds    %.0f s: %s, %d MiB: %s\n", boundWall.Seconds(), kept(c.wall <= boundWall), boundPeak>>20, kept(c.peak <= boundPeak))
	}
	if weeks == 0 {
		return nil
	}
	history, err := costOf(exec.Command(binary, append(scorecard, "--history", fmt.Sprintf("%dw", weeks), estate)...))
	if err != nil {
		return err
	}
	ratio := history.wall.Seconds() / c.wall.Seconds()
	fmt.Printf("history   %.2f s for %d weeks (%.2f s of processor time), peak memory %d MiB, %.2f times a run without\n",
		history.wall.Seconds(), weeks, history.cpu.Seconds(), history.peak>>20, ratio)
	if weeks == boundWeeks {
		fmt.Printf("bounds    %d times: %s\n", boundRatio, kept(ratio <= boundRatio))
	}
	return nil
}

func kept(ok bool) string {
	if ok {
		return "kept"
	}
	return "NOT KEPT"
}

// costOf runs a command to its end. The peak of a child is never below that of the process that started it, as the
// kernel counts, which is why this program streams the estate instead of holding it.
func costOf(cmd *exec.Cmd) (cost, error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return cost{}, fmt.Errorf("%s: %w\n%s", cmd, err, stderr.Bytes())
	}
	c := cost{wall: time.Since(began), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = int64(usage.Maxrss)
		if runtime.GOOS != "darwin" { // where it is in bytes already
			c.peak <<= 10
		}
	}
	return c, nil
}

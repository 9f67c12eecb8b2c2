package jsonnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"obsready/catalog"
)

// child is a running process that evaluates one program.
type child struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     io.ReadCloser
	stderr  firstBytes
	ctx     context.Context
	tooMuch atomic.Bool   // it was killed for the memory it held
	done    chan struct{} // closed when it has ended
}

// start starts a child. It inherits no environment: what the engine does depends on nothing but the program. The engine
// uses one processor, the collector of garbage may use another.
func start(ctx context.Context, o *Options) (*child, error) {
	executable := o.Executable
	if executable == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		executable = self
	}
	c := &child{cmd: exec.CommandContext(ctx, executable, o.Args...), ctx: ctx, done: make(chan struct{})}
	c.cmd.Env = []string{"GOTRACEBACK=none", "GOMAXPROCS=2"}
	c.cmd.WaitDelay = 2 * time.Second
	c.cmd.Stderr = &c.stderr
	var err error
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if c.out, err = c.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go c.watch(o.MemoryBytes)
	return c, nil
}

// watch kills the child when it holds more memory than it may, on systems that tell in /proc. It is the measure that
// holds: the limit of address space that the child sets itself has to leave room for what its runtime only reserves.
func (c *child) watch(limit int64) {
	statm := filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), "statm")
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-tick.C:
		}
		pages, ok := readPages(statm, 1)
		if !ok {
			return
		}
		if pages*int64(os.Getpagesize()) > limit {
			c.tooMuch.Store(true)
			_ = c.cmd.Process.Kill() // it may have ended meanwhile
			return
		}
	}
}

// readPages gives one number of a statm file: field 0 is the address space, 1 what is resident.
func readPages(statm string, field int) (int64, bool) {
	data, err := os.ReadFile(statm)
	fields := strings.Fields(string(data))
	if err != nil || len(fields) <= field {
		return 0, false
	}
	pages, err := strconv.ParseInt(fields[field], 10, 64)
	return pages, err == nil
}

// ending is how a child's process ended.
type ending struct {
	err     error // of waiting for it
	late    bool  // the program's time was over
	stopped bool  // that, or the run was
	tooMuch bool
	stderr  string
}

// end ends the child, at once when kill is set, and waits for it.
func (c *child) end(kill bool) ending {
	_ = c.in.Close()
	if kill && c.ctx.Err() == nil {
		// What it did not say it will not say: a process that died is not hurt by this, and one that speaks nonsense must end.
		time.AfterFunc(time.Second, func() { _ = c.cmd.Process.Kill() })
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(c.out, maxQuestion))
	err := c.cmd.Wait()
	close(c.done)
	return ending{
		err: err, tooMuch: c.tooMuch.Load(), stderr: c.stderr.String(),
		late: context.Cause(c.ctx) == errLate, stopped: c.ctx.Err() != nil,
	}
}

// patience is how many times as long by the clock a program may take as it may use the processor: other processes must not
// make a gap of a program that is well within its limits.
const patience = 4

// errLate is the cause of a context that ended because the program's time was over.
var errLate = errors.New("the time is over")

// stoppedMessage tells of a run that ended before the program did.
const stoppedMessage = "the run was stopped before the program came to its end"

const wayOut = "look for endless recursion or data that grows, or keep the rendered files in the catalog"

// fault says why a child ended without a word. conversation is the error that the parent saw.
func (e ending) fault(conversation error, o *Options) fault {
	code := -1
	var exit *exec.ExitError
	if errors.As(e.err, &exit) {
		code = exit.ExitCode()
	}
	memory := fmt.Sprintf("the program needs more than %d MiB of memory. %s", o.MemoryBytes>>20, wayOut)
	switch {
	case e.tooMuch || code == memoryExit:
		return fault{Cause: catalog.TooCostly, Message: memory}
	case strings.Contains(e.stderr, "stack exceeds") || strings.Contains(e.stderr, "stack overflow"):
		return fault{Cause: catalog.TooDeep, Message: "the program is nested too deep. " + wayOut}
	case outOfMemory.MatchString(e.stderr):
		return fault{Cause: catalog.TooCostly, Message: memory}
	case e.stopped && !e.late:
		return fault{Message: stoppedMessage}
	case e.late || code == lateExit:
		return fault{Cause: catalog.TooCostly, Message: fmt.Sprintf("the program did not come to its end within %s of processor time. %s", o.Timeout, wayOut)}
	}
	if exit != nil && code < 0 {
		return fault{Cause: catalog.TooCostly, Message: fmt.Sprintf("the system ended the process that evaluates jsonnet (%v), as it does when a machine has no memory left. %s", e.err, wayOut)}
	}
	return fault{Message: fmt.Sprintf("the process that evaluates jsonnet ended without a result (%v, %v). this is a fault of obsready: report it with the program", conversation, e.err)}
}

// outOfMemory is what the runtime, and that of the race detector, say when the system gives no more, for threads too.
var outOfMemory = regexp.MustCompile(`out of memory|cannot allocate memory|failed to allocate|address space collisions|failed to create new OS thread|pthread_create failed`)

// firstBytes keeps the beginning of what is written to it: a dying process may say a great deal.
type firstBytes struct{ text []byte }

func (f *firstBytes) Write(p []byte) (int, error) {
	const limit = 4 << 10
	f.text = append(f.text, p[:min(len(p), limit-len(f.text))]...)
	return len(p), nil
}

func (f *firstBytes) String() string { return string(f.text) }

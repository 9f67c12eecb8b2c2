package jsonnet

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"

	engine "github.com/google/go-jsonnet"
)

// ChildCommand is the argument that makes this program a child. It is written so that no user types it by chance.
const ChildCommand = "jsonnet-child"

// Exit codes of a child that ends itself before its program does.
const (
	memoryExit = 86 // it holds too much
	orphanExit = 87 // its parent is gone
	lateExit   = 88 // its processor time is over
)

// task is what a child is to do.
type task struct {
	Program Program
	Code    string
	Memory  int64  // bytes
	Seconds uint64 // of processor time
	Output  int64  // bytes
	Reads   int64  // bytes of the largest answer
}

func newTask(p Program, code string, o *Options) task {
	p.Code = "" // Code has it
	return task{
		Program: p, Code: code, Memory: o.MemoryBytes, Output: o.MaxOutput, Reads: max(o.MaxBytes, maxQuestion),
		// The collector of garbage works on a second processor, half of which is the program's own affair.
		Seconds: uint64(o.Timeout*3/2/time.Second) + 1,
	}
}

// BecomeChild makes this process a child when it was started as one, and then does not return. Tests call it in TestMain,
// programs at the beginning of main.
func BecomeChild() {
	if len(os.Args) != 2 || os.Args[1] != ChildCommand {
		return
	}
	if err := Child(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Child evaluates the one program that comes on in, asks for files on out and says there how it went. It lowers the
// limits of this process for good, and the process ends without a word when the program goes beyond them, and when in
// ends, as it does with the parent. An error is one of the conversation.
func Child(in io.Reader, out io.Writer) error {
	r := bufio.NewReader(leash(in))
	payload, err := expectFrame(r, programFrame, 1<<32-1)
	if err != nil {
		return err
	}
	var t task
	if err := json.Unmarshal(payload, &t); err != nil {
		return err
	}
	if err := limitProcess(t.Memory, t.Seconds); err != nil {
		return err
	}
	debug.SetMaxStack(maxGoStack)
	debug.SetMemoryLimit(t.Memory / 4 * 3)
	debug.SetGCPercent(200)
	go watchMemory(t.Memory)
	return serve(&t, r, out)
}

// leash passes on what comes from the parent, and ends the process with it: a parent that is killed cannot kill its
// children, but the system closes its end of the pipe. Nothing is on its way while a program is evaluated, since the
// parent only answers, so the end is seen at once then.
func leash(in io.Reader) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, _ = io.Copy(w, in) // an error is an end as well
		os.Exit(orphanExit)
	}()
	return r
}

// maxGoStack bounds the recursion of the parser and of the engine, in bytes. Even a loop that jsonnet calls tailstrict takes
// stack with each round: this allows some 50,000 of them.
const maxGoStack = 256 << 20

// watchMemory ends the process when its runtime holds more than it may, on every system, and when half of that is in use:
// the collector would have to work without end to stay below the limit, and the program would fail for its time instead.
func watchMemory(limit int64) {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}, {Name: "/gc/heap/live:bytes"}}
	for {
		metrics.Read(sample)
		held, live := sample[0].Value.Uint64()-sample[1].Value.Uint64(), sample[2].Value.Uint64()
		if held > uint64(limit) || live > uint64(limit)/2 {
			os.Exit(memoryExit)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// serve evaluates a task.
func serve(t *task, r io.Reader, out io.Writer) error {
	c := &conversation{r: r, w: bufio.NewWriter(out), limit: t.Reads, found: map[importQuestion]finding{}, contents: map[string]engine.Contents{}}
	e := &evaluation{task: t, conversation: c}
	result, f := e.run()
	if c.broken != nil {
		return c.broken
	}
	if f != nil {
		return c.say(faultFrame, f)
	}
	output := result.JSON
	result.JSON = nil
	if err := writeJSON(c.w, resultFrame, result); err != nil {
		return err
	}
	if err := writeFrame(c.w, dataFrame, output); err != nil {
		return err
	}
	return c.w.Flush()
}

package jsonnet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"obsready/catalog"
)

// hostile are programs that an evaluation in this process would not survive, or not in time.
var hostile = []struct {
	name, code string
	cause      catalog.Cause
	options    Options
}{
	{"endless loop", `local f(n) = f(n) tailstrict; f(0)`, catalog.TooDeep, Options{MemoryBytes: 4 << 30}},
	{"work without end", `std.length([a * b for a in std.range(1, 100000) for b in std.range(1, 100000) if a == -1])`, catalog.TooCostly, Options{Timeout: 500 * time.Millisecond}},
	{"deep brackets", strings.Repeat("[", 20000), catalog.TooDeep, Options{}},
	{"deep objects", strings.Repeat("{a:", 20000), catalog.TooDeep, Options{}},
	{"many deep brackets", strings.Repeat("[", 4000000), catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"string doubling", `std.foldl(function(s, _) s + s, std.range(1, 40), "x")`, catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"string of a gigabyte", `std.length(std.repeat("x", 1000000000) + "y")`, catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"huge array", `std.makeArray(100000000, function(i) i)`, catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"huge comprehension", `[[a, b] for a in std.range(1, 100000) for b in std.range(1, 100000)]`, catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"huge output", `local s = std.repeat("x", 1000000); [s for i in std.range(1, 1000)]`, catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"large output", `local s = std.repeat("x", 1000); [s for i in std.range(1, 3000)]`, catalog.TooLarge, Options{MaxOutput: 2 << 20}},
	{"text of text of text", `std.foldl(function(v, _) std.manifestJsonEx([v, v, v], "          "), std.range(1, 40), "\n")`, catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"aliases of aliases", `std.parseYaml("a: &a [x, x, x, x, x, x, x, x, x]\n" + std.join("\n", [local c = std.char(97 + i), d = std.char(98 + i); d + ": &" + d + " [*" + std.join(", *", std.repeat([c], 9)) + "]" for i in std.range(0, 12)]))`, "", Options{MemoryBytes: 128 << 20}},
	{"infinite recursion", `local f(n) = 1 + f(n + 1); f(0)`, catalog.TooDeep, Options{}},
	{"infinite object", `local o = {a: o}; o`, catalog.TooDeep, Options{}},
	{"imports without end", `import "chain/0"`, catalog.TooDeep, Options{}},
	{"huge import", `import "huge"`, catalog.TooCostly, Options{MaxBytes: 1 << 20}},
	{"huge importbin", `importbin "huge"`, catalog.TooCostly, Options{MemoryBytes: 128 << 20}},
	{"many files", `[import "a", import "b", import "c"]`, catalog.TooCostly, Options{MaxReads: 2}},
}

// chain is a tree in which every file of a folder imports the next one, without end.
type chain struct{ folder }

func (c chain) Read(p string) ([]byte, bool, error) {
	if n, isChain := strings.CutPrefix(p, "chain/"); isChain {
		i, err := strconv.Atoi(n)
		return fmt.Appendf(nil, "import '%d'", i+1), err == nil, nil
	}
	return c.folder.Read(p)
}

var hostileFiles = folder{"huge": "[" + strings.Repeat(`"`+strings.Repeat("x", 1000)+`",`, 3000) + "]", "a": "1", "b": "1", "c": "1"}

func TestHostile(t *testing.T) {
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.options.Timeout == 0 {
				tt.options.Timeout = time.Minute
			}
			out, gap := New(tt.options).Run(context.Background(), chain{hostileFiles}, Program{File: "main.jsonnet", Code: tt.code})
			if gap == nil || tt.cause != "" && gap.Cause != tt.cause || gap.At.File != "main.jsonnet" && !strings.HasPrefix(gap.At.File, "chain/") {
				t.Errorf("got %v and %d bytes, want a gap %q", gap, len(out.JSON), tt.cause)
			}
			if gap != nil && strings.Contains(gap.Detail, "fault of obsready") {
				t.Errorf("got %v, want what the program did", gap)
			}
		})
	}
}

// Programs that fail in every way do no harm to those that run beside them.
func TestHostileBesideOthers(t *testing.T) {
	r := New(Options{AtOnce: 4, MemoryBytes: 128 << 20, Timeout: time.Minute})
	var wg sync.WaitGroup
	for i, tt := range hostile {
		if tt.options.Timeout != 0 || tt.options.MaxOutput != 0 || tt.options.MaxBytes != 0 || tt.options.MaxReads != 0 {
			continue // of other limits than this Runner's
		}
		wg.Go(func() {
			if _, gap := r.Run(context.Background(), chain{hostileFiles}, Program{File: "main.jsonnet", Code: tt.code}); gap == nil && tt.name != "huge importbin" {
				t.Errorf("%s: no gap", tt.name)
			}
		})
		wg.Go(func() {
			out, gap := r.Run(context.Background(), folder{}, Program{File: "main.jsonnet", Code: fmt.Sprintf("[std.foldl(function(a, b) a + b, std.range(1, %d), 0)]", i)})
			if want := fmt.Sprintf("[%d]", i*(i+1)/2); gap != nil || compact(t, out.JSON) != want {
				t.Errorf("%s: beside it, got %s, %v, want %s", tt.name, out.JSON, gap, want)
			}
		})
	}
	wg.Wait()
}

const endless = `std.length([1 for a in std.range(1, 1000000) for b in std.range(1, 1000000) if a == -1])`

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := New(Options{AtOnce: 1, Timeout: time.Hour})
	var wg sync.WaitGroup
	for range 3 { // one runs, or starts, and the others wait for their turn
		wg.Go(func() {
			_, gap := r.Run(ctx, folder{"main.jsonnet": endless}, Program{File: "main.jsonnet"})
			if gap == nil || gap.Detail != stoppedMessage {
				t.Errorf("got %v", gap)
			}
		})
	}
	time.AfterFunc(50*time.Millisecond, cancel)
	wg.Wait()
	if len(r.results) > 0 {
		t.Error("the outcome of a cancelled run was kept")
	}
}

// A child ends with its parent, of which it sees no more than the end of the pipe.
func TestOrphan(t *testing.T) {
	executable, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(executable, ChildCommand)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	err = writeJSON(in, programFrame, newTask(Program{File: "main.jsonnet"}, endless, &New(Options{Timeout: time.Hour}).options))
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != orphanExit {
		t.Errorf("got %v, want exit status %d", err, orphanExit)
	}
}

// A program has its processor time however busy the machine is, and no more.
func TestProcessorTime(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("only the clock is watched on this system")
	}
	cmd := exec.Command(os.Args[0], ChildCommand)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := writeJSON(in, programFrame, newTask(Program{File: "main.jsonnet"}, endless, &New(Options{Timeout: time.Millisecond}).options)); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != lateExit {
		t.Errorf("got %v, want exit status %d", err, lateExit)
	}
	f := ending{err: exit}.fault(errFrame, &New(Options{}).options)
	if f.Cause != catalog.TooCostly || !strings.Contains(f.Message, "within 10s of processor time") {
		t.Errorf("got %+v", f)
	}
}

// A child that the system kills is told from one that has a fault, and from one that was stopped.
func TestEnding(t *testing.T) {
	cmd := exec.Command(os.Args[0], ChildCommand)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed := cmd.Wait()
	tests := []struct {
		end    ending
		cause  catalog.Cause
		detail string
	}{
		{ending{err: killed}, catalog.TooCostly, "the system ended the process"},
		{ending{err: killed, tooMuch: true}, catalog.TooCostly, "more than 1024 MiB"},
		{ending{err: killed, stopped: true}, "", stoppedMessage},
		{ending{err: killed, stopped: true, late: true}, catalog.TooCostly, "within 10s"},
		{ending{err: killed, stderr: "fatal error: out of memory"}, catalog.TooCostly, "more than 1024 MiB"},
		{ending{err: killed, stderr: "fatal error: too many address space collisions for -race mode"}, catalog.TooCostly, "more than 1024 MiB"},
		{ending{err: killed, stderr: "runtime: failed to create new OS thread (have 5 already; errno=11)"}, catalog.TooCostly, "more than 1024 MiB"},
		{ending{err: killed, stderr: "runtime: goroutine stack exceeds 1-byte limit"}, catalog.TooDeep, "nested too deep"},
		{ending{}, "", "fault of obsready"},
	}
	for _, tt := range tests {
		if f := tt.end.fault(errFrame, &New(Options{}).options); f.Cause != tt.cause || !strings.Contains(f.Message, tt.detail) {
			t.Errorf("%+v: got %+v", tt.end, f)
		}
	}
}

// What a child says of itself when it dies is of no length that hurts.
func TestFirstBytes(t *testing.T) {
	var f firstBytes
	for range 100 {
		if n, err := f.Write(bytes.Repeat([]byte("x"), 1000)); n != 1000 || err != nil {
			t.Fatal(n, err)
		}
	}
	if len(f.String()) != 4<<10 {
		t.Errorf("kept %d bytes", len(f.String()))
	}
}

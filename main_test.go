package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"obsready/catalog/jsonnet"
)

// TestMain makes the test binary serve as the program too, under its name.
func TestMain(m *testing.M) {
	jsonnet.BecomeChild()
	testscript.Main(m, map[string]func(){"obsready": main})
}

// TestScripts tells what happens at the command line. Each story says which exit code it ends with.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_GOLDEN") != "",
		Setup: func(env *testscript.Env) error {
			for _, v := range gitEnv {
				name, value, _ := strings.Cut(v, "=")
				env.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":  exits,
			"commit": commit,
			"isjson": isJSON,
		},
	})
}

// gitEnv keeps the user's configuration out of the repositories that scripts make.
var gitEnv = []string{
	"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull,
	"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org",
}

// exits runs a program and asks for its exit code: exits CODE PROGRAM ARGUMENTS…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENTS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got, err := 0, ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, expected %d", got, want)
	}
}

// commit commits everything in a folder, which becomes a repository if it is none yet: commit FOLDER. The first commit
// is of 2 January 2026; each is one day after the one before.
func commit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: commit FOLDER")
	}
	dir := ts.MkAbs(args[0])
	if _, err := os.Stat(filepath.Join(dir, ".git")); err != nil {
		ts.Check(ts.Exec("git", "init", "--quiet", "--initial-branch=main", dir))
	}
	ts.Check(ts.Exec("git", "-C", dir, "add", "--all"))
	ts.Check(ts.Exec("git", "-C", dir, "rev-list", "--all", "--count"))
	before, err := strconv.Atoi(strings.TrimSpace(ts.ReadFile("stdout")))
	ts.Check(err)
	date := time.Date(2026, 1, 2+before, 3, 4, 5, 0, time.UTC).Format(time.RFC3339)
	ts.Setenv("GIT_AUTHOR_DATE", date)
	ts.Setenv("GIT_COMMITTER_DATE", date)
	ts.Check(ts.Exec("git", "-C", dir, "commit", "--quiet", "--message", "change"))
}

// isJSON asks that a file, or stdout, is one JSON value and nothing else: isjson FILE
func isJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: isjson FILE")
	}
	var v any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &v); err != nil {
		ts.Fatalf("%s is no JSON: %v", args[0], err)
	}
}

// TestReadme keeps the report that README.md shows equal to what the program prints.
func TestReadme(t *testing.T) {
	const begin, end = "$ obsready demo\n", "```\n"
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(readme), begin)
	shown, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md has no block that begins with %q", begin)
	}
	stdout, _ := demo(t, t.TempDir())
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile("README.md", []byte(head+begin+stdout+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(shown, stdout); diff != "" {
		t.Errorf("README.md shows another report than the program prints; run make golden (-README +program):\n%s", diff)
	}
}

// demo runs the demo, with its pages in a folder of dir, and gives what it printed and the folder.
func demo(t *testing.T, dir string) (stdout, report string) {
	t.Helper()
	report = filepath.Join(dir, "report")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"demo", "--quiet", "--out", report}, &out, &errs); code != exitReady {
		t.Fatalf("obsready demo: exit code %d\n%s", code, errs.String())
	}
	return out.String(), report
}

// TestReadmeExitCodes keeps the table of README.md equal to the constants.
func TestReadmeExitCodes(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for code, words := range map[int]string{exitReady: "ready", exitNotReady: "not ready", exitUsage: "usage or configuration", exitFailed: "the run failed"} {
		if row := fmt.Sprintf("| %d | %s", code, words); !bytes.Contains(readme, []byte(row)) {
			t.Errorf("README.md has no row that begins with %q", row)
		}
	}
}

package reports

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// put writes a small report whose index page holds the given text.
func put(text string) func(string) error {
	return func(fresh string) error {
		return errors.Join(
			os.WriteFile(filepath.Join(fresh, reportFile), []byte(`{"format":"`+reportFormat+`","version":0}`), 0o644),
			os.Mkdir(filepath.Join(fresh, "services"), 0o755),
			os.WriteFile(filepath.Join(fresh, "services", "page.html"), []byte(text), 0o644),
			os.WriteFile(IndexFile(fresh), []byte(text), 0o644),
		)
	}
}

func mustPut(t *testing.T, dir, text string) {
	t.Helper()
	if err := replaceDirectory(dir, put(text)); err != nil {
		t.Fatal(err)
	}
}

// expectReport fails unless dir is the whole report of the given text and nothing stands beside it but the given names.
func expectReport(t *testing.T, dir, text string, beside ...string) {
	t.Helper()
	for _, name := range []string{IndexFile(dir), filepath.Join(dir, "services", "page.html")} {
		if got, err := os.ReadFile(name); err != nil || string(got) != text {
			t.Errorf("%s holds %q (error %v), want %q", name, got, err, text)
		}
	}
	if got, want := names(t, filepath.Dir(dir)), append(beside, filepath.Base(dir)); !slices.Equal(got, want) {
		t.Errorf("found %q beside the report, want %q", got, want)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

func TestWriteDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "above", "report")
	for range 2 { // the second time over the first report
		if err := WriteDirectory(dir, sample()); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(IndexFile(dir)); err != nil {
			t.Error(err)
		}
		written, err := os.ReadFile(filepath.Join(dir, reportFile))
		if err != nil {
			t.Fatal(err)
		}
		if string(written) != render(t, "json", sample(), Options{}) {
			t.Error("report.json is not what the format json writes")
		}
		if !isReport(dir) {
			t.Error("the next run would not know the report")
		}
		if got := names(t, filepath.Dir(dir)); len(got) != 1 {
			t.Errorf("found %q beside the report", got)
		}
	}
}

func TestReplaceDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	mustPut(t, dir, "first")
	expectReport(t, dir, "first")
	if err := os.WriteFile(filepath.Join(dir, "old.html"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	mustPut(t, dir, "second")
	expectReport(t, dir, "second")
	if _, err := os.Stat(filepath.Join(dir, "old.html")); err == nil {
		t.Error("a page of the earlier report stayed")
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("the folder's permissions are %v (error %v)", info.Mode(), err)
	}
}

func TestReplacesAnEmptyFolder(t *testing.T) {
	dir := t.TempDir()
	mustPut(t, dir, "first")
	expectReport(t, dir, "first")
}

func TestRefusesToReplace(t *testing.T) {
	tests := map[string]struct {
		prepare func(dir string) error
		want    string
	}{
		"files of somebody": {func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o644))
		}, "is not empty and holds no obsready report"},
		"another report.json": {func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, reportFile), []byte(`{"version":1}`), 0o644))
		}, "is not empty and holds no obsready report"},
		"a work tree": {func(dir string) error {
			return errors.Join(replaceDirectory(dir, put("x")), os.Mkdir(filepath.Join(dir, ".git"), 0o755))
		}, "holds .git, which would be lost"},
		"a file":                  {func(dir string) error { return os.WriteFile(dir, nil, 0o644) }, "is a file"},
		"a link to nowhere":       {func(dir string) error { return os.Symlink("nowhere", dir) }, "is a link that leads nowhere"},
		"below what is no folder": {func(dir string) error { return os.WriteFile(filepath.Dir(dir), nil, 0o644) }, "not a directory"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "report")
			if name == "below what is no folder" {
				dir = filepath.Join(dir, "report")
			}
			if err := test.prepare(dir); err != nil {
				t.Fatal(err)
			}
			before := snapshot(t, filepath.Dir(dir))
			err := replaceDirectory(dir, func(string) error { t.Error("the report was written all the same"); return nil })
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
			if after := snapshot(t, filepath.Dir(dir)); after != before {
				t.Errorf("the folder holds\n%s\nand held before\n%s", after, before)
			}
		})
	}
}

// snapshot lists all that stands below a folder.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	_ = filepath.WalkDir(dir, func(path string, entry os.DirEntry, _ error) error {
		fmt.Fprintln(&b, path, entry.Type())
		return nil
	})
	return b.String()
}

func TestFailedWriteLeavesThePreviousReport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	mustPut(t, dir, "first")
	err := replaceDirectory(dir, func(fresh string) error {
		return errors.Join(put("half")(fresh), errFull)
	})
	if !errors.Is(err, errFull) {
		t.Errorf("got error %v", err)
	}
	expectReport(t, dir, "first")
}

func TestLeavesWhatSomebodyPutThereMeanwhile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	mustPut(t, dir, "first")
	err := replaceDirectory(dir, func(fresh string) error {
		return errors.Join(put("second")(fresh), os.RemoveAll(dir), os.Mkdir(dir, 0o755), os.WriteFile(filepath.Join(dir, "thesis.tex"), nil, 0o644))
	})
	if errors.Is(exchange(dir, dir+"x"), errors.ErrUnsupported) {
		t.Skip("folders cannot be exchanged here, so that this is not noticed")
	}
	if err == nil || !strings.Contains(err.Error(), "was changed while the report was written") {
		t.Errorf("got error %v", err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"thesis.tex"}) {
		t.Errorf("the folder holds %q", got)
	}
	if got := names(t, filepath.Dir(dir)); len(got) != 1 {
		t.Errorf("found %q beside it", got)
	}
}

func TestFollowsALink(t *testing.T) {
	folder := t.TempDir()
	dir, target := filepath.Join(folder, "link"), filepath.Join(folder, "target")
	if err := errors.Join(os.Mkdir(target, 0o755), os.Symlink("target", dir)); err != nil {
		t.Fatal(err)
	}
	mustPut(t, dir, "first")
	mustPut(t, dir, "second")
	expectReport(t, target, "second", "link")
}

// TestRunsAtOnce has several runs replace one report. All succeed, and a whole report of one of them stays.
func TestRunsAtOnce(t *testing.T) {
	inSteps := func(dir string, write func(string) error) error {
		fresh := beside(dir, newSuffix)
		if err := errors.Join(os.Mkdir(fresh, 0o755), write(fresh)); err != nil {
			return err
		}
		for {
			if err := replaceInSteps(fresh, dir); err == nil || !overtaken(err) {
				return err
			}
		}
	}
	for name, replace := range map[string]func(string, func(string) error) error{"as this system does": replaceDirectory, "in steps": inSteps} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "report")
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					for n := range 5 {
						if err := replace(dir, put(fmt.Sprint(i, n))); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			page, err := os.ReadFile(IndexFile(dir))
			if err != nil {
				t.Fatal(err)
			}
			expectReport(t, dir, string(page))
		})
	}
}

func TestReplaceInSteps(t *testing.T) {
	folder := t.TempDir()
	dir := filepath.Join(folder, "report")
	for _, text := range []string{"first", "second"} {
		fresh := beside(dir, newSuffix)
		if err := errors.Join(os.Mkdir(fresh, 0o755), put(text)(fresh), replaceInSteps(fresh, dir)); err != nil {
			t.Fatal(err)
		}
		expectReport(t, dir, text)
	}
	// Without a new report the previous one steps back.
	if err := replaceInSteps(filepath.Join(folder, "none"), dir); err == nil {
		t.Error("a folder that is not there was put in place")
	}
	expectReport(t, dir, "second")
}

func TestRecoversAReportThatSteppedAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	mustPut(t, dir, "first")
	if err := os.Rename(dir, beside(dir, oldSuffix)); err != nil { // as a run leaves it that is killed in between
		t.Fatal(err)
	}
	if err := replaceDirectory(dir, func(string) error { return errFull }); !errors.Is(err, errFull) {
		t.Fatal(err)
	}
	expectReport(t, dir, "first")
}

func TestRemovesWhatKilledRunsLeft(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	mustPut(t, dir, "first")
	leave := func(name string, age time.Duration) string {
		path := filepath.Join(filepath.Dir(dir), name)
		then := time.Now().Add(-age)
		if err := errors.Join(os.Mkdir(path, 0o755), put("left")(path), os.Chtimes(path, then, then)); err != nil {
			t.Fatal(err)
		}
		return name
	}
	leave(filepath.Base(beside(dir, newSuffix)), 25*time.Hour)
	leave(filepath.Base(beside(dir, oldSuffix)), 25*time.Hour)
	kept := []string{
		leave(filepath.Base(beside(dir, newSuffix)), time.Hour), // may belong to a run that goes on
		leave(".report.new-notes", 99*time.Hour),                // belongs to somebody else
		leave(".other.new-ABCDEFGHIJKLMNOPQRSTUVWXYZ", 99*time.Hour),
	}
	slices.Sort(kept)
	mustPut(t, dir, "second")
	expectReport(t, dir, "second", kept...)
}

// TestMain lets the test program play a run that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("REPORTS_TEST_WRITE_AND_HANG"); dir != "" {
		err := replaceDirectory(dir, func(fresh string) error {
			if err := put("half")(fresh); err != nil {
				return err
			}
			fmt.Println("written")
			select {}
		})
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestKilledRunLeavesThePreviousReport(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report")
	mustPut(t, dir, "first")
	run := exec.Command(os.Args[0])
	run.Env = append(os.Environ(), "REPORTS_TEST_WRITE_AND_HANG="+dir)
	output, err := run.StdoutPipe()
	if err == nil {
		err = run.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	said := make([]byte, len("written"))
	if _, err := output.Read(said); err != nil || !bytes.Equal(said, []byte("written")) {
		t.Errorf("the run said %q (error %v)", said, err)
	}
	_ = run.Process.Kill()
	_ = run.Wait()
	left := names(t, filepath.Dir(dir))
	if len(left) != 2 {
		t.Fatalf("found %q, want the report and what the run left", left)
	}
	expectReport(t, dir, "first", left[0])
	mustPut(t, dir, "second")
	expectReport(t, dir, "second", left[0]) // another day's run removes it
}

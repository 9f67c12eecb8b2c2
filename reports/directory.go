package reports

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"obsready/reports/site"
	"obsready/scorecard"
)

// reportFile is the file of a report directory that other tools read, and by whose first bytes the directory is known
// to be one.
const reportFile = "report.json"

// WriteDirectory writes a report directory and puts it in the place of dir, which is replaced whole or not at all: whenever the
// program ends, by a full disk, a signal or a power cut, dir is the previous report or this one. Several runs may write to
// the same dir at once; each succeeds, and one of their reports stays. A report directory holds
//
//	index.html, …               the pages, which begin with this one
//	report.json                 everything, for other tools: see [Schema]. It is what --previous reads
//	services.csv, findings.csv  tables for a spreadsheet
//	metrics.prom                metrics for node_exporter's textfile collector
//	dashboard.json              a Grafana dashboard that shows them
//	feed.atom                   changes of levels to subscribe to, when there is a history or an earlier report
//	deadlines.json, *.ics       what is due, for tools and calendars: see [DeadlinesSchema]
//	teams/X.md                  a digest for chat or e-mail beside the page teams/X.html of each team
//	badges/…                    pictures to link to: estate.svg, teams/X.svg and services/X.svg, named like the pages
//	live.json                   what Grafana showed, when one was asked
//
// A dir that holds anything but an earlier report is an error, and so is one that cannot be replaced, such as a mount
// point. Folders above dir are made.
func WriteDirectory(dir string, r *scorecard.Report) error {
	return replaceDirectory(dir, func(fresh string) error {
		var large errgroup.Group // written while the pages are
		for _, f := range []reportPart{of(r, reportFile, writeJSON), of(r, "findings.csv", writeFindingsCSV)} {
			large.Go(func() error { return f.writeBelow(fresh) })
		}
		pages := site.Write(fresh, r)
		if err := errors.Join(pages, large.Wait()); err != nil {
			return err
		}
		return errors.Join(writeParts(fresh, smallFiles(r)), writeDeadlineFiles(fresh, r), writeBadges(fresh, r))
	})
}

// IndexFile gives the page of a report directory that a reader opens first.
func IndexFile(dir string) string { return filepath.Join(dir, "index.html") }

// LiveFile gives the file of a report directory that keeps what Grafana showed, when one was asked.
func LiveFile(dir string) string { return filepath.Join(dir, liveFile) }

const liveFile = "live.json"

// replaceDirectory has write fill a fresh folder beside dir and puts it in dir's place.
func replaceDirectory(dir string, write func(fresh string) error) error {
	dir, err := realPath(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("could not make the folder above the report: %w", err)
	}
	recoverPrevious(dir)
	if err := replaceable(dir); err != nil {
		return err
	}
	fresh := beside(dir, newSuffix)
	if err := os.Mkdir(fresh, 0o755); err != nil {
		return fmt.Errorf("could not make a folder beside the report: %w", err)
	}
	leftover := fresh
	defer func() { _ = os.RemoveAll(leftover) }() // what stays is removed by a later run
	removeStale(dir, newSuffix, fresh)
	if err := fill(fresh, dir, write); err != nil {
		return err
	}
	if leftover, err = replace(fresh, dir); err != nil {
		return err
	}
	removeStale(dir, oldSuffix, dir)
	return nil
}

// fill writes the fresh folder, gives it the permissions of the one it will replace, and waits until it is on disk.
func fill(fresh, dir string, write func(fresh string) error) error {
	if err := write(fresh); err != nil {
		return err
	}
	if previous, err := os.Stat(dir); err == nil {
		if err := os.Chmod(fresh, previous.Mode().Perm()|0o700); err != nil {
			return fmt.Errorf("could not set the permissions of the report: %w", err)
		}
	}
	if err := syncFolder(fresh); err != nil {
		return fmt.Errorf("could not write the report to disk: %w", err)
	}
	return nil
}

// realPath gives the absolute path of dir. A link is followed, so that its target is replaced and the link stays.
func realPath(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("could not find %q: %w", dir, err)
	}
	real, err := filepath.EvalSymlinks(path)
	switch {
	case err == nil:
		return real, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("could not find %q: %w", dir, err)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return "", fmt.Errorf("%q is a link that leads nowhere. make the folder that it should lead to", dir)
	}
	return path, nil
}

// replaceable refuses a dir that holds what only its owner may remove. Whatever else was added to an earlier report is
// replaced with it.
func replaceable(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("could not look into %q: %w", dir, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%q is a file, and the report is a folder. name another one with --out", dir)
	}
	for _, history := range []string{".git", ".hg", ".svn"} {
		if _, err := os.Lstat(filepath.Join(dir, history)); err == nil {
			return fmt.Errorf("%q holds %s, which would be lost if it were replaced. name a folder inside of it with --out", dir, history)
		}
	}
	if isReport(dir) {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("could not look into %q: %w", dir, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%q is not empty and holds no obsready report, so it is not replaced. name another folder with --out, or empty this one", dir)
	}
	return nil
}

// isReport reports whether dir is a report of this program, of whatever version.
func isReport(dir string) bool {
	f, err := os.Open(filepath.Join(dir, reportFile))
	if err != nil {
		return false
	}
	defer f.Close()
	beginning := []byte(`{"format":"` + reportFormat + `"`)
	found := make([]byte, len(beginning))
	_, err = io.ReadFull(f, found)
	return err == nil && bytes.Equal(found, beginning)
}

// What the folders beside dir hold: a report that is being written, or, where a folder cannot be exchanged with another
// in one step, the previous report while the new one takes its place.
const (
	newSuffix = ".new-"
	oldSuffix = ".old-"
)

// beside gives a name for a folder beside dir that no other run uses.
func beside(dir, suffix string) string {
	return filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+suffix+rand.Text())
}

package reports

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"obsready/catalog/grafana"
	"obsready/reports/site"
	"obsready/scorecard"
)

// reportPart is a file of a report directory.
type reportPart struct {
	path  string
	write func(io.Writer) error
}

// of gives the file that a format makes of a report.
func of(r *scorecard.Report, path string, write func(io.Writer, *scorecard.Report, Options) error) reportPart {
	return reportPart{path, func(w io.Writer) error { return write(w, r, Options{}) }}
}

func (p reportPart) writeBelow(dir string) error {
	return writeFile(filepath.Join(dir, filepath.FromSlash(p.path)), p.write)
}

// writeParts writes files below a folder, as many at once as there are processors.
func writeParts(dir string, parts []reportPart) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, p := range parts {
		group.Go(func() error { return p.writeBelow(dir) })
	}
	return group.Wait()
}

// smallFiles gives the files that are made of the report beside its pages and what is written along with them.
func smallFiles(r *scorecard.Report) []reportPart {
	parts := []reportPart{
		of(r, "services.csv", writeServicesCSV), of(r, "metrics.prom", writeOpenMetrics),
		{dashboardFile, func(w io.Writer) error { _, err := w.Write(dashboard); return err }},
	}
	for i, page := range site.TeamPages(r) {
		parts = append(parts, reportPart{besidePage(page, ".md"), func(w io.Writer) error { return writeTeamDigest(w, r, r.Teams[i]) }})
	}
	if hasFeed(r) {
		parts = append(parts, reportPart{"feed.atom", func(w io.Writer) error { return writeFeed(w, r) }})
	}
	if live := r.Estate.Live; live != nil {
		parts = append(parts, reportPart{liveFile, func(w io.Writer) error { return grafana.WriteSnapshot(w, live) }})
	}
	return parts
}

// besidePage gives the path of a file that stands beside a page and bears its name.
func besidePage(page, ending string) string { return strings.TrimSuffix(page, ".html") + ending }

// writeBadges writes a badge for the estate and for each team and service.
func writeBadges(dir string, r *scorecard.Report) error {
	for _, folder := range []string{"badges", "badges/services", "badges/teams"} {
		if err := os.Mkdir(filepath.Join(dir, filepath.FromSlash(folder)), 0o755); err != nil {
			return fmt.Errorf("could not make a folder of the report: %w", err)
		}
	}
	badges := []reportPart{{"badges/estate.svg", estateBadge(r).write}}
	for i, page := range site.TeamPages(r) {
		badges = append(badges, reportPart{"badges/" + besidePage(page, ".svg"), teamBadge(r.Teams[i]).write})
	}
	for i, page := range site.ServicePages(r) {
		badges = append(badges, reportPart{"badges/" + besidePage(page, ".svg"), serviceBadge(r.Cards[i]).write})
	}
	return writeParts(dir, badges)
}

// writeDeadlineFiles writes what is due: deadlines.json, deadlines.ics for the estate, and a calendar beside each team's
// page.
func writeDeadlineFiles(dir string, r *scorecard.Report) error {
	if err := writeFile(filepath.Join(dir, "deadlines.json"), func(w io.Writer) error { return writeDeadlines(w, r) }); err != nil {
		return err
	}
	err := writeFile(filepath.Join(dir, site.CalendarFile), func(w io.Writer) error {
		return writeCalendar(w, r, "Readiness of "+catalogName(r.Estate.Revision), r.Deadlines)
	})
	for i, file := range site.TeamCalendars(r) {
		if err == nil {
			err = writeFile(filepath.Join(dir, filepath.FromSlash(file)), func(w io.Writer) error {
				return writeCalendar(w, r, "Readiness of "+r.Teams[i].Name(), r.Teams[i].Deadlines)
			})
		}
	}
	return err
}

// writeFile makes a file of the report.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("could not write the report: %w", err)
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("could not write the report: %w", err)
	}
	return nil
}

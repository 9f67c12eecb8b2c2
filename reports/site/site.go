// Package site writes a report as a static web site: one page for the estate, one for each team, service, check and
// journey, one where services are searched, and one that says how all is counted. It answers "how does a person read
// it?" and never decides anything about what it shows.
//
// Every page stands alone: style and script are inlined and allowed by their hashes alone, so a page works from a
// folder, from an archive and from any web server, and can load nothing from anywhere. Without its script a page says
// the same.
package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"obsready/checks"
	"obsready/scorecard"
)

//go:embed templates/*.html.tmpl
var templateFiles embed.FS

// Write writes the site of a report into an existing empty directory, beginning with index.html. The same report gives
// the same bytes. A file that is there already is an error, so that no page of an earlier report can survive
// unnoticed.
//
// Pages are rendered one at a time for each processor, so memory follows the largest page and not the estate.
func Write(dir string, r *scorecard.Report) error {
	s, err := newSite(r)
	if err != nil {
		return err
	}
	for _, folder := range []string{serviceFolder, teamFolder, checkFolder, journeyFolder} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			return fmt.Errorf("could not make a folder of the site: %w", err)
		}
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	s.each(func(path, name string, view func(page) any) {
		group.Go(func() error { return s.write(dir, path, name, view) })
	})
	return group.Wait()
}

// site is what all pages of one report share. It is not changed once it is made.
type site struct {
	report    *scorecard.Report
	templates *template.Template
	services  paths // of r.Cards
	teams     paths // of r.Teams
	checks    paths // of r.Checks
	journeys  paths // of the estate's journeys
	standings []checkStanding
	explained map[string]explanation // by check ID
	kit       kit
	buffers   sync.Pool // of *bytes.Buffer
}

func newSite(r *scorecard.Report) (*site, error) {
	templates, err := template.New("").ParseFS(templateFiles, "templates/*.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("could not parse the templates of the site: %w", err)
	}
	s := &site{
		report:    r,
		templates: templates,
		services:  servicePaths(r.Cards),
		teams:     teamPaths(r.Teams),
		checks:    checkPaths(r.Checks),
		journeys:  journeyPaths(r.Estate.Journeys),
		explained: map[string]explanation{},
		kit:       makeKit(),
		buffers:   sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	for _, c := range r.Checks {
		if s.explained[c.ID], err = explain(c); err != nil {
			return nil, err
		}
	}
	s.standings = standings(r)
	return s, nil
}

// each calls add for every page of the site with its path, the name of its template and the function that makes what
// the template shows.
func (s *site) each(add func(path, name string, view func(page) any)) {
	add("index.html", "estate", func(p page) any { return p.estate() })
	add("services.html", "servicespage", func(p page) any { return p.servicesPage() })
	add("checks.html", "checks", func(p page) any { return p.checks() })
	add("causes.html", "causespage", func(p page) any { return p.causesPage() })
	add("gaps.html", "gapspage", func(p page) any { return p.gapsPage() })
	add("method.html", "method", func(p page) any { return p.method() })
	calendars := TeamCalendars(s.report)
	for i, t := range s.report.Teams {
		add(s.teams.at[i], "team", func(p page) any { return p.team(t, calendars[i]) })
	}
	for i, c := range s.report.Cards {
		add(s.services.at[i], "service", func(p page) any { return p.service(c) })
	}
	for i := range s.standings {
		add(s.checks.at[i], "check", func(p page) any { return p.checkPage(&s.standings[i]) })
	}
	for i, j := range s.report.Estate.Journeys {
		add(s.journeys.at[i], "journey", func(p page) any { return p.journey(j) })
	}
}

func (s *site) write(dir, path, name string, view func(page) any) error {
	b := s.buffers.Get().(*bytes.Buffer)
	defer s.buffers.Put(b)
	b.Reset()
	if err := s.templates.ExecuteTemplate(b, name, view(s.page(path))); err != nil {
		return fmt.Errorf("could not render %q: %w", path, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, filepath.FromSlash(path)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("could not write a page of the site: %w", err)
	}
	if _, err := f.Write(slim(clean(b.Bytes()))); err != nil {
		f.Close()
		return fmt.Errorf("could not write a page of the site: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("could not write a page of the site: %w", err)
	}
	return nil
}

// explanation is a check's documentation as HTML.
type explanation struct {
	Why, Fix template.HTML
}

func explain(c *checks.Check) (e explanation, err error) {
	if e.Why, err = markdown(c.Why); err != nil {
		return e, fmt.Errorf("could not render why of check %q: %w", c.ID, err)
	}
	if e.Fix, err = markdown(c.Fix); err != nil {
		return e, fmt.Errorf("could not render fix of check %q: %w", c.ID, err)
	}
	return e, nil
}

package scorecard

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/prometheus/common/model"

	"obsready/catalog"
	"obsready/catalog/tomldoc"
	"obsready/checks"
)

// validation collects what a policy file states that cannot be, beyond types and bounds.
type validation struct {
	*tomldoc.File
	problems []tomldoc.Problem
}

func (v *validation) problemf(at catalog.Place, format string, args ...any) {
	v.problems = append(v.problems, tomldoc.Problem{Gap: catalog.Gap{At: at, Cause: catalog.BadValue, Detail: fmt.Sprintf(format, args...)}})
}

// flawed reports whether the decoder found a problem at the path or below, so that what was decoded is not what the
// file states.
func (v *validation) flawed(path string) bool {
	return slices.ContainsFunc(v.problems, func(p tomldoc.Problem) bool { return strings.HasPrefix(p.Path, path) })
}

func (v *validation) validate(f *policyFile, known []*checks.Check) {
	v.catalog(&f.Catalog)
	v.sites(f.Sites)
	for _, tier := range slices.Sorted(maps.Keys(f.Levels)) {
		if tier < 1 || tier > 9 {
			v.problemf(v.KeyAt("levels", strconv.Itoa(tier)), "there is no tier %d. tiers go from 1, the most critical, to 9", tier)
		}
	}
	v.thresholds(&f.Thresholds)
	v.calendar(&f.Calendar)
	v.repositories(&f.Repositories)
	v.grafana(&f.Grafana)
	v.checkIDs(f.Checks, known)
}

func (v *validation) catalog(s *catalogSection) {
	if s.Web != nil && !isWebAddress(*s.Web) {
		v.problemf(v.At("catalog", "web"), "catalog.web %q is no web address. it starts with https://", *s.Web)
	}
	if s.Permalink != nil && !isWebAddress(*s.Permalink) {
		v.problemf(v.At("catalog", "permalink"), "catalog.permalink %q is no web address. it starts with https://", *s.Permalink)
	} else if s.Permalink != nil && !strings.Contains(*s.Permalink, "{path}") {
		v.problemf(v.At("catalog", "permalink"), "catalog.permalink %q has no {path}. it may hold {commit}, {path} and {line}", *s.Permalink)
	}
	if s.Ignore == nil {
		return
	}
	for i, glob := range *s.Ignore {
		if !doublestar.ValidatePattern(glob) {
			v.problemf(v.At("catalog", "ignore", i), "catalog.ignore %q is no glob. it looks like \"vendor/**\"", glob)
		}
	}
}

func isWebAddress(s string) bool {
	u, err := url.Parse(strings.NewReplacer("{", "", "}", "").Replace(s))
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func (v *validation) sites(sites []siteSection) {
	for i, s := range sites {
		if v.flawed(fmt.Sprintf("site[%d]", i)) {
			continue
		}
		switch {
		case s.URL == "":
			v.problemf(v.At("site", i), "site has no url. state what the addresses of its pages begin with")
		case !isWebAddress(s.URL):
			v.problemf(v.At("site", i, "url"), "site.url %q is no web address. it starts with https://", s.URL)
		}
		switch {
		case s.Folder == "":
			v.problemf(v.At("site", i), "site has no folder. state the folder of the catalog that it is built from, \".\" for all of it")
		case path.IsAbs(s.Folder) || strings.HasPrefix(path.Clean(s.Folder), ".."):
			v.problemf(v.At("site", i, "folder"), "site.folder %q is not inside the catalog. it is relative to the catalog's root", s.Folder)
		}
	}
}

// thresholds checks those that only make sense together.
func (v *validation) thresholds(s *thresholdsSection) {
	if v.flawed("thresholds") {
		return
	}
	t := checks.DefaultSettings()
	s.apply(&t)
	if len(t.PageSeverities) == 0 {
		v.problemf(v.At("thresholds", "page_severities"), "thresholds.page_severities is empty, so that nothing would ever page. name the severities that wake somebody")
	}
	for i, glob := range t.PageReceivers {
		if _, err := path.Match(glob, ""); err != nil {
			v.problemf(v.At("thresholds", "page_receivers", i), "page receiver %q is no glob. it looks like \"*-pager\"", glob)
		}
	}
	if s.Severities != nil && len(t.Severities) > 0 && s.PageSeverities == nil {
		t.PageSeverities = slices.DeleteFunc(t.PageSeverities, func(w string) bool { return !slices.Contains(t.Severities, w) })
		if len(t.PageSeverities) == 0 {
			v.problemf(v.At("thresholds", "severities"), "none of the severities pages. name those that do in thresholds.page_severities")
		}
	}
	if s.PageSeverities != nil && len(t.Severities) > 0 {
		for i, word := range t.PageSeverities {
			if !slices.Contains(t.Severities, word) {
				v.problemf(v.At("thresholds", "page_severities", i), "page severity %q is not among thresholds.severities. add it there", word)
			}
		}
	}
	if t.RunbookMaxAge == 0 {
		v.problemf(v.At("thresholds", "runbook_max_age"), "thresholds.runbook_max_age is 0, which no runbook can meet. turn the check off instead")
	}
	if t.SLOWindowMinimum > t.SLOWindowMaximum {
		at := v.At("thresholds", "slo_window_minimum")
		if s.SLOWindowMinimum == nil {
			at = v.At("thresholds", "slo_window_maximum")
		}
		v.problemf(at, "thresholds.slo_window_minimum %s is longer than slo_window_maximum %s", model.Duration(t.SLOWindowMinimum), model.Duration(t.SLOWindowMaximum))
	}
	if t.SamplingMinimum > t.SamplingMaximum {
		at := v.At("thresholds", "sampling_minimum")
		if s.SamplingMinimum == nil {
			at = v.At("thresholds", "sampling_maximum")
		}
		v.problemf(at, "thresholds.sampling_minimum %v is more than sampling_maximum %v", t.SamplingMinimum, t.SamplingMaximum)
	}
}

// checkIDs finds sections of checks that do not exist, which would be without effect and never missed.
func (v *validation) checkIDs(sections map[string]checkSection, known []*checks.Check) {
	ids := make([]string, len(known))
	for i, c := range known {
		ids[i] = c.ID
	}
	for _, id := range slices.Sorted(maps.Keys(sections)) {
		if slices.Contains(ids, id) {
			continue
		}
		hint := `"obsready checks" lists them all`
		if near := tomldoc.Nearest(id, ids); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		v.problemf(v.KeyAt("checks", id), "unknown check %q in [checks]. %s", id, hint)
	}
}

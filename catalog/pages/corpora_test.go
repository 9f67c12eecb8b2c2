package pages

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"obsready/catalog"
)

const corpora = "../../../shared/corpora"

// walkCorpora reads every page below a folder of the public corpora, where they are at hand.
func walkCorpora(t *testing.T, folder string, each func(path string, facts catalog.Facts)) {
	t.Helper()
	root := filepath.Join(corpora, folder)
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !IsPath(path) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		each(filepath.ToSlash(name), Read(filepath.ToSlash(name), data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCorpora(t *testing.T) {
	for _, folder := range []string{"promop-runbooks", "runbook-templates", "govuk", "postmortems"} {
		var pages, headings, links, anchors, waiting, templated, plain int
		causes := map[catalog.Cause]int{}
		copies := map[string]int{}
		walkCorpora(t, folder, func(path string, facts catalog.Facts) {
			for _, g := range facts.Gaps {
				causes[g.Cause]++
				t.Logf("%v", g)
			}
			for _, p := range facts.Pages {
				pages++
				headings, links, anchors = headings+len(p.Headings), links+len(p.Links), anchors+len(p.Anchors)
				copies[p.Fingerprint]++
				if p.Fingerprint == "" {
					plain++
				}
				if p.Templated {
					templated++
				}
				if len(p.Placeholders) > 0 {
					waiting++
				}
				for _, f := range p.Placeholders {
					t.Logf("placeholder %v %q", f.At, f.Value)
				}
				if p.Title.Value == "" {
					t.Errorf("%s has no title", path)
				}
			}
			if len(facts.Pages) == 0 {
				t.Errorf("%s was not read", path)
			}
		})
		shared := 0
		for f, n := range copies {
			if f != "" && n > 1 {
				shared += n
			}
		}
		t.Logf("%s: %d pages, %d headings, %d links, %d hand-set anchors, %d templated, %d with placeholders, %d too short to compare, %d copies, gaps %v",
			folder, pages, headings, links, anchors, templated, waiting, plain, shared, causes)
	}
}

// TestPublishedLinks follows the runbook links of real alerting rules to the manual that the site is built from.
func TestPublishedLinks(t *testing.T) {
	const site = "https://docs.publishing.service.gov.uk/"
	pages := map[string]*catalog.Page{}
	walkCorpora(t, "govuk/developer-docs/source", func(path string, facts catalog.Facts) {
		pages[strings.TrimSuffix(strings.TrimSuffix(path, ".erb"), ".md")] = facts.Pages[0]
	})
	links := 0
	broken := map[string]bool{}
	address := regexp.MustCompile(regexp.QuoteMeta(site) + `(manual/[^\s"'#]+)(#[^\s"']*)?`)
	err := filepath.WalkDir(filepath.Join(corpora, "govuk/helm-charts/charts/monitoring-config/rules"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_tests.yaml") {
			return err
		}
		data, err := os.ReadFile(path)
		for _, m := range address.FindAllStringSubmatch(string(data), -1) {
			links++
			if p := pages[m[1]]; p == nil || !HasAnchor(p, m[2]) {
				broken[m[0]] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d links, broken: %v", links, broken)
	if len(broken) != 1 || !broken[site+"manual/alerts/publishing-api-old-locks-present.md"] {
		t.Errorf("got broken links %v", broken)
	}
}

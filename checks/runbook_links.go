package checks

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

var runbookLinks = &Check{
	ID:       "runbook-links",
	Title:    "Links inside the runbooks lead somewhere",
	Why:      "A dead link in a runbook is found when there is no time to look for the page that it meant.",
	Fix:      "Correct the target of each link named, or remove the link. Targets in the repository and headings of the same page are followed; other addresses are not.",
	Source:   "CommonMark specification, \"Links\"; GitHub documentation, \"Basic writing and formatting syntax\" (section and relative links).",
	Pillar:   Runbooks,
	Question: Recover,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Runbooks},
	All:      true,
	Run: func(in *Inspection) {
		for _, p := range readableRunbooks(in) {
			stateLinks(in, p)
		}
	},
}

// stateLinks states a finding for each link of the page that leads nowhere, or that none does.
func stateLinks(in *Inspection, p catalog.Linked[catalog.Page]) {
	before := len(in.requirements)
	followed := 0
	for _, l := range p.Item.Links {
		fault, judged := linkFault(in.Estate, p.Item, l)
		if judged {
			followed++
		}
		if fault != "" {
			in.Unmetf(l.At, "link %q of runbook %q %s", l.Text, pageName(p.Item), fault).LinkedBy(p.By)
		}
	}
	switch {
	case len(in.requirements) > before:
	case followed == 0:
		in.Metf(p.Item.At, "runbook %q has no link that this run can follow", pageName(p.Item)).LinkedBy(p.By)
	default:
		in.Metf(p.Item.At, "%s of runbook %q followed, none is dead", count(followed, "link", "links"), pageName(p.Item)).LinkedBy(p.By)
	}
}

// linkFault says what is wrong with a link, "" for nothing. judged is false for links that are not followed: other
// addresses, templates, and paths whose file depends on how a site is built.
func linkFault(estate *catalog.Estate, page *catalog.Page, l catalog.PageLink) (fault string, judged bool) {
	target := strings.TrimSpace(l.Target)
	if target == "" {
		return "has no target. write one or remove the link", true
	}
	if strings.Contains(target, "{{") || strings.Contains(target, "<%") || strings.Contains(target, "{%") {
		return "", false
	}
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" {
		return "", false
	}
	if u.Path == "" {
		if u.Fragment == "" || page.Templated || pages.HasAnchor(page, u.Fragment) {
			return "", !page.Templated
		}
		return "leads to \"#" + u.Fragment + "\", and the page has no such heading. correct the anchor", true
	}
	file, found := findTarget(estate, page, u.Path)
	if !found {
		if strings.HasPrefix(u.Path, "/") || !namesFile(u.Path) {
			return "", false // a path of the published site
		}
		return "leads to \"" + target + "\", and there is no file " + file + ". correct the path", true
	}
	if other := pageAt(estate, file); other != nil && u.Fragment != "" && !other.Templated && !pages.HasAnchor(other, u.Fragment) {
		return "leads to \"#" + u.Fragment + "\" of " + file + ", and that page has no such heading. correct the anchor", true
	}
	return "", true
}

// namesFile reports whether a path names a file of the repository by its ending: endings that sites are published with
// do not tell which file they are built from.
func namesFile(p string) bool {
	ext := strings.ToLower(path.Ext(p))
	return ext != "" && len(ext) <= 9 && ext != ".html" && ext != ".htm"
}

// findTarget gives the file that a link means: relative to the page, to where the page is published ("a/b.md" as
// "a/b/"), or, with a leading slash, to the repository's root or a folder above the page that is a site's root.
func findTarget(estate *catalog.Estate, page *catalog.Page, target string) (file string, found bool) {
	folder := path.Dir(page.Path)
	stem, _, _ := strings.Cut(path.Base(page.Path), ".")
	bases := []string{folder, path.Join(folder, stem)}
	if strings.HasPrefix(target, "/") {
		root := cmp.Or(estate.Revision.Folder(page.Path), ".")
		bases = []string{root}
		for dir := folder; dir != root; dir = path.Dir(dir) {
			bases = append(bases, dir)
		}
	}
	for _, base := range bases {
		for _, ending := range []string{"", ".erb", ".md", ".html.md", ".html.md.erb"} {
			candidate := path.Join(base, target)
			if ending != "" {
				candidate = strings.TrimSuffix(candidate, ".html") + ending
			}
			if candidate == "." || estate.HasFile(candidate) {
				return candidate, true
			}
		}
	}
	return path.Join(bases[0], target), false
}

// pageAt gives the page of a file, nil when it was not read.
func pageAt(estate *catalog.Estate, file string) *catalog.Page {
	i, found := slices.BinarySearchFunc(estate.Pages, file, func(p *catalog.Page, file string) int { return strings.Compare(p.Path, file) })
	if !found {
		return nil
	}
	return estate.Pages[i]
}

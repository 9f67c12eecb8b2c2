package load

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/pages"
)

// resolveLinks finds where the links of alerts and entries lead to, as far as paths tell. Pages are not read yet: what
// is needed of them is asked for here, and finishLinks looks at them.
func (l *loader) resolveLinks() {
	for _, a := range l.estate.Alerts {
		a.Runbook = l.runbookLink(a)
		if p, _ := l.target(a.Runbook.Address, a.At.File); p.file != "" {
			l.wantPage(p.file)
		}
	}
	for _, s := range l.estate.Services {
		for _, link := range s.Links {
			if p, _ := l.target(link.URL.Value, s.At.File); p.file != "" && l.formOf(p.file) == markdownForm {
				l.wantPage(p.file)
			}
		}
	}
	l.wantPolicies()
	l.wantDocuments()
}

// finishLinks gives every link of an alert its state.
func (l *loader) finishLinks() {
	for _, a := range l.estate.Alerts {
		l.finishRunbook(&a.Runbook, a.At.File)
		a.Dashboard = l.dashboardLink(a)
	}
}

// runbookLink gives the first link of the alert under one of the runbook keys, with its templates filled in.
func (l *loader) runbookLink(a *catalog.AlertRule) catalog.ResolvedLink {
	label, ok := firstLabel(a, l.options.Labels.Runbook)
	if !ok {
		return catalog.ResolvedLink{}
	}
	address, filled := fillTemplate(label.Value, a)
	r := catalog.ResolvedLink{Key: label.Key, Link: label.Text(), Address: address}
	if !filled {
		r.State = catalog.Unfilled
		r.Detail = "the template depends on labels that the rule does not fix"
	}
	return r
}

func firstLabel(a *catalog.AlertRule, keys []string) (catalog.Label, bool) {
	for _, key := range keys {
		if label, ok := a.Annotation(key); ok && strings.TrimSpace(label.Value) != "" {
			return label, true
		}
	}
	for _, key := range keys {
		if label, ok := a.Label(key); ok && strings.TrimSpace(label.Value) != "" {
			return label, true
		}
	}
	return catalog.Label{}, false
}

var (
	templateAction = regexp.MustCompile(`\{\{.*?\}\}`)
	labelAction    = regexp.MustCompile(`^\{\{-?\s*(?:\$labels|\.Labels)\.(\w+)\s*(?:\|\s*(toLower|toUpper)\s*)?-?\}\}$`)
)

// fillTemplate fills in the label templates of a link from the alert's own labels and from the matchers of its
// expression that fix a label to one value. Templates in the query string do not decide which page is meant, so the
// query is dropped when they remain. filled is false when a template remains in the path.
func fillTemplate(link string, a *catalog.AlertRule) (address string, filled bool) {
	link = strings.TrimSpace(link)
	address = templateAction.ReplaceAllStringFunc(link, func(action string) string {
		m := labelAction.FindStringSubmatch(action)
		if m == nil {
			return action
		}
		value, ok := fixedLabel(a, m[1])
		switch {
		case !ok:
			return action
		case m[2] == "toLower":
			return strings.ToLower(value)
		case m[2] == "toUpper":
			return strings.ToUpper(value)
		}
		return value
	})
	if !strings.Contains(address, "{{") {
		return address, true
	}
	page, rest, _ := strings.Cut(address, "?")
	if _, fragment, ok := strings.Cut(rest, "#"); ok && !strings.Contains(fragment, "{{") {
		page += "#" + fragment
	}
	return page, !strings.Contains(page, "{{")
}

// fixedLabel gives the value that a label has in every alert that the rule can fire, when there is just one.
func fixedLabel(a *catalog.AlertRule, name string) (string, bool) {
	if name == "alertname" {
		return a.Name.Value, true
	}
	if label, ok := a.Label(name); ok && !strings.Contains(label.Value, "{{") {
		return label.Value, true
	}
	value, found := "", false
	for _, s := range a.Expr.Selectors {
		for _, m := range s.Matchers {
			if m.Name != name || m.Op != "=" {
				continue
			}
			if found && m.Value != value {
				return "", false
			}
			value, found = m.Value, true
		}
	}
	return value, found
}

// target is a page of the repository that an address means.
type target struct {
	file     string // "" when there is none
	fragment string
}

// target resolves an address against the published sites, the web addresses of the repositories that are read and the
// file that holds the link; a path from the root is one in that file's repository. The state is LinkOK when the file is there, NoSuchFile when the address lies in what this run reads but no file
// answers to it (detail names the nearest), Elsewhere or Malformed.
func (l *loader) target(address, from string) (target, resolution) {
	if address == "" {
		return target{}, resolution{state: catalog.NoLink}
	}
	u, err := url.Parse(address)
	if err != nil {
		return target{}, resolution{catalog.Malformed, "it does not parse as an address"}
	}
	t := target{fragment: u.Fragment}
	switch {
	case u.Scheme == "http" || u.Scheme == "https":
		for _, s := range l.options.Sites {
			if rest, ok := below(address, s.URL); ok {
				return l.published(t, s, rest)
			}
		}
		if file, ok := l.ownAddress(u); ok {
			return l.existing(t, file)
		}
		return t, resolution{catalog.Elsewhere, "this run does not read " + u.Host}
	case u.Scheme != "":
		return t, resolution{catalog.Malformed, fmt.Sprintf("the scheme %q opens no page", u.Scheme)}
	case u.Path == "" || !strings.ContainsAny(u.Path, "/."):
		return t, resolution{catalog.Malformed, "it is neither an address nor a path"}
	}
	root := l.rootOf(from)
	if !strings.HasPrefix(u.Path, "/") {
		if relative := path.Join(path.Dir(from), u.Path); l.has(relative) && l.rootOf(relative) == root {
			return l.existing(t, relative)
		}
	}
	return l.existing(t, path.Join(root, strings.TrimPrefix(path.Clean("/"+u.Path), "/")))
}

// resolution is the state of a link with its explanation.
type resolution struct {
	state  catalog.LinkState
	detail string
}

func (l *loader) has(file string) bool {
	_, ok := l.paths[file]
	return ok
}

func (l *loader) existing(t target, file string) (target, resolution) {
	for _, candidate := range []string{file, path.Join(file, "README.md"), path.Join(file, "index.md"), path.Join(file, "_index.md")} {
		if l.has(candidate) {
			t.file = candidate
			return t, resolution{state: catalog.LinkOK}
		}
	}
	return t, resolution{catalog.NoSuchFile, l.nearest(file)}
}

// below gives the rest of an address below a site's, without query and fragment.
func below(address, site string) (string, bool) {
	address, _, _ = strings.Cut(address, "#")
	address, _, _ = strings.Cut(address, "?")
	site = strings.TrimSuffix(site, "/")
	if address != site && !strings.HasPrefix(address, site+"/") {
		return "", false
	}
	return strings.Trim(strings.TrimPrefix(address, site), "/"), true
}

// published finds the file that a site builds a page from: the path itself, or with a suffix in place of the page's
// ending. A suffix ".html.md" builds "x.html", which servers also answer to as "x" and, for "x/index.html", as "x/".
func (l *loader) published(t target, s Site, rest string) (target, resolution) {
	rest, err := url.PathUnescape(rest)
	if err != nil {
		return t, resolution{catalog.Malformed, "its path is not escaped properly"}
	}
	base := path.Join(strings.Trim(s.Folder, "/"), rest)
	candidates := []string{base}
	for _, suffix := range s.Suffix {
		published := publishedEnding(suffix)
		if published != "" && strings.HasSuffix(base, published) {
			candidates = append(candidates, strings.TrimSuffix(base, published)+suffix)
		}
		if ext := path.Ext(base); ext == "" || len(ext) > 6 {
			candidates = append(candidates, base+suffix, path.Join(base, "index"+suffix), path.Join(base, "_index"+suffix), path.Join(base, "README"+suffix))
		} else if ext == ".html" && published == "" {
			candidates = append(candidates, strings.TrimSuffix(base, ext)+suffix)
		}
	}
	for _, c := range candidates {
		if l.has(c) {
			t.file = c
			return t, resolution{state: catalog.LinkOK}
		}
	}
	for _, c := range candidates { // generators write addresses in lower case
		if file := l.lowerCase()[strings.ToLower(c)]; file != "" && c == strings.ToLower(c) {
			t.file = file
			return t, resolution{state: catalog.LinkOK}
		}
	}
	return t, resolution{catalog.NoSuchFile, l.nearest(base)}
}

// lowerCase gives the Markdown files by their paths in lower case.
func (l *loader) lowerCase() map[string]string {
	if l.byLowerCase == nil {
		l.byLowerCase = map[string]string{}
		for _, f := range l.markdown {
			l.byLowerCase[strings.ToLower(f.Path)] = f.Path
		}
	}
	return l.byLowerCase
}

// publishedEnding gives the ending that a page has where it is published: ".html" for files that end in ".html.md" or
// ".html.md.erb", "" for ".md", whose pages are published under endings of the generator's choice.
func publishedEnding(suffix string) string {
	if parts := strings.SplitN(suffix, ".", 3); len(parts) == 3 {
		return "." + parts[1]
	}
	return ""
}

// ownAddress gives the path of a page of the repositories that are read on their code hosts: …/blob/main/docs/x.md. Of a
// repository of which several branches are read, the one that the address names is meant, and else the first one.
func (l *loader) ownAddress(u *url.URL) (file string, ok bool) {
	own := l.estate.Revision
	own.Mounts = nil
	for _, m := range slices.Concat([]catalog.Mount{{Revision: own}}, l.estate.Revision.Mounts) {
		below, found := hostedFile(u, m.Revision.Web)
		if !found {
			continue
		}
		if inner, named := strings.CutPrefix(below, m.Revision.Ref+"/"); named {
			return path.Join(m.Folder, inner), true
		}
		if _, inner, found := strings.Cut(below, "/"); found && !ok {
			file, ok = path.Join(m.Folder, inner), true
		}
	}
	return file, ok
}

// hostedFile gives the branch and the path that an address names in the repository with a web address.
func hostedFile(u *url.URL, web string) (below string, ok bool) {
	if web == "" {
		return "", false
	}
	own, err := url.Parse(web)
	if err != nil {
		return "", false
	}
	rest, ok := strings.CutPrefix(u.Path, strings.TrimSuffix(own.Path, "/")+"/")
	if !ok || u.Host != own.Host && u.Host != "raw.githubusercontent.com" {
		return "", false
	}
	rest = strings.TrimPrefix(rest, "-/")
	for _, view := range []string{"blob/", "tree/", "raw/", "src/branch/", "src/commit/", "src/"} {
		if after, ok := strings.CutPrefix(rest, view); ok {
			return after, true
		}
	}
	return rest, u.Host == "raw.githubusercontent.com"
}

// nearest tells of a file in the same folder whose name differs in its ending or case only.
func (l *loader) nearest(file string) string {
	stem := stemOf(file)
	i, _ := slices.BinarySearch(l.sorted, path.Dir(file)+"/")
	for ; i < len(l.sorted) && strings.HasPrefix(l.sorted[i], path.Dir(file)+"/"); i++ {
		if stemOf(l.sorted[i]) == stem {
			return fmt.Sprintf("there is no %s; there is %s", file, l.sorted[i])
		}
	}
	if moved := l.sameName(file); moved != "" {
		return fmt.Sprintf("there is no %s; there is %s", file, moved)
	}
	return "there is no " + file
}

// stemIn is the base name of a page without its endings, in a repository that is given by its folder in the tree.
type stemIn struct{ root, name string }

func (l *loader) stemIn(file string) stemIn { return stemIn{l.rootOf(file), path.Base(stemOf(file))} }

// sameName gives the page of the same name elsewhere in the repository, when there is just one: where it may have moved to.
func (l *loader) sameName(file string) string {
	if l.byStem == nil {
		l.byStem = map[stemIn][]string{}
		for _, f := range l.markdown {
			stem := l.stemIn(f.Path)
			l.byStem[stem] = append(l.byStem[stem], f.Path)
		}
	}
	if found := l.byStem[l.stemIn(file)]; len(found) == 1 {
		return found[0]
	}
	return ""
}

func stemOf(file string) string {
	dir, base := path.Split(file)
	base, _, _ = strings.Cut(base, ".")
	return strings.ToLower(dir + base)
}

// finishRunbook looks at the page that a link leads to.
func (l *loader) finishRunbook(r *catalog.ResolvedLink, from string) {
	if r.Key == "" || r.State == catalog.Unfilled {
		return
	}
	t, found := l.target(r.Address, from)
	r.State, r.Detail = found.state, found.detail
	if r.State != catalog.LinkOK {
		return
	}
	if gap := l.gapByPath[t.file]; gap != nil {
		r.State, r.Detail = catalog.Unreadable, gap.String()
		return
	}
	r.Page = l.pageByPath[t.file]
	switch {
	case r.Page == nil:
		r.State, r.Detail = catalog.Malformed, fmt.Sprintf("%s is no page that can be read as a runbook", t.file)
	case t.fragment != "" && !pages.HasAnchor(r.Page, t.fragment):
		r.State, r.Detail = catalog.NoSuchAnchor, fmt.Sprintf("%s has no heading or anchor %q", t.file, t.fragment)
	}
}

// namedPages gives the pages that services name by a link of their entry.
func (l *loader) namedPages() map[*catalog.Page][]match {
	named := map[*catalog.Page][]match{}
	for _, s := range l.estate.Services {
		for _, link := range s.Links {
			if link.Kind != "runbook" {
				continue
			}
			if t, _ := l.target(link.URL.Value, s.At.File); t.file != "" {
				if p := l.pageByPath[t.file]; p != nil {
					named[p] = append(named[p], match{s, "link " + quote(link.URL.Value)})
				}
			}
		}
	}
	return named
}

package load

import (
	"path"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// index finds services by what evidence says of them.
type index struct {
	byName   map[string][]*catalog.Service // lower-case names and aliases
	byFolder map[string][]*catalog.Service
	byPair   map[string][]declared         // "label=value" of one equality matcher of a declared selector
	bySelect map[string][]*catalog.Service // "label=value" of an alert label selector
	byTag    map[string][]*catalog.Service
	byTrace  map[string][]*catalog.Service // service.name
	labels   []string                      // label names that name a service, surest first
	teams    map[string]*catalog.Team      // by folder
	teamRefs map[string]*catalog.Team      // by what refers to one; see teamKey
	byID     map[string]*catalog.Service   // in lower case
	byCode   map[string][]*catalog.Service // by the folder of their code, where it is another one than the entry's
	whole    *catalog.Service              // whose the whole tree is; nil when it is nobody's
}

// declared is the selector under which a service says its metrics or logs are found.
type declared struct {
	service  *catalog.Service
	matchers []catalog.Matcher
	text     string
}

func newIndex(services []*catalog.Service, teams []*catalog.Team, o Options) *index {
	x := &index{
		byName: map[string][]*catalog.Service{}, byFolder: map[string][]*catalog.Service{}, byPair: map[string][]declared{},
		bySelect: map[string][]*catalog.Service{}, byTag: map[string][]*catalog.Service{}, byTrace: map[string][]*catalog.Service{},
		labels: o.Labels.Service, teams: map[string]*catalog.Team{}, teamRefs: teamRefs(teams),
		byID: map[string]*catalog.Service{}, byCode: map[string][]*catalog.Service{},
	}
	for _, t := range teams {
		if t.Folder != "" {
			x.teams[t.Folder] = t
		}
	}
	for _, s := range services {
		x.byID[strings.ToLower(s.ID)] = s
		for _, name := range names(s) {
			add(x.byName, strings.ToLower(name), s)
		}
		if s.Folder != "" {
			add(x.byFolder, s.Folder, s)
		}
		if ownsTree(s, services) {
			x.whole = s
		}
		x.declare(s, s.Signals.Metrics)
		x.declare(s, s.Signals.Logs)
		if s.Signals.Traces.Value != "" {
			add(x.byTrace, s.Signals.Traces.Value, s)
		}
		for _, t := range s.Wanted.AlertLabelSelector {
			first, _, _ := strings.Cut(t.Value, ",")
			add(x.bySelect, strings.ReplaceAll(strings.TrimSpace(first), `"`, ""), s)
		}
		for _, t := range s.Wanted.DashboardTags {
			add(x.byTag, strings.ToLower(t.Value), s)
		}
	}
	return x
}

// addSources notes the folders of other repositories that services name: what stands there is theirs.
func (x *index) addSources(folders map[*catalog.Service]string) {
	for s, folder := range folders {
		add(x.byFolder, folder, s)
	}
	for _, services := range x.byFolder {
		slices.SortFunc(services, func(a, b *catalog.Service) int { return strings.Compare(a.ID, b.ID) })
	}
}

// ownsTree reports whether everything that is read is a service's: its entry stands at the root, and there is no other.
func ownsTree(s *catalog.Service, services []*catalog.Service) bool {
	return len(services) == 1 && s.Folder == "" && path.Dir(s.At.File) == "."
}

func add(m map[string][]*catalog.Service, key string, s *catalog.Service) {
	if key != "" && !slices.Contains(m[key], s) {
		m[key] = append(m[key], s)
	}
}

// names gives the names under which evidence may speak of a service.
func names(s *catalog.Service) []string {
	all := []string{s.Name.Value}
	for _, a := range s.Aliases {
		all = append(all, a.Value)
	}
	return all
}

func (x *index) declare(s *catalog.Service, selector catalog.Text) {
	if selector.Value == "" {
		return
	}
	parsed, err := promql.Selector(selector.Value)
	if err != nil {
		return // the check on the entry reports it
	}
	matchers := parsed.Matchers
	if parsed.Metric != "" {
		matchers = append([]catalog.Matcher{{Name: "__name__", Op: "=", Value: parsed.Metric}}, matchers...)
	}
	for _, m := range matchers {
		if m.Op == "=" && m.Value != "" {
			key := m.Name + "=" + m.Value
			x.byPair[key] = append(x.byPair[key], declared{s, matchers, selector.Value})
			return
		}
	}
}

// folder gives the services whose folder holds the file, the deepest folder first.
func (x *index) folder(file string) ([]*catalog.Service, string) {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if found := x.byFolder[dir]; found != nil {
			return found, dir
		}
	}
	return nil, ""
}

// home gives the services in whose folder or among whose code a file stands, the deepest folder first.
func (x *index) home(file string) ([]*catalog.Service, string) {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if found := slices.Concat(x.byFolder[dir], x.byCode[dir]); len(found) > 0 {
			return found, dir
		}
	}
	return nil, ""
}

// called gives the services that a text names: the one of that ID, else those of that name or alias.
func (x *index) called(text string) []*catalog.Service {
	text = strings.ToLower(strings.TrimSpace(text))
	if s := x.byID[parseRef(text, "component", "").id()]; s != nil {
		return []*catalog.Service{s}
	}
	return x.byName[text]
}

// team gives the team that a text refers to by its ID, a name or an alias, as in "payments", "group:default/payments" or
// "@acme/payments"; nil for none, and when a name is that of several teams.
func (x *index) team(ref string) *catalog.Team {
	if t := x.teamRefs[teamKey(ref)]; t != nil || ref == "" {
		return t
	}
	return x.teamRefs[teamKey(parseRef(strings.TrimSpace(ref), "group", "").id())]
}

func teamRefs(teams []*catalog.Team) map[string]*catalog.Team {
	refs := map[string]*catalog.Team{}
	put := func(name string, t *catalog.Team) {
		if name == "" {
			return
		}
		if other, taken := refs[teamKey(name)]; taken && other != t {
			t = nil
		}
		refs[teamKey(name)] = t
	}
	for _, t := range teams {
		put(t.Name.Value, t)
		for _, a := range t.Aliases {
			put(a.Value, t)
		}
	}
	for _, t := range teams {
		refs[teamKey(t.ID)] = t
	}
	return refs
}

// teamKey gives what is compared of a reference to a team.
func teamKey(ref string) string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(ref)), "@")
}

// teamFolder gives the team whose folder holds the file, nil for none.
func (x *index) teamFolder(file string) *catalog.Team {
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if t := x.teams[dir]; t != nil {
			return t
		}
	}
	return nil
}

// label gives the services that a set of labels names, by the first label name that any service answers to.
func (x *index) label(labels []catalog.Label) ([]*catalog.Service, string) {
	for _, name := range x.labels {
		if l, ok := catalog.FindLabel(labels, name); ok {
			if found := x.byName[strings.ToLower(l.Value)]; found != nil {
				return found, "label " + name + "=" + quote(l.Value)
			}
		}
	}
	return nil, ""
}

// match is a service found by a matcher, with the matcher.
type match struct {
	service *catalog.Service
	why     string
}

// matchers gives the services whose series queries select: by a selector that the service declares and the query's
// selector implies, else by a label that names the service. A namespace often holds several services, so it names one
// only where no other label does.
func (x *index) matchers(queries ...catalog.Query) []match {
	var byDeclared, byLabel, byNamespace []match
	for _, q := range queries {
		for _, s := range q.Selectors {
			byDeclared = append(byDeclared, x.declaredBy(s)...)
			for _, label := range x.labels {
				found := x.named(s, label)
				if len(found) == 0 {
					continue
				}
				if label == "namespace" {
					byNamespace = append(byNamespace, found...)
				} else {
					byLabel = append(byLabel, found...)
				}
				break
			}
		}
	}
	switch {
	case len(byDeclared) > 0:
		return byDeclared
	case len(byLabel) > 0:
		return byLabel
	}
	return byNamespace
}

// declaredBy gives the services whose declared selector holds for every series that the selector selects.
func (x *index) declaredBy(s catalog.Selector) []match {
	matchers := s.Matchers
	if s.Metric != "" {
		matchers = append([]catalog.Matcher{{Name: "__name__", Op: "=", Value: s.Metric}}, matchers...)
	}
	var found []match
	for _, m := range matchers {
		if m.Op != "=" {
			continue
		}
		for _, d := range x.byPair[m.Name+"="+m.Value] {
			if !slices.ContainsFunc(d.matchers, func(want catalog.Matcher) bool { return !slices.Contains(matchers, want) }) {
				found = append(found, match{d.service, "selector " + d.text})
			}
		}
	}
	return found
}

// named gives the services that the selector's matchers on the given label name.
func (x *index) named(s catalog.Selector, label string) []match {
	var found []match
	for _, m := range s.Matchers {
		if m.Name != label || m.Op != "=" && m.Op != "=~" {
			continue
		}
		for _, value := range values(m) {
			for _, svc := range x.byName[strings.ToLower(value)] {
				found = append(found, match{svc, "matcher " + m.Name + m.Op + quote(m.Value)})
			}
		}
	}
	return found
}

// values gives the names that a matcher can stand for: its value, the alternatives of a pattern, and the part before
// the slash of a job label of the form "namespace/name".
func values(m catalog.Matcher) []string {
	if m.Op == "=" {
		if before, after, ok := strings.Cut(m.Value, "/"); ok && m.Name == "job" {
			return []string{after, before}
		}
		return []string{m.Value}
	}
	if len(m.Value) > 1000 || strings.Contains(m.Value, "$") {
		return nil // a dashboard variable: any service
	}
	re, err := syntax.Parse(m.Value, syntax.Perl)
	if err != nil {
		return nil
	}
	var all []string
	for _, v := range alternatives(re.Simplify(), 64) {
		if m.Name == "job" {
			v = strings.TrimSuffix(v, "/")
		}
		all = append(all, v)
	}
	return all
}

// alternatives gives the literal texts that a pattern matches, those of "a|b|c" and "(a|b)-c". A pattern's open ends
// (".*") after a slash are passed over; other patterns that are not literal give nothing.
func alternatives(re *syntax.Regexp, limit int) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return []string{string(re.Rune)}
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine:
		return []string{""}
	case syntax.OpCapture:
		return alternatives(re.Sub[0], limit)
	case syntax.OpCharClass:
		var all []string
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i+1]-re.Rune[i] > 8 {
				return nil
			}
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				all = append(all, string(r))
			}
		}
		return all
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			all = append(all, alternatives(sub, limit)...)
		}
		return all
	case syntax.OpConcat:
		all := []string{""}
		for i, sub := range re.Sub {
			if i == len(re.Sub)-1 && sub.Op == syntax.OpStar && sub.Sub[0].Op == syntax.OpAnyCharNotNL && endsInSlash(all) {
				return all
			}
			parts := alternatives(sub, limit)
			if len(parts) == 0 || len(all)*len(parts) > limit {
				return nil
			}
			var joined []string
			for _, a := range all {
				for _, p := range parts {
					joined = append(joined, a+p)
				}
			}
			all = joined
		}
		return all
	}
	return nil
}

func endsInSlash(all []string) bool {
	return !slices.ContainsFunc(all, func(s string) bool { return !strings.HasSuffix(s, "/") })
}

var plain = regexp.MustCompile(`^[\x20\x21\x23-\x7e]*$`)

// quote puts a value in quotes as PromQL writes it.
func quote(s string) string {
	if plain.MatchString(s) {
		return `"` + s + `"`
	}
	return strings.ToValidUTF8(`"`+strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' {
			return ' '
		}
		return r
	}, s)+`"`, "?")
}

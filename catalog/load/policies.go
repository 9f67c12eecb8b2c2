package load

import (
	"cmp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/budgets"
	"obsready/catalog/pages"
	"obsready/catalog/recovery"
)

// isRunbook reports whether a Markdown file serves as a runbook.
func (l *loader) isRunbook(p string) bool {
	return l.linked.pages[p] || pages.IsRunbookPath(l.inner(p))
}

// mayBePolicy reports whether a Markdown file is read for an error budget policy.
func (l *loader) mayBePolicy(p string) bool {
	return l.linked.policies[p] || budgets.MayHold(l.inner(p))
}

// pageKinds gives the kinds of evidence that a Markdown file may hold.
func (l *loader) pageKinds(p string) []catalog.Kind {
	var kinds []catalog.Kind
	if l.isRunbook(p) {
		kinds = append(kinds, catalog.Runbooks)
	}
	if l.mayBePolicy(p) {
		kinds = append(kinds, catalog.Policies)
	}
	for _, d := range documentKinds {
		if l.isKind(p, d.kind) {
			kinds = append(kinds, d.kind)
		}
	}
	return kinds
}

// readPage gives a page with the error budget policy, and the documents that show a practice, that stand in it.
func (l *loader) readPage(p string, data []byte) catalog.Facts {
	outline, gaps := pages.ReadOutline(p, data)
	facts := catalog.Facts{Gaps: gaps}
	if outline != nil {
		facts.Pages = []*catalog.Page{outline.Page}
		if l.isRunbook(p) {
			outline.Page.Procedures = pages.Procedures(outline)
			outline.Page.Rollback = recovery.Rollback(outline)
		}
		l.readDocument(outline, &facts)
	}
	for i := range facts.Gaps {
		facts.Gaps[i].Kinds = l.pageKinds(p)
	}
	hint := budgets.Maybe
	switch {
	case l.linked.policies[p]:
		hint = budgets.Named
	case budgets.IsPath(l.inner(p)):
		hint = budgets.Path
	}
	for _, page := range facts.Pages {
		if policy, ok := budgets.Read(page, data, hint); ok {
			facts.Policies = append(facts.Policies, policy)
		}
	}
	return facts
}

// policyRefs gives every reference to an error budget policy, with the file that it stands in.
func (l *loader) policyRefs(visit func(ref catalog.Text, from string)) {
	for _, o := range l.estate.SLOs {
		visit(o.PolicyRef, o.At.File)
	}
	for _, j := range l.estate.Journeys {
		visit(j.PolicyRef, j.At.File)
	}
	for _, s := range l.estate.Services {
		visit(s.PolicyRef, s.At.File)
	}
	for _, t := range l.estate.Teams {
		visit(t.PolicyRef, t.At.File)
	}
}

// wantPolicies asks for the pages that are named as error budget policies.
func (l *loader) wantPolicies() {
	l.linked.policies = map[string]bool{}
	l.policyRefs(func(ref catalog.Text, from string) {
		if t, _ := l.target(strings.TrimSpace(ref.Value), from); t.file != "" {
			l.linked.policies[t.file] = true
		}
	})
}

// policyFinder finds the error budget policy of each SLO.
type policyFinder struct {
	*loader
	byPath   map[string]*catalog.BudgetPolicy
	below    map[*catalog.Service]*catalog.BudgetPolicy // the first below the service's folder
	teams    map[*catalog.Team]*catalog.BudgetPolicy    // likewise
	estate   []*catalog.BudgetPolicy                    // those that stand in nobody's folder
	services map[*catalog.SLO][]*catalog.Service
	journeys map[*catalog.SLO][]*catalog.Journey
}

// resolvePolicies gives every SLO its error budget policy, by the first of these that there is:
//
//   - one that the SLO names, a journey that names the SLO, its service, or the team that owns the service;
//   - one below the service's folder, or below the team's;
//   - the only one of the estate that stands below no service's and no team's folder.
//
// A name that leads nowhere ends the search: PolicyLink says where it led.
func (l *loader) resolvePolicies() {
	f := l.newPolicyFinder()
	for _, o := range l.estate.SLOs {
		f.resolve(o)
	}
}

func (l *loader) newPolicyFinder() *policyFinder {
	f := &policyFinder{
		loader: l, byPath: map[string]*catalog.BudgetPolicy{}, below: map[*catalog.Service]*catalog.BudgetPolicy{}, teams: map[*catalog.Team]*catalog.BudgetPolicy{},
		services: map[*catalog.SLO][]*catalog.Service{}, journeys: map[*catalog.SLO][]*catalog.Journey{},
	}
	for _, s := range l.estate.Services {
		for _, o := range s.SLOs {
			f.services[o.Item] = append(f.services[o.Item], s)
		}
	}
	for _, j := range l.estate.Journeys {
		for _, o := range j.SLOs {
			f.journeys[o] = append(f.journeys[o], j)
		}
	}
	policies := slices.Clone(l.estate.Policies)
	slices.SortStableFunc(policies, func(a, b *catalog.BudgetPolicy) int { // those that are one by their path first
		return cmp.Compare(l.rank(a), l.rank(b))
	})
	for _, p := range policies {
		f.byPath[p.Page.Path] = p
		f.place(p)
	}
	return f
}

func (l *loader) rank(p *catalog.BudgetPolicy) int {
	if budgets.IsPath(l.inner(p.Page.Path)) {
		return 0
	}
	return 1
}

// place notes whose folder a policy stands in.
func (f *policyFinder) place(p *catalog.BudgetPolicy) {
	services, _ := f.index.folder(p.Page.Path)
	for _, s := range services {
		if f.below[s] == nil {
			f.below[s] = p
		}
	}
	owned := len(services) > 0
	if t := f.index.teamFolder(p.Page.Path); t != nil {
		owned = true
		if f.teams[t] == nil {
			f.teams[t] = p
		}
	}
	if !owned && f.mountOf(p.Page.Path) == nil {
		f.estate = append(f.estate, p)
	}
}

func (f *policyFinder) resolve(o *catalog.SLO) {
	services := f.services[o]
	if f.named(o, o.PolicyRef, o.At.File, "named by the SLO") {
		return
	}
	for _, j := range f.journeys[o] {
		if f.named(o, j.PolicyRef, j.At.File, "of journey "+quote(j.Name.Value)) {
			return
		}
	}
	for _, s := range services {
		if f.named(o, s.PolicyRef, s.At.File, "of service "+quote(s.Name.Value)) {
			return
		}
	}
	for _, s := range services {
		if t := s.Owner.Team; t != nil && f.named(o, t.PolicyRef, t.At.File, "of team "+quote(t.Name.Value)) {
			return
		}
	}
	for _, s := range services {
		if o.Policy = f.below[s]; o.Policy != nil {
			o.PolicyBy = "below the folder of service " + quote(s.Name.Value)
			return
		}
	}
	for _, s := range services {
		if o.Policy = f.teams[s.Owner.Team]; o.Policy != nil {
			o.PolicyBy = "below the folder of team " + quote(s.Owner.Team.Name.Value)
			return
		}
	}
	if len(f.estate) == 1 {
		o.Policy, o.PolicyBy = f.estate[0], "of the whole estate"
	}
}

// named follows a reference to a policy; false when there is none.
func (f *policyFinder) named(o *catalog.SLO, ref catalog.Text, from, by string) bool {
	address := strings.TrimSpace(ref.Value)
	if address == "" {
		return false
	}
	o.PolicyBy = by
	link := &o.PolicyLink
	*link = catalog.ResolvedLink{Key: "budget_policy", Link: ref, Address: address}
	if strings.Contains(address, "{{") {
		link.State, link.Detail = catalog.Unfilled, "a template stands in it"
		return true
	}
	t, found := f.target(address, from)
	link.State, link.Detail = found.state, found.detail
	if link.State != catalog.LinkOK {
		return true
	}
	policy := f.byPath[t.file]
	switch gap := f.gapByPath[t.file]; {
	case gap != nil:
		link.State, link.Detail = catalog.Unreadable, gap.String()
	case policy == nil:
		link.State, link.Detail = catalog.Malformed, t.file+" is no page that can be read as a policy"
	case t.fragment != "" && !pages.HasAnchor(policy.Page, t.fragment):
		link.State, link.Detail, link.Page = catalog.NoSuchAnchor, t.file+" has no heading or anchor "+quote(t.fragment), policy.Page
	default:
		link.Page, o.Policy = policy.Page, policy
	}
	return true
}

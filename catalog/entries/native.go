package entries

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
	"obsready/catalog/slos"
	"obsready/catalog/tomldoc"
)

// IsNative reports whether a file's name is that of a native entry file.
func IsNative(file string) bool {
	return singular(file) != "" || isList(file) || IsNativeSLO(file) || isAttestations(file)
}

func isAttestations(file string) bool { return path.Base(file) == "attestations.toml" }

// IsNativeSLO reports whether a file's name is that of a native file of SLOs only.
func IsNativeSLO(file string) bool {
	return slices.Contains([]string{"slo.toml", "slos.toml"}, path.Base(file))
}

// singular gives "service", "team" or "journey" for the file of one entry, else "".
func singular(file string) string {
	switch base := path.Base(file); base {
	case "service.toml", "team.toml", "journey.toml":
		return strings.TrimSuffix(base, ".toml")
	}
	return ""
}

func isList(file string) bool {
	return slices.Contains([]string{"services.toml", "teams.toml", "journeys.toml"}, path.Base(file))
}

// ReadNative gives the entries of a native file and a gap for each key that is not known and each value that is not
// allowed; the rest of the entry stands. A service.toml that does not parse, or has no name, still gives a service,
// named after its folder, so that the service is reported with its gap.
func ReadNative(file string, data []byte) catalog.Facts {
	f, problem := tomldoc.Parse(file, data)
	if problem != nil {
		return unreadable(file, problem.Gap)
	}
	r := &nativeReader{}
	switch kind := singular(file); {
	case IsNativeSLO(file):
		var n nativeSLOs
		r.problems = f.Decode(&n)
		r.slos(n.SLOs, "slo", catalog.Text{})
		r.rest(catalog.SLOs)
	case isAttestations(file):
		var n nativeAttestations
		r.problems = f.Decode(&n)
		r.attestations(n.Attested, catalog.Text{}, catalog.Text{})
		r.rest(catalog.Attestations)
	case isList(file) || listsEntries(f, kind):
		var n nativeList
		r.problems = f.Decode(&n)
		r.list(n, "")
	case kind == "team":
		var n nativeTeam
		r.problems = f.Decode(&n)
		r.team(n, "", folderName(file))
		for _, t := range r.facts.Teams {
			t.Folder = cmp.Or(t.Folder, folderOf(file))
		}
	case kind == "journey":
		var n nativeJourney
		r.problems = f.Decode(&n)
		r.journey(n, "", folderName(file))
		r.gaps("", catalog.Journeys, n.Name.Value)
	default:
		var n nativeService
		r.problems = f.Decode(&n)
		svc := r.service(n, "", folderName(file))
		svc.Folder = cmp.Or(svc.Folder, folderOf(file))
	}
	slices.SortStableFunc(r.facts.Gaps, func(a, b catalog.Gap) int { return a.At.Compare(b.At) })
	return r.facts
}

// listsEntries reports whether the file of one entry holds arrays of tables instead. Journeys may stand inside a
// service.
func listsEntries(f *tomldoc.File, kind string) bool {
	return f.HasTables("service") || f.HasTables("team") || kind != "service" && f.HasTables("journey")
}

// folderOf gives the folder of a file, "" at the root.
func folderOf(file string) string {
	if folder := path.Dir(file); folder != "." {
		return folder
	}
	return ""
}

// folderName gives the name of a file's folder; at the root, that of the file.
func folderName(file string) string { return path.Base(cmp.Or(folderOf(file), file)) }

// hiddenByService are the kinds of evidence that a service's entry can name.
var hiddenByService = slices.DeleteFunc(slices.Clone(catalog.Kinds), func(k catalog.Kind) bool {
	return slices.Contains([]catalog.Kind{catalog.Teams, catalog.Owners, catalog.Routes, catalog.UpdateConfigs, catalog.SecurityPolicies,
		catalog.IncidentProcesses, catalog.ToilLogs, catalog.BranchProtections, catalog.Secrets}, k)
})

// unreadable gives what is left of a file that does not parse. Of a service it may hide all the evidence that it names.
func unreadable(file string, g catalog.Gap) catalog.Facts {
	switch {
	case IsNativeSLO(file):
		g.Kinds = []catalog.Kind{catalog.SLOs}
		return catalog.Facts{Gaps: []catalog.Gap{g}}
	case isAttestations(file):
		g.Kinds = []catalog.Kind{catalog.Attestations}
		return catalog.Facts{Gaps: []catalog.Gap{g}}
	}
	switch singular(file) {
	case "team":
		g.Kinds = []catalog.Kind{catalog.Teams}
	case "journey":
		g.Kinds = []catalog.Kind{catalog.Journeys}
	case "service":
		g.Kinds = hiddenByService
		g.Names = map[string]bool{folderName(file): true}
		r := &nativeReader{}
		at := catalog.Place{File: file}
		r.service(nativeService{At: at, Name: catalog.Text{Value: folderName(file), At: at}}, "", "").Folder = folderOf(file)
		r.facts.Gaps = []catalog.Gap{g}
		return r.facts
	default:
		g.Kinds = append(slices.Clone(hiddenByService), catalog.Teams)
	}
	return catalog.Facts{Gaps: []catalog.Gap{g}}
}

// nativeReader turns the shapes of a file into facts. A prefix is the path of an entry in its file, as in "service[2].",
// by which the problems about it are known.
type nativeReader struct {
	problems []tomldoc.Problem
	facts    catalog.Facts
	objects  bool // the entries were not written as TOML
}

// list adds all entries of a list. plural is what its keys have behind the kind of entry: "" or "s".
func (r *nativeReader) list(n nativeList, plural string) {
	for i, s := range n.Services {
		r.service(s, fmt.Sprintf("service%s[%d].", plural, i), "")
	}
	for i, t := range n.Teams {
		r.team(t, fmt.Sprintf("team%s[%d].", plural, i), "")
	}
	for i, j := range n.Journeys {
		prefix := fmt.Sprintf("journey%s[%d].", plural, i)
		r.journey(j, prefix, "")
		r.gaps(prefix, catalog.Journeys, j.Name.Value)
	}
	r.slos(n.SLOs, "slo"+plural, catalog.Text{})
	r.rest(catalog.Services, catalog.Teams, catalog.Journeys)
}

// rest reports the problems that are left: they are about the file, not about one of its entries.
func (r *nativeReader) rest(kinds ...catalog.Kind) {
	for _, p := range r.problems {
		p.Gap.Kinds, p.Gap.Names = kinds, map[string]bool{}
		r.facts.Gaps = append(r.facts.Gaps, p.Gap)
	}
}

// slos adds SLOs, which stand under the given key; those that name no service are of the one whose entry they stand in.
func (r *nativeReader) slos(all []slos.Native, key string, service catalog.Text) {
	for i, n := range all {
		prefix := fmt.Sprintf("%s[%d].", key, i)
		if n.Service.Value == "" {
			n.Service = service
		}
		if r.named(&n.Name, n.At, "SLO", prefix, "") {
			unread := map[string]bool{}
			for _, p := range r.problems {
				if key, ok := strings.CutPrefix(p.Path, prefix); ok {
					unread[key] = true
				}
			}
			slo, gaps := n.SLO(unread)
			r.facts.SLOs = append(r.facts.SLOs, slo)
			r.facts.Gaps = append(r.facts.Gaps, gaps...)
		}
		before := len(r.facts.Gaps)
		r.gaps(prefix, catalog.SLOs, n.Name.Value)
		for j := range r.facts.Gaps[before:] {
			if names := r.facts.Gaps[before+j].Names; n.Service.Value != "" {
				names[n.Service.Value] = true
			}
		}
	}
}

// attestations adds attestations; those that name neither service nor team are about the one whose entry they stand in.
func (r *nativeReader) attestations(all []nativeAttestation, service, team catalog.Text) {
	for _, n := range all {
		if n.Service.Value == "" && n.Team.Value == "" {
			n.Service, n.Team = service, team
		}
		r.facts.Attestations = append(r.facts.Attestations, n.attestation())
	}
}

// named gives the entry's name, or the fallback with a problem. False when there is neither.
func (r *nativeReader) named(name *catalog.Text, at catalog.Place, kind, prefix, fallback string) bool {
	if name.Value != "" {
		return true
	}
	at = name.At.Or(at)
	*name = catalog.Text{Value: fallback, At: at}
	if slices.ContainsFunc(r.problems, func(p tomldoc.Problem) bool { return p.Path == prefix+"name" }) {
		return fallback != ""
	}
	detail := fmt.Sprintf("the %s has no name. write name = \"…\"", kind)
	if r.objects {
		detail = fmt.Sprintf("the %s has no name. add name: \"…\"", kind)
	}
	if fallback != "" {
		detail = fmt.Sprintf("the %s has no name and is called %q after its folder. write name = %q", kind, fallback, fallback)
	}
	r.problems = append(r.problems, tomldoc.Problem{Path: prefix + "name", Gap: catalog.Gap{At: at, Cause: catalog.BadValue, Detail: detail}})
	return fallback != ""
}

// service adds a service with its journeys; it gives nil when the service has no name.
func (r *nativeReader) service(n nativeService, prefix, fallback string) *catalog.Service {
	if !r.named(&n.Name, n.At, "service", prefix, fallback) {
		r.gaps(prefix, catalog.Services, "")
		return nil
	}
	svc := n.service()
	svc.Folder = r.folder(n.Folder, prefix)
	r.facts.Services = append(r.facts.Services, svc)
	for i, j := range n.Journeys {
		j.Services = append([]catalog.Text{n.Name}, slices.DeleteFunc(j.Services, func(t catalog.Text) bool { return t.Value == n.Name.Value })...)
		j.Owner = first(j.Owner, n.Owner)
		r.journey(j, fmt.Sprintf("%sjourney[%d].", prefix, i), "")
	}
	r.slos(n.SLOs, prefix+"slo", n.Name)
	r.attestations(n.Attested, n.Name, catalog.Text{})
	r.gaps(prefix, catalog.Services, n.Name.Value)
	return svc
}

func (r *nativeReader) team(n nativeTeam, prefix, fallback string) {
	if r.named(&n.Name, n.At, "team", prefix, fallback) {
		r.facts.Teams = append(r.facts.Teams, &catalog.Team{
			ID: n.Name.Value, Name: n.Name, Title: n.Title, Description: trimmed(n.Description), Contact: n.Contact, Oncall: n.Oncall,
			Escalation: n.Escalation, Members: n.Members, Aliases: n.Aliases, Parent: n.Parent, PolicyRef: n.Policy,
			Security: n.Security, IncidentRef: n.Incidents, Toil: n.Toil, Folder: r.folder(n.Folder, prefix), At: n.At,
		})
		r.attestations(n.Attested, catalog.Text{}, n.Name)
	}
	r.gaps(prefix, catalog.Teams, n.Name.Value)
}

func (r *nativeReader) journey(n nativeJourney, prefix, fallback string) {
	if r.named(&n.Name, n.At, "journey", prefix, fallback) {
		r.facts.Journeys = append(r.facts.Journeys, &catalog.Journey{
			ID: slug(n.Name.Value), Name: n.Name, Description: trimmed(n.Description), Owner: catalog.Owner{Ref: n.Owner},
			SLI: n.SLI, SLORefs: n.SLO, DashRef: n.Dashboard, ServiceRefs: n.Services, PolicyRef: n.Policy, At: n.At,
		})
	}
}

// gaps turns the problems about one entry into gaps.
func (r *nativeReader) gaps(prefix string, kind catalog.Kind, name string) {
	r.problems = slices.DeleteFunc(r.problems, func(p tomldoc.Problem) bool {
		inside, ok := strings.CutPrefix(p.Path, prefix)
		if ok {
			g := gap(kind, p.At, p.Cause, name, p.Detail)
			g.Kinds = append(g.Kinds, hidden(inside, p.Nearest)...)
			r.facts.Gaps = append(r.facts.Gaps, g)
		}
		return ok
	})
}

// hidden gives the kinds of evidence that a service may name in a key that cannot be read. An unknown key counts as the
// one that was probably meant.
func hidden(key, nearest string) []catalog.Kind {
	table, rest, nested := strings.Cut(key, ".")
	if !nested && nearest != "" {
		table = nearest
	} else if nearest != "" {
		rest = nearest
	}
	rest, _, _ = strings.Cut(rest, "[")
	switch {
	case strings.HasPrefix(table, "journey"):
		return []catalog.Kind{catalog.Journeys}
	case table == "slo" || strings.HasPrefix(table, "slo["):
		return []catalog.Kind{catalog.SLOs}
	case table == "budget_policy":
		return []catalog.Kind{catalog.Policies}
	case table == "recovery":
		return []catalog.Kind{catalog.RecoveryPlans}
	case strings.HasPrefix(table, "attestation"):
		return []catalog.Kind{catalog.Attestations}
	case table == "links":
		return []catalog.Kind{catalog.Runbooks, catalog.Dashboards}
	case table != "evidence":
		return nil
	}
	if kind, ok := evidenceKinds[rest]; ok {
		return []catalog.Kind{kind}
	}
	return hiddenByService[1:]
}

func (n nativeService) service() *catalog.Service {
	svc := &catalog.Service{
		ID: n.Name.Value, Name: n.Name, Title: n.Title, Description: trimmed(n.Description), Kind: n.Kind, Tier: n.Tier, Lifecycle: n.Lifecycle,
		Owner: catalog.Owner{Ref: n.Owner}, Repository: n.Repository, DependsOn: dependencies(n.DependsOn), Exposure: n.Exposure, Data: n.Data,
		Handles: n.Handles, Parties: n.Parties, Recovery: catalog.Recovery(n.Recovery),
		Signals: catalog.Signals(n.Signals), Logging: catalog.Logging(n.Logging), Tracing: catalog.Tracing(n.Tracing),
		Oncall: n.Oncall, Aliases: n.Aliases, PolicyRef: n.Policy, Format: "native", At: n.At,
	}
	svc.Wanted.Globs = n.Evidence.byKind()
	svc.Wanted.AlertLabelSelector, svc.Wanted.DashboardTags = n.Evidence.AlertLabels, n.Evidence.DashboardTags
	n.rootGlobs(svc.Wanted.Globs)
	for _, l := range []struct {
		kind  string
		texts []catalog.Text
	}{{"runbook", n.Links.Runbook}, {"dashboard", n.Links.Dashboard}, {"docs", n.Links.Docs}} {
		for _, t := range l.texts {
			addLink(svc, l.kind, t)
		}
	}
	return svc
}

// slug writes a name with letters, digits and single dashes only, as IDs and addresses need it.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "journey"
	}
	return strings.Join(words, "-")
}

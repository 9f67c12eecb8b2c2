package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

var incidentProcess = &Check{
	ID:    "incident-process",
	Title: "A page says how incidents are handled: how bad they are, who does what, and what comes first",
	Why:   "In an incident nobody has time to invent roles. Without them everybody debugs and nobody decides, tells customers, or writes down what was done; and whoever looks for the cause first keeps users waiting.",
	Fix: "Write `incident-response.md` for the team or for everybody, or name one with `incident_process` in the team's entry. Say which severities there are, who commands, who informs people inside, who investigates, who changes the system and who tells customers, " +
		"that a timeline with times is kept, that mitigation comes before the root cause, and that follow-up actions are recorded.",
	Source:   "Google SRE book, chapter 14 \"Managing Incidents\"; PagerDuty incident response documentation.",
	Pillar:   Recovery,
	Question: Recover,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.IncidentProcesses},
	Run: func(in *Inspection) {
		if notOperated(in, "incident process") {
			return
		}
		if len(in.Service.IncidentProcesses) == 0 {
			stateNoProcess(in)
			return
		}
		if len(WrittenProcesses(in.Service)) == 0 {
			stateSilentProcess(in)
			return
		}
		for _, part := range processParts {
			requireProcessPart(in, part)
		}
	},
}

// processPart is one thing that an incident process says.
type processPart struct {
	name    string
	missing string // continues "nothing says …", with an example of what to write
	of      func(*catalog.IncidentProcess) []catalog.Text
}

var processParts = []processPart{
	{"severities", `which severities there are. declare them, as in "SEV-1: customers cannot pay"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.Severities }},
	{"commander", `who commands. name the role, as in "Incident commander: decides and delegates, and repairs nothing"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.Commander }},
	{"communication", `who informs people inside. name the role, as in "Communications lead: keeps teams and management informed"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.Communication }},
	{"diagnosis", `who investigates. name the role, as in "Subject matter expert: finds out what is wrong"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.Diagnosis }},
	{"mitigation", `who changes the system. name the role, as in "Operations lead: applies mitigations"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.Mitigation }},
	{"customer updates", `who tells customers. name the role, as in "Customer liaison: updates the status page"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.CustomerUpdates }},
	{"timeline", `that a timeline is kept. say who writes it, as in "Scribe: keeps a timeline with times in UTC"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.Timeline }},
	{"mitigation first", `that mitigation comes first. write it, as in "Restore the service before you look for the root cause"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.MitigateFirst }},
	{"follow-up", `that follow-up actions are recorded. write it, as in "Record follow-up actions with owner and due date"`, func(p *catalog.IncidentProcess) []catalog.Text { return p.FollowUp }},
}

// WrittenProcesses gives the pages about incidents in which a part of a process was recognised.
func WrittenProcesses(svc *catalog.Service) []catalog.Linked[catalog.IncidentProcess] {
	return slices.DeleteFunc(slices.Clone(svc.IncidentProcesses), func(p catalog.Linked[catalog.IncidentProcess]) bool {
		return !slices.ContainsFunc(processParts, func(part processPart) bool { return len(part.of(p.Item)) > 0 })
	})
}

// requireProcessPart states whether one of the pages says a thing: a process may be spread over many. Every service for which
// the pages hold shares what they lack.
func requireProcessPart(in *Inspection, part processPart) {
	pages := WrittenProcesses(in.Service)
	for _, p := range pages {
		if texts := part.of(p.Item); len(texts) > 0 {
			in.Metf(texts[0].At, "%s: %q", part.name, beginning(texts[0].Value)).LinkedBy(p.By)
			return
		}
	}
	if ref := processElsewhere(in.Service); ref.Value != "" {
		in.Undecidedf(ref.At, "%s may be said by the incident process %q, which is at %s: this run does not read it. keep it in the catalog", part.name, ref.Value, hostOf(ref.Value)).
			Because("incident process "+ref.Value, "the incident process %q is not read", ref.Value)
		return
	}
	first := pages[0]
	where := "in the page " + quoteAll([]string{processTitle(first.Item)})
	if len(pages) > 1 {
		where = "in the " + count(len(pages), "page", "pages") + " of the incident process"
	}
	in.Missingf(first.Item.At, "nothing %s says %s", where, part.missing).
		Because("incident process "+first.Item.At.File+" "+part.name, "the incident process of %s lacks: %s", first.Item.At.File, part.name).LinkedBy(first.By)
}

// stateSilentProcess says that there are pages about incidents in which no part of a process was recognised: one with
// enough text may say it in other words.
func stateSilentProcess(in *Inspection) {
	all := in.Service.IncidentProcesses
	if ref := processElsewhere(in.Service); ref.Value != "" {
		stateNoProcess(in)
		return
	}
	const parts = "severities, roles, a timeline, that mitigation comes first, follow-up actions"
	long := slices.IndexFunc(all, func(p catalog.Linked[catalog.IncidentProcess]) bool {
		return p.Item.Page != nil && p.Item.Page.Words > fewWords
	})
	if long >= 0 {
		p := all[long]
		in.Undecidedf(p.Item.At, "the page %q is about incidents, and none of the parts of a process was recognised in it: %s. say each in a sentence, an item or below a heading of its own", processTitle(p.Item), parts).
			Because("incident process "+p.Item.At.File, "no part of a process was recognised in %s", p.Item.At.File).LinkedBy(p.By)
		return
	}
	p := all[0]
	in.Missingf(p.Item.At, "the page %q says nothing yet of how incidents are handled. write into it: %s", processTitle(p.Item), parts).
		Because("incident process "+p.Item.At.File, "%s says nothing yet of how incidents are handled", p.Item.At.File).LinkedBy(p.By)
}

func processTitle(p *catalog.IncidentProcess) string {
	if p.Title.Value != "" {
		return p.Title.Value
	}
	return p.At.File
}

// processRef gives the reference of the service's team to its incident process.
func processRef(svc *catalog.Service) catalog.Text {
	if svc.Owner.Team == nil {
		return catalog.Text{}
	}
	return svc.Owner.Team.IncidentRef
}

// processElsewhere gives the reference of the team to an incident process that this run does not read; the zero Text when
// there is none.
func processElsewhere(svc *catalog.Service) catalog.Text {
	ref := processRef(svc)
	if !isWebAddress(strings.TrimSpace(ref.Value)) {
		return catalog.Text{}
	}
	for _, p := range svc.IncidentProcesses {
		if p.By.Rung == catalog.ByName || p.By.Rung == catalog.ByTeam && !strings.HasPrefix(p.By.Detail, "below ") {
			return catalog.Text{} // the address led to a page
		}
	}
	return ref
}

// stateNoProcess says that no page about incidents was found, or where it is.
func stateNoProcess(in *Inspection) {
	ref := processRef(in.Service)
	if elsewhere := processElsewhere(in.Service); elsewhere.Value != "" {
		in.Undecidedf(ref.At, "the incident process %q is at %s, which this run does not read. map the site to its folder with [[site]], or keep it in the catalog", ref.Value, hostOf(ref.Value)).
			Because("incident process "+ref.Value, "the incident process %q is not read", ref.Value)
		return
	}
	if ref.Value != "" {
		in.Missingf(ref.At, "the incident process %q was not found among the pages that this run reads. correct the path or write it", ref.Value).
			Because("incident process "+ref.Value, "the incident process %q was not found", ref.Value)
		return
	}
	in.Missingf(in.Service.Name.At, "no page says how incidents of service %q are handled. write incident-response.md, or name one in the team's entry: incident_process = \"…\"", in.Service.Name.Value).
		Because("no incident process", "no page of the catalog says how incidents are handled")
}

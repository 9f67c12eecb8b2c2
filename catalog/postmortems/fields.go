package postmortems

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/catalog/pages"
)

// Names under which reports state things about themselves, the surest first.
var (
	dateNames     = []string{"incident date", "date of incident", "date", "incident start", "incident start time", "start date", "start time", "started", "start", "began", "occurred", "detected"}
	severityNames = []string{"severity", "severity level", "incident severity", "sev", "incident level"}
	statusNames   = []string{"status", "postmortem status", "incident status", "state"}
	idNames       = []string{"incident id", "id", "postmortem id", "incident number", "incident", "ticket", "reference", "incident ticket"}
	serviceNames  = []string{"service", "services", "affected services", "impacted services", "services affected", "services impacted", "affected service", "impacted service",
		"affected systems", "systems affected", "affected system", "system", "systems", "affected components", "component", "components", "impacted systems"}
	kindNames = []string{"category", "type", "kind", "incident type", "labels", "tags", "label", "tag", "classification"}
)

// maxFields bounds the fields of a page that are looked at.
const maxFields = 2000

// field is what a page states under a name, and the part of a report that it is: "Root cause: …".
type field struct {
	pages.Field
	part catalog.PostmortemPart
}

// fieldsOf gives the fields of the page, worked out once.
func (r *reader) fieldsOf() []field {
	if r.fielded == nil {
		all := r.outline.Fields()
		for _, f := range all[:min(len(all), maxFields)] {
			r.fielded = append(r.fielded, field{f, fieldPart(f.Name)})
		}
	}
	return r.fielded
}

// field gives the first value under one of the names, in the order of the names.
func (r *reader) field(names ...string) catalog.Text {
	for _, name := range names {
		for _, f := range r.fieldsOf() {
			if pages.Means(f.Name, name) == pages.Exactly {
				return pages.Quote(f.Value)
			}
		}
	}
	return catalog.Text{}
}

// heading gives the first value under one of the names that stands above the parts of the report, where it is about the
// whole of it.
func (r *reader) heading(names ...string) catalog.Text {
	t := r.field(names...)
	for i, part := range r.classify() {
		if part != "" && r.outline.Sections[i].Heading.At.Line < t.At.Line {
			return catalog.Text{}
		}
	}
	return t
}

// fields reads what the report states about itself.
func (r *reader) fields(p *catalog.Postmortem, file string) {
	p.Date = r.date(p.Title, file)
	p.Severity = r.field(severityNames...)
	p.Status = r.heading(statusNames...)
	p.ID = r.id(p.Title, file)
	p.Services = r.services()
	p.Security = r.security(p.Title.Value)
}

func (r *reader) date(title catalog.Text, file string) catalog.Text {
	if d := r.field(dateNames...); d.Value != "" {
		return d
	}
	if day := dates.Find(title.Value); day != "" {
		return catalog.Text{Value: day, At: title.At}
	}
	name := strings.ReplaceAll(path.Base(file), "_", "-")
	if day := cmp.Or(inName.FindString(name), dates.Find(strings.ReplaceAll(name, "-", " "))); day != "" {
		return catalog.Text{Value: strings.Clone(day), At: catalog.Place{File: file}}
	}
	return catalog.Text{}
}

var (
	inName = regexp.MustCompile(`20\d\d-\d\d-\d\d`)
	idForm = regexp.MustCompile(`\b(?i:PM|INC|INCIDENT|PIR|RCA|SEV|IR|COE|OUTAGE)[-_ ]?#?\d[\d-]*\d\b|\b[A-Z]{2,10}-\d{1,6}\b`)
	vague  = regexp.MustCompile(`(?i)^(?:SEV|P)[-_ ]?\d$|^(?:CVE|SHA|UTF|ISO|RFC)-`)
)

func (r *reader) id(title catalog.Text, file string) catalog.Text {
	for _, name := range idNames {
		t := r.field(name)
		if id := idForm.FindString(t.Value); id != "" && !vague.MatchString(id) && len(t.Value) < 60 {
			return catalog.Text{Value: id, At: t.At}
		}
	}
	for _, t := range []catalog.Text{title, {Value: path.Base(file), At: catalog.Place{File: file}}} {
		if id := idForm.FindString(t.Value); id != "" && !vague.MatchString(id) {
			return catalog.Text{Value: strings.Clone(id), At: t.At}
		}
	}
	return catalog.Text{}
}

var separators = regexp.MustCompile(`\s*(?:[,;、]|\band\b|\s[/&+]\s)\s*`)

// maxServices bounds how many services of a report are kept.
const maxServices = 100

// services gives the services that the report says were hit: of fields, and of lists below a heading.
func (r *reader) services() []catalog.Text {
	var all []catalog.Text
	add := func(t catalog.Text) {
		for _, name := range separators.Split(t.Value, maxServices) {
			name = strings.Trim(name, " .`*[]\"'")
			known := slices.ContainsFunc(all, func(s catalog.Text) bool { return s.Value == name })
			if name != "" && !known && !blank(name) && len(strings.Fields(name)) <= 5 && len(all) < maxServices {
				all = append(all, catalog.Text{Value: strings.Clone(name), At: t.At})
			}
		}
	}
	for _, f := range r.fieldsOf() {
		if pages.Means(f.Name, serviceNames...) == pages.Exactly {
			add(f.Value)
		}
	}
	for _, i := range r.outline.Find(serviceNames[2:]...) {
		s := r.outline.Sections[i]
		if pages.Means(s.Heading.Text, serviceNames[2:]...) != pages.Exactly {
			continue
		}
		for _, item := range s.Items {
			name, _, _ := strings.Cut(item.Value, ":")
			add(catalog.Text{Value: name, At: item.At})
		}
	}
	return all
}

var (
	securityWords = regexp.MustCompile(`(?i)\bCVE-\d|\bsecurity (?:incident|breach|vulnerability|issue)|\bdata breach|\bbreach(?:ed)?\b|\b(?:credentials?|secrets?|tokens?|passwords?|keys?|data) (?:leak|exposed|exposure)|` +
		`\bleak(?:ed|ing)? (?:\w+ )?(?:credentials?|secrets?|tokens?|passwords?|(?:api |private )?keys?|personal data)|\bransomware\b|\bmalware\b|\bmalicious\b|\bcompromised\b|\bunauthori[sz]ed access\b|\bphishing\b|\bdata exposure\b`)
	// promise are what is breached without any attacker.
	promise = regexp.MustCompile(`(?i)\b(?:SL[OA]|quota|threshold|limit|budget|rate|memory|objective)s?\b.{0,20}\bbreach|\bbreach(?:ed|es)?(?: of)?(?: \w+){0,2} (?:SL[OA]|quota|threshold|limit|budget|objective)`)
)

// security reports whether the report says that it is one of a security incident: by its kind or labels, or its title.
func (r *reader) security(title string) bool {
	for _, f := range r.fieldsOf() {
		switch {
		case pages.Means(f.Name, kindNames...) == pages.Exactly && slices.Contains(wordsOf(strings.ToLower(f.Value.Value)), "security") && len(f.Value.Value) < 80:
			return true
		case pages.Means(f.Name, "security incident", "security") == pages.Exactly && affirmed.MatchString(f.Value.Value):
			return true
		}
	}
	return securityWords.MatchString(title) && !promise.MatchString(title)
}

var affirmed = regexp.MustCompile(`(?i)^\W*(?:yes|true)\b`)

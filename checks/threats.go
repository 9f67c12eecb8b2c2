package checks

import (
	"fmt"
	"slices"
	"strings"

	"obsready/catalog"
)

// threatReason is one fact about a service that calls for a threat model.
type threatReason struct {
	says string
	at   catalog.Place
}

// threatReasons gives why a service needs a threat model, the surest first: who can reach it, what data it handles, what
// else makes it a target, whom it exchanges data with, and a change of its architecture.
//
// A change of the entry is a reason for services of tiers 1 and 2 only: any other that nobody outside reaches and that
// handles nothing sensitive may get a dependency without more ado.
func threatReasons(svc *catalog.Service) []threatReason {
	var all []threatReason
	add := func(at catalog.Place, format string, args ...any) {
		all = append(all, threatReason{fmt.Sprintf(format, args...), at.Or(svc.At)})
	}
	if e := exposureOf(svc); e == "internet" || e == "partner" {
		add(svc.Exposure.At, "its exposure is %q", svc.Exposure.Value)
	}
	for _, d := range svc.Data {
		if class := classOf(d.Value); class.sensitive {
			add(d.At, "it handles data of class %q", d.Value)
		}
	}
	for _, h := range svc.Handles {
		switch strings.ToLower(h.Value) {
		case "authentication", "authorization", "auth":
			add(h.At, "it decides who somebody is or may do what (%q)", h.Value)
		case "ai":
			add(h.At, "it lets a model or an agent act (%q)", h.Value)
		}
	}
	for _, p := range svc.Parties {
		if !blank(p.Value) {
			add(p.At, "it exchanges data with the third party %q", p.Value)
		}
	}
	if c := lastChange(svc); c != nil && svc.TierNumber() <= 2 {
		add(svc.At, "its architecture changed on %s: %s", c.When.UTC().Format("2006-01-02"), c.What)
	}
	return all
}

// lastChange gives the latest change of a service that calls for another look at its threats, nil for none. That the
// service was added is none: a model is best written before.
func lastChange(svc *catalog.Service) *catalog.Change {
	i := slices.IndexFunc(svc.Changes, func(c catalog.Change) bool { return !c.Begin })
	if i < 0 {
		return nil
	}
	return &svc.Changes[i]
}

// listReasons gives reasons as a sentence, each with its place, and the place of the first.
func listReasons(reasons []threatReason) (string, catalog.Place) {
	const most = 4
	var parts []string
	for i, r := range reasons {
		if i == most {
			parts = append(parts, fmt.Sprintf("%d more", len(reasons)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", r.says, r.at))
	}
	return strings.Join(parts, ", "), reasons[0].at
}

// unstatedProtection says what of a service's exposure and data is not stated, so that it is not known whether it needs
// a threat model; "" when both are.
func unstatedProtection(svc *catalog.Service) string {
	var missing []string
	if exposureOf(svc) == "" {
		missing = append(missing, "exposure")
	}
	if !slices.ContainsFunc(svc.Data, func(d catalog.Text) bool { return !vagueClass(d.Value) }) {
		missing = append(missing, "data")
	}
	switch len(missing) {
	case 0:
		return ""
	case 1:
		return missing[0] + " is not stated"
	}
	return "exposure and data are not stated"
}

// needlessModel says why a service needs no threat model.
func needlessModel(svc *catalog.Service) string {
	var classes []string
	for _, d := range svc.Data {
		classes = append(classes, d.Value)
	}
	return fmt.Sprintf("no threat model is required: the exposure is %q, the data is %s, and nothing else calls for one", svc.Exposure.Value, quoteAll(classes))
}

// threatModels gives the threat models to judge beside their existence. There are none when the service has none, which
// threat-model-exists asks for, and when it needs none.
func threatModels(in *Inspection) []catalog.Linked[catalog.ThreatModel] {
	svc := in.Service
	needed := len(threatReasons(svc)) > 0
	switch {
	case !needed && unstatedProtection(svc) == "":
		in.NotApplicablef("%s", needlessModel(svc))
		return nil
	case len(svc.ThreatModels) > 0:
		written := WrittenModels(svc)
		if len(written) == 0 {
			in.NotApplicablef("the threat model %s, which threat-model-exists reports", emptiness(svc.ThreatModels[0].Item))
		}
		return written
	case !needed:
		in.NotApplicablef("there is no threat model, and whether one is required is not known, which threat-model-exists says")
		return nil
	}
	if gap := svc.Gap(catalog.ThreatModels); gap != nil {
		in.Undecidedf(gap.At, "no threat model was found, but %s could not be read (%s: %s)", gap.At, gap.Cause, gap.Detail)
		return nil
	}
	in.NotApplicablef("there is no threat model, which threat-model-exists asks for")
	return nil
}

// WrittenModels gives the threat models of a service that say something.
func WrittenModels(svc *catalog.Service) []catalog.Linked[catalog.ThreatModel] {
	var all []catalog.Linked[catalog.ThreatModel]
	for _, m := range svc.ThreatModels {
		if !emptyModel(m.Item) {
			all = append(all, m)
		}
	}
	return all
}

// emptyModel reports whether a threat model is a title without answers, as a placeholder is.
func emptyModel(m *catalog.ThreatModel) bool {
	said := len(m.Assets) + len(m.Attackers) + len(m.Threats) + len(m.Detection) + len(m.Recovery) + len(m.Mitigations)
	return said == 0 && !m.Generated && m.Partial.Value == ""
}

// fewWords is how many words a page has at most that is no more than a title and a promise to write the rest.
const fewWords = 40

// emptiness says what a model without answers lacks. A page may have much text and name no threat.
func emptiness(m *catalog.ThreatModel) string {
	if m.Page != nil && m.Page.Words > fewWords {
		return "has text, and nothing in it was recognised as a threat, as something that is protected or as somebody who attacks"
	}
	return "says nothing yet"
}

// modelName gives what a threat model is called in messages.
func modelName(m *catalog.ThreatModel) string {
	if m.Title.Value != "" {
		return fmt.Sprintf("%q", m.Title.Value)
	}
	return fmt.Sprintf("%q", m.At.File)
}

// formatName gives the format of a threat model as its tool writes its own name.
func formatName(m *catalog.ThreatModel) string {
	switch m.Format {
	case "threat dragon":
		return "Threat Dragon"
	case "threagile":
		return "Threagile"
	case "markdown":
		return "Markdown"
	}
	return m.Format
}

package slos

import (
	"regexp"
	"slices"

	"obsready/catalog"
	"obsready/catalog/document"
)

// window is the placeholder for which Sloth puts each of its windows.
var window = regexp.MustCompile(`\{\{-?\s*\.window\s*-?\}\}`)

// slothKeys are the spellings of one of Sloth's two formats. Sloth ignores the other format's spelling, and so does
// this reader.
type slothKeys struct {
	format                             string
	errorQuery, totalQuery, errorRatio string
	pageAlert, ticketAlert             string
}

// plainSloth and resourceSloth follow github.com/slok/sloth pkg/prometheus/api/v1 and pkg/kubernetes/api/sloth/v1.
var (
	plainSloth    = slothKeys{"sloth/v1", "error_query", "total_query", "error_ratio_query", "page_alert", "ticket_alert"}
	resourceSloth = slothKeys{"sloth CRD", "errorQuery", "totalQuery", "errorRatioQuery", "pageAlert", "ticketAlert"}
)

func readSloth(root *document.Node) catalog.Facts {
	if version := root.Get("version").Str(); version != "prometheus/v1" {
		return catalog.Facts{Gaps: []catalog.Gap{gap(root, catalog.Unsupported, "Sloth version %q is not read. expected \"prometheus/v1\"", version)}}
	}
	return readSlothSpec(root, plainSloth)
}

func readSlothResource(root *document.Node, version string) catalog.Facts {
	if version != "v1" {
		return catalog.Facts{Gaps: []catalog.Gap{gap(root, catalog.Unsupported, "API version %q is not read. expected \"sloth.slok.dev/v1\"", root.Get("apiVersion").Str())}}
	}
	return readSlothSpec(root.Get("spec"), resourceSloth)
}

// slothWindow is the window of all of Sloth's SLOs unless its command is told another (--default-slo-period).
const slothWindow = 30 * day

// readSlothSpec reads the SLOs of a service. Their window is an option of Sloth's command (30 days unless it says
// otherwise) and not in the file, so Window stays empty. The burn-rate conditions are those of the default.
func readSlothSpec(spec *document.Node, keys slothKeys) catalog.Facts {
	var facts catalog.Facts
	items := spec.Get("slos").List()
	if len(items) == 0 {
		facts.Gaps = append(facts.Gaps, gap(spec, catalog.BadValue, "service %q has no slos. list at least one below slos", spec.Get("service").Str()))
	}
	for _, item := range items {
		slo := &catalog.SLO{
			Name:        item.Get("name").Text(),
			Description: item.Get("description").Text(),
			Service:     spec.Get("service").Text(),
			Format:      keys.format,
			Objective:   item.Get("objective").Text(),
			Labels:      inherit(item.Get("labels").Labels(), spec.Get("labels").Labels()),
			At:          item.At,
		}
		slo.Percent = percent(slo.Objective, 0)
		slo.Indicator = keys.indicator(item.Get("sli"))
		slo.Alerting, slo.Annotations = keys.alerting(item.Get("alerting"), item.At)
		slo.PolicyRef, slo.Dimension = PolicyRef(slo.Annotations, slo.Labels), dimension(slo.Labels)
		facts.SLOs = append(facts.SLOs, slo)
		facts.Gaps = append(facts.Gaps, checkObjective(slo, item, "objective to a percentage, as in 99.9")...)
		if item.Get("sli", "plugin", "id").Str() != "" {
			facts.Gaps = append(facts.Gaps, checkPlugin(slo, item)...)
			continue
		}
		facts.Gaps = append(facts.Gaps, checkIndicator(slo, item, "sli.events or sli.raw")...)
	}
	return facts
}

func (k slothKeys) indicator(sli *document.Node) catalog.Indicator {
	bad, total := queries(sli.Get("events", k.errorQuery)), queries(sli.Get("events", k.totalQuery))
	if len(bad)+len(total) > 0 {
		return catalog.Indicator{Kind: "bad ratio", Bad: bad, Total: total}
	}
	if raw := queries(sli.Get("raw", k.errorRatio)); len(raw) > 0 {
		return catalog.Indicator{Kind: "raw", Raw: raw}
	}
	return catalog.Indicator{}
}

// alerting gives what Sloth generates: both alerts unless the file turns one off. Their annotations come from three
// places, the surest for a reader first.
func (k slothKeys) alerting(n *document.Node, slo catalog.Place) (catalog.SLOAlerting, []catalog.Label) {
	page, ticket := n.Get(k.pageAlert), n.Get(k.ticketAlert)
	alerting := catalog.SLOAlerting{
		Name:   n.Get("name").Text(),
		Page:   !page.Get("disable").Bool(),
		Ticket: !ticket.Get("disable").Bool(),
	}
	burns := recommendedBurns(slothWindow, placeOr(n, slo))
	alerting.Burns = slices.DeleteFunc(burns, func(b catalog.Burn) bool { return b.Page && !alerting.Page || !b.Page && !alerting.Ticket })
	annotations := n.Get("annotations").Labels()
	annotations = append(annotations, page.Get("annotations").Labels()...)
	return alerting, append(annotations, ticket.Get("annotations").Labels()...)
}

// checkPlugin gives a gap when a plugin makes the indicator, whose queries are then nowhere in the file.
func checkPlugin(slo *catalog.SLO, item *document.Node) []catalog.Gap {
	plugin := item.Get("sli", "plugin", "id").Text()
	g := gap(item, catalog.Unsupported, "the indicator of SLO %q is made by the Sloth plugin %q, and its queries are not in the file. state them as sli.events", slo.Name.Value, plugin.Value)
	g.At = plugin.At
	return []catalog.Gap{g}
}

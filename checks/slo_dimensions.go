package checks

import (
	"slices"

	"obsready/catalog"
	"obsready/checks/measure"
)

var sloDimensions = &Check{
	ID:    "slo-dimensions",
	Title: "The SLOs promise what users of such a service care about",
	Why: "Users leave a service that answers too late as they leave one that fails, and a pipeline that is up and delivers yesterday's data keeps an availability promise that helps nobody. " +
		"A promise of one kind hides the others.",
	Fix: "Add an SLO for what is missing: a service that answers requests promises availability and latency, a pipeline freshness and correctness, a batch job that its runs succeed or that its results are fresh. " +
		"Say what an SLO promises with `dimension = \"latency\"` of a native entry, or with the label `category: latency`, where its queries do not tell.",
	Source:   "SRE workbook, chapter 2 \"Implementing SLOs\", its table of SLIs by type of component (request-driven, pipeline, storage).",
	Pillar:   SLOs,
	Question: Promise,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.SLOs},
	Run: func(in *Inspection) {
		if notOperated(in, "SLO") || noSLOs(in) {
			return
		}
		for _, want := range dimensionsOf[in.Service.KindName()] {
			requireDimension(in, want)
		}
	},
}

// dimensionWant is something that a service of some kind promises: one of several dimensions.
type dimensionWant struct {
	name string
	any  []measure.Dimension
	hint string // an example of what to promise
}

var answers = dimensionWant{"availability", []measure.Dimension{measure.Availability, measure.Errors, measure.Correctness},
	"99.9 % of requests succeed"}

// dimensionsOf are the dimensions that the SLOs of a service of each kind cover.
var dimensionsOf = map[string][]dimensionWant{
	"request":  {answers, {"latency", []measure.Dimension{measure.Latency}, "99 % of requests are answered within 300ms"}},
	"frontend": {answers, {"latency", []measure.Dimension{measure.Latency}, "95 % of pages are shown within 2.5s"}},
	"pipeline": {
		{"freshness", []measure.Dimension{measure.Freshness, measure.Latency}, "99 % of records are delivered within 10 minutes"},
		{"correctness", []measure.Dimension{measure.Correctness, measure.Errors, measure.Availability, measure.Throughput, measure.Durability}, "99.99 % of records are delivered without an error"},
	},
	"batch": {{"success or freshness", []measure.Dimension{measure.Freshness, measure.Errors, measure.Availability, measure.Correctness, measure.Throughput, measure.Latency},
		"99 % of runs succeed"}},
	"platform": {answers, {"latency, durability or saturation", []measure.Dimension{measure.Latency, measure.Durability, measure.Throughput, measure.Freshness, measure.Saturation, measure.RecoveryTime},
		"99 % of requests to its interface are answered within 1s"}},
}

// requireDimension states whether an SLO of the service or of a journey that crosses it covers a dimension. One of which
// it is not known what it measures may do.
func requireDimension(in *Inspection, want dimensionWant) {
	var open *catalog.SLO
	var why measure.Judgement
	for _, o := range promisedSLOs(in.Service) {
		j := in.Dimension(o)
		known := j.Sure() && j.Dimension != measure.Other && j.Dimension != measure.Budget
		switch {
		case known && slices.Contains(want.any, j.Dimension):
			in.Metf(o.At, "SLO %q promises %s: %s", o.Name.Value, j.Dimension, j.Reasons[0].Text)
			return
		case !known && open == nil:
			open, why = o, j
		}
	}
	kind := in.Service.KindName()
	if open != nil {
		in.Undecidedf(open.At, "no SLO surely promises %s, but what SLO %q promises is not known: %s. say it with dimension, or with the label category", want.name, open.Name.Value, why.Reasons[0].Text)
		return
	}
	in.Missingf(in.Service.SLOs[0].Item.At, "no SLO of service %q, of kind %q, promises %s. add one, as in %q", in.Service.Name.Value, kind, want.name, want.hint)
}

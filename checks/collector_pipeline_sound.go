package checks

import (
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

var collectorPipelineSound = &Check{
	ID:       "collector-pipeline-sound",
	Title:    "The collector pipelines that carry the service's signals are complete and in a safe order",
	Why:      "A collector with a component that is not defined does not start. Without a memory limiter in front it is killed under the very load that an incident brings, and a batch in front of a sampler or of `k8sattributes` breaks what these see.",
	Fix:      "Define every component that a pipeline names, let `memory_limiter` be its first processor, put samplers and `k8sattributes` before `batch`, and export to a backend, not to `debug` alone.",
	Source:   "OpenTelemetry Collector documentation, \"Recommended processors\" and the README files of memory_limiter and batch.",
	Pillar:   Traces,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Collectors},
	All:      true,
	Run: func(in *Inspection) {
		if len(in.Service.Collectors) == 0 {
			in.NotApplicablef("no collector configuration is known to carry the service's signals")
			return
		}
		for _, linked := range carriers(in.Service) {
			for _, p := range pipelinesOf(linked.Item, in.Estate) {
				if linked.By.Rung == catalog.ByPipeline && p.fed() && !p.receives("otlp") {
					continue // it carries other signals than the service's
				}
				requireSound(in, p, linked.By)
			}
		}
		if len(in.requirements) == 0 {
			in.NotApplicablef("the collectors of the service have no pipelines of their own")
		}
	},
}

// requireSound states every problem of a pipeline, or that there is none. A problem of a collector that serves many
// services is one cause.
func requireSound(in *Inspection, p pipeline, link catalog.Link) {
	problems := slices.Concat(p.undefined(), p.openEnds(), p.order())
	if len(problems) == 0 {
		in.Metf(p.stated.Name.At, "%s is complete and in order", p).LinkedBy(link)
	}
	for _, problem := range problems {
		state := in.Unmetf
		if problem.undecided {
			state = in.Undecidedf
		}
		state(problem.at, "%s %s", p, problem.text).LinkedBy(link).
			Because("collector "+problem.at.String()+" "+problem.text, "%s %s", p, problem.text)
	}
}

// flaw is something that is wrong with a pipeline, as the rest of a sentence that begins with its name.
type flaw struct {
	at        catalog.Place
	text      string
	undecided bool // what completes the configuration elsewhere may mend it
}

// undefined gives the components that the pipeline refers to and no file of the collector defines. Those of a
// configuration that is completed elsewhere are one flaw together: one more file decides about all.
func (p pipeline) undefined() []flaw {
	var flaws []flaw
	var open []string
	var at catalog.Place
	for _, part := range []struct {
		refs  []catalog.Text
		roles []string
	}{
		{p.stated.Receivers, []string{"receiver", "connector"}},
		{p.stated.Processors, []string{"processor"}},
		{p.stated.Exporters, []string{"exporter", "connector"}},
	} {
		for _, ref := range part.refs {
			name := part.roles[0] + " " + strconv.Quote(ref.Value)
			switch {
			case slices.ContainsFunc(part.roles, func(role string) bool { _, ok := p.component(role, ref.Value); return ok }):
			case p.incomplete() || elsewhere(ref.Value):
				open, at = append(open, name), at.Or(ref.At)
			default:
				flaws = append(flaws, flaw{at: ref.At, text: "names " + name + ", which is not defined. define it or correct the name"})
			}
		}
	}
	if len(open) > 0 {
		flaws = append(flaws, flaw{at: at, undecided: true,
			text: "names " + strings.Join(open, ", ") + ", which no file of this run defines: a chart or another file may. keep the whole configuration in the catalog"})
	}
	return flaws
}

// openEnds gives what is wrong where data enters and leaves the pipeline.
func (p pipeline) openEnds() []flaw {
	at := p.stated.Name.At
	var flaws []flaw
	for _, end := range []struct {
		have []catalog.Text
		role string
	}{{p.receivers, "receiver"}, {p.exporters, "exporter"}} {
		switch {
		case len(end.have) > 0:
		case p.incomplete():
			flaws = append(flaws, flaw{at, "names no " + end.role + " in what this run reads, and is completed elsewhere. keep the whole configuration in the catalog", true})
		default:
			flaws = append(flaws, flaw{at, "has no " + end.role + ". add one", false})
		}
	}
	if len(p.exporters) > 0 && !slices.ContainsFunc(p.exporters, func(e catalog.Text) bool { return !discards(e.Value) }) {
		flaws = append(flaws, flaw{p.exporters[0].At, `exports to "` + p.exporters[0].Value + `" only, which keeps nothing. add an exporter to a backend`, false})
	}
	return flaws
}

// order gives what is wrong with the order of the processors. A pipeline that only connectors feed needs no limiter of
// its own: the ones before it have one.
func (p pipeline) order() []flaw {
	processors := p.stated.Processors
	if len(processors) == 0 && p.incomplete() || len(p.receivers) == 0 {
		return nil // its processors stand elsewhere, or nothing enters
	}
	var flaws []flaw
	limiter := slices.IndexFunc(processors, func(t catalog.Text) bool { return componentType(t.Value) == "memorylimiter" })
	switch {
	case limiter < 0 && p.fed():
		flaws = append(flaws, flaw{p.stated.Name.At, "has no memory_limiter, so a surge of data kills the collector. make it the first processor", false})
	case limiter > 0:
		flaws = append(flaws, flaw{processors[limiter].At, `runs "` + processors[0].Value + `" before "` + processors[limiter].Value + `", so data piles up before it can be refused. make the limiter the first processor`, false})
	}
	batch := slices.IndexFunc(processors, func(t catalog.Text) bool { return componentType(t.Value) == "batch" })
	if batch < 0 {
		return flaws
	}
	for _, later := range processors[batch+1:] {
		switch {
		case isSampler(later.Value):
			flaws = append(flaws, flaw{later.At, `batches before it samples by "` + later.Value + `", so batches are half empty. put the sampler before "` + processors[batch].Value + `"`, false})
		case componentType(later.Value) == "k8sattributes":
			flaws = append(flaws, flaw{later.At, `batches before "` + later.Value + `", which then no longer sees the connection that data came by. put it before "` + processors[batch].Value + `"`, false})
		}
	}
	return flaws
}

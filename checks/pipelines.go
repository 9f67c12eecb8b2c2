package checks

import (
	"path"
	"slices"
	"strings"

	"obsready/catalog"
)

// pipeline is one pipeline of a collector, with what other files of the same folder add to it: a collector is often
// given a base configuration and files that complete it.
type pipeline struct {
	collector *catalog.Collector
	layers    []*catalog.Collector // the collector first, then the files that may be given to it as well
	stated    catalog.Pipeline     // as the collector's own configuration states it

	receivers, processors, exporters []catalog.Text
}

// pipelinesOf gives the pipelines of a collector in the order of its configuration.
func pipelinesOf(c *catalog.Collector, estate *catalog.Estate) []pipeline {
	layers := layersOf(c, estate)
	var all []pipeline
	for _, stated := range c.Pipelines {
		p := pipeline{collector: c, layers: layers, stated: stated}
		p.receivers = p.gathered(func(s catalog.Pipeline) []catalog.Text { return s.Receivers })
		p.processors = p.gathered(func(s catalog.Pipeline) []catalog.Text { return s.Processors })
		p.exporters = p.gathered(func(s catalog.Pipeline) []catalog.Text { return s.Exporters })
		all = append(all, p)
	}
	return all
}

// layersOf gives the collector and the other configurations of its folder that may be merged with it: a collector reads
// several files in turn, and then one of each two is incomplete by itself.
func layersOf(c *catalog.Collector, estate *catalog.Estate) []*catalog.Collector {
	layers := []*catalog.Collector{c}
	folder := path.Dir(c.At.File)
	for _, o := range estate.Collectors {
		if o != c && (o.Partial || c.Partial) && o.At.File != c.At.File && path.Dir(o.At.File) == folder {
			layers = append(layers, o)
		}
	}
	return layers
}

// gathered gives the parts that any layer lists for the pipeline. A later file replaces the list of an earlier one, but
// which file is the later one is not known.
func (p pipeline) gathered(list func(catalog.Pipeline) []catalog.Text) []catalog.Text {
	var all []catalog.Text
	for _, layer := range p.layers {
		for _, s := range layer.Pipelines {
			if s.Name.Value != p.stated.Name.Value {
				continue
			}
			for _, t := range list(s) {
				if !slices.ContainsFunc(all, func(have catalog.Text) bool { return have.Value == t.Value }) {
					all = append(all, t)
				}
			}
		}
	}
	return all
}

func (p pipeline) signal() string { return p.stated.Signal }

// incomplete reports whether files that this run does not know may add to the pipeline.
func (p pipeline) incomplete() bool { return p.collector.Partial }

// String names the pipeline in messages.
func (p pipeline) String() string {
	return `pipeline "` + p.stated.Name.Value + `" of collector "` + p.collector.Name.Value + `"`
}

// component finds what a pipeline refers to, in any layer.
func (p pipeline) component(role, name string) (catalog.Component, bool) {
	for _, layer := range p.layers {
		if c, ok := layer.Component(role, name); ok {
			return c, true
		}
	}
	return catalog.Component{}, false
}

// componentType gives the type in a component's name, in the spelling without underscores: the Collector renames its
// components to "otlp_http" and "resource_detection", and both spellings are in use.
func componentType(name string) string {
	name, _, _ = strings.Cut(name, "/")
	return strings.ReplaceAll(strings.ToLower(name), "_", "")
}

// receives reports whether the pipeline has a receiver of one of the types.
func (p pipeline) receives(types ...string) bool {
	return slices.ContainsFunc(p.receivers, func(t catalog.Text) bool { return slices.Contains(types, componentType(t.Value)) })
}

// fed reports whether data enters the collector at this pipeline, and not only from others by a connector.
func (p pipeline) fed() bool {
	return slices.ContainsFunc(p.receivers, func(t catalog.Text) bool {
		_, isConnector := p.component("connector", t.Value)
		return !isConnector
	})
}

// discards reports whether an exporter keeps nothing: it writes to the collector's own log, or nowhere.
func discards(exporter string) bool {
	return slices.Contains([]string{"debug", "logging", "nop"}, componentType(exporter))
}

// destination gives the first exporter that takes the pipeline's data out of the collector, also by way of connectors
// to other pipelines of the same signal. False when there is none.
func (p pipeline) destination(all []pipeline) (string, bool) {
	return p.follow(all, map[string]bool{})
}

func (p pipeline) follow(all []pipeline, seen map[string]bool) (string, bool) {
	if seen[p.stated.Name.Value] {
		return "", false
	}
	seen[p.stated.Name.Value] = true
	for _, e := range p.exporters {
		if _, isConnector := p.component("connector", e.Value); !isConnector && !discards(e.Value) {
			return e.Value, true
		}
	}
	for _, e := range p.exporters {
		for _, next := range all {
			if next.signal() != p.signal() || !slices.ContainsFunc(next.receivers, func(r catalog.Text) bool { return r.Value == e.Value }) {
				continue
			}
			if name, ok := next.follow(all, seen); ok {
				return name, true
			}
		}
	}
	return "", false
}

// route is a pipeline that carries a service's signal, with where it leads.
type route struct {
	pipeline
	link        catalog.Link
	destination string // an exporter; "" when nothing takes the data out of the collector
}

// carriers gives the collectors that carry the service's signals. Those that it names or that stand in its folder are
// its own, and then others, which any sender of OpenTelemetry data is linked to, do not count.
func carriers(svc *catalog.Service) []catalog.Linked[catalog.Collector] {
	var sure []catalog.Linked[catalog.Collector]
	for _, c := range svc.Collectors {
		if c.By.Rung != catalog.ByPipeline {
			sure = append(sure, c)
		}
	}
	if len(sure) > 0 {
		return sure
	}
	return svc.Collectors
}

// routes gives the pipelines of one signal by which the service's collectors take data in. A collector that is linked
// only because the service sends to it counts with the receivers that can take what the service sends.
func routes(in *Inspection, signal string, receivers ...string) []route {
	var found []route
	for _, linked := range carriers(in.Service) {
		all := pipelinesOf(linked.Item, in.Estate)
		for _, p := range all {
			if p.signal() != signal || !p.fed() || linked.By.Rung == catalog.ByPipeline && !p.receives(receivers...) {
				continue
			}
			r := route{pipeline: p, link: linked.By}
			r.destination, _ = p.destination(all)
			found = append(found, r)
		}
	}
	return found
}

package checks

import (
	"testing"
	"time"

	"obsready/catalog"
)

func newTexts(words ...string) []catalog.Text {
	var all []catalog.Text
	for _, w := range words {
		all = append(all, newText(w))
	}
	return all
}

func newCollector(file string, pipelines []catalog.Pipeline, components ...catalog.Component) *catalog.Collector {
	return &catalog.Collector{Name: newText(file), At: catalog.Place{File: file}, Pipelines: pipelines, Components: components}
}

func newComponent(role, name string) catalog.Component {
	return catalog.Component{Role: role, Name: newText(name)}
}

// TestDestination follows connectors to an exporter, and ends where they lead in a circle.
func TestDestination(t *testing.T) {
	chain := func(exporters ...string) *catalog.Collector {
		return newCollector("c.yaml", []catalog.Pipeline{
			{Name: newText("traces/in"), Signal: "traces", Receivers: newTexts("otlp"), Exporters: newTexts("debug", "forward/a")},
			{Name: newText("traces/mid"), Signal: "traces", Receivers: newTexts("forward/a"), Exporters: newTexts("forward/b")},
			{Name: newText("traces/out"), Signal: "traces", Receivers: newTexts("forward/b"), Exporters: newTexts(exporters...)},
			{Name: newText("metrics"), Signal: "metrics", Receivers: newTexts("forward/a"), Exporters: newTexts("prometheus")},
		}, newComponent("connector", "forward/a"), newComponent("connector", "forward/b"), newComponent("exporter", "debug"))
	}
	for _, c := range []struct {
		exporters []string
		want      string
		ok        bool
	}{
		{[]string{"otlp/tempo"}, "otlp/tempo", true},
		{[]string{"forward/a"}, "", false},
		{[]string{"debug"}, "", false},
		{nil, "", false},
	} {
		k := chain(c.exporters...)
		all := pipelinesOf(k, &catalog.Estate{Collectors: []*catalog.Collector{k}})
		if got, ok := all[0].destination(all); got != c.want || ok != c.ok {
			t.Errorf("%v: got %q, %v, want %q, %v", c.exporters, got, ok, c.want, c.ok)
		}
		if !all[0].fed() || all[1].fed() {
			t.Errorf("%v: data enters at the first pipeline only", c.exporters)
		}
	}
}

// TestLayers merges an incomplete configuration with those of its folder, and a complete one with none but such.
func TestLayers(t *testing.T) {
	base, part, other, far := newCollector("a/base.yaml", nil), newCollector("a/part.yaml", nil), newCollector("a/other.yaml", nil), newCollector("b/part.yaml", nil)
	part.Partial, far.Partial = true, true
	estate := &catalog.Estate{Collectors: []*catalog.Collector{base, part, other, far}}
	for c, want := range map[*catalog.Collector]int{base: 2, part: 3, other: 2, far: 1} {
		if got := len(layersOf(c, estate)); got != want {
			t.Errorf("%s: got %d layers, want %d", c.At.File, got, want)
		}
	}
}

// TestUnknownCollector leaves open where traces go when the catalog has no collector at all.
func TestUnknownCollector(t *testing.T) {
	svc := &catalog.Service{Name: newText("checkout"), Signals: catalog.Signals{Traces: newText("checkout")}, At: catalog.Place{File: "service.toml"}}
	settings := DefaultSettings()
	if r := tracesCollected.Inspect(NewSurvey(&catalog.Estate{}, &settings, time.Time{}).About(svc)); r.Verdict != Unknown {
		t.Errorf("got %+v", r)
	}
}

// TestSpellings accepts the component names of both generations.
func TestSpellings(t *testing.T) {
	for name, want := range map[string]string{"otlp_http/tempo": "otlphttp", "resourcedetection/env": "resourcedetection", "resource_detection": "resourcedetection", "memory_limiter": "memorylimiter"} {
		if got := componentType(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

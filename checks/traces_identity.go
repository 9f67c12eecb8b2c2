package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

var tracesIdentity = &Check{
	ID:       "traces-identity",
	Title:    "Spans say which service, environment and version they come from",
	Why:      "A `service.name` that differs from the catalog's makes the service impossible to find in traces, and the default `unknown_service` mixes it with others. Without environment and version nobody can tell whether the last release or a test system is the reason.",
	Fix:      "Set `OTEL_SERVICE_NAME` to the name in the catalog and `OTEL_RESOURCE_ATTRIBUTES=deployment.environment.name=production,service.version=1.4.2`, or have a collector's `resource` processor set the attributes. What the code sets is declared: `signals.traces`, `tracing.environment`, `tracing.version`.",
	Source:   "OpenTelemetry semantic conventions, \"Service\" and \"Deployment\"; Instrumentation Score specification (service.name, critical).",
	Pillar:   Traces,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services, catalog.Workloads, catalog.Collectors},
	Run: func(in *Inspection) {
		if !tracing(in) {
			return
		}
		requireServiceName(in)
		requireAttribute(in, in.Service.Tracing.Environment, "environment", "deployment.environment.name", "deployment.environment")
		requireAttribute(in, in.Service.Tracing.Version, "version", "service.version")
	},
}

// requireServiceName judges the service.name that the entry declares and those that workloads set. One that is decided
// elsewhere counts as the declared one.
func requireServiceName(in *Inspection) {
	svc, declared := in.Service, in.Service.Signals.Traces
	judged := false
	if strings.Contains(declared.Value, "/") {
		in.Unmetf(declared.At, "service.name %q has a slash, which parts namespace and name. put the first part into service.namespace", declared.Value)
		judged = true
	}
	for _, w := range sdkWorkloads(svc) {
		name, set := serviceName(w.Item)
		switch {
		case !set, elsewhere(name.Value) && declared.Value != "":
		case elsewhere(name.Value):
			in.Undecidedf(name.At, "workload %q takes its service.name from where this run does not look. declare it as signals.traces", w.Item.Name.Value).LinkedBy(w.By)
			judged = true
		case strings.Contains(name.Value, "/"):
			in.Unmetf(name.At, "service.name %q has a slash, which parts namespace and name. put the first part into service.namespace", name.Value).LinkedBy(w.By)
			judged = true
		case !slices.Contains(spanNames(svc), name.Value):
			in.Unmetf(name.At, "workload %q sends spans as %q, but the catalog knows the service as %s. use one name, or add it to aliases", w.Item.Name.Value, name.Value, alternatives(spanNames(svc))).LinkedBy(w.By)
			judged = true
		default:
			in.Metf(name.At, "workload %q sends spans as %q", w.Item.Name.Value, name.Value).LinkedBy(w.By)
			judged = true
		}
	}
	if judged {
		return
	}
	if declared.Value != "" {
		in.Metf(declared.At, "the entry declares service.name %q", declared.Value)
		return
	}
	unnamed(in)
}

// unnamed states that nothing names the service. The operator derives a name from the workload where its Instrumentation
// is in use.
func unnamed(in *Inspection) {
	for _, w := range sdkWorkloads(in.Service) {
		switch {
		case w.Item.Kind == "Instrumentation":
			in.Metf(w.Item.At, "instrumentation %q names spans after the workload", w.Item.Name.Value).LinkedBy(w.By)
			return
		case w.Item.Templated:
			in.Undecidedf(w.Item.At, "workload %q states no service.name, but a template may fill it in. declare it as signals.traces", w.Item.Name.Value).LinkedBy(w.By)
			return
		}
	}
	in.Missingf(in.Service.At, "nothing sets the service.name of %q, so its spans may arrive as \"unknown_service\". set OTEL_SERVICE_NAME, or declare signals.traces", in.Service.Name.Value)
}

// spanNames gives the names by which spans of the service may be known: the declared service.name, else the service's
// own names.
func spanNames(svc *catalog.Service) []string {
	var names []string
	if svc.Signals.Traces.Value != "" {
		names = append(names, svc.Signals.Traces.Value)
	} else {
		names = append(names, svc.Name.Value)
	}
	for _, a := range svc.Aliases {
		names = append(names, a.Value)
	}
	return names
}

// alternatives gives words in quotes, joined by "or".
func alternatives(words []string) string { return `"` + strings.Join(words, `" or "`) + `"` }

// requireAttribute asks that a resource attribute, known by one of the keys, is set: declared in the entry, by a
// workload, or by a processor that the traces pass.
func requireAttribute(in *Inspection, declared catalog.Text, word string, keys ...string) {
	if declared.Value != "" {
		in.Metf(declared.At, "the entry says that %s is %q", keys[0], declared.Value)
		return
	}
	var partial *catalog.Linked[catalog.Workload]
	for _, w := range sdkWorkloads(in.Service) {
		pairs, more := resourceAttributes(w.Item)
		for _, p := range pairs {
			if slices.Contains(keys, p.Key) {
				in.Metf(p.At, "workload %q sets %s", w.Item.Name.Value, p.Key).LinkedBy(w.By)
				return
			}
		}
		if more && partial == nil {
			partial = &w
		}
	}
	for _, r := range routes(in, "traces", traceReceivers...) {
		if processor, at, ok := r.sets(keys...); ok {
			in.Metf(at, "processor %q in %s sets %s", processor, r, keys[0]).LinkedBy(r.link)
			return
		}
	}
	if partial != nil {
		in.Undecidedf(partial.Item.At, "workload %q takes resource attributes from where this run does not look. declare tracing.%s", partial.Item.Name.Value, word).LinkedBy(partial.By)
		return
	}
	in.Missingf(in.Service.At, "nothing sets the attribute %s of the spans of %q. set it in OTEL_RESOURCE_ATTRIBUTES, or declare tracing.%s", keys[0], in.Service.Name.Value, word)
}

// setters are the types of processors that set attributes of resources.
var setters = []string{"resource", "attributes", "transform", "k8sattributes", "resourcedetection"}

// sets gives the first processor of the pipeline that sets one of the attributes.
func (p pipeline) sets(keys ...string) (processor string, at catalog.Place, ok bool) {
	for _, name := range p.processors {
		if !slices.Contains(setters, componentType(name.Value)) {
			continue
		}
		c, _ := p.component("processor", name.Value)
		for _, s := range c.Settings {
			for _, key := range keys {
				if s.Value == key || strings.Contains(s.Value, `set(`) && strings.Contains(s.Value, `["`+key+`"]`) || strings.HasSuffix(s.Key, "."+key+".enabled") && s.Value == "true" {
					return name.Value, s.At, true
				}
			}
		}
	}
	return "", catalog.Place{}, false
}

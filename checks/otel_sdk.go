package checks

import (
	"slices"
	"strings"

	"obsready/catalog"
)

// sdkVariables begin the names of the variables that OpenTelemetry SDKs and agents read. Others, such as
// OTEL_COLLECTOR_HOST, are somebody's own.
var sdkVariables = []string{
	"OTEL_SERVICE_NAME", "OTEL_RESOURCE_", "OTEL_EXPORTER_", "OTEL_TRACES_", "OTEL_METRICS_", "OTEL_METRIC_", "OTEL_LOGS_", "OTEL_PROPAGATORS", "OTEL_SDK_",
	"OTEL_BSP_", "OTEL_BLRP_", "OTEL_SPAN_", "OTEL_CONFIG_FILE", "OTEL_INSTRUMENTATION_", "OTEL_JAVAAGENT_", "OTEL_PYTHON_", "OTEL_DOTNET_", "OTEL_NODE_",
	"OTEL_PHP_", "OTEL_GO_",
}

// setsUpSDK reports whether a workload has variables for an OpenTelemetry SDK.
func setsUpSDK(w *catalog.Workload) bool {
	return slices.ContainsFunc(w.Env, func(v catalog.Label) bool {
		return slices.ContainsFunc(sdkVariables, func(begin string) bool { return strings.HasPrefix(v.Key, begin) })
	})
}

// sdkWorkloads gives the service's workloads that set up an OpenTelemetry SDK by its variables, without those that
// switch it or its traces off.
func sdkWorkloads(svc *catalog.Service) []catalog.Linked[catalog.Workload] {
	var found []catalog.Linked[catalog.Workload]
	for _, w := range svc.Workloads {
		if _, off := offSwitch(w.Item, "OTEL_TRACES_EXPORTER"); setsUpSDK(w.Item) && !off {
			found = append(found, w)
		}
	}
	return found
}

// offSwitch gives the variable by which a workload switches its SDK off, or the exporter of one signal.
func offSwitch(w *catalog.Workload, exporter string) (catalog.Label, bool) {
	if v, ok := catalog.FindLabel(w.Env, "OTEL_SDK_DISABLED"); ok && strings.EqualFold(v.Value, "true") {
		return v, true
	}
	if v, ok := catalog.FindLabel(w.Env, exporter); ok && v.Value == "none" {
		return v, true
	}
	return catalog.Label{}, false
}

// switchedOff reports whether all of the service's workloads with OpenTelemetry variables switch the exporter off.
func switchedOff(svc *catalog.Service, exporter string) bool {
	off := false
	for _, w := range svc.Workloads {
		if _, is := offSwitch(w.Item, exporter); is {
			off = true
		} else if setsUpSDK(w.Item) {
			return false
		}
	}
	return off
}

// elsewhere reports whether a variable's value is decided where this run does not look: it is not written down, or made
// of another variable or a template.
func elsewhere(value string) bool {
	return value == "" || strings.Contains(value, "$") || strings.Contains(value, "{{")
}

// resourceAttributes reads OTEL_RESOURCE_ATTRIBUTES of a workload: pairs joined by commas. more says that further pairs
// are decided elsewhere.
func resourceAttributes(w *catalog.Workload) (pairs []catalog.Label, more bool) {
	v, ok := catalog.FindLabel(w.Env, "OTEL_RESOURCE_ATTRIBUTES")
	if !ok {
		return nil, w.Templated
	}
	for part := range strings.SplitSeq(v.Value, ",") {
		key, value, isPair := strings.Cut(strings.TrimSpace(part), "=")
		if isPair {
			pairs = append(pairs, catalog.Label{Key: key, Value: value, At: v.At})
		} else {
			more = more || elsewhere(key)
		}
	}
	return pairs, more
}

// serviceName gives the service.name that a workload sets, if it does: OTEL_SERVICE_NAME, else the resource attribute.
func serviceName(w *catalog.Workload) (name catalog.Label, set bool) {
	if v, ok := catalog.FindLabel(w.Env, "OTEL_SERVICE_NAME"); ok {
		return v, true
	}
	pairs, _ := resourceAttributes(w)
	return catalog.FindLabel(pairs, "service.name")
}

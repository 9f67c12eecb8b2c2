package checks

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

var tracesSampling = &Check{
	ID:       "traces-sampling",
	Title:    "The share of traces that is kept is stated, and is enough to see harm",
	Why:      "A sampler that nobody chose is either the bill that gets tracing switched off, or keeps so little that the failed request is never among it.",
	Fix:      "Set `OTEL_TRACES_SAMPLER=parentbased_traceidratio` and `OTEL_TRACES_SAMPLER_ARG=0.1`, or sample in the collector (`tail_sampling` keeps the errors), and state it in the entry: `tracing.sampling = 0.1`.",
	Source:   "OpenTelemetry specification, \"Tracing SDK: Sampling\" and \"Environment Variables\". The policy sets the bounds: `sampling_minimum`, `sampling_maximum`.",
	Pillar:   Traces,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Services, catalog.Workloads, catalog.Collectors},
	Run: func(in *Inspection) {
		if !tracing(in) {
			return
		}
		stated := declaredSampling(in)
		for _, w := range sdkWorkloads(in.Service) {
			if _, ok := catalog.FindLabel(w.Item.Env, "OTEL_TRACES_SAMPLER"); ok {
				requireSampler(in, w)
				stated = true
			}
		}
		if collectorSampling(in) || stated {
			return
		}
		in.Missingf(in.Service.At, "nothing says which share of the traces of %q is kept. set OTEL_TRACES_SAMPLER, or state tracing.sampling", in.Service.Name.Value)
	},
}

// declaredSampling judges what the entry says: a share or the name of a sampler.
func declaredSampling(in *Inspection) bool {
	text := in.Service.Tracing.Sampling
	if text.Value == "" {
		return false
	}
	if share, ok := samplerShare(text.Value, ""); ok {
		requireShare(in, text, share, "tracing.sampling "+strconv.Quote(text.Value))
		return true
	}
	switch word := strings.ToLower(text.Value); {
	case strings.Contains(word, "tail"):
		in.Metf(text.At, "the entry says that a collector samples by %q", text.Value)
	default:
		in.Undecidedf(text.At, "tracing.sampling %q does not say which share is kept. write a number above 0 and up to 1", text.Value)
	}
	return true
}

// samplerShare gives the share of root spans that a sampler of the OpenTelemetry SDKs keeps; a bare number is a share.
// The argument of a ratio is 1 when it is not stated. False for samplers that learn it elsewhere.
func samplerShare(sampler, argument string) (float64, bool) {
	switch strings.TrimPrefix(strings.ToLower(strings.TrimSpace(sampler)), "parentbased_") {
	case "always_on":
		return 1, true
	case "always_off":
		return 0, true
	case "traceidratio":
		if argument == "" {
			argument = "1"
		}
		return parseShare(argument)
	}
	return parseShare(sampler)
}

// parseShare reads a share: "0.1" or "10%".
func parseShare(text string) (float64, bool) {
	number, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	share, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		share /= 100
	}
	return share, err == nil && !math.IsNaN(share)
}

// requireShare asks that a share is within the policy's bounds.
func requireShare(in *Inspection, at catalog.Text, share float64, what string) *Requirement {
	low, high := in.Settings.SamplingMinimum, in.Settings.SamplingMaximum
	switch {
	case share > 1:
		return in.Unmetf(at.At, "%s is more than all traces. write a number above 0 and up to 1", what)
	case share < low:
		return in.Unmetf(at.At, "%s keeps too few traces to see harm. keep a share of %v at least", what, low)
	case share > high:
		return in.Unmetf(at.At, "%s keeps more traces than is meant. keep a share of %v at most", what, high)
	}
	return in.Metf(at.At, "%s keeps a share of %v", what, share)
}

// requireSampler judges the sampler that a workload's variables choose.
func requireSampler(in *Inspection, w catalog.Linked[catalog.Workload]) {
	sampler, _ := catalog.FindLabel(w.Item.Env, "OTEL_TRACES_SAMPLER")
	argument, hasArgument := catalog.FindLabel(w.Item.Env, "OTEL_TRACES_SAMPLER_ARG")
	if elsewhere(sampler.Value) || hasArgument && elsewhere(argument.Value) {
		in.Undecidedf(sampler.At, "workload %q takes its sampler from where this run does not look. state tracing.sampling", w.Item.Name.Value).LinkedBy(w.By)
		return
	}
	share, ok := samplerShare(sampler.Value, argument.Value)
	if !ok {
		in.Undecidedf(sampler.At, "sampler %q of workload %q does not say which share is kept. state tracing.sampling", strings.TrimSpace(sampler.Value+" "+argument.Value), w.Item.Name.Value).LinkedBy(w.By)
		return
	}
	requireShare(in, sampler.Text(), share, "sampler "+strconv.Quote(strings.TrimSpace(sampler.Value+" "+argument.Value))+" of workload "+strconv.Quote(w.Item.Name.Value)).LinkedBy(w.By)
}

// collectorSampling judges the sampling processors that the service's traces pass.
func collectorSampling(in *Inspection) bool {
	stated := false
	for _, r := range routes(in, "traces", traceReceivers...) {
		for _, name := range r.processors {
			c, defined := r.component("processor", name.Value)
			switch kind := componentType(name.Value); {
			case kind == "tailsampling" && defined:
				in.Metf(c.Name.At, "policies of processor %q in %s choose the traces that are kept", name.Value, r).LinkedBy(r.link)
			case kind == "probabilisticsampler":
				probabilistic(in, r, name, c)
			default:
				continue
			}
			stated = true
		}
	}
	return stated
}

// probabilistic judges a probabilistic_sampler, whose setting is a percentage.
func probabilistic(in *Inspection, r route, name catalog.Text, c catalog.Component) {
	setting, _ := catalog.FindLabel(c.Settings, "sampling_percentage")
	percent, err := strconv.ParseFloat(setting.Value, 64)
	if err != nil {
		in.Undecidedf(setting.At.Or(name.At), "processor %q in %s states no sampling_percentage that can be read. write a number, or state tracing.sampling", name.Value, r).LinkedBy(r.link)
		return
	}
	what := "sampling_percentage " + strconv.Quote(setting.Value) + " of processor " + strconv.Quote(name.Value)
	requireShare(in, setting.Text(), percent/100, what).LinkedBy(r.link)
}

// samplers are the types of processors that drop traces at random or by policy.
var samplers = []string{"tailsampling", "probabilisticsampler"}

func isSampler(name string) bool { return slices.Contains(samplers, componentType(name)) }

package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

var logsStructured = &Check{
	ID:       "logs-structured",
	Title:    "Log lines have fields: JSON, logfmt or OpenTelemetry records",
	Why:      "A question like \"errors of this customer in the last hour\" is a filter over fields, and guesswork over free text. Text formats also change silently with every release.",
	Fix:      "Have the service write JSON or logfmt and say so in its entry: `logging.format = \"json\"`.",
	Source:   "Mercari production readiness checklist (structured logs); OpenTelemetry logs data model.",
	Pillar:   Logs,
	Question: Know,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services, catalog.Collectors},
	Run: func(in *Inspection) {
		sources := collectedLogs(in)
		if len(sources) == 0 {
			return
		}
		if format := in.Service.Logging.Format; format.Value != "" {
			requireStructure(in, format)
			return
		}
		for _, s := range sources {
			if why := s.structure(); why != "" {
				s.met(in, "%s", why)
				return
			}
		}
		in.Missingf(in.Service.At, "nothing says that log lines of %q have fields. set logging.format, as in \"json\"", in.Service.Name.Value)
	},
}

var (
	structuredFormats = []string{"json", "ndjson", "jsonl", "json-lines", "logfmt", "structured", "structured-json", "ecs", "gelf", "cef", "otlp", "opentelemetry", "protobuf", "avro", "cloudevents", "klog-json"}
	textFormats       = []string{"text", "plain", "plaintext", "plain-text", "txt", "raw", "unstructured", "free-text", "human", "console", "common", "clf", "combined", "apache", "nginx", "log4j", "klog", "syslog"}
)

func requireStructure(in *Inspection, format catalog.Text) {
	word := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(format.Value)), "_", "-")
	switch {
	case slices.Contains(structuredFormats, word):
		in.Metf(format.At, "the entry says that lines are %q", format.Value)
	case slices.Contains(textFormats, word), blank(word):
		in.Unmetf(format.At, "logging.format %q has no fields. write json or logfmt", format.Value)
	default:
		in.Undecidedf(format.At, "logging.format %q is no format that is known here. write \"json\", \"logfmt\", or \"structured\" for another one with fields", format.Value)
	}
}

// fieldStage is a LogQL stage that takes the fields out of lines that have them. The stages pattern and regexp do so
// with free text and show nothing.
var fieldStage = regexp.MustCompile(`\|\s*(json|logfmt|unpack)\b`)

// structure says why a source shows that lines have fields, "" when it does not.
func (s logSource) structure() string {
	if m := fieldStage.FindStringSubmatch(s.query); m != nil {
		return s.shows + " and reads fields from it by | " + m[1]
	}
	if s.route == nil {
		return ""
	}
	if parser := s.route.jsonParser(); parser != "" {
		return fmt.Sprintf("%s reads fields from the lines by %q", s.route, parser)
	}
	if s.overOTLP() {
		return s.shows + ", as OpenTelemetry records, which have fields"
	}
	return ""
}

// jsonParser gives the part of a pipeline that parses lines as JSON or key=value, "" when there is none.
func (p pipeline) jsonParser() string {
	for _, r := range p.receivers {
		c, _ := p.component("receiver", r.Value)
		for _, s := range c.Settings {
			if strings.HasSuffix(s.Key, ".type") && (s.Value == "json_parser" || s.Value == "key_value_parser") {
				return r.Value
			}
		}
	}
	for _, r := range p.processors {
		c, _ := p.component("processor", r.Value)
		for _, s := range c.Settings {
			if strings.HasPrefix(s.Key, "log_statements") && (strings.Contains(s.Value, "ParseJSON(") || strings.Contains(s.Value, "ParseKeyValue(")) {
				return r.Value
			}
		}
	}
	return ""
}

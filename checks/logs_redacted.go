package checks

import (
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

var logsRedacted = &Check{
	ID:       "logs-redacted",
	Title:    "Secrets and personal data are removed from logs by configuration",
	Why:      "Logs are copied further than any database and read by more people. A card number or a token in a line is a breach in every copy.",
	Fix:      "Remove such fields in the logger or in the collector (the `redaction` processor, or `transform` with `delete_key` and `replace_pattern` in the logs pipeline), and list them in the entry: `logging.redacted = [\"card number\", \"email\"]`.",
	Source:   "Mercari production readiness checklist (no sensitive data in logs); OWASP Logging Cheat Sheet, \"Data to exclude\".",
	Pillar:   Logs,
	Question: Know,
	Severity: High,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.Services, catalog.Collectors},
	Run: func(in *Inspection) {
		svc := in.Service
		if onlyPublic(svc.Data) {
			in.NotApplicablef("the service handles public data only")
			return
		}
		sources := collectedLogs(in)
		if len(sources) == 0 {
			return
		}
		if len(svc.Logging.Redacted) > 0 {
			requireRedacted(in, svc.Logging.Redacted)
			return
		}
		for _, s := range sources {
			if s.route == nil {
				continue
			}
			if processor, ok := s.route.redactor(); ok {
				s.met(in, "processor %q in %s removes or masks fields of logs", processor, s.route)
				return
			}
		}
		in.Missingf(svc.At, "nothing says what is removed from the logs of %q%s. list it under logging.redacted, or redact in the collector's logs pipeline", svc.Name.Value, handled(svc.Data))
	},
}

// onlyPublic reports whether the entry states classes of data, and all of them are public.
func onlyPublic(data []catalog.Text) bool {
	return len(data) > 0 && !slices.ContainsFunc(data, func(t catalog.Text) bool {
		return !slices.Contains([]string{"public", "none"}, strings.ToLower(t.Value))
	})
}

// handled names the classes of data in a message.
func handled(data []catalog.Text) string {
	if len(data) == 0 {
		return ""
	}
	return ", which handles " + quoted(data)
}

func requireRedacted(in *Inspection, redacted []catalog.Text) {
	if i := slices.IndexFunc(redacted, func(t catalog.Text) bool { return blank(t.Value) }); i >= 0 {
		in.Unmetf(redacted[i].At, "logging.redacted names %q, which is nothing. name the fields or classes of data that are removed", redacted[i].Value)
		return
	}
	in.Metf(redacted[0].At, "removed from logs: %s", quoted(redacted))
}

var (
	// removals are calls by which the transform processor takes something out of a record.
	removals = regexp.MustCompile(`\b(?:delete_key|delete_matching_keys|replace_pattern|replace_all_patterns|replace_match|replace_all_matches)\(|\b(?:SHA1|SHA256|SHA512|MD5|FNV)\(`)
	// keeping is a call that removes everything but a list.
	keeping = regexp.MustCompile(`\b(?:keep_keys|keep_matching_keys)\(`)
	// sensitive are parts of the names of fields that hold secrets or personal data, and the text of the line itself.
	sensitive = regexp.MustCompile(`(?i)passw|secret|token|api.?key|authoriz|credential|cookie|session|card|cvv|iban|account|ssn|mail|phone|address|user|customer|client|person|birth|\bbody\b|message`)
)

// redactor gives the first processor of the pipeline that removes, masks or hashes sensitive fields of log records.
// Removing others, to save space or rename them, is no redaction. A filter drops whole records, which says nothing about
// what stands in the ones that it lets through.
func (p pipeline) redactor() (string, bool) {
	for _, name := range p.processors {
		c, _ := p.component("processor", name.Value)
		kind := componentType(name.Value)
		if kind == "redaction" || kind == "attributes" && redactsAttributes(c) || kind == "transform" && redactsRecords(c) {
			return name.Value, true
		}
	}
	return "", false
}

// redactsAttributes reports whether an action of the attributes processor deletes or hashes a sensitive field.
func redactsAttributes(c catalog.Component) bool {
	for _, s := range c.Settings {
		action, ok := strings.CutSuffix(s.Key, ".action")
		if !ok || s.Value != "delete" && s.Value != "hash" {
			continue
		}
		for _, key := range []string{".key", ".pattern"} {
			if field, ok := catalog.FindLabel(c.Settings, action+key); ok && sensitive.MatchString(field.Value) {
				return true
			}
		}
	}
	return false
}

func redactsRecords(c catalog.Component) bool {
	return slices.ContainsFunc(c.Settings, func(s catalog.Label) bool {
		return strings.HasPrefix(s.Key, "log_statements") &&
			(keeping.MatchString(s.Value) || removals.MatchString(s.Value) && sensitive.MatchString(s.Value))
	})
}

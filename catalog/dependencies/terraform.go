package dependencies

import (
	"bytes"
	"regexp"
	"strings"

	"obsready/catalog"
)

var (
	terraformProvider = regexp.MustCompile(`^provider\s+"?([\w-]+)"?\s*\{`)
	terraformRequired = regexp.MustCompile(`^\s*required_providers\s*\{`)
	terraformEntry    = regexp.MustCompile(`^\s*"?([\w-]+)"?\s*=\s*(.*)$`)
	terraformVersion  = regexp.MustCompile(`\bversion\s*=\s*"([^"]*)"`)
	terraformExact    = regexp.MustCompile(`^\s*=?\s*\d+\.\d+\.\d+[\w.-]*\s*$`)
)

// readTerraform counts the providers that a file requires or configures. Only a file that configures a provider
// declares: that is a root module's, which Terraform locks; modules that others call are locked by their callers, and
// most files of a module name no provider at all.
// https://developer.hashicorp.com/terraform/language/files/dependency-lock
func readTerraform(s *source, m *catalog.Manifest) bool {
	versions := map[string]string{}
	configured, depth, current := false, 0, ""
	for _, line := range s.lines {
		text, _, _ := strings.Cut(string(line), "#")
		if found := terraformProvider.FindStringSubmatch(text); found != nil {
			configured = true
			versions[found[1]] += ""
		}
		if depth == 0 {
			block := terraformRequired.FindStringIndex(text)
			if block == nil {
				continue
			}
			text, depth = text[block[1]:], 1
		}
		if found := terraformEntry.FindStringSubmatch(text); found != nil && depth == 1 {
			current = found[1]
			versions[current] = strings.Trim(found[2], " \t\"{")
		}
		if found := terraformVersion.FindStringSubmatch(text); found != nil && current != "" {
			versions[current] = found[1]
		}
		depth = max(0, depth+strings.Count(text, "{")-strings.Count(text, "}"))
	}
	var t tally
	for name, version := range versions {
		t.add(name, terraformExact.MatchString(version))
	}
	t.declare(m)
	m.Declares = configured
	return m.Packages > 0
}

func readTerraformLock(s *source, m *catalog.Manifest) bool {
	for _, line := range s.lines {
		if bytes.HasPrefix(line, []byte("provider ")) {
			m.Packages++
		}
	}
	return true
}

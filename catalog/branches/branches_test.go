package branches

import (
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

func read(t *testing.T, file, text string) []*catalog.BranchProtection {
	t.Helper()
	parse := document.ParseYAML
	if strings.HasSuffix(file, ".json") {
		parse = document.ParseJSON
	}
	docs, _ := parse(file, []byte(text))
	var all []*catalog.BranchProtection
	for _, d := range docs {
		facts, _ := Read(d)
		all = append(all, facts.BranchProtections...)
	}
	return all
}

func TestRead(t *testing.T) {
	for name, test := range map[string]struct {
		file, text string
		branch     string // "" for no protection
		reviews    int
		codeOwners bool
		checks     int
	}{
		"settings":                    {".github/settings.yml", "branches:\n  - name: main\n    protection:\n      required_pull_request_reviews:\n        required_approving_review_count: 2\n        require_code_owner_reviews: true\n      required_status_checks:\n        contexts: [build, test]\n", "main", 2, true, 2},
		"settings without protection": {".github/settings.yml", "branches:\n  - name: main\n    protection: null\n", "", 0, false, 0},
		"ruleset":                     {".github/rulesets/main.json", `{"target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["refs/heads/main"]}},"rules":[{"type":"pull_request","parameters":{"required_approving_review_count":1,"require_code_owner_review":true}},{"type":"required_status_checks","parameters":{"required_status_checks":[{"context":"build"}]}}]}`, "main", 1, true, 1},
		"ruleset that is tried out":   {".github/rulesets/main.json", `{"target":"branch","enforcement":"evaluate","conditions":{"ref_name":{"include":["~ALL"]}},"rules":[]}`, "", 0, false, 0},
		"ruleset for tags":            {".github/rulesets/main.json", `{"target":"tag","enforcement":"active","conditions":{"ref_name":{"include":["~ALL"]}},"rules":[]}`, "", 0, false, 0},
		"asf":                         {".asf.yaml", "github:\n  protected_branches:\n    main:\n      required_status_checks:\n        checks:\n          - context: build\n      required_pull_request_reviews:\n        required_approving_review_count: 1\n", "main", 1, false, 1},
		"another file":                {"settings.yml", "branches:\n  - name: main\n    protection: {}\n", "", 0, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			all := read(t, test.file, test.text)
			if test.branch == "" {
				if len(all) > 0 {
					t.Errorf("got %+v", all[0])
				}
				return
			}
			if len(all) != 1 {
				t.Fatalf("got %d protections", len(all))
			}
			p := all[0]
			if p.Branch.Value != test.branch || p.Reviews != test.reviews || p.CodeOwners != test.codeOwners || len(p.RequiredChecks) != test.checks || p.At.Line == 0 {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestProtects(t *testing.T) {
	for pattern, want := range map[string]bool{"main": true, "~DEFAULT_BRANCH": true, "release/*": false, "*": true, "ma[": false, "m*n": true, "**/*": true} {
		if got := Protects(&catalog.BranchProtection{Branch: catalog.Text{Value: pattern}}, "main"); got != want {
			t.Errorf("%q: got %v", pattern, got)
		}
	}
	all := read(t, ".github/rulesets/all.json", `{"target":"branch","enforcement":"active","conditions":{"ref_name":{"include":["~ALL"],"exclude":["~DEFAULT_BRANCH"]}},"rules":[{"type":"pull_request","parameters":{"required_approving_review_count":1}}]}`)
	if len(all) != 1 || Protects(all[0], "main") {
		t.Errorf("a branch that a ruleset excludes is protected: %+v", all)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("branches:\n- name: main\n  protection:\n    required_status_checks: {contexts: [a]}\nrulesets:\n- enforcement: active\n  conditions: {ref_name: {include: [x]}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range read(t, ".github/settings.yml", text) {
			if p.At.File == "" || p.Reviews < 0 {
				t.Errorf("%q: got %+v", text, p)
			}
		}
	})
}

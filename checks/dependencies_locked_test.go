package checks

import (
	"testing"

	"obsready/catalog"
)

// TestForDevelopment checks which manifests are not of the product by their path below the service's folder.
func TestForDevelopment(t *testing.T) {
	for file, want := range map[string]bool{
		"shop/requirements.txt": false, "shop/requirements-prod.txt": false, "shop/requirements/base.txt": false, "shop/app/requirements.txt": false,
		"shop/requirements-dev.txt": true, "shop/requirements_test.in": true, "shop/dev-requirements.txt": true, "shop/requirements/dev.txt": true,
		"shop/docs/requirements.txt": true, "shop/e2e/requirements.txt": true, "shop/requirements-docs.txt": true,
		"shop/tests/requirements.txt": true, "shop/integration_tests/x/requirements.txt": true, "shop/platform-tests/requirements.txt": true, "shop/examples/a/requirements.txt": true,
		"shop/infrastructure-test/requirements.txt": false, "shop/testkit/requirements.txt": false, "shop/contest/requirements.txt": false,
	} {
		if got := forDevelopment(&catalog.Manifest{Ecosystem: "pypi", At: catalog.Place{File: file}}, "shop"); got != want {
			t.Errorf("%s: got %v", file, got)
		}
	}
	if forDevelopment(&catalog.Manifest{Ecosystem: "npm", At: catalog.Place{File: "tests/package.json"}}, "tests") {
		t.Error("a service in a folder of tests: its own manifest is not judged")
	}
}

// TestLockGroups checks that one folder and ecosystem is asked for once, and each lockfile told once.
func TestLockGroups(t *testing.T) {
	lock := &catalog.Manifest{Ecosystem: "npm", Lock: true, At: catalog.Place{File: "web/package-lock.json"}}
	manifest := func(ecosystem, file string, by *catalog.Manifest) catalog.Linked[catalog.Manifest] {
		return catalog.Linked[catalog.Manifest]{Item: &catalog.Manifest{Ecosystem: ecosystem, Declares: true, LockedBy: by, At: catalog.Place{File: file}}}
	}
	exactly := manifest("pypi", "requirements.txt", nil)
	exactly.Item.Packages, exactly.Item.Pinned = 2, 2
	groups := lockGroups([]catalog.Linked[catalog.Manifest]{
		manifest("terraform", "deploy/a.tf", nil), manifest("terraform", "deploy/b.tf", nil), manifest("terraform", "other/a.tf", nil),
		manifest("npm", "web/package.json", lock), exactly, manifest("pypi", "setup.py", nil), {Item: lock},
	}, "")
	want := []int{2, 1, 1, 1, 1}
	if len(groups) != len(want) {
		t.Fatalf("got %d groups", len(groups))
	}
	for i, g := range groups {
		if len(g) != want[i] {
			t.Errorf("group %d begins with %s and has %d", i, g[0].Item.At.File, len(g))
		}
	}
}

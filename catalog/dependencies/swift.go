package dependencies

import (
	"regexp"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

var (
	swiftPackage = regexp.MustCompile(`\.package\(\s*(?:name:\s*"[^"]*",\s*)?(?:url|id):\s*"([^"]+)"`)
	swiftExact   = regexp.MustCompile(`^\s*,\s*(?:exact:|\.exact\(|revision:|\.revision\()`)
	swiftName    = regexp.MustCompile(`\bPackage\(\s*name:\s*"([^"]+)"`)
)

// readSwift counts the packages of a Swift package description that come from repositories or registries.
func readSwift(s *source, m *catalog.Manifest) bool {
	if found := swiftName.FindSubmatchIndex(s.data); found != nil {
		m.Name = s.text(string(s.data[found[2]:found[3]]), jsonwalk.Place("", s.data, found[2]).Line)
	}
	var t tally
	for _, found := range swiftPackage.FindAllSubmatchIndex(s.data, -1) {
		t.add(string(s.data[found[2]:found[3]]), swiftExact.Match(s.data[found[1]:min(len(s.data), found[1]+200)]))
	}
	t.declare(m)
	return true
}

// readSwiftLock counts the pins, which version 1 keeps in an object.
func readSwiftLock(s *source, m *catalog.Manifest) bool {
	return s.walk(func(w *jsonwalk.Walker) error { return countPins(w, m, true) })
}

func countPins(w *jsonwalk.Walker, m *catalog.Manifest, outer bool) error {
	return w.Object(func(key string) error {
		switch {
		case key == "pins":
			return w.Array(func() error { m.Packages++; return w.Skip() })
		case key == "object" && outer:
			return countPins(w, m, false)
		}
		return w.Skip()
	})
}

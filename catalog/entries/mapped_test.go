package entries

import (
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/tomldoc"
)

// What a program may return is what the native files may say, key by key.
func TestMappedReference(t *testing.T) {
	reference := MappedReference()
	for _, shape := range []any{mapped{}, nativeService{}, nativeTeam{}, nativeJourney{}, nativeAttestation{}, nativeEvidence{}} {
		for _, k := range tomldoc.Keys(shape) {
			if !strings.Contains(reference, k.Name) || !strings.Contains(reference, k.Doc) && k.Keys == nil {
				t.Errorf("the reference lacks %q", k.Name)
			}
		}
	}
	for _, word := range []string{"[[", "table"} {
		if strings.Contains(reference, word) {
			t.Errorf("the reference speaks of TOML: %q", word)
		}
	}
}

// Folders are relative to the catalog's own folder, and never lead out of it.
func TestMappedFolders(t *testing.T) {
	tests := []struct{ root, folder, want string }{
		{"", "services/x", "services/x"},
		{"", "/services/x/", "services/x"},
		{"deploy", "services/x", "deploy/services/x"},
		{"deploy", ".", "deploy"},
		{"", "../x", ""},
		{"deploy", "../../x", ""},
	}
	for _, tt := range tests {
		docs, _ := document.ParseJSON("catalog.jsonnet", []byte(`{"services": [{"name": "x", "folder": "`+tt.folder+`"}]}`))
		facts := ReadMapped(tomldoc.FromTree("catalog.jsonnet", docs[0].Root), tt.root)
		if got := facts.Services[0].Folder; got != tt.want {
			t.Errorf("%q below %q: got %q, want %q", tt.folder, tt.root, got, tt.want)
		}
		if outside := slices.ContainsFunc(facts.Gaps, func(g catalog.Gap) bool { return strings.Contains(g.Detail, "outside the repository") }); outside != (tt.want == "") {
			t.Errorf("%q below %q: gaps %v", tt.folder, tt.root, facts.Gaps)
		}
	}
}

// A service.toml may say that its files stand elsewhere.
func TestNativeFolder(t *testing.T) {
	facts := ReadNative("catalog/x/service.toml", []byte("name = 'x'\nfolder = 'services/x'\n[evidence]\nalerts = ['alerts/*.yaml', '/common/*.yaml']\nalert_labels = 'service=x'\ndashboard_tags = ['x']\n"))
	s := facts.Services[0]
	globs := s.Wanted.Globs[catalog.Alerts]
	if s.Folder != "services/x" || globs[0].Value != "/services/x/alerts/*.yaml" || globs[1].Value != "/common/*.yaml" || s.Wanted.AlertLabelSelector[0].Value != "service=x" || s.Wanted.DashboardTags[0].Value != "x" {
		t.Errorf("got %+v", s)
	}
}

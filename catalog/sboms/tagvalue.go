package sboms

import (
	"bytes"
	"strings"

	"obsready/catalog"
)

// readTagValue reads SPDX 2 in its own notation, a tag and a value on each line. A file without any of its tags is
// something else that ends in ".spdx".
func (b *bill) readTagValue() bool {
	t := tagReader{spdx: spdx{bill: b, described: map[string]bool{}}}
	n, opened := 0, 0 // opened is the line of a <text> that has not ended
	for line := range bytes.Lines(b.data) {
		n++
		if opened > 0 {
			if bytes.Contains(line, []byte("</text>")) {
				opened = 0
			}
			continue
		}
		tag, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || line[0] == '#' {
			continue
		}
		if after, begins := bytes.CutPrefix(bytes.TrimSpace(value), []byte("<text>")); begins && !bytes.Contains(after, []byte("</text>")) {
			opened = n
		}
		t.tag(string(bytes.TrimSpace(tag)), string(bytes.TrimSpace(value)), n)
	}
	switch {
	case t.tags == 0:
		return false
	case opened > 0:
		b.fail(opened, catalog.Syntax, "the <text> that begins here has no end. generate the document again")
	case b.sbom.Version.Value == "":
		b.fail(1, catalog.BadValue, "the SPDX document has no SPDXVersion. write \"SPDXVersion: SPDX-2.3\"")
	}
	t.finish()
	return true
}

// tagReader takes in one line after the other. Package tags belong to the package whose name came last.
type tagReader struct {
	spdx
	tags    int // known ones
	section string
}

func (t *tagReader) tag(name, value string, line int) {
	at := catalog.Place{File: t.file, Line: line}
	t.tags++
	switch name {
	case "SPDXVersion":
		t.sbom.Version = catalog.Text{Value: value, At: at}
	case "DocumentName":
		t.name = catalog.Text{Value: value, At: at}
	case "Created":
		t.sbom.Created = catalog.Text{Value: value, At: at}
	case "PackageName":
		t.section = "package"
		t.packages = append(t.packages, spdxPackage{name: catalog.Text{Value: value, At: at}})
	case "FileName", "SnippetSPDXID", "SnippetSPDXIdentifier", "LicenseID", "LicenseIdentifier":
		t.section = "other"
	case "SPDXID":
		if t.section == "package" {
			t.packages[len(t.packages)-1].id = value
		}
	case "PackageVersion":
		if t.section == "package" {
			t.packages[len(t.packages)-1].version = catalog.Text{Value: value, At: at}
		}
	case "Relationship":
		if parts := strings.Fields(value); len(parts) >= 3 {
			t.relate(parts[0], parts[1], parts[2])
		}
	default:
		t.tags--
	}
}

// Package sboms reads software bills of materials, CycloneDX and SPDX, and the VEX documents that go with them. It
// answers "what does the document describe, of which day is it, and how much does it list?" and never "is the list
// complete?" or "is a component vulnerable?".
//
// The documents may have many megabytes, so they are counted while they stream by and never built as trees.
package sboms

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonwalk"
)

// Limits of what is read.
const (
	MaxBytes    = 64 << 20 // of a file
	maxGapWords = 1 << 20  // bytes of a file whose words a gap keeps
	maxNesting  = 200      // of components in components
)

var folders = []string{"sbom", "sboms", "bom", "boms", "vex", ".openvex", "spdx"}

// IsPath reports whether a file is named, or stands in a folder named, as bills of materials are. What it really is, its
// content says.
func IsPath(file string) bool {
	dir, base := path.Split(strings.ToLower(file))
	ext := path.Ext(base)
	if ext == ".spdx" {
		return true
	}
	if ext != ".json" && ext != ".xml" && ext != ".rdf" {
		return false
	}
	if slices.ContainsFunc(strings.Split(dir, "/"), func(folder string) bool { return slices.Contains(folders, folder) }) {
		return true
	}
	words := strings.FieldsFunc(strings.TrimSuffix(base, ext), func(r rune) bool { return strings.ContainsRune("._- ", r) })
	return slices.ContainsFunc(words, func(word string) bool {
		switch word {
		case "sbom", "sboms", "bom", "boms", "cbom", "hbom", "obom", "saasbom", "vex", "openvex", "cdx", "cyclonedx", "spdx", "spdx3":
			return true
		}
		return strings.HasPrefix(word, "sbom") || strings.HasSuffix(word, "sbom")
	})
}

// Read gives the bill of materials that a file is, or a gap for one that cannot be read. The result is false for a file
// that is something else; its name alone makes it none. A file that does not parse is taken for what its name says.
func Read(file string, data []byte) (catalog.Facts, bool) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	b := &bill{file: file, data: data, body: data, sbom: &catalog.SBOM{At: catalog.Place{File: file}}}
	known := b.read()
	switch {
	case b.gap != nil:
		return catalog.Facts{Gaps: []catalog.Gap{*b.gap}}, true
	case !known:
		return catalog.Facts{}, false
	}
	return catalog.Facts{SBOMs: []*catalog.SBOM{b.sbom}}, true
}

// bill is one document that is being read.
type bill struct {
	file string
	data []byte
	sbom *catalog.SBOM
	gap  *catalog.Gap // the first reason not to trust what was read

	// The part of the data that is the document, where that begins, and whether it was taken out of an envelope.
	body      []byte
	base      int
	unwrapped bool
}

// read reports whether the file is a bill of materials, readable or not.
func (b *bill) read() bool {
	start := bytes.TrimLeft(b.data[:min(len(b.data), 4096)], " \t\r\n")
	switch {
	case len(b.data) > MaxBytes:
		b.fail(0, catalog.TooLarge, "the file has %d bytes and the limit is %d. keep one document for each product", len(b.data), MaxBytes)
	case bytes.HasPrefix(start, []byte("<")):
		return b.readXML()
	case !utf8.Valid(b.data) || bytes.IndexByte(b.data, 0) >= 0:
		b.fail(0, catalog.Encoding, "the file is not UTF-8 text. save it as UTF-8")
	case bytes.HasPrefix(start, []byte("{")) || bytes.HasPrefix(start, []byte("[")):
		return b.readJSON()
	case strings.HasSuffix(strings.ToLower(b.file), ".spdx"):
		return b.readTagValue()
	case len(start) == 0 && len(bytes.TrimSpace(b.data)) == 0:
		b.fail(0, catalog.Syntax, "the file is empty. generate it again")
	default:
		b.fail(1, catalog.Syntax, "the file is neither JSON nor XML. generate it again")
	}
	return true
}

func (b *bill) fail(line int, cause catalog.Cause, format string, args ...any) {
	if b.gap != nil {
		return
	}
	b.gap = &catalog.Gap{Kinds: []catalog.Kind{catalog.SBOMs}, At: catalog.Place{File: b.file, Line: line}, Cause: cause, Detail: fmt.Sprintf(format, args...)}
	if len(b.data) <= maxGapWords && cause != catalog.Encoding {
		b.gap.Names = document.Words(string(b.data))
	}
}

// text gives a value with the place of the byte of the document at which it stands.
func (b *bill) text(value string, offset int) catalog.Text {
	return catalog.Text{Value: strings.Clone(value), At: jsonwalk.Place(b.file, b.data, b.base+offset)}
}

// component counts one component.
func (b *bill) component(version string) {
	b.sbom.Components++
	if isVersion(version) {
		b.sbom.Versioned++
	}
}

func isVersion(version string) bool {
	version = strings.TrimSpace(version)
	return version != "" && version != "NOASSERTION" && version != "NONE"
}

// checkCycloneDX accepts every version 1.x, whose minor versions only add to each other.
func (b *bill) checkCycloneDX(version catalog.Text) {
	switch {
	case version.Value == "":
		b.fail(0, catalog.BadValue, "the CycloneDX document has no specVersion. generate it again")
	case !strings.HasPrefix(version.Value, "1."):
		b.fail(version.At.Line, catalog.Unsupported, "CycloneDX %q is not read. keep the document as 1.6 too", version.Value)
	}
}

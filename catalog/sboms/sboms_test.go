package sboms

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"obsready/catalog"
)

const cyclone = `{
  "bomFormat": "CycloneDX", "specVersion": "1.6",
  "metadata": {"timestamp": "2026-01-02T03:04:05Z",
    "tools": {"components": [{"name": "generator", "version": "1"}]},
    "component": {"name": "shop", "version": "2.0", "components": [{"name": "part"}]}},
  "components": [
    {"name": "a", "version": "1", "pedigree": {"ancestors": [{"name": "old", "version": "0"}]},
     "components": [{"name": "b", "version": " "}, {"name": "c", "version": "3"}]}
  ],
  "dependencies": [{"ref": "a", "dependsOn": []}, {"ref": "b", "dependsOn": ["c"]}]
}`

const cycloneXMLText = `<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1">
  <metadata><timestamp>2026-01-02T03:04:05Z</timestamp>
    <tools><components><component><name>generator</name><version>1</version></component></components></tools>
    <component type="application"><name>shop</name>
      <version>2.0</version><components><component><name>part</name></component></components></component></metadata>
  <components>
    <component><name>a</name><version>1</version>
      <pedigree><ancestors><component><name>old</name><version>0</version></component></ancestors></pedigree>
      <components><component><name>b</name></component><component><name>c</name><version>3</version></component></components>
    </component>
  </components>
  <dependencies><dependency ref="a"/><dependency ref="b"><dependency ref="c"/></dependency></dependencies>
</bom>`

const spdxJSON = `{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "doc",
 "creationInfo": {"created": "2026-01-02T03:04:05Z"},
 "relationships": [
  {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-shop"},
  {"spdxElementId": "SPDXRef-shop", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-a"}],
 "packages": [
  {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "NOASSERTION"},
  {"SPDXID": "SPDXRef-shop", "name": "shop", "versionInfo": "2.0"},
  {"SPDXID": "SPDXRef-b", "name": "b", "versionInfo": "1"}], "files": [{"SPDXID": "SPDXRef-f"}]}`

const spdxTags = `# a comment
SPDXVersion: SPDX-2.2
SPDXID: SPDXRef-DOCUMENT
DocumentName: doc
Created: 2026-01-02T03:04:05Z
CreatorComment: <text>PackageName: none
PackageName: none either</text>

PackageName: shop
SPDXID: SPDXRef-shop
PackageVersion: 2.0
FileName: ./x
SPDXID: SPDXRef-x

PackageName: a
SPDXID: SPDXRef-a
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop
Relationship: SPDXRef-shop STATIC_LINK SPDXRef-a
`

const spdx3Text = `{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
 {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-02T03:04:05Z"},
 {"type": "SpdxDocument", "spdxId": "d", "name": "doc", "rootElement": ["bom"]},
 {"type": "software_Sbom", "spdxId": "bom", "rootElement": ["shop"]},
 {"type": "software_Package", "spdxId": "shop", "name": "shop", "software_packageVersion": "2.0"},
 {"type": "software_Package", "spdxId": "a", "name": "a", "software_packageVersion": "1"},
 {"type": "ai_AIPackage", "spdxId": "m", "name": "model"},
 {"type": "software_File", "spdxId": "f", "name": "f"},
 {"type": "LifecycleScopedRelationship", "from": "shop", "relationshipType": "dependsOn", "to": ["a"]}]}`

func TestRead(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"bom.json", cyclone, `CycloneDX 1.6 "shop"@5:28 "2.0" 2026-01-02T03:04:05Z@3:30 4/2 related`},
		{"bom.xml", cycloneXMLText, `CycloneDX 1.4 "shop"@5:41 "2.0" 2026-01-02T03:04:05Z@3:24 4/2 related`},
		{"x.spdx.json", spdxJSON, `SPDX 2.3 "shop"@8:39 "2.0" 2026-01-02T03:04:05Z@2:31 2/1 related`},
		{"x.spdx", spdxTags, `SPDX 2.2 "shop"@9 "2.0" 2026-01-02T03:04:05Z@5 1/0 related`},
		{"x.spdx", spdxJSON, `SPDX 2.3 "shop"@8:39 "2.0" 2026-01-02T03:04:05Z@2:31 2/1 related`},
		{"sbom.json", spdx3Text, `SPDX 3.0.1 "shop"@5:58 "2.0" 2026-01-02T03:04:05Z@2:77 2/1 related`},
		{"sbom.json", "{\"sbom\":\n" + spdxJSON + "}", `SPDX 2.3 "shop"@9:39 "2.0" 2026-01-02T03:04:05Z@3:31 2/1 related`},
		{"sbom.json", `{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://cyclonedx.org/bom", "predicate": {"components": [{}], "specVersion": "1.5", "bomFormat": "CycloneDX"}}`,
			`CycloneDX 1.5 "" "" 1/0`},
		{"x.cdx.json", `{"components": [{"version": "1"}], "bomFormat": "CycloneDX", "specVersion": "1.0", "vulnerabilities": [{}]}`, `CycloneDX 1.0 "" "" 1/1`},
		{"vex.json", `{"bomFormat": "CycloneDX", "specVersion": "1.4", "metadata": {"component": {"name": "shop"}}, "vulnerabilities": [{"id": "CVE-1"}]}`, `CycloneDX 1.4 "shop"@1:86 "" 0/0 VEX`},
		{"a.vex.json", `{"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-01-02", "statements": [{"products": [{"@id": "pkg:oci/shop"}]}, {"products": ["pkg:oci/shop"]}]}`,
			`OpenVEX 0.2.0 "pkg:oci/shop"@1:112 "" 2026-01-02@1:61 0/0 VEX`},
		{"vex/a.json", `{"document": {"category": "csaf_vex", "csaf_version": "2.0", "title": "shop", "tracking": {"current_release_date": "2026-01-02"}}}`,
			`CSAF 2.0 "shop"@1:72 "" 2026-01-02@1:117 0/0 VEX`},
		{"sbom.json", "{\"spdxVersion\": \"SPDX-2.3\", \"documentDescribes\": [\"a\", \"b\"], \"name\": \"both\",\n\"packages\": [{\"SPDXID\": \"a\"}, {\"SPDXID\": \"b\"}]}", `SPDX 2.3 "both"@1:71 "" 2/0`},
	} {
		facts, ok := Read(c.file, []byte(c.text))
		if !ok || len(facts.SBOMs) != 1 || len(facts.Gaps) > 0 {
			t.Errorf("%s: got %+v, %v", c.file, facts, ok)
			continue
		}
		if got := describe(facts.SBOMs[0]); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.file, got, c.want)
		}
		for _, text := range []catalog.Text{facts.SBOMs[0].Subject, facts.SBOMs[0].Release, facts.SBOMs[0].Created, facts.SBOMs[0].Version} {
			if line := strings.Split(c.text, "\n")[max(text.At.Line-1, 0)]; text.At.Col > 0 && text.At.Col <= len(line) && !strings.Contains(line[text.At.Col-1:], text.Value) {
				t.Errorf("%s: %q does not stand at %v", c.file, text.Value, text.At)
			}
		}
	}
}

func describe(b *catalog.SBOM) string {
	at := func(text catalog.Text) string {
		if text.IsZero() {
			return ""
		}
		return "@" + strings.TrimPrefix(text.At.String(), b.At.File+":")
	}
	s := fmt.Sprintf("%s %s %q%s %q", b.Format, b.Version.Value, b.Subject.Value, at(b.Subject), b.Release.Value)
	if !b.Created.IsZero() {
		s += " " + b.Created.Value + at(b.Created)
	}
	s += fmt.Sprintf(" %d/%d", b.Components, b.Versioned)
	if b.Related {
		s += " related"
	}
	if b.VEX {
		s += " VEX"
	}
	return s
}

func TestGaps(t *testing.T) {
	deep := strings.Repeat(`{"components": [`, maxNesting+2) + strings.Repeat(`]}`, maxNesting+2)
	for _, c := range []struct {
		file, text string
		cause      catalog.Cause
		line       int
	}{
		{"bom.json", "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.4\",\n\"components\": [{\"name\":", catalog.Syntax, 2},
		{"bom.json", "{\n\"bomFormat\": \"Cyclone\"}", catalog.BadValue, 2},
		{"bom.json", `{"bomFormat": "CycloneDX"}`, catalog.BadValue, 0},
		{"bom.json", "{\"bomFormat\": \"CycloneDX\",\n\"specVersion\": \"2.0\"}", catalog.Unsupported, 2},
		{"bom.json", `{"$schema": "http://cyclonedx.org/schema/bom-1.4.schema.json", "specVersion": "1.4"}`, catalog.BadValue, 0},
		{"bom.json", `{"bomFormat": "CycloneDX", "specVersion": "1.4", "components": [` + deep + `]}`, catalog.TooDeep, 0},
		{"bom.json", `{"bomFormat": "CycloneDX", "specVersion": "1.4"} {}`, catalog.Syntax, 1},
		{"bom.json", "", catalog.Syntax, 0},
		{"bom.json", "not JSON", catalog.Syntax, 1},
		{"bom.json", "\xff\xfe{", catalog.Encoding, 0},
		{"x.spdx.json", `{"spdxVersion": "SPDX-1.2"}`, catalog.Unsupported, 1},
		{"x.spdx", "PackageName: a\nPackageLicenseComments: <text>x\n", catalog.Syntax, 2},
		{"x.spdx", "PackageName: a\n", catalog.BadValue, 1},
		{"x.spdx", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:spdx="http://spdx.org/rdf/terms#"/>`, catalog.Unsupported, 0},
		{"bom.xml", "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">\n<components>", catalog.Syntax, 2},
		{"bom.xml", `<bom xmlns="http://cyclonedx.org/schema/bom/2.0"></bom>`, catalog.Unsupported, 1},
		{"bom.xml", "<", catalog.Syntax, 1},
	} {
		facts, ok := Read(c.file, []byte(c.text))
		if !ok || len(facts.SBOMs) > 0 || len(facts.Gaps) != 1 {
			t.Errorf("%s %.60q: got %+v, %v", c.file, c.text, facts, ok)
			continue
		}
		if g := facts.Gaps[0]; g.Cause != c.cause || g.At.Line != c.line || !g.Concerns(catalog.SBOMs) {
			t.Errorf("%s %.60q: got gap %v, want %q in line %d", c.file, c.text, g, c.cause, c.line)
		}
	}
}

func TestOtherContent(t *testing.T) {
	for file, text := range map[string]string{
		"bom.xml":        `<project xmlns="http://maven.apache.org/POM/4.0.0"><artifactId>bom</artifactId></project>`,
		"bom.json":       `{"title": "a dashboard"}`,
		"sbom/list.json": `["a", "b"]`,
		"vex/csaf.json":  `{"document": {"category": "csaf_security_advisory"}}`,
		"licence.spdx":   "This is some text about SPDX\n",
	} {
		if facts, ok := Read(file, []byte(text)); ok || len(facts.SBOMs)+len(facts.Gaps) > 0 {
			t.Errorf("%s: got %+v, %v", file, facts, ok)
		}
	}
}

func TestIsPath(t *testing.T) {
	for file, want := range map[string]bool{
		"bom.json": true, "a/app.cdx.json": true, "sbom-api.json": true, "image-sbom.spdx.json": true, "x.spdx": true, "bom.1.4.xml": true, "a.vex.json": true,
		"sboms/api.json": true, "my-bom.xml": true, "apisbom.json": true, "release/CycloneDX.xml": true, "x.spdx.rdf": true,
		"bomb.json": false, "package.json": false, "pom.xml": false, "sbom.go": false, "docs/sbom/index.md": false, "x.rdf": false,
	} {
		if IsPath(file) != want {
			t.Errorf("%s: got %v", file, !want)
		}
	}
}

// TestFormatsAgree holds that a document in JSON and in XML is read alike.
func TestFormatsAgree(t *testing.T) {
	a, _ := Read("bom.json", []byte(cyclone))
	b, _ := Read("bom.xml", []byte(cycloneXMLText))
	x, y := a.SBOMs[0], b.SBOMs[0]
	if x.Components != y.Components || x.Versioned != y.Versioned || x.Subject.Value != y.Subject.Value || x.Release.Value != y.Release.Value || x.Related != y.Related {
		t.Errorf("got %+v and %+v", x, y)
	}
}

// TestCorpora reads the documents of public repositories, where they are at hand: each must be read.
func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	files := 0
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !IsPath(path) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		facts, ok := Read(path, data)
		for _, b := range facts.SBOMs {
			files++
			t.Logf("%s: %s", path, describe(b))
		}
		if ok && len(facts.Gaps) > 0 {
			t.Errorf("%v", facts.Gaps)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d documents", files)
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{cyclone, cycloneXMLText, spdxJSON, spdxTags, spdx3Text, `{"@context": "https://openvex.dev/ns/v0.2.0", "statements": [{"products": ["a"]}]}`,
		`{"document": {"category": "csaf_vex", "title": "x"}}`, `{"sbom": {"spdxVersion": "SPDX-2.3"}}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range []string{"bom.json", "bom.xml", "x.spdx"} {
			facts, ok := Read(file, data)
			if ok != (len(facts.SBOMs)+len(facts.Gaps) == 1) {
				t.Fatalf("got %+v and %v", facts, ok)
			}
			lines := strings.Count(string(data), "\n") + 1
			for _, b := range facts.SBOMs {
				if b.Format == "" || b.Versioned > b.Components || b.Versioned < 0 || b.VEX && b.Components > 0 {
					t.Fatalf("got %+v", b)
				}
				for _, text := range []catalog.Text{b.Subject, b.Release, b.Created, b.Version} {
					if text.At.Line > lines || !text.IsZero() && text.At.File != "" && text.At.Line < 1 {
						t.Fatalf("%+v in a file of %d lines", text, lines)
					}
				}
			}
			for _, g := range facts.Gaps {
				if g.Detail == "" || g.Cause == "" || g.At.Line > lines {
					t.Fatalf("got gap %+v in a file of %d lines", g, lines)
				}
			}
		}
	})
}

package sboms

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"

	"obsready/catalog"
)

// readXML reads CycloneDX in XML. SPDX as RDF/XML is recognised and not read; other XML is none.
func (b *bill) readXML() bool {
	d := xml.NewDecoder(bytes.NewReader(b.data))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "us-ascii") {
			return in, nil
		}
		return nil, errors.New("its encoding is " + charset + ", and only UTF-8 is read")
	}
	root, err := rootElement(d)
	switch {
	case err != nil:
		b.fail(b.text("", int(d.InputOffset())).At.Line, catalog.Syntax, "the document is no XML: %s. generate it again", xmlReason(err))
	case root.Name.Local == "bom" && strings.Contains(root.Name.Space, "cyclonedx.org/schema/bom"):
		c := cycloneXML{bill: b, decoder: d}
		c.read(root)
	case root.Name.Local == "RDF" && bytes.Contains(b.data[:min(len(b.data), 8192)], []byte("spdx.org/rdf")):
		b.fail(0, catalog.Unsupported, "SPDX as RDF/XML is not read. keep the document as JSON or tag-value too")
	default:
		return false
	}
	return true
}

func rootElement(d *xml.Decoder) (xml.StartElement, error) {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			err = errors.New("it has no element")
		}
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, nil
		}
	}
}

func xmlReason(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Msg
	}
	return strings.TrimPrefix(err.Error(), "xml: ")
}

// cycloneXML reads a CycloneDX document in XML, element by element. https://cyclonedx.org/docs/1.6/xml/
type cycloneXML struct {
	*bill
	decoder         *xml.Decoder
	path            []string // names of the elements around
	versions        []string // of the components around
	vulnerabilities int
}

func (c *cycloneXML) read(root xml.StartElement) {
	c.sbom.Format = "CycloneDX"
	_, version, _ := strings.Cut(root.Name.Space, "schema/bom/")
	c.sbom.Version = c.text(version, max(bytes.Index(c.data, []byte(root.Name.Space)), 0))
	c.path = []string{"bom"}
	for len(c.path) > 0 {
		before := int(c.decoder.InputOffset())
		token, err := c.decoder.Token()
		if err != nil {
			c.fail(c.text("", int(c.decoder.InputOffset())).At.Line, catalog.Syntax, "the document is no XML: %s. generate it again", xmlReason(err))
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			c.start(t.Name.Local)
		case xml.EndElement:
			c.end(t.Name.Local)
		case xml.CharData:
			c.chars(t, before)
		}
	}
	c.checkCycloneDX(c.sbom.Version)
	c.sbom.VEX = c.vulnerabilities > 0 && c.sbom.Components == 0
}

// inside reports whether the elements around end with the given names.
func (c *cycloneXML) inside(names ...string) bool {
	return len(c.path) >= len(names) && slices.Equal(c.path[len(c.path)-len(names):], names)
}

// listed reports whether the current component is one that the document lists: every element around it is one of
// components, but for the subject's. Components elsewhere (ancestors, tools, licences' evidence) are told of, not listed.
func (c *cycloneXML) listed() bool {
	rest := c.path[1:]
	if len(rest) > 1 && rest[0] == "metadata" && rest[1] == "component" {
		rest = rest[2:]
	}
	for i, name := range rest {
		if name != []string{"components", "component"}[i%2] {
			return false
		}
	}
	return len(rest) > 0 && len(rest)%2 == 0
}

func (c *cycloneXML) start(name string) {
	if len(c.path) > 2*maxNesting {
		c.fail(0, catalog.TooDeep, "elements are nested deeper than %d levels", 2*maxNesting)
	}
	c.path = append(c.path, name)
	switch {
	case name == "component":
		c.versions = append(c.versions, "")
	case name == "vulnerability" && c.inside("bom", "vulnerabilities", "vulnerability"):
		c.vulnerabilities++
	case name == "provides" && c.inside("dependencies", "dependency", "provides"), name == "dependency" && c.inside("dependency", "dependency"):
		c.sbom.Related = true
	}
}

func (c *cycloneXML) end(name string) {
	if name == "component" && len(c.versions) > 0 {
		if c.listed() {
			c.component(c.versions[len(c.versions)-1])
		}
		c.versions = c.versions[:len(c.versions)-1]
	}
	c.path = c.path[:len(c.path)-1]
}

// chars takes in the text of the elements that matter.
func (c *cycloneXML) chars(data xml.CharData, offset int) {
	value := string(bytes.TrimSpace(data))
	if value == "" {
		return
	}
	offset += max(0, bytes.Index(c.data[offset:c.decoder.InputOffset()], []byte(value)))
	switch {
	case c.inside("component", "version") && len(c.versions) > 0:
		c.versions[len(c.versions)-1] = value
		if len(c.path) == 4 && c.path[1] == "metadata" {
			c.keep(&c.sbom.Release, value, offset)
		}
	case len(c.path) == 4 && c.inside("metadata", "component", "name"):
		c.keep(&c.sbom.Subject, value, offset)
	case len(c.path) == 3 && c.inside("metadata", "timestamp"):
		c.keep(&c.sbom.Created, value, offset)
	}
}

// keep sets a text once, as scalar does.
func (c *cycloneXML) keep(into *catalog.Text, value string, offset int) {
	if into.IsZero() {
		*into = c.text(value, offset)
	}
}

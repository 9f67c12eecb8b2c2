package dependencies

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"obsready/catalog"
	"obsready/catalog/jsonwalk"
)

// pom is the part of a Maven project that matters here. https://maven.apache.org/pom.html
type pom struct {
	GroupID    string `xml:"groupId"`
	ArtifactID string `xml:"artifactId"`
	Version    string `xml:"version"`
	Parent     struct {
		GroupID string `xml:"groupId"`
		Version string `xml:"version"`
	} `xml:"parent"`
	Properties struct {
		Entries []struct {
			XMLName xml.Name
			Value   string `xml:",chardata"`
		} `xml:",any"`
	} `xml:"properties"`
	Managed      []pomDependency `xml:"dependencyManagement>dependencies>dependency"`
	Dependencies []pomDependency `xml:"dependencies>dependency"`
	Profiles     []struct {
		Dependencies []pomDependency `xml:"dependencies>dependency"`
	} `xml:"profiles>profile"`
}

type pomDependency struct {
	GroupID    string `xml:"groupId"`
	ArtifactID string `xml:"artifactId"`
	Version    string `xml:"version"`
	Scope      string `xml:"scope"`
	SystemPath string `xml:"systemPath"`
}

// readPOM reads a Maven project. Maven has no lockfile; it resolves exact versions, with those that they bring along, to
// the same artifacts every time. So a project locks itself as long as no version floats: a range, a SNAPSHOT, LATEST or
// RELEASE. A version that the parent decides counts as not pinned and does not float.
func readPOM(s *source, m *catalog.Manifest) bool {
	var p pom
	if !s.xml(&p) || p.ArtifactID == "" {
		return false
	}
	m.Name = catalog.Text{Value: strings.TrimSpace(p.ArtifactID), At: catalog.Place{File: s.file}}
	versions := newPOMVersions(p)
	var t tally
	floats := false
	all := p.Dependencies
	for _, profile := range p.Profiles {
		all = append(all, profile.Dependencies...)
	}
	for _, d := range all {
		version, own := versions.of(d)
		if own || d.SystemPath != "" {
			continue
		}
		floats = floats || floating(version)
		t.add(d.key(), version != "" && !floating(version) && !strings.Contains(version, "${"))
	}
	t.declare(m)
	m.Lock = m.Declares && !floats
	return true
}

func (d pomDependency) key() string {
	return strings.TrimSpace(d.GroupID) + ":" + strings.TrimSpace(d.ArtifactID)
}

// floating reports whether a Maven or Gradle version may be another artifact tomorrow.
func floating(version string) bool {
	return strings.ContainsAny(version, "[]()+,") || strings.HasSuffix(version, "-SNAPSHOT") || version == "LATEST" || version == "RELEASE" || strings.HasPrefix(version, "latest.")
}

// pomVersions resolves the versions of a project's dependencies as far as the project itself decides them.
type pomVersions struct {
	group, version string
	properties     map[string]string
	managed        map[string]string
}

func newPOMVersions(p pom) pomVersions {
	v := pomVersions{properties: map[string]string{}, managed: map[string]string{}}
	v.group, v.version = strings.TrimSpace(p.GroupID), strings.TrimSpace(p.Version)
	if v.group == "" {
		v.group = strings.TrimSpace(p.Parent.GroupID)
	}
	if v.version == "" {
		v.version = strings.TrimSpace(p.Parent.Version)
	}
	for _, e := range p.Properties.Entries {
		v.properties[e.XMLName.Local] = strings.TrimSpace(e.Value)
	}
	for _, d := range p.Managed {
		v.managed[d.key()] = strings.TrimSpace(d.Version)
	}
	return v
}

// of gives a dependency's version, "" for one that only the parent knows; own is true for a module of the project
// itself, which has its group and its version.
func (v pomVersions) of(d pomDependency) (version string, own bool) {
	version = strings.TrimSpace(d.Version)
	if version == "" {
		version = v.managed[d.key()]
	}
	switch version {
	case "${project.version}", "${version}", "${pom.version}", "${project.parent.version}", "${revision}", "${revision}${changelist}":
		return version, true
	}
	group := strings.TrimSpace(d.GroupID)
	if group == "${project.groupId}" || group == "${pom.groupId}" || group == v.group && version == v.version {
		return version, true
	}
	for range 5 { // a property may name another one
		name, rest, ok := strings.Cut(strings.TrimPrefix(version, "${"), "}")
		if !ok || rest != "" || !strings.HasPrefix(version, "${") || v.properties[name] == "" {
			break
		}
		version = v.properties[name]
	}
	return version, group == v.group && version == v.version
}

// xml decodes the file; text that does not parse is a gap.
func (s *source) xml(v any) bool {
	decoder := xml.NewDecoder(bytes.NewReader(s.data))
	decoder.CharsetReader = latin1
	decoder.Entity = xml.HTMLEntity
	err := decoder.Decode(v)
	if err == nil {
		return true
	}
	line := jsonwalk.Place(s.file, s.data, int(decoder.InputOffset())).Line
	message := strings.TrimPrefix(err.Error(), "XML syntax error on line ")
	if _, rest, ok := strings.Cut(message, ": "); ok && message != err.Error() {
		message = rest
	}
	if errors.Is(err, io.EOF) {
		message = "it has no element"
	}
	if strings.HasPrefix(message, "expected element type") {
		return false // another kind of file
	}
	cause, way := catalog.Syntax, "correct it"
	if bytes.Contains(s.data, []byte("{{")) {
		cause, way = catalog.Template, "keep a rendered copy in the catalog"
	}
	s.gap(line, cause, "the file is no XML: %s. %s", message, way)
	return false
}

// latin1 reads the one encoding beside UTF-8 that such files still have.
func latin1(charset string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(charset) {
	case "utf-8", "us-ascii":
		return in, nil
	case "iso-8859-1", "latin1", "windows-1252", "cp1252":
		data, err := io.ReadAll(io.LimitReader(in, MaxBytes))
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		return strings.NewReader(string(runes)), err
	}
	return nil, errors.New("its encoding is " + charset + ", and only UTF-8 and ISO-8859-1 are read")
}

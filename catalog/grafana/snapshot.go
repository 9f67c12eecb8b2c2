package grafana

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"obsready/catalog"
)

//go:embed live.schema.json
var schema []byte

// Schema gives the JSON Schema (draft 2020-12) of live.json.
func Schema() []byte { return bytes.Clone(schema) }

// snapshotFormat and snapshotVersion begin every live.json. Within a version, fields are only added.
const (
	snapshotFormat  = "obsready live"
	snapshotVersion = 1
)

// maxSnapshot bounds what is read of a file, in bytes: 5,000 dashboards of 100 KB.
const maxSnapshot = 512 << 20

// snapshot is the content of live.json.
type snapshot struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	*catalog.Live
}

// WriteSnapshot writes what a Grafana showed as live.json. Equal values give equal bytes. It writes what there is: [Fetch] keeps no
// secret in the first place.
func WriteSnapshot(w io.Writer, live *catalog.Live) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(snapshot{snapshotFormat, snapshotVersion, live}); err != nil {
		return fmt.Errorf("could not write what Grafana showed: %w", err)
	}
	return nil
}

// ReadSnapshot reads a live.json. Written again, it has the same bytes.
//
// A file of another format or version, one that is damaged, and one with keys that this version does not know are errors.
func ReadSnapshot(r io.Reader) (*catalog.Live, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxSnapshot+1))
	if err != nil {
		return nil, fmt.Errorf("could not read what Grafana showed: %w", err)
	}
	if len(data) > maxSnapshot {
		return nil, fmt.Errorf("the file is over %d MiB, so that it is no live.json", maxSnapshot>>20)
	}
	if err := recognise(data); err != nil {
		return nil, err
	}
	s := snapshot{Live: &catalog.Live{}}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("the live.json is damaged: %w. fetch it again", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the live.json is damaged: text stands after its end. fetch it again")
	}
	if err := restore(s.Live); err != nil {
		return nil, fmt.Errorf("the live.json is damaged: %w. fetch it again", err)
	}
	return s.Live, nil
}

// recognise reports a file that is no live.json of this version.
func recognise(data []byte) error {
	var head struct {
		Format  string
		Version int
	}
	var kind *json.UnmarshalTypeError
	switch err := json.Unmarshal(data, &head); {
	case errors.As(err, &kind):
		return fmt.Errorf("the file is no live.json: it has %q where another kind of value is expected. give one that obsready wrote", kind.Value)
	case err != nil:
		return fmt.Errorf("the file is no live.json: %w. give one that obsready wrote", err)
	}
	if head.Format != snapshotFormat {
		return fmt.Errorf("the file is no live.json: its format is %q and not %q. give one that obsready wrote", head.Format, snapshotFormat)
	}
	if head.Version != snapshotVersion {
		return fmt.Errorf("the live.json is of version %d, and this program reads version %d. fetch it again with this program", head.Version, snapshotVersion)
	}
	return nil
}

// restore brings what was read into the form that Fetch gives, and reports what cannot be right.
func restore(live *catalog.Live) error {
	if live.FetchedAt.IsZero() {
		return errors.New("it does not say when it was fetched")
	}
	if _, err := (Options{URL: live.URL}).base(); err != nil {
		return err
	}
	for i := range live.Dashboards.Items {
		d := &live.Dashboards.Items[i]
		if d.JSON == nil {
			continue
		}
		text, err := unindented(d.JSON)
		if err != nil {
			return fmt.Errorf("dashboard %q is %w", d.UID, err)
		}
		if hashOf(text) != d.Hash {
			return fmt.Errorf("dashboard %q does not have the hash that stands beside it", d.UID)
		}
		d.JSON = text
	}
	for i := range live.Libraries.Items {
		l := &live.Libraries.Items[i]
		if l.JSON == nil {
			continue
		}
		text, err := unindented(l.JSON)
		if err != nil {
			return fmt.Errorf("library panel %q is %w", l.UID, err)
		}
		l.JSON = text
	}
	for i := range live.Policies.Items {
		if tooDeep(&live.Policies.Items[i], maxRoutes) {
			return fmt.Errorf("its notification policies are nested deeper than %d", maxRoutes)
		}
	}
	for i := range live.Metrics {
		slices.Sort(live.Metrics[i].Present) // they are searched by halves
		slices.Sort(live.Metrics[i].Absent)
	}
	return nil
}

// unindented gives a text that [Canonical] made back from its indented form.
func unindented(text []byte) ([]byte, error) {
	if nesting(text) > maxNested {
		return nil, errNested
	}
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return b.Bytes(), nil
}

// tooDeep reports whether policies are nested deeper than a number of levels.
func tooDeep(r *catalog.LiveRoute, most int) bool {
	return most < 0 || slices.ContainsFunc(r.Routes, func(below catalog.LiveRoute) bool { return tooDeep(&below, most-1) })
}

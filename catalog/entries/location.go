package entries

import (
	"fmt"
	"path"
	"strings"

	"obsready/catalog"
)

// locations gives the files that a Location names, as paths or globs from the repository's root, and a gap for each
// target outside what this run reads.
func (e entity) locations() catalog.Facts {
	var facts catalog.Facts
	for _, target := range append(e.spec.Get("target").Texts(), e.spec.Get("targets").Texts()...) {
		file := path.Join(path.Dir(e.doc.File), target.Value)
		switch {
		case strings.Contains(target.Value, "://"):
			facts.Gaps = append(facts.Gaps, gap(catalog.Services, target.At, catalog.Unreachable, "",
				fmt.Sprintf("the location %q is outside the catalog, so what it lists is not part of this run. keep a copy in the catalog to include it", target.Value)))
		case path.IsAbs(target.Value) || file == ".." || strings.HasPrefix(file, "../"):
			facts.Gaps = append(facts.Gaps, gap(catalog.Services, target.At, catalog.Unreachable, "",
				fmt.Sprintf("the location %q is outside the repository. write a path relative to this file, inside the repository", target.Value)))
		default:
			facts.Locations = append(facts.Locations, catalog.Text{Value: file, At: target.At})
		}
	}
	return facts
}

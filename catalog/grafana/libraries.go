package grafana

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/go-openapi/strfmt"
	"github.com/grafana/grafana-openapi-client-go/client/library_elements"
	"github.com/grafana/grafana-openapi-client-go/models"

	"obsready/catalog"
)

const (
	libraryPage  = 100
	libraryPanel = int64(1) // the kind of library panels
)

// libraries fetches the library panels that fetched dashboards show. They come in pages of the whole list, which is fewer
// requests than one for each of them where there are many, and one where there are few.
func (c *client) libraries(ctx context.Context, live *catalog.Live) {
	shown := shownLibraries(live.Dashboards.Items)
	part := &live.Libraries
	part.Asked = true
	if len(shown) == 0 {
		return
	}
	seen := 0
	for page := int64(1); page <= maxPages; page++ {
		kind, size := libraryPanel, int64(libraryPage)
		params := library_elements.NewGetLibraryElementsParamsWithContext(ctx).WithKind(&kind).WithPerPage(&size).WithPage(&page)
		ok, err := library_elements.New(c.api, strfmt.Default).GetLibraryElements(params)
		if err != nil {
			part.Trouble = c.trouble(err)
			break
		}
		if ok.Payload == nil || ok.Payload.Result == nil {
			part.Trouble = &catalog.Trouble{Cause: catalog.NotJSON, Status: 200, Detail: "the reply holds no list of library panels"}
			break
		}
		elements := ok.Payload.Result.Elements
		for _, e := range elements {
			if e != nil && shown[e.UID] {
				delete(shown, e.UID)
				part.Items = append(part.Items, c.library(e))
			}
		}
		seen += len(elements)
		if len(elements) < libraryPage || len(shown) == 0 || int64(seen) >= ok.Payload.Result.TotalCount {
			break
		}
	}
	slices.SortFunc(part.Items, func(a, b catalog.LiveLibrary) int { return cmp.Compare(a.UID, b.UID) })
}

func (c *client) library(e *models.LibraryElementDTO) catalog.LiveLibrary {
	l := catalog.LiveLibrary{UID: e.UID, Name: c.clean(e.Name), Type: e.Type, FolderUID: e.FolderUID, Version: e.Version}
	if e.Model != nil {
		if text, err := c.cleanValue(e.Model); err == nil {
			l.JSON = text
		}
	}
	return l
}

// shownLibraries gives the UIDs of the library panels that dashboards show.
func shownLibraries(boards []catalog.LiveDashboard) map[string]bool {
	shown := map[string]bool{}
	for _, d := range boards {
		if !bytes.Contains(d.JSON, []byte(`"libraryPanel"`)) && !bytes.Contains(d.JSON, []byte(`"LibraryPanel"`)) {
			continue
		}
		var value any
		if json.Unmarshal(d.JSON, &value) == nil {
			collectLibraries(value, shown)
		}
	}
	return shown
}

func collectLibraries(value any, shown map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			collectLibraries(item, shown)
		}
	case map[string]any:
		if library, ok := v["libraryPanel"].(map[string]any); ok {
			if uid, ok := library["uid"].(string); ok && uid != "" {
				shown[uid] = true
			}
		}
		for _, item := range v {
			collectLibraries(item, shown)
		}
	}
}

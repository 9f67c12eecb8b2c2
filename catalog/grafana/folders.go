package grafana

import (
	"cmp"
	"context"
	"slices"

	"obsready/catalog"
)

// maxNesting bounds the way from a folder to the top.
const maxNesting = 32

// folders lists all folders. The search gives them in one reply, with the folder that each is in; /api/folders would take a
// request for each of them.
func (c *client) folders(ctx context.Context, live *catalog.Live) {
	part := &live.Folders
	part.Asked = true
	hits, trouble := c.search(ctx, "dash-folder")
	part.Trouble = trouble
	for _, hit := range hits {
		part.Items = append(part.Items, catalog.LiveFolder{UID: hit.UID, Title: c.clean(hit.Title), Parent: hit.FolderUID})
	}
	slices.SortFunc(part.Items, func(a, b catalog.LiveFolder) int { return cmp.Compare(a.UID, b.UID) })
	for i := range part.Items {
		part.Items[i].Path = pathOf(part.Items, &part.Items[i], 0)
	}
	doubtEmpty(live, part, "folders:read")
}

// pathOf gives the titles from the top to a folder.
func pathOf(all []catalog.LiveFolder, f *catalog.LiveFolder, depth int) string {
	parent := folderOf(all, f.Parent)
	if parent == nil || depth > maxNesting {
		return f.Title
	}
	return pathOf(all, parent, depth+1) + "/" + f.Title
}

func folderOf(sorted []catalog.LiveFolder, uid string) *catalog.LiveFolder {
	i, found := slices.BinarySearchFunc(sorted, uid, func(f catalog.LiveFolder, uid string) int { return cmp.Compare(f.UID, uid) })
	if !found {
		return nil
	}
	return &sorted[i]
}

// foldersBelow gives the UIDs of the folders that are named by UID, title or path, and of all below them. The search's own
// filter by folder does not look below.
func foldersBelow(all []catalog.LiveFolder, names []string) map[string]bool {
	inside := map[string]bool{}
	for i := range all {
		f := &all[i]
		for depth := 0; f != nil && depth <= maxNesting; depth++ {
			if slices.Contains(names, f.UID) || slices.Contains(names, f.Title) || slices.Contains(names, f.Path) {
				inside[all[i].UID] = true
				break
			}
			f = folderOf(all, f.Parent)
		}
	}
	return inside
}

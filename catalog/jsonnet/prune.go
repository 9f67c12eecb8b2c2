package jsonnet

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Bounds of a cache folder.
const (
	keptUnused = 30 * 24 * time.Hour // a file that no run has used for so long is removed
	maxKept    = 1 << 30             // bytes of all files; those that were used last stay
)

// markUsed notes that a file was used, once a day. One that cannot be changed may be removed too early, which costs time
// and nothing else.
func markUsed(file string, now time.Time) {
	if info, err := os.Stat(file); err == nil && now.Sub(info.ModTime()) > 24*time.Hour {
		_ = os.Chtimes(file, now, now)
	}
}

// prune removes the files of a cache folder that are beyond its bounds, and what writers that were killed have left. Other
// files stay, and what cannot be removed stays as well.
func prune(dir string, now time.Time) {
	type kept struct {
		name string
		size int64
		used time.Time
	}
	var files []kept
	entries, _ := os.ReadDir(dir) // of a folder that cannot be read nothing is removed
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && (filepath.Ext(e.Name()) == cacheEnding || strings.HasPrefix(e.Name(), cacheBegun)) {
			files = append(files, kept{e.Name(), info.Size(), info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b kept) int { return cmp.Or(b.used.Compare(a.used), strings.Compare(a.name, b.name)) })
	var sum int64
	for _, f := range files {
		sum += f.size
		begun := strings.HasPrefix(f.name, cacheBegun) && now.Sub(f.used) > time.Hour
		if begun || sum > maxKept || now.Sub(f.used) > keptUnused {
			_ = os.Remove(filepath.Join(dir, f.name))
		}
	}
}

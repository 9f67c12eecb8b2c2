package recovery

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
	"obsready/catalog/pages"
)

// services gives the services that the page says it is about.
func (r *reader) services() []catalog.Text { return r.list("service", "services", "applies to") }

// list gives the values of a field that lists several, one for each.
func (r *reader) list(names ...string) []catalog.Text {
	var all []catalog.Text
	for _, name := range names {
		for _, f := range r.fields {
			if pages.Means(f.Name, name) == pages.Exactly && r.written(f.Value) {
				all = append(all, parts(f.Value)...)
			}
		}
		if len(all) > 0 {
			break
		}
	}
	return first(all)
}

var separators = regexp.MustCompile(`\s*[,;]\s*|\s+and\s+|\s+&\s+`)

func parts(t catalog.Text) []catalog.Text {
	var all []catalog.Text
	for _, p := range separators.Split(t.Value, maxTexts) {
		if p = strings.Trim(p, " .`"); p != "" && !waits(p) {
			all = append(all, catalog.Text{Value: strings.Clone(p), At: t.At})
		}
	}
	return all
}

var reviewNames = []string{"last reviewed", "last reviewed on", "last reviewed at", "last review", "reviewed", "reviewed on", "reviewed at", "review date", "last updated", "last updated on", "updated", "updated at", "last modified", "last revised",
	"revised", "revision date"}

// reviewed gives the day of the last review: as stated, or else the latest of a table of the document's history.
func (r *reader) reviewed() catalog.Text {
	if t := r.field(reviewNames...); t.Value != "" {
		return t
	}
	var latest catalog.Text
	var day dates.Day
	for _, s := range r.Sections {
		if pages.Means(s.Heading.Text, "revision history", "document history", "change history", "version history", "review history", "changelog", "document control") == pages.NotAtAll {
			continue
		}
		for _, t := range s.Tables {
			for _, row := range t.Rows {
				if c := t.Column("date", "reviewed"); c >= 0 {
					if d, ok := dates.Parse(row[c].Value); ok && d.After(day) {
						latest, day = row[c], d
					}
				}
			}
		}
	}
	return latest
}

func first(texts []catalog.Text) []catalog.Text { return texts[:min(len(texts), maxTexts)] }

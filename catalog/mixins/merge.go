package mixins

import (
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// merge gives what the programs' facts add to those of plain files: a catalog may hold a mixin beside the files that were
// rendered from it, and a program that only renders a mixin which is read by itself. A rule is known by its name, its
// expression and its labels, a dashboard by its title and uid, or the number of its panels when it has none. Of several
// that are the same the plain file's counts, then that of the first program. A gap is told once for its place and text.
func merge(plain catalog.Facts, programs []catalog.Facts) catalog.Facts {
	known := known{}
	for _, a := range plain.Alerts {
		known.add(alertKey(a))
	}
	for _, r := range plain.Recordings {
		known.add(recordingKey(r))
	}
	for _, d := range plain.Dashboards {
		known.add(dashboardKey(d))
	}
	var added catalog.Facts
	for _, f := range programs {
		added.Alerts = append(added.Alerts, fresh(known, f.Alerts, alertKey)...)
		added.Recordings = append(added.Recordings, fresh(known, f.Recordings, recordingKey)...)
		added.Dashboards = append(added.Dashboards, fresh(known, f.Dashboards, dashboardKey)...)
		added.Libraries = append(added.Libraries, fresh(known, f.Libraries, func(l *catalog.Dashboard) string { return "library " + dashboardKey(l) })...)
		added.Gaps = append(added.Gaps, fresh(known, f.Gaps, func(g catalog.Gap) string { return "gap " + g.String() })...)
	}
	return added
}

// sourcesOf gives the plain rules and dashboards that programs make others of, as those of a JSON file to which a mixin
// gives another uid. One that comes out unchanged is none, unless it stands in a rendered file as well.
func sourcesOf(plain catalog.Facts, programs []outcome) (sources catalog.Facts) {
	sources.Alerts = madeOthers(programs, func(f *catalog.Facts) []*catalog.AlertRule { return f.Alerts }, &plain, alertKey, func(a *catalog.AlertRule) string { return a.At.File })
	sources.Recordings = madeOthers(programs, func(f *catalog.Facts) []*catalog.RecordingRule { return f.Recordings }, &plain, recordingKey, func(r *catalog.RecordingRule) string { return r.At.File })
	sources.Dashboards = madeOthers(programs, func(f *catalog.Facts) []*catalog.Dashboard { return f.Dashboards }, &plain, dashboardKey, func(d *catalog.Dashboard) string { return d.At.File })
	return sources
}

// madeOthers gives the plain items of one kind in files that programs read which give items of the kind, but not these, or
// which are in another file too that no such program reads.
func madeOthers[T any](programs []outcome, of func(*catalog.Facts) []T, plain *catalog.Facts, key, file func(T) string) []T {
	made := map[string]known{} // by plain file, the keys of what its readers give; nil without readers
	for _, item := range of(plain) {
		made[file(item)] = nil
	}
	for i := range programs {
		items := of(&programs[i].facts)
		for read := range programs[i].reads {
			keys, isPlain := made[read]
			if !isPlain || len(items) == 0 {
				continue
			}
			if keys == nil {
				keys = known{}
				made[read] = keys
			}
			for _, item := range items {
				keys.add(key(item))
			}
		}
	}
	rendered := known{}
	for _, item := range of(plain) {
		if made[file(item)] == nil {
			rendered.add(key(item))
		}
	}
	var found []T
	for _, item := range of(plain) {
		if keys := made[file(item)]; keys != nil && (!keys[key(item)] || rendered[key(item)]) {
			found = append(found, item)
		}
	}
	return found
}

// known holds the keys of what was seen.
type known map[string]bool

// add notes a key and reports whether it is new.
func (k known) add(key string) bool {
	isNew := !k[key]
	k[key] = true
	return isNew
}

// fresh gives the items that were not seen yet.
func fresh[T any](k known, items []T, key func(T) string) []T {
	var found []T
	for _, item := range items {
		if k.add(key(item)) {
			found = append(found, item)
		}
	}
	return found
}

func alertKey(a *catalog.AlertRule) string {
	return ruleKey("alert", a.Name.Value, a.Expr.Text, a.Labels)
}

func recordingKey(r *catalog.RecordingRule) string {
	return ruleKey("record", r.Name.Value, r.Expr.Text, r.Labels)
}

// ruleKey tells rules apart. The blanks of an expression change with the way it is written.
func ruleKey(kind, name, expr string, labels []catalog.Label) string {
	parts := make([]string, 0, len(labels)+3)
	for _, l := range labels {
		parts = append(parts, l.Key+"="+l.Value)
	}
	slices.Sort(parts)
	return strings.Join(append([]string{kind, name, strings.Join(strings.Fields(expr), " ")}, parts...), "\x00")
}

func dashboardKey(d *catalog.Dashboard) string {
	id := d.UID.Value
	if id == "" {
		id = "panels " + strconv.Itoa(len(d.Panels))
	}
	return strings.Join([]string{"dashboard", d.Title.Value, id}, "\x00")
}

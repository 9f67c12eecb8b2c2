package history

import (
	"cmp"
	"hash/maphash"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"obsready/catalog"
)

// mention is a name under which the estate may hold more that matters to whoever reads the name.
type mention struct {
	kind   mentionKind
	name   string
	narrow string // of a series that many rules record: the matchers on it, in a form of their own
}

type mentionKind byte

const (
	recorded mentionKind = iota // the name of a series
	promised                    // the name of an SLO
	layered                     // the folder of a collector's configuration
	named                       // the name of a service, folded
	watched                     // likewise, of whoever reads what alerts on up are narrowed to
)

func compareMentions(a, b mention) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), strings.Compare(a.name, b.name), strings.Compare(a.narrow, b.narrow))
}

// many is how many rules of one name are looked at all together. Checks do not follow a name that more rules record to all
// of them: they take the first one, or the first one that can record what is selected.
const many = 100

// index finds what names in an estate stand for.
type index struct {
	seed   maphash.Seed
	rules  map[string][]*catalog.RecordingRule
	slos   map[string][]*catalog.SLO
	layers map[string][]*catalog.Collector
	// services are those that bear a name, folded; watchers the alerts on up that only they can be the targets of.
	services map[string][]*catalog.Service
	watchers map[string][]*catalog.AlertRule
}

func newIndex(estate *catalog.Estate, seed maphash.Seed) *index {
	x := &index{seed: seed, rules: map[string][]*catalog.RecordingRule{}, slos: map[string][]*catalog.SLO{}, layers: map[string][]*catalog.Collector{},
		services: map[string][]*catalog.Service{}, watchers: map[string][]*catalog.AlertRule{}}
	for _, r := range estate.Recordings {
		x.rules[r.Name.Value] = append(x.rules[r.Name.Value], r)
	}
	for _, o := range estate.SLOs {
		x.slos[o.Name.Value] = append(x.slos[o.Name.Value], o)
	}
	for _, c := range estate.Collectors {
		folder := path.Dir(c.At.File)
		x.layers[folder] = append(x.layers[folder], c)
	}
	for _, svc := range estate.Services {
		for _, name := range namesOf(svc) {
			x.services[name] = append(x.services[name], svc)
		}
	}
	for _, a := range estate.Alerts {
		if onUp(a) {
			name := narrowedTo(a)
			x.watchers[name] = append(x.watchers[name], a)
		}
	}
	return x
}

// namesOf gives the names under which telemetry knows a service, folded.
func namesOf(svc *catalog.Service) []string {
	names := []string{folded(svc.Name.Value), folded(svc.Signals.Traces.Value)}
	for _, a := range svc.Aliases {
		names = append(names, folded(a.Value))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// folded makes names equal that differ in case only.
func folded(name string) string { return strings.ToLower(strings.ToUpper(name)) }

// onUp reports whether an alert reads whether targets are up.
func onUp(a *catalog.AlertRule) bool {
	return slices.ContainsFunc(a.Expr.Selectors, func(s catalog.Selector) bool { return s.Metric == "up" })
}

// narrowedTo gives the name, folded, of the only job that an alert on up can be about, "" when there may be others.
func narrowedTo(a *catalog.AlertRule) string {
	for _, s := range a.Expr.Selectors {
		for _, m := range s.Matchers {
			if s.Metric == "up" && m.Op == "=" && m.Name == "job" {
				return folded(m.Value)
			}
		}
	}
	return ""
}

// things gives what a mention stands for.
func (x *index) things(m mention) []reflect.Value {
	switch m.kind {
	case promised:
		return valuesOf(x.slos[m.name])
	case layered:
		return valuesOf(x.layers[m.name])
	case watched:
		return valuesOf(x.watchers[m.name])
	case named: // which service it is is all that matters
		return nil
	}
	rules := x.rules[m.name]
	if len(rules) <= many || m.narrow == anyMatchers {
		return valuesOf(rules)
	}
	wanted := parseMatchers(m.narrow)
	some := rules[:1:1]
	for _, r := range rules {
		if admitted, surely := admits(r, wanted); admitted {
			some = append(some, r)
			if surely {
				break
			}
		}
	}
	return valuesOf(some)
}

func valuesOf[T any](things []*T) []reflect.Value {
	all := make([]reflect.Value, len(things))
	for i, t := range things {
		all[i] = reflect.ValueOf(t)
	}
	return all
}

// admits reports whether a rule can record a series that matchers select, as far as the labels tell that it sets.
func admits(r *catalog.RecordingRule, matchers []catalog.Matcher) (admitted, surely bool) {
	surely = true
	for _, m := range matchers {
		switch label, set := catalog.FindLabel(r.Labels, m.Name); {
		case set && m.Op == "=" && m.Value != label.Value:
			return false, true
		case set && m.Op != "=":
			surely = false
		}
	}
	return true, surely
}

// anyMatchers stands for matchers that are not known.
const anyMatchers = "?"

// formOf writes matchers so that [parseMatchers] reads them.
func formOf(matchers []catalog.Matcher) string {
	var b strings.Builder
	for _, m := range matchers {
		b.WriteString(m.Name + "\x00" + m.Op + "\x00" + m.Value + "\x01")
	}
	return b.String()
}

func parseMatchers(form string) []catalog.Matcher {
	var all []catalog.Matcher
	for one := range strings.SplitSeq(form, "\x01") {
		if parts := strings.SplitN(one, "\x00", 3); len(parts) == 3 {
			all = append(all, catalog.Matcher{Name: parts[0], Op: parts[1], Value: parts[2]})
		}
	}
	return all
}

// mentionsOf gives what notes the names that a value of a type mentions, nil for most types.
func mentionsOf(t reflect.Type) func(d *digester, v reflect.Value) {
	switch t {
	case queryType:
		return func(d *digester, v reflect.Value) { d.mentionSeries(v.Addr().Interface().(*catalog.Query)) }
	case alertType:
		return func(d *digester, v reflect.Value) {
			for _, l := range v.Addr().Interface().(*catalog.AlertRule).Labels {
				if d.slos[l.Value] != nil {
					d.mention(mention{kind: promised, name: l.Value})
				}
			}
		}
	case collectorType:
		return func(d *digester, v reflect.Value) {
			d.mention(mention{kind: layered, name: path.Dir(v.Addr().Interface().(*catalog.Collector).At.File)})
		}
	}
	return nil
}

// window is what Sloth fills in with each of its windows. In the name of a recorded series the first of them is read.
var window = regexp.MustCompile(`\{\{-?\s*\.window\s*-?\}\}`)

// mentionSeries notes the series that a query selects, when rules record them. Where the selectors are not known, because it
// does not parse or is no PromQL, every word counts that is the name of one.
func (d *digester) mentionSeries(q *catalog.Query) {
	for _, s := range q.Selectors {
		for _, m := range s.Matchers {
			if name := folded(m.Value); name != "" && m.Op == "=" && d.services[name] != nil {
				d.mention(mention{kind: named, name: name})
			}
		}
		d.mentionRecorded(s.Metric, formOf, s.Matchers)
		if strings.Contains(s.Metric, "{{") {
			d.mentionRecorded(window.ReplaceAllString(s.Metric, "5m"), formOf, s.Matchers)
		}
	}
	if q.Lang == catalog.PromQL && q.Error == "" {
		return
	}
	written := window.ReplaceAllString(q.Text, "5m")
	for {
		begin := strings.IndexFunc(written, nameBegins)
		if begin < 0 {
			return
		}
		written = written[begin:]
		end := strings.IndexFunc(written, func(r rune) bool { return !nameBegins(r) && (r < '0' || r > '9') })
		if end < 0 {
			end = len(written)
		}
		d.mentionRecorded(written[:end], func([]catalog.Matcher) string { return anyMatchers }, nil)
		written = written[end:]
	}
}

func (d *digester) mentionRecorded(name string, form func([]catalog.Matcher) string, matchers []catalog.Matcher) {
	rules := d.rules[name]
	if len(rules) == 0 {
		return
	}
	m := mention{kind: recorded, name: name}
	if len(rules) > many {
		m.narrow = form(matchers)
	}
	d.mention(m)
}

func nameBegins(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r == ':'
}

package history

import (
	"encoding/binary"
	"hash/maphash"
	"maps"
	"reflect"
	"slices"

	"obsready/catalog"
)

// A digest is a number of all that a check of [carried] can see of a service: two estates in which a service has the same
// digest give the same verdicts. It is made by walking the service with everything that is linked to it, so that what is
// added to the vocabulary counts by itself, and then what the estate has under names that stand there: the recording rules
// that expressions read, one through the other, the SLOs that labels of alerts name, and the files that complete a
// collector's configuration.
//
// Left out is what [unseen] lists, which no check of [carried] looks at. Lines count from the beginning of the thing that
// they are in: what is added above it in its file changes nothing about it.

// unseen are fields that a digest leaves out: what changes with the day or far from the service. TestCarried holds the
// checks to it.
var unseen = map[string]bool{
	"Changed": true, "AtLeastAsOld": true, "Changes": true, // ages
	"Deliveries": true, // the routes of the estate
	"DependsOn":  true, // other services
	"Names":      true, // the words of unreadable files
}

// digester makes the digests of one estate. It is for one goroutine.
type digester struct {
	*index
	units map[unitKey]*unit
	known map[mention]*unit // what stands under a name
	types map[reflect.Type]*typePlan

	// What is being walked.
	hash     maphash.Hash
	at       catalog.Place // of the unit
	mentions map[mention]bool
	open     []unitKey // units around
	outer    int       // the outermost of these that was met again; len(open) or more for none
}

// unit is one thing that others point to, with all that it points to.
type unit struct {
	sum      uint64
	mentions []mention // of what the estate has, in order
}

type unitKey struct {
	pointer uintptr
	of      int // typePlan.id
}

func newDigester(x *index) *digester {
	return &digester{index: x, units: map[unitKey]*unit{}, known: map[mention]*unit{}, types: map[reflect.Type]*typePlan{}}
}

// digest gives the digest of a service.
func (d *digester) digest(svc *catalog.Service) uint64 {
	own := d.unitOf(reflect.ValueOf(svc))
	h := d.newHash()
	number(&h, own.sum)
	mentions := slices.Clone(own.mentions)
	for _, name := range namesOf(svc) {
		if name != "" && d.watchers[name] != nil {
			mentions = append(mentions, mention{kind: watched, name: name})
		}
	}
	for _, m := range d.reach(mentions) {
		text(&h, m.name)
		number(&h, d.under(m).sum)
	}
	return h.Sum64()
}

// reach gives the names that are mentioned, and those mentioned by what stands under them, in order.
func (d *digester) reach(names []mention) []mention {
	seen := make(map[mention]bool, len(names))
	all := slices.Clone(names)
	for _, m := range all {
		seen[m] = true
	}
	for i := 0; i < len(all); i++ {
		for _, m := range d.under(all[i]).mentions {
			if !seen[m] {
				seen[m] = true
				all = append(all, m)
			}
		}
	}
	slices.SortFunc(all, compareMentions)
	return all
}

// under gives what stands under a name as one thing.
func (d *digester) under(m mention) *unit {
	u := d.known[m]
	if u != nil {
		return u
	}
	u = &unit{}
	h := d.newHash()
	for _, thing := range d.things(m) {
		one := d.unitOf(thing)
		number(&h, one.sum)
		u.mentions = append(u.mentions, one.mentions...)
	}
	switch m.kind {
	case recorded:
		number(&h, uint64(min(len(d.rules[m.name]), many+1)))
	case named:
		for _, svc := range d.services[m.name] {
			text(&h, svc.ID)
		}
	}
	u.sum = h.Sum64()
	slices.SortFunc(u.mentions, compareMentions)
	u.mentions = slices.Compact(u.mentions)
	d.known[m] = u
	return u
}

func (d *digester) newHash() maphash.Hash {
	var h maphash.Hash
	h.SetSeed(d.seed)
	return h
}

// unitOf walks what a pointer points to.
func (d *digester) unitOf(p reflect.Value) *unit { return d.unit(p, d.typeOf(p.Type().Elem())) }

// unit walks what a pointer points to. What was walked before is known; what is being walked, around it, is told by how
// far out that is, and then only the outermost thing of such a ring is remembered: what is inside was not seen whole.
func (d *digester) unit(p reflect.Value, t *typePlan) *unit {
	key := unitKey{p.Pointer(), t.id}
	if u := d.units[key]; u != nil {
		return u
	}
	if i := slices.Index(d.open, key); i >= 0 {
		d.outer = min(d.outer, i)
		return &unit{sum: uint64(len(d.open) - i)}
	}
	hash, mentions, at, outer, depth := d.hash, d.mentions, d.at, d.outer, len(d.open)
	d.hash, d.mentions, d.at, d.open, d.outer = d.newHash(), nil, catalog.Place{}, append(d.open, key), depth+1
	v := p.Elem()
	if t.at >= 0 {
		d.at = *v.Field(t.at).Addr().Interface().(*catalog.Place)
	}
	t.write(d, v)
	u := &unit{sum: d.hash.Sum64(), mentions: slices.SortedFunc(maps.Keys(d.mentions), compareMentions)}
	if d.outer >= depth {
		d.units[key] = u
	}
	d.hash, d.mentions, d.at, d.open, d.outer = hash, mentions, at, d.open[:depth], min(outer, d.outer)
	return u
}

// mention notes a name that the estate has something under.
func (d *digester) mention(m mention) {
	if d.mentions == nil {
		d.mentions = map[mention]bool{}
	}
	d.mentions[m] = true
}

func text(h *maphash.Hash, s string) {
	number(h, uint64(len(s)))
	h.WriteString(s)
}

func number(h *maphash.Hash, n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	h.Write(b[:])
}

// filesBehind adds the files in which what is linked to a service stands.
func filesBehind(svc *catalog.Service, files map[string]bool) {
	var walk func(v reflect.Value, depth int)
	seen := map[any]bool{}
	walk = func(v reflect.Value, depth int) {
		switch v.Kind() {
		case reflect.Pointer:
			if v.IsNil() || seen[v.Interface()] || depth > 0 && v.Type() == serviceType {
				return
			}
			seen[v.Interface()] = true
			walk(v.Elem(), depth+1)
		case reflect.Struct:
			if v.Type() == timeType {
				return
			}
			if p, ok := v.Interface().(catalog.Place); ok {
				files[p.File] = true
				return
			}
			for i := range v.NumField() {
				walk(v.Field(i), depth+1)
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i), depth+1)
			}
		}
	}
	walk(reflect.ValueOf(svc), 0)
}

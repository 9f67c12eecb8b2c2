package history

import (
	"math"
	"reflect"
	"time"

	"obsready/catalog"
)

// plan writes a value of one type to the hash.
type plan func(d *digester, v reflect.Value)

// typePlan is the plan of one type.
type typePlan struct {
	id    int // of the type among those of the digester
	at    int // index of the field At, -1 for none
	write plan
}

var (
	serviceType   = reflect.TypeFor[*catalog.Service]()
	placeType     = reflect.TypeFor[catalog.Place]()
	timeType      = reflect.TypeFor[time.Time]()
	queryType     = reflect.TypeFor[catalog.Query]()
	alertType     = reflect.TypeFor[catalog.AlertRule]()
	collectorType = reflect.TypeFor[catalog.Collector]()
)

func (d *digester) typeOf(t reflect.Type) *typePlan {
	p := d.types[t]
	if p == nil {
		p = &typePlan{id: len(d.types), at: -1}
		d.types[t] = p // before its plan is made: a type may be part of itself
		if t.Kind() == reflect.Struct {
			if at, ok := t.FieldByName("At"); ok && at.Type == placeType {
				p.at = at.Index[0]
			}
		}
		p.write = d.newPlan(t)
	}
	return p
}

func (d *digester) newPlan(t reflect.Type) plan {
	switch t {
	case serviceType:
		return writeService
	case placeType:
		return writePlace
	case timeType:
		return func(d *digester, v reflect.Value) { number(&d.hash, uint64(v.Interface().(time.Time).UnixNano())) }
	}
	switch t.Kind() {
	case reflect.String:
		return func(d *digester, v reflect.Value) { text(&d.hash, v.String()) }
	case reflect.Bool:
		return writeBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(d *digester, v reflect.Value) { number(&d.hash, uint64(v.Int())) }
	case reflect.Float32, reflect.Float64:
		return func(d *digester, v reflect.Value) { number(&d.hash, math.Float64bits(v.Float())) }
	case reflect.Pointer:
		return d.pointerPlan(t)
	case reflect.Slice:
		return d.listPlan(t)
	case reflect.Map:
		return d.mapPlan(t)
	case reflect.Struct:
		return d.structPlan(t)
	}
	panic("no digest is known of a value of type " + t.String()) // TestEveryTypeHasADigest holds the vocabulary to it
}

func writeBool(d *digester, v reflect.Value) {
	if v.Bool() {
		d.hash.WriteByte(1)
	} else {
		d.hash.WriteByte(0)
	}
}

// writeService ends at another service: its ID tells which one it is.
func writeService(d *digester, v reflect.Value) {
	if svc := v.Interface().(*catalog.Service); svc != nil {
		text(&d.hash, svc.ID)
	} else {
		text(&d.hash, "")
	}
}

// writePlace counts lines from where the thing around it begins.
func writePlace(d *digester, v reflect.Value) {
	p := v.Addr().Interface().(*catalog.Place)
	line := p.Line
	if line > 0 && p.File == d.at.File {
		line -= d.at.Line
	}
	text(&d.hash, p.File)
	number(&d.hash, uint64(line))
	number(&d.hash, uint64(p.Col))
}

func (d *digester) pointerPlan(t reflect.Type) plan {
	to := d.typeOf(t.Elem())
	return func(d *digester, v reflect.Value) {
		if v.IsNil() {
			d.hash.WriteByte(0)
			return
		}
		u := d.unit(v, to)
		number(&d.hash, u.sum)
		for _, m := range u.mentions {
			d.mention(m)
		}
	}
}

func (d *digester) listPlan(t reflect.Type) plan {
	each := d.typeOf(t.Elem())
	return func(d *digester, v reflect.Value) {
		n := v.Len()
		number(&d.hash, uint64(n))
		for i := range n {
			each.write(d, v.Index(i))
		}
	}
}

// mapPlan adds up the entries, which have no order.
func (d *digester) mapPlan(t reflect.Type) plan {
	key, value := d.typeOf(t.Key()), d.typeOf(t.Elem())
	return func(d *digester, v reflect.Value) {
		sum, around := uint64(0), d.hash
		for entries := v.MapRange(); entries.Next(); {
			d.hash = d.newHash()
			key.write(d, entries.Key())
			value.write(d, entries.Value())
			sum += d.hash.Sum64()
		}
		d.hash = around
		number(&d.hash, uint64(v.Len()))
		number(&d.hash, sum)
	}
}

func (d *digester) structPlan(t reflect.Type) plan {
	type part struct {
		index int
		of    *typePlan
	}
	var parts []part
	for i := range t.NumField() {
		if f := t.Field(i); !unseen[f.Name] {
			parts = append(parts, part{i, d.typeOf(f.Type)})
		}
	}
	mentions := mentionsOf(t)
	return func(d *digester, v reflect.Value) {
		for _, p := range parts {
			p.of.write(d, v.Field(p.index))
		}
		if mentions != nil {
			mentions(d, v)
		}
	}
}

package measure

import (
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
	"obsready/catalog/promql"
)

// source is the text that a part of an expression stands in.
type source struct {
	query   catalog.Query
	offsets promql.Offsets
	moved   []move // of a text that was written anew
}

func (s source) place(n parser.Node) catalog.Place {
	offset := s.offsets.Original(n.PositionRange().Start)
	if s.moved != nil {
		offset = original(s.moved, offset)
	}
	return s.query.Place(offset)
}

// reader reads one expression. Inside of a recording rule's, source, carried and via are those of the rule.
type reader struct {
	meter   *Meter
	source  source
	inner   map[parser.Node]source        // of expressions that were put into this one: the queries of a Grafana rule
	places  map[parser.Node]catalog.Place // of what stands around those queries
	carried []*labels.Matcher             // of the recorded series around
	via     *recorded                     // the recorded series around, or nil
	level   int
	opened  int // recording rules that were read in place of their names
}

// maxLevel bounds how deep an expression is read, and with it the stack.
const maxLevel = 400

func (r *reader) deeper() bool {
	if r.level >= maxLevel {
		return true
	}
	r.level++
	return false
}

func (r *reader) higher() { r.level-- }

// place gives where a node stands in the rule's own text: inside of a recording rule, where the recorded series is read.
func (r *reader) place(n parser.Node) catalog.Place {
	if r.via != nil {
		outermost := r.via
		for outermost.outer != nil {
			outermost = outermost.outer
		}
		return outermost.at
	}
	if from, ok := r.inner[n]; ok {
		return from.place(n)
	}
	if at, ok := r.places[n]; ok {
		return at
	}
	if len(r.inner) > 0 {
		return r.source.query.At
	}
	return r.source.place(n)
}

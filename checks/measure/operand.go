package measure

import (
	"slices"

	"github.com/prometheus/prometheus/promql/parser"

	"obsready/catalog"
)

// shape is what an expression makes of the series it reads.
type shape int

const (
	plain      shape = iota // the value as it is exposed, summed or averaged at most
	rate                    // how much a counter grows
	ratio                   // a part of a whole
	mean                    // a sum divided by its count
	quantile                // of a distribution
	age                     // now minus a time
	remaining               // a time minus now
	absence                 // that there is no such series
	prediction              // what it is going to be
	changing                // how often it changes
	counted                 // how many series there are
	number                  // no series at all
	clock                   // the time that it is now
)

// operand is what a condition looks at.
type operand struct {
	shape shape
	parts []series   // what is looked at; of a ratio or mean what stands above the line
	whole []series   // what stands below it
	where *condition // the comparison that chooses among the series, as in count(up == 0)
	// Of the outermost aggregation: all says that the instances of a service are taken together, each that they are kept
	// apart on purpose. Neither holds when nothing is aggregated.
	all, each bool
	lowest    bool    // the least value of all instances counts
	inverse   bool    // 1 - x
	past      bool    // it is set against its own past
	burn      bool    // it is divided by the share that an SLO leaves for errors
	disagree  bool    // the same series of two places is compared: it should be equal
	value     float64 // of a number; of a quantile which one
	node      parser.Node
	at        catalog.Place
}

// vacant reports whether the operand reads no series.
func (o operand) vacant() bool { return len(o.parts) == 0 && len(o.whole) == 0 }

// operand reads an expression that is not a condition, or whose conditions only choose series.
func (r *reader) operand(e parser.Expr) operand {
	o := r.shaped(e)
	if o.node == nil {
		o.node, o.at = e, r.place(e)
	}
	return o
}

func (r *reader) shaped(e parser.Expr) operand {
	if r.deeper() {
		return operand{shape: number}
	}
	defer r.higher()
	switch e := e.(type) {
	case *parser.ParenExpr:
		return r.operand(e.Expr)
	case *parser.UnaryExpr:
		o := r.operand(e.Expr)
		if e.Op == parser.SUB {
			o.value = -o.value
		}
		return o
	case *parser.NumberLiteral:
		return operand{shape: number, value: e.Val}
	case *parser.MatrixSelector:
		return r.operand(e.VectorSelector)
	case *parser.SubqueryExpr:
		return r.operand(e.Expr)
	case *parser.VectorSelector:
		return r.selected(e)
	case *parser.AggregateExpr:
		return r.aggregated(e)
	case *parser.Call:
		return r.called(e)
	case *parser.BinaryExpr:
		return r.combined(e)
	}
	return operand{shape: number}
}

// selected reads a series, or what the estate records under its name.
func (r *reader) selected(e *parser.VectorSelector) operand {
	if o, ok := r.recorded(e); ok {
		return o
	}
	s := newSeries(e, r.carried)
	s.at, s.via = r.place(e), r.via
	o := operand{parts: []series{s}}
	switch {
	case s.saysIn(s.operations, "ratio", "percent"):
		o.shape = ratio
	case s.summarised():
		o.shape = quantile
	case s.rated:
		o.shape = rate
	}
	return o
}

// aggregated reads an aggregation: it changes no shape, but says whether instances are taken together.
func (r *reader) aggregated(e *parser.AggregateExpr) operand {
	o := r.operand(e.Expr)
	switch e.Op {
	case parser.COUNT, parser.GROUP, parser.COUNT_VALUES:
		if o.shape == plain {
			o.shape = counted
		}
	case parser.QUANTILE:
		if o.shape == plain {
			o.shape = quantile
		}
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		return o
	}
	o.each = perInstance(e)
	o.all = !o.each
	o.lowest = e.Op == parser.MIN
	return o
}

// instanceLabels tell one instance of a service from another.
var instanceLabels = []string{"instance", "pod", "pod_name", "kubernetes_pod_name", "node", "host", "hostname", "server", "replica", "container_id", "nodename", "machine", "broker", "ip", "address", "endpoint"}

// perInstance reports whether an aggregation keeps single instances apart.
func perInstance(e *parser.AggregateExpr) bool {
	named := slices.ContainsFunc(instanceLabels, func(l string) bool { return slices.Contains(e.Grouping, l) })
	return named != e.Without
}

// called reads a function.
func (r *reader) called(e *parser.Call) operand {
	if len(e.Args) == 0 {
		return r.calledAlone(e.Func.Name)
	}
	switch e.Func.Name {
	case "histogram_quantile", "quantile_over_time":
		o := r.operand(e.Args[1])
		if q, ok := numberOf(e.Args[0]); ok {
			o.value = q
		}
		o.shape = quantile
		return o
	case "histogram_quantiles":
		return r.shapedAs(e.Args[0], quantile)
	case "histogram_fraction":
		return r.shapedAs(e.Args[2], ratio)
	case "histogram_avg":
		return r.shapedAs(e.Args[0], mean)
	case "rate", "irate", "increase", "delta", "idelta", "xrate", "xincrease", "bytes_rate":
		return r.grown(e.Args[0])
	case "count_over_time":
		o := r.operand(e.Args[0])
		if len(o.parts) == 1 && o.parts[0].logs {
			return r.grown(e.Args[0])
		}
		return o
	case "absent", "absent_over_time":
		return r.shapedAs(e.Args[0], absence)
	case "predict_linear", "deriv", "holt_winters", "double_exponential_smoothing":
		return r.shapedAs(e.Args[0], prediction)
	case "changes", "resets":
		return r.shapedAs(e.Args[0], changing)
	case "timestamp":
		if callsTime(e.Args[0]) {
			return operand{shape: clock}
		}
	}
	return r.operand(e.Args[0])
}

func (r *reader) calledAlone(function string) operand {
	if function == "time" {
		return operand{shape: clock}
	}
	return operand{shape: number} // day_of_week() and the like: a time of the day or week
}

func (r *reader) shapedAs(e parser.Expr, s shape) operand {
	o := r.operand(e)
	if !o.vacant() {
		o.shape = s
	}
	return o
}

func (r *reader) grown(e parser.Expr) operand {
	o := r.operand(e)
	for i := range o.parts {
		o.parts[i].rated = true
	}
	if o.shape == plain {
		o.shape = rate
	}
	return o
}

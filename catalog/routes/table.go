package routes

import (
	"encoding/binary"
	"fmt"
	"slices"

	"obsready/catalog"
)

// Table gives the deliveries of the alerts of an estate. It is for one goroutine.
type Table struct {
	dispatchers []*dispatcher
	joined      map[string][]catalog.Delivery // by the lists that were joined
	numbers     map[*catalog.Delivery]uint32  // of the lists that the dispatchers gave, by their first delivery
}

// NewTable makes routers ready for many alerts.
func NewTable(routers []*catalog.Router) *Table {
	t := &Table{joined: map[string][]catalog.Delivery{}, numbers: map[*catalog.Delivery]uint32{}}
	for _, r := range routers {
		t.dispatchers = append(t.dispatchers, newDispatcher(r))
	}
	return t
}

// Deliver gives where the estate's routers send the alerts of a rule: rules of Grafana by Grafana's policies, all others
// by each Alertmanager, since it is not known which of several a rule's alerts reach. Equal rules share one list, which
// must not be changed.
func (t *Table) Deliver(a *catalog.AlertRule) []catalog.Delivery {
	labels := Of(a)
	var lists [][]catalog.Delivery
	for _, d := range t.dispatchers {
		if (d.router.Format == grafana) != (a.Format == grafana) {
			continue
		}
		if a.Format == grafana && a.Notify.Value != "" {
			lists = append(lists, []catalog.Delivery{named(d.router, a.Notify)})
			continue
		}
		if list := d.deliver(labels); len(list) > 0 {
			lists = append(lists, list)
		}
	}
	switch len(lists) {
	case 0:
		return nil
	case 1:
		return lists[0]
	}
	return t.join(lists)
}

// named gives the delivery to a contact point that a rule names.
func named(r *catalog.Router, name catalog.Text) catalog.Delivery {
	return catalog.Delivery{Router: r, Route: &catalog.Route{Receiver: name, At: name.At}, Name: name, Receiver: r.Receiver(name.Value)}
}

// join puts the deliveries of several routers together.
func (t *Table) join(lists [][]catalog.Delivery) []catalog.Delivery {
	var key []byte
	for _, list := range lists {
		n, ok := t.numbers[&list[0]]
		if !ok {
			n = uint32(len(t.numbers))
			t.numbers[&list[0]] = n
		}
		key = binary.LittleEndian.AppendUint32(key, n)
	}
	if all, ok := t.joined[string(key)]; ok {
		return all
	}
	all := slices.Concat(lists...)
	passOver(all)
	t.joined[string(key)] = all
	return all
}

// passOver makes the deliveries of root routes unsure where a resource of an operator takes the alert as well: its routes
// stand before all others, so that the root route is left out when the two belong to one Alertmanager.
// Source: Prometheus operator, pkg/alertmanager/amcfg.go.
func passOver(all []catalog.Delivery) {
	i := slices.IndexFunc(all, func(d catalog.Delivery) bool { return d.Router.Format == resource })
	if i < 0 {
		return
	}
	for j := range all {
		if d := &all[j]; d.Router.Format == alertmanager && d.Route == d.Router.Root && d.Unsure == "" {
			d.Unsure = fmt.Sprintf("the routes at %s may take the alert before", all[i].Route.At)
		}
	}
}

package load

import "obsready/catalog/routes"

// resolveDeliveries finds where the notification routes send each alert.
func (l *loader) resolveDeliveries() {
	if len(l.estate.Routers) == 0 {
		return
	}
	table := routes.NewTable(l.estate.Routers)
	for _, a := range l.estate.Alerts {
		a.Deliveries = table.Deliver(a)
	}
}

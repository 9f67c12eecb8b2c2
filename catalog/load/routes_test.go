package load

import (
	"strings"
	"testing"

	"obsready/catalog"
)

const routedFiles = `
-- am.yml --
route: {receiver: chat, routes: [{receiver: pager, matchers: [severity=page]}]}
receivers: [{name: chat}, {name: pager}]
-- rules.yml --
groups:
- name: g
  rules:
  - {alert: A, expr: up == 0, labels: {severity: page}}
  - {alert: B, expr: up == 0, labels: {severity: ticket}}
-- grafana/policies.yml --
apiVersion: 1
policies: [{orgId: 1, receiver: ops}]
-- grafana/points.yml --
apiVersion: 1
contactPoints: [{orgId: 1, name: ops, receivers: [{uid: a, type: email, settings: {addresses: a@b.example}}]}]
-- grafana/rules.yml --
apiVersion: 1
groups:
- name: g
  folder: F
  rules:
  - {uid: a, title: G, condition: A, data: [{refId: A, datasourceUid: p, model: {expr: up}}]}
  - {uid: b, title: H, condition: A, notification_settings: {receiver: own}, data: [{refId: A, datasourceUid: p, model: {expr: up}}]}
-- broken/am.yml --
route:
  receiver: [
`

func TestDeliveries(t *testing.T) {
	e := estate(t, routedFiles, nil)
	if len(e.Routers) != 2 || e.Counts.Kinds[catalog.Routes] != 2 {
		t.Fatalf("got %d routers, count %d", len(e.Routers), e.Counts.Kinds[catalog.Routes])
	}
	got := map[string]string{}
	for _, a := range e.Alerts {
		for _, d := range a.Deliveries {
			got[a.Name.Value] += d.Router.Format + " " + d.Name.Value + d.Unsure
		}
	}
	for alert, want := range map[string]string{"A": "alertmanager pager", "B": "alertmanager chat", "G": "grafana ops", "H": "grafana own"} {
		if got[alert] != want {
			t.Errorf("alert %s: got %q, want %q", alert, got[alert], want)
		}
	}
	if len(e.Gaps) != 1 || !e.Gaps[0].Concerns(catalog.Routes) || !strings.HasPrefix(e.Gaps[0].At.File, "broken") {
		t.Errorf("got gaps %v", e.Gaps)
	}
}

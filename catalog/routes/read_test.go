package routes

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"obsready/catalog"
)

// outline writes a router as one line for each route and receiver.
func outline(r *catalog.Router) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q %q", r.Format, r.Name.Value, r.Namespace)
	if r.Partial {
		b.WriteString(" partial")
	}
	b.WriteString("\n")
	var write func(route *catalog.Route, indent string)
	write = func(route *catalog.Route, indent string) {
		fmt.Fprintf(&b, "%s- %s %s", indent, route.Receiver.Value, matchers(route.Matchers))
		if route.Continue {
			b.WriteString(" continue")
		}
		for _, t := range route.MutedDuring {
			b.WriteString(" muted " + t.Value)
		}
		for _, t := range route.ActiveDuring {
			b.WriteString(" active " + t.Value)
		}
		b.WriteString("\n")
		for _, child := range route.Routes {
			write(child, indent+"  ")
		}
	}
	if r.Root != nil {
		write(r.Root, "")
	}
	for _, receiver := range r.Receivers {
		b.WriteString(receiver.Name.Value + ":")
		for _, i := range receiver.Integrations {
			fmt.Fprintf(&b, " %s(%s)", i.Kind, strings.TrimSuffix(i.Target.Value+" "+i.Urgency.Value, " "))
		}
		b.WriteString("\n")
	}
	for _, i := range r.Inhibitions {
		fmt.Fprintf(&b, "inhibits %s by %s\n", matchers(i.Target), matchers(i.Source))
	}
	return b.String()
}

func matchers(list []catalog.RouteMatcher) string {
	var all []string
	for _, m := range list {
		all = append(all, m.Name+m.Op+m.Value)
	}
	return "{" + strings.Join(all, ",") + "}"
}

const configuration = `route:
  receiver: default
  group_by: [alertname]
  repeat_interval: 4h
  routes:
    - match: {severity: critical}
      match_re: {team: a|b}
      matchers: ['env="prod",region!=eu', '{zone=~"x.*"}']
      receiver: pager
      continue: true
      active_time_intervals: [day]
    - receiver: "null"
      mute_time_intervals: [night]
receivers:
  - name: default
    slack_configs: [{channel: '#alerts', api_url: 'https://hooks.slack.com/services/T/B/secretsecret'}]
    email_configs: [{to: ops@acme.example, auth_password: secretsecret}]
  - name: pager
    pagerduty_configs: [{routing_key: secretsecret, severity: critical}]
    opsgenie_configs: [{api_key: secretsecret, priority: P1, responders: [{name: payments, type: team}]}]
    victorops_configs: [{api_key: secretsecret, routing_key: payments}]
    webhook_configs: [{url: 'https://user:secretsecret@hooks.acme.example:8443/x?token=secretsecret'}]
    sns_configs: [{topic_arn: 'arn:aws:sns:eu-west-1:123456789012:pages'}]
    msteamsv2_configs: [{webhook_url: 'https://x.example/secretsecret'}]
    telegram_configs: [{bot_token: secretsecret, chat_id: -100}]
    pushover_configs: [{token: secretsecret, user_key: secretsecret, priority: '2'}]
  - name: "null"
inhibit_rules:
  - {source_match: {severity: critical}, target_match_re: {severity: warning|info}, equal: [alertname]}
  - {source_matchers: ['alertname = InfoInhibitor'], target_matchers: ['severity = info']}
time_intervals: [{name: day}, {name: night}]
`

const configurationOutline = `alertmanager "" ""
- default {}
  - pager {severity=critical,team=~a|b,env=prod,region!=eu,zone=~x.*} continue active day
  - null {} muted night
default: slack(#alerts) email(ops@acme.example)
pager: pagerduty( critical) opsgenie(payments P1) victorops(payments) webhook(hooks.acme.example) sns(pages) msteams() telegram(-100) pushover( 2)
null:
inhibits {severity=~warning|info} by {severity=critical}
inhibits {severity=info} by {alertname=InfoInhibitor}
`

func indent(text string, by int) string {
	return strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+strings.Repeat(" ", by))
}

func TestRead(t *testing.T) {
	named := func(name string) string {
		return strings.Replace(configurationOutline, `"" ""`, fmt.Sprintf("%q %q", name, ""), 1)
	}
	const small = "route: {receiver: a}\nreceivers: [{name: a}]\n"
	const smallOutline = "alertmanager %q \"\"%s\n- a {}\na:\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"a file":          {"alertmanager.yml", configuration, configurationOutline},
		"Helm values":     {"values.yaml", "kube-prometheus-stack:\n  alertmanager:\n    config:\n      " + indent(configuration, 6), configurationOutline},
		"values as text":  {"values.yaml", "alertmanager:\n  tplConfig: true\n  stringConfig: |\n    " + indent(configuration, 4), configurationOutline},
		"Mimir's tenant":  {"tenant.yaml", "template_files: {}\nalertmanager_config: |\n  " + indent(configuration, 2), configurationOutline},
		"values in Argo":  {"app.yaml", "kind: Application\napiVersion: argoproj.io/v1alpha1\nmetadata: {name: mon}\nspec:\n  source:\n    helm:\n      values: |\n        alertmanager:\n          config:\n            " + indent(configuration, 12), named("mon")},
		"a Secret":        {"secret.yaml", "kind: Secret\nmetadata: {name: am}\nstringData:\n  alertmanager.yaml: |-\n    " + indent(configuration, 4), named("am")},
		"base64":          {"secret.yaml", "kind: Secret\nmetadata: {name: am}\ndata:\n  alertmanager.yaml: " + base64.StdEncoding.EncodeToString([]byte(configuration)), named("am")},
		"a ConfigMap":     {"cm.yaml", "kind: ConfigMap\nmetadata: {name: am}\ndata:\n  config.yml: |\n    " + indent(configuration, 4), named("am")},
		"JSON":            {"am.json", `{"route": {"receiver": "a"}, "receivers": [{"name": "a"}]}`, fmt.Sprintf(smallOutline, "", "")},
		"a chart's file":  {"chart/templates/am.yaml", "{{- if .Values.on }}\n" + small + "{{- end }}\n", fmt.Sprintf(smallOutline, "", " partial")},
		"a hidden action": {"am.yml", "{{ if x }}\n" + small + "{{ end }}\n", fmt.Sprintf(smallOutline, "", " partial")},
		"texts of notifications": {"am.yml", "route: {receiver: a}\nreceivers:\n- name: a\n  slack_configs: [{title: '{{ template \"x\" . }}'}]\n",
			"alertmanager \"\" \"\"\n- a {}\na: slack()\n"},
		"receivers of the chart": {"values.yaml", "alertmanager: {config: {route: {receiver: a, group_by: [x]}}}", "alertmanager \"\" \"\" partial\n- a {}\n"},
		"resource": {"amc.yaml", `
apiVersion: monitoring.coreos.com/v1alpha1
kind: AlertmanagerConfig
metadata: {name: shop, namespace: shop-prod}
spec:
  route:
    receiver: slack
    groupBy: [alertname]
    matchers: [{name: a, value: b}, {name: c, value: d|e, regex: true}]
    routes:
      - {receiver: pager, matchers: [{name: severity, value: critical, matchType: "!="}], continue: true, muteTimeIntervals: [night]}
  receivers:
    - name: slack
      slackConfigs: [{channel: '#shop', apiURL: {name: s, key: k}}]
    - name: pager
      pagerdutyConfigs: [{routingKey: {name: s, key: k}}]
  inhibitRules: [{sourceMatch: [{name: a, value: b, matchType: "=~"}], targetMatch: [{name: c, value: d}], equal: [x]}]
  muteTimeIntervals: [{name: night}]
`, `alertmanager resource "shop" "shop-prod"
- slack {a=b,c=~d|e}
  - pager {severity!=critical} continue muted night
slack: slack(#shop)
pager: pagerduty()
inhibits {c=d} by {a=~b}
`},
		"VictoriaMetrics' resource": {"vm.yaml", `
apiVersion: operator.victoriametrics.com/v1beta1
kind: VMAlertmanagerConfig
metadata: {name: shop, namespace: shop}
spec:
  route: {receiver: a, routes: [{matchers: ['severity=~"critical|page"'], receiver: a}]}
  receivers: [{name: a, pagerduty_configs: [{routing_key: {name: s, key: k}}]}]
`, "alertmanager resource \"shop\" \"shop\"\n- a {}\n  - a {severity=~critical|page}\na: pagerduty()\n"},
		"Grafana's policies": {"policies.yaml", `
apiVersion: 1
policies:
  - orgId: 1
    receiver: mail
    group_by: [grafana_folder]
    routes:
      - {receiver: pager, object_matchers: [[severity, "=", critical], [team, "=~", a|b]], continue: true, mute_time_intervals: [night]}
      - {receiver: mail, matchers: ['a != b']}
`, "grafana \"\" \"\"\n- mail {}\n  - pager {severity=critical,team=~a|b} continue muted night\n  - mail {a!=b}\n"},
		"Grafana's contact points": {"points.yaml", `
apiVersion: 1
contactPoints:
  - orgId: 1
    name: pager
    receivers:
      - {uid: a, type: pagerduty, settings: {integrationKey: secretsecret, severity: critical}}
      - {uid: b, type: teams, settings: {url: 'https://x.example/secretsecret'}}
      - {uid: c, type: slack, settings: {recipient: '#x', token: secretsecret}}
      - {uid: d, type: oncall, settings: {url: 'https://oncall.example/secretsecret'}}
`, "grafana \"\" \"\"\npager: pagerduty( critical) msteams() slack(#x) oncall()\n"},
		"the Grafana operator's policy": {"p.yaml", `
kind: GrafanaNotificationPolicy
metadata: {name: main}
spec: {route: {receiver: a, routeSelector: {}, routes: [{receiver: b, matchers: [{name: t, value: x, isRegex: true, isEqual: false}]}]}}
`, "grafana \"main\" \"\" partial\n- a {}\n  - b {t!~x}\n"},
		"the Grafana operator's contact point": {"p.yaml", "kind: GrafanaContactPoint\nmetadata: {name: main}\nspec: {name: pager, type: opsgenie, settings: {apiKey: secretsecret}}\n",
			"grafana \"main\" \"\"\npager: opsgenie()\n"},
		"Grafana's API": {"alerts.json", `{"alertmanager_config": {"route": {"receiver": "a"}, "receivers": [{"name": "a", "grafana_managed_receiver_configs": [{"type": "email", "settings": {"addresses": "x@acme.example"}}]}]}}`,
			"grafana \"\" \"\"\n- a {}\na: email(x@acme.example)\n"},
	} {
		facts := read(t, c.file, c.text)
		if len(facts.Routers) != 1 || len(facts.Gaps) != 0 {
			t.Errorf("%s: got %d routers and gaps %v", name, len(facts.Routers), facts.Gaps)
			continue
		}
		got := outline(facts.Routers[0])
		if got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
		if strings.Contains(fmt.Sprintf("%+v %s", *facts.Routers[0], got), "secretsecret") {
			t.Errorf("%s: a secret is kept", name)
		}
	}
}

func TestPlaces(t *testing.T) {
	text := "kind: Secret\nstringData:\n  alertmanager.yaml: |\n    " + indent(configuration, 4)
	r := router(t, text)
	for what, c := range map[string]struct {
		at   catalog.Place
		want string // what stands there
	}{
		"router":      {r.At, "route:"},
		"root":        {r.Root.At, "receiver: default"},
		"receiver":    {r.Root.Receiver.At, "default"},
		"route":       {r.Root.Routes[0].At, "match: {severity"},
		"by label":    {r.Root.Routes[0].Matchers[0].At, "severity: critical"},
		"line":        {r.Root.Routes[0].Matchers[2].At, `env="prod"`},
		"definition":  {r.Receivers[1].At, "name: pager"},
		"integration": {r.Receivers[0].Integrations[0].At, "{channel"},
		"target":      {r.Receivers[0].Integrations[0].Target.At, "#alerts'"},
		"inhibition":  {r.Inhibitions[0].At, "{source_match"},
	} {
		lines := strings.Split(text, "\n")
		if c.at.Line < 1 || c.at.Line > len(lines) || !strings.HasPrefix(lines[c.at.Line-1][c.at.Col-1:], c.want) {
			t.Errorf("%s: the place %v is not that of %q", what, c.at, c.want)
		}
	}
}

func TestOthersAreNotRead(t *testing.T) {
	for name, text := range map[string]string{
		"a collector":          "receivers: {otlp: {}}\nexporters: {debug: {}}\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}",
		"an event exporter":    "config:\n  receivers: [{name: dump, file: {path: /dev/stdout}}]\n  route: {routes: [{match: [{receiver: dump}]}]}",
		"a virtual service":    "kind: VirtualService\nspec: {http: [{route: [{destination: {host: a}}]}]}",
		"a route of OpenShift": "kind: Route\nspec: {host: a.example, to: {kind: Service, name: a}}",
		"policies of others":   "policies: [{name: a, rules: []}]",
		"a database driver":    "contactPoints: [10.0.0.1, 10.0.0.2]",
		"a definition":         "kind: CustomResourceDefinition\nspec: {route: {receiver: a, group_by: []}, receivers: []}",
		"a patch":              "$patch: delete\nkind: AlertmanagerConfig\nspec: {route: {receiver: a}}",
		"a Secret's password":  "kind: Secret\ndata: {password.yaml: c2VjcmV0}\nstringData: {x: 'receiver: a'}",
	} {
		if facts := read(t, "f.yaml", text); len(facts.Routers)+len(facts.Gaps) > 0 {
			t.Errorf("%s: got %d routers and gaps %v", name, len(facts.Routers), facts.Gaps)
		}
	}
}

func TestGaps(t *testing.T) {
	const receivers = "\nreceivers: [{name: a}]"
	for text, want := range map[string]string{
		"route: {receiver: a, routes: [{receiver: b}]}" + receivers:                                 `1:42: bad value: no receiver "b" is defined, and Alertmanager refuses a route to it. define it, or correct the name`,
		"route: {routes: [{receiver: a}]}\ninhibit_rules: []" + receivers:                           `1:8: bad value: the root route has no receiver, and Alertmanager refuses that. name the receiver of all that no other route takes`,
		"route: {receiver: a, matchers: [x=y]}" + receivers:                                         `1:33: bad value: the root route has matchers, and Alertmanager refuses that. move them to a route below it`,
		"route: {receiver: a, continue: true}" + receivers:                                          `1:8: bad value: the root route has continue, and Alertmanager refuses that. remove it`,
		"route: {receiver: a, routes: [{matcher: [x=y]}]}" + receivers:                              `1:32: unknown key: a route has no key "matcher", so what it was meant to say is not known. correct or remove it`,
		"route: {receiver: a, routes: [{matchers: [x]}]}" + receivers:                               `1:43: bad value: a matcher is not understood: "x" is no matcher. it looks like severity="critical"`,
		"route: {receiver: a, routes: [{matchers: x=y}]}" + receivers:                               `1:42: bad value: a matcher is not understood: it is a list, as in [severity="critical"]`,
		"route: {receiver: a, routes: [{match: [x]}]}" + receivers:                                  `1:39: bad value: a matcher is not understood: it is a map of label names to values, as in severity: critical`,
		"route: {receiver: a, routes: [{match: {x: [y, z]}}]}" + receivers:                          `1:43: bad value: a matcher is not understood: it is one value. several are a pattern, as in a|b below match_re`,
		"route: {receiver: a, routes: [{match_re: {x: '('}}]}" + receivers:                          "1:43: bad value: the pattern \"(\" of label \"x\" is refused: error parsing regexp: missing closing ): `^(?:()$`",
		"route: {receiver: a, routes: [{object_matchers: [[x, '==', y]]}]}" + receivers:             `1:51: bad value: "==" is no operator of a matcher. it is =, !=, =~ or !~`,
		"route: {receiver: a, routes: [{object_matchers: [[x, '=']]}]}" + receivers:                 `1:50: bad value: a matcher is not understood: it is a list of a label, an operator and a value, as in [severity, "=", critical]`,
		"route: {receiver: a, routes: [{mute_time_intervals: [night]}]}" + receivers:                `1:54: bad value: no time interval "night" is defined, and Alertmanager refuses a route with it. define it under time_intervals, or correct the name`,
		"route: {receiver: a}\nreceivers: [{name: a}, {slack_configs: []}]":                         `2:24: bad value: a receiver has no name. name it, so that routes can lead to it`,
		"route: {receiver: a}\nreceivers: [{name: a}, {name: a}]":                                   `2:31: duplicate: receiver "a" is already defined at f.yaml:2:13, and Alertmanager refuses that. rename or merge one`,
		"kind: SealedSecret\nmetadata: {name: am}\nspec: {encryptedData: {alertmanager.yaml: AgB}}": `3:24: unsupported: "alertmanager.yaml" of "am" is encrypted, so the routes in it are not known. keep the routes in a file of their own, with the credentials in *_file keys`,
		"kind: Secret\nmetadata: {name: am}\ndata: {alertmanager.yaml: 'ENC[AES256_GCM,data:x]'}":   `3:8: unsupported: "alertmanager.yaml" of "am" is encrypted, so the routes in it are not known. keep the routes in a file of their own, with the credentials in *_file keys`,
		"kind: Secret\nstringData:\n  alertmanager.yaml: |\n    route: [\n    receivers: []":        `6:5: syntax: did not find expected ',' or ']'`,
	} {
		facts := read(t, "f.yaml", text)
		if len(facts.Gaps) != 1 || facts.Gaps[0].String() != "f.yaml:"+want || !facts.Gaps[0].Concerns(catalog.Routes) {
			t.Errorf("%s: got gaps %v, want %s", text, facts.Gaps, want)
		}
	}
}

func TestJoinContactPoints(t *testing.T) {
	policies := read(t, "prod/policies.yaml", "policies: [{orgId: 1, receiver: a}]").Routers
	far := read(t, "dev/points.yaml", "contactPoints: [{name: a, receivers: [{type: email}]}, {name: b, receivers: []}]").Routers
	near := read(t, "prod/points.yaml", "contactPoints: [{name: a, receivers: [{type: pagerduty}]}]").Routers
	others := read(t, "am.yaml", configuration).Routers
	var all []*catalog.Router
	for _, list := range [][]*catalog.Router{far, policies, near, others} {
		all = append(all, list...)
	}
	got := JoinContactPoints(all)
	if len(got) != 2 || got[0] != policies[0] || got[1] != others[0] || len(others[0].Receivers) != 3 {
		t.Fatalf("got %d routers", len(got))
	}
	if r := got[0].Receiver("a"); r == nil || r.Integrations[0].Kind != "pagerduty" {
		t.Errorf("the contact point of the same folder does not hold: %+v", r)
	}
	if got[0].Receiver("b") == nil {
		t.Error("the contact point of another folder is missing")
	}
}

// TestCorpora reads the routes of the public corpora, where they are at hand.
func TestCorpora(t *testing.T) {
	const file = "kube-prometheus/manifests/alertmanager-secret.yaml"
	data, err := os.ReadFile(filepath.Join("../../../shared/corpora", file))
	if err != nil {
		t.Skip("no corpora here")
	}
	facts := read(t, file, string(data))
	if len(facts.Routers) != 1 || len(facts.Gaps) != 0 {
		t.Fatalf("got %d routers and gaps %v", len(facts.Routers), facts.Gaps)
	}
	for labels, want := range map[string]string{"severity=critical": "Critical", "alertname=Watchdog": "Watchdog", "alertname=InfoInhibitor severity=critical": "null", "severity=?": "Critical? Default?"} {
		if got := names(Deliver(facts.Routers[0], known(labels))); got != want {
			t.Errorf("%s: got %q, want %q", labels, got, want)
		}
	}
}

// TestResourceWithoutSpec reads resources of which somebody wrote the head only.
func TestResourceWithoutSpec(t *testing.T) {
	for _, kind := range []string{"GrafanaContactPoint", "GrafanaNotificationPolicy", "AlertmanagerConfig", "Secret", "SealedSecret"} {
		if facts := read(t, "a.yaml", "apiVersion: x/v1\nkind: "+kind+"\nmetadata: {name: a}\n"); len(facts.Routers) != 0 {
			t.Errorf("%s: got %+v", kind, facts.Routers)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(configuration))
	f.Add([]byte("kind: Secret\nstringData:\n  alertmanager.yaml: |\n    " + indent(configuration, 4)))
	f.Add([]byte("kind: Secret\ndata:\n  alertmanager.yaml: " + base64.StdEncoding.EncodeToString([]byte(configuration))))
	f.Add([]byte("apiVersion: x/v1\nkind: GrafanaContactPoint\nmetadata: {name: a}"))
	f.Add([]byte("policies: [{orgId: 1, receiver: a, routes: [{object_matchers: [[a, '=~', '(']]}]}]\ncontactPoints: [{name: a, receivers: [{type: x}]}]"))
	f.Add([]byte("kind: AlertmanagerConfig\nspec: {route: {receiver: a, routes: [{matchers: [{name: a}]}]}, receivers: [{name: a, xConfigs: [1]}]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		facts := read(t, "f.yaml", string(data))
		lines := strings.Count(string(data), "\n") + 1
		for _, r := range JoinContactPoints(facts.Routers) {
			if r.Root == nil || r.At.File != "f.yaml" || r.At.Line < 1 || r.At.Line > lines {
				t.Fatalf("got %+v", r)
			}
			for _, labels := range []Labels{Fixed(nil), func(string) Value { return Value{Unknown: bySeries} }} {
				for _, d := range Deliver(r, labels) {
					if d.Route == nil || d.Router != r {
						t.Fatalf("got %+v", d)
					}
				}
			}
		}
		for _, g := range facts.Gaps {
			if g.Detail == "" || g.Cause == "" || !reflect.DeepEqual(g.Kinds, []catalog.Kind{catalog.Routes}) || g.At.File == "" {
				t.Fatalf("got gap %+v", g)
			}
		}
	})
}

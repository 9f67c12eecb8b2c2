package telemetry

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"obsready/catalog"
	"obsready/catalog/document"
)

// read reads all documents of a file, with those inside Lists and ConfigMaps.
func read(t testing.TB, file, text string) (facts catalog.Facts, ok bool) {
	t.Helper()
	docs, gaps := document.ParseYAML(file, []byte(text))
	if gaps != nil {
		t.Fatalf("the test's own text does not parse: %v", gaps)
	}
	visitAll(docs, func(d document.Document) {
		f, known := Read(d)
		facts.Add(f)
		ok = ok || known
	})
	return facts, ok
}

func visitAll(docs []document.Document, visit func(document.Document)) {
	for _, d := range document.Flatten(docs) {
		visit(d)
		inner, _ := document.Embedded(d)
		for _, e := range inner {
			visit(e)
		}
	}
}

func labels(ls []catalog.Label) string {
	var all []string
	for _, l := range ls {
		all = append(all, l.Key+"="+l.Value)
	}
	return strings.Join(all, " ")
}

func values(ts []catalog.Text) string {
	var all []string
	for _, t := range ts {
		all = append(all, t.Value)
	}
	return strings.Join(all, " ")
}

// summary describes collectors, targets and workloads in a line each.
func summary(f catalog.Facts) string {
	var b strings.Builder
	for _, c := range f.Collectors {
		fmt.Fprintf(&b, "collector %s partial=%v:", c.Name.Value, c.Partial)
		for _, k := range c.Components {
			fmt.Fprintf(&b, " %s/%s", k.Role, k.Name.Value)
		}
		for _, p := range c.Pipelines {
			fmt.Fprintf(&b, " | %s (%s): %s > %s > %s", p.Name.Value, p.Signal, values(p.Receivers), values(p.Processors), values(p.Exporters))
		}
		b.WriteString("\n")
	}
	for _, t := range f.Targets {
		fmt.Fprintf(&b, "target %s %s/%s job=%s selector=[%s] labels=[%s] addresses=[%s] interval=%s\n", t.Kind, t.Namespace, t.Name.Value,
			t.Job.Value, labels(t.Selector), labels(t.Labels), values(t.Addresses), t.Interval.Value)
	}
	for _, w := range f.Workloads {
		fmt.Fprintf(&b, "workload %s %s/%s labels=[%s] annotations=[%s] env=[%s] images=[%s] templated=%v\n", w.Kind, w.Namespace, w.Name.Value,
			labels(w.Labels), labels(w.Annotations), labels(w.Env), values(w.Images), w.Templated)
	}
	for _, g := range f.Gaps {
		fmt.Fprintf(&b, "gap %v\n", g)
	}
	return b.String()
}

const collectorFile = `receivers:
  otlp:
    protocols:
      grpc: {endpoint: "${env:HOST}:4317"}
  prometheus/ad:
    config:
      global: {scrape_interval: 15s}
      scrape_configs:
        - job_name: ad
          static_configs:
            - targets: ["ad:9465"]
processors:
  batch:
  resource:
    attributes:
      - {key: deployment.environment.name, value: prod, action: upsert}
exporters:
  debug:
connectors:
  span_metrics:
extensions:
  zpages: {}
service:
  extensions: [zpages]
  pipelines:
    traces: {receivers: [otlp], processors: [resource, batch], exporters: [debug, span_metrics]}
    metrics/app: {receivers: [span_metrics], exporters: [debug]}
`

const collectorSummary = ` partial=false: receiver/otlp receiver/prometheus/ad processor/batch processor/resource exporter/debug connector/span_metrics extension/zpages` +
	` | traces (traces): otlp > resource batch > debug span_metrics | metrics/app (metrics): span_metrics >  > debug
target scrape_config /ad job=ad selector=[] labels=[] addresses=[ad:9465] interval=15s
`

func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n"+by) + "\n"
}

func TestCollectorForms(t *testing.T) {
	for name, c := range map[string]struct{ file, text, name string }{
		"file":      {"otel/config.yaml", collectorFile, "config.yaml"},
		"ConfigMap": {"f.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gateway}\ndata:\n  relay: |\n" + indent(collectorFile, "    "), "gateway"},
		"resource":  {"f.yaml", "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nmetadata: {name: daemon}\nspec:\n  config:\n" + indent(collectorFile, "    "), "daemon"},
		"old resource": {"f.yaml", "apiVersion: opentelemetry.io/v1alpha1\nkind: OpenTelemetryCollector\nmetadata: {name: daemon}\nspec:\n  config: |\n" +
			indent(collectorFile, "    "), "daemon"},
	} {
		t.Run(name, func(t *testing.T) {
			facts, ok := read(t, c.file, c.text)
			if got, want := summary(facts), "collector "+c.name+collectorSummary; !ok || got != want {
				t.Fatalf("got\n%s\nwant\n%s", got, want)
			}
			lines := strings.Split(c.text, "\n")
			otlp, _ := facts.Collectors[0].Component("receiver", "otlp")
			p := otlp.Settings[0].At
			if got := lines[p.Line-1][p.Col-1:]; !strings.HasPrefix(got, "${env:HOST}") {
				t.Errorf("the endpoint's place %v points to %q", p, got)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	facts, _ := read(t, "config.yaml", collectorFile)
	otlp, _ := facts.Collectors[0].Component("receiver", "otlp")
	resource, _ := facts.Collectors[0].Component("processor", "resource")
	if got := labels(otlp.Settings); got != "protocols.grpc.endpoint=${env:HOST}:4317" {
		t.Errorf("got %s", got)
	}
	if got := labels(resource.Settings); got != "attributes.0.key=deployment.environment.name attributes.0.value=prod attributes.0.action=upsert" {
		t.Errorf("got %s", got)
	}
	many := "receivers: {otlp: {}}\nexporters:\n  x:\n    list: [" + strings.Repeat("1, ", 2000) + "1]\n"
	facts, _ = read(t, "config.yaml", many)
	if x, _ := facts.Collectors[0].Component("exporter", "x"); len(x.Settings) != maxSettings {
		t.Errorf("got %d settings, want %d", len(x.Settings), maxSettings)
	}
}

func TestCollectorFragmentsAndValues(t *testing.T) {
	const values = "config:\n  receivers:\n    jaeger: null\n    otlp: {}\n  service:\n    pipelines:\n      logs: null\n      traces: {receivers: [otlp]}\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"pipelines of undefined components": {"otel-collector/full.yml", "service:\n  pipelines:\n    metrics: {receivers: [kafka]}\n",
			"collector full.yml partial=true: | metrics (metrics): kafka >  > \n"},
		"one section, by name": {"src/otelcol-config-extras.yml", "exporters:\n  otlp/mine: {}\n",
			"collector otelcol-config-extras.yml partial=true: exporter/otlp/mine\n"},
		"one section of something else": {"src/app.yml", "exporters:\n  otlp/mine: {}\n", ""},
		"Alertmanager's receivers":      {"otel-collector/am.yml", "receivers: [{name: a}]\nroute: {receiver: a}\n", ""},
		"values of the chart":           {"charts/values.yaml", "mode: daemonset\n" + values, "collector values.yaml partial=true: receiver/otlp | traces (traces): otlp >  > \n"},
		"values of an umbrella chart":   {"values.yaml", "opentelemetry-collector:\n" + indent(values, "  "), "collector opentelemetry-collector partial=true: receiver/otlp | traces (traces): otlp >  > \n"},
		"values of a stack": {"values.yaml", "collectors:\n  daemon:\n" + indent(values, "    "),
			"collector daemon partial=true: receiver/otlp | traces (traces): otlp >  > \n"},
		"values in a resource": {"app.yaml", "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: otel}\nspec:\n  values:\n" + indent(values, "    "),
			"collector otel partial=true: receiver/otlp | traces (traces): otlp >  > \n"},
		"a schema": {"values.schema.json", `{"properties": {"config": {"receivers": {}, "exporters": {}}}}`, ""},
		"no map": {"otelcol.yaml", "receivers: {otlp: {}}\nexporters: {debug: {}}\nservice:\n  pipelines: {traces: 1}\n",
			"collector otelcol.yaml partial=true: receiver/otlp exporter/debug\ngap otelcol.yaml:4:15: bad value: pipeline \"traces\" is not a map. give it receivers, processors and exporters\n"},
	} {
		facts, ok := read(t, c.file, c.text)
		if got := summary(facts); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: ok %v, got\n%s\nwant\n%s", name, ok, got, c.want)
		}
	}
}

func TestBrokenCollectorResource(t *testing.T) {
	for name, c := range map[string]struct {
		spec  string
		cause catalog.Cause
	}{
		"text":  {"config: |\n    receivers: [\n", catalog.Syntax},
		"empty": {"mode: daemonset\n", catalog.BadValue},
	} {
		facts, ok := read(t, "f.yaml", "apiVersion: opentelemetry.io/v1alpha1\nkind: OpenTelemetryCollector\nmetadata: {name: a}\nspec:\n  "+c.spec)
		if !ok || len(facts.Gaps) != 1 || facts.Gaps[0].Cause != c.cause || !facts.Gaps[0].Concerns(catalog.Collectors) || facts.Gaps[0].At.Line < 1 {
			t.Errorf("%s: ok %v, gaps %v", name, ok, facts.Gaps)
		}
	}
}

func TestTargets(t *testing.T) {
	const meta = "metadata: {name: web, namespace: shop, labels: {team: a}}\nspec:\n"
	for name, c := range map[string]struct{ text, want string }{
		"ServiceMonitor": {
			"apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\n" + meta + "  jobLabel: app\n  selector: {matchLabels: {app: web}, matchExpressions: [{key: tier, operator: In, values: [x]}, {key: y, operator: Exists}]}\n" +
				"  namespaceSelector: {matchNames: [other]}\n  endpoints: [{port: a}, {port: b, interval: 30s}]\n",
			"target ServiceMonitor other/web job=web selector=[app=web tier=x] labels=[team=a] addresses=[] interval=30s\n",
		},
		"a job of discovery": {
			"apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\n" + meta + "  jobLabel: unknown\n  selector: {matchLabels: {app: web}}\n  podMetricsEndpoints: [{relabelings: [{sourceLabels: [x], targetLabel: job}]}]\n",
			"target PodMonitor shop/web job= selector=[app=web] labels=[team=a] addresses=[] interval=\n",
		},
		"a constant job": {
			"apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\n" + meta + "  podMetricsEndpoints: [{relabelings: [{targetLabel: job, replacement: fixed}]}]\n",
			"target PodMonitor shop/web job=fixed selector=[] labels=[team=a] addresses=[] interval=\n",
		},
		"Probe": {
			"apiVersion: monitoring.coreos.com/v1\nkind: Probe\n" + meta + "  jobName: blackbox\n  interval: 1m\n  targets: {staticConfig: {static: ['https://example.org'], labels: {app: web}}}\n",
			"target Probe shop/web job=blackbox selector=[] labels=[team=a app=web] addresses=[https://example.org] interval=1m\n",
		},
		"ScrapeConfig": {
			"apiVersion: monitoring.coreos.com/v1alpha1\nkind: ScrapeConfig\n" + meta + "  jobName: x\n  scrapeInterval: 1m\n  staticConfigs: [{targets: ['a:1'], labels: {app: web}}]\n",
			"target ScrapeConfig shop/web job=x selector=[] labels=[team=a app=web] addresses=[a:1] interval=1m\n",
		},
		"prometheus.yml": {
			"global: {scrape_interval: 15s}\nscrape_configs:\n- {job_name: a, static_configs: [{targets: ['a:1', 'a:2'], labels: {service: a}}]}\n- {job_name: b, scrape_interval: 5s, kubernetes_sd_configs: [{role: pod}]}\n" +
				"- {job_name: c, relabel_configs: [{source_labels: [x], target_label: job}]}\n- {static_configs: []}\n",
			"target scrape_config /a job=a selector=[] labels=[service=a] addresses=[a:1 a:2] interval=15s\ntarget scrape_config /b job=b selector=[] labels=[] addresses=[] interval=5s\n" +
				"target scrape_config /c job= selector=[] labels=[] addresses=[] interval=15s\ngap f.yaml:6:3: bad value: a scrape configuration has job_name \"\". give it a name\n",
		},
		"a list of its own": {"- {job_name: a}\n", "target scrape_config /a job=a selector=[] labels=[] addresses=[] interval=\n"},
		"values": {
			"prometheus: {prometheusSpec: {additionalScrapeConfigs: [{job_name: a}]}}\n",
			"target scrape_config /a job=a selector=[] labels=[] addresses=[] interval=\n",
		},
		"annotated Service": {
			"apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {team: a}, annotations: {prometheus.io/scrape: 'true'}}\nspec: {selector: {app: web}}\n",
			"target annotation /web job= selector=[app=web] labels=[team=a] addresses=[] interval=\n",
		},
		"plain Service":   {"apiVersion: v1\nkind: Service\nmetadata: {name: web, annotations: {prometheus.io/scrape: 'false'}}\nspec: {selector: {app: web}}\n", ""},
		"OpenSLO Service": {"apiVersion: openslo/v1\nkind: Service\nmetadata: {name: web, annotations: {prometheus.io/scrape: 'true'}}\n", ""},
	} {
		facts, ok := read(t, "f.yaml", c.text)
		if got := summary(facts); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: ok %v, got\n%s\nwant\n%s", name, ok, got, c.want)
		}
	}
}

func TestWorkloads(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"Deployment": {`apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web, team: a}}
spec:
  template:
    metadata:
      labels: {app: web, team: b}
      annotations: {prometheus.io/scrape: "true"}
    spec:
      containers:
      - image: web:1
        env:
        - {name: OTEL_SERVICE_NAME, value: web}
        - {name: OTEL_TRACES_SAMPLER_ARG, value: 0.1}
        - {name: NODE, valueFrom: {fieldRef: {fieldPath: x}}}
        - {name: OTEL_RESOURCE_ATTRIBUTES, value: 'service.version=1,k8s.pod.uid=$(UID)'}
      initContainers: [{image: "init:1", env: [{name: A, value: b}]}]
`, `target annotation shop/web job= selector=[app=web team=b] labels=[app=web team=a] addresses=[] interval=
workload Deployment shop/web labels=[app=web team=a team=b] annotations=[prometheus.io/scrape=true] ` +
			`env=[OTEL_SERVICE_NAME=web OTEL_TRACES_SAMPLER_ARG=0.1 NODE= OTEL_RESOURCE_ATTRIBUTES=service.version=1,k8s.pod.uid=$(UID) A=b] images=[web:1 init:1] templated=false
`},
		"CronJob": {"apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j, labels: {a: '1'}}\nspec: {jobTemplate: {metadata: {labels: {b: '2'}}, spec: {template: {metadata: {labels: {c: '3'}}, spec: {containers: [{image: i}]}}}}}\n",
			"workload CronJob /j labels=[a=1 b=2 c=3] annotations=[] env=[] images=[i] templated=false\n"},
		"Pod": {"apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {a: '1'}}\nspec: {containers: [{image: i}]}\n",
			"workload Pod /p labels=[a=1] annotations=[] env=[] images=[i] templated=false\n"},
		"Rollout": {"apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\nspec: {template: {spec: {containers: [{image: i}]}}}\n",
			"workload Rollout /r labels=[] annotations=[] env=[] images=[i] templated=false\n"},
		"template": {"apiVersion: {{ include \"x\" . }}\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}-web\nspec:\n  template:\n    spec:\n      containers:\n      - image: \"{{ .Values.image }}:1\"\n",
			"workload Deployment /{{ .Release.Name }}-web labels=[] annotations=[] env=[] images=[{{ .Values.image }}:1] templated=true\n"},
		"a patch that deletes": {"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: r}\n$patch: delete\n", ""},
		"another's Deployment": {"apiVersion: example.org/v1\nkind: Deployment\nmetadata: {name: r}\n", ""},
		"Instrumentation": {"apiVersion: opentelemetry.io/v1alpha1\nkind: Instrumentation\nmetadata: {name: i, namespace: n}\nspec:\n  propagators: [tracecontext, baggage]\n  sampler: {type: parentbased_traceidratio, argument: '0.25'}\n  exporter: {endpoint: 'http://c:4317'}\n  env: [{name: A, value: b}]\n",
			"workload Instrumentation n/i labels=[] annotations=[] env=[OTEL_PROPAGATORS=tracecontext,baggage OTEL_TRACES_SAMPLER=parentbased_traceidratio OTEL_TRACES_SAMPLER_ARG=0.25 OTEL_EXPORTER_OTLP_ENDPOINT=http://c:4317 A=b] images=[] templated=false\n"},
		"Compose": {"services:\n  ad:\n    image: ${IMAGE}:1\n    environment:\n    - AD_PORT\n    - OTEL_SERVICE_NAME=ad\n    - OTEL_RESOURCE_ATTRIBUTES=${X},a=b\n    labels: [team=a]\n    logging: {driver: json-file, options: {max-size: 5m}}\n  cart:\n    build: .\n    environment: {OTEL_SERVICE_NAME: cart, EMPTY: }\n    labels: {team: b}\n",
			"workload compose service /ad labels=[team=a] annotations=[logging.driver=json-file logging.options.max-size=5m] env=[AD_PORT= OTEL_SERVICE_NAME=ad OTEL_RESOURCE_ATTRIBUTES=${X},a=b] images=[${IMAGE}:1] templated=false\n" +
				"workload compose service /cart labels=[team=b] annotations=[] env=[OTEL_SERVICE_NAME=cart EMPTY=] images=[] templated=false\n"},
		"services that are no containers": {"services:\n  a: {path: x}\n", ""},
		"a list of services":              {"services:\n- {image: x}\n", ""},
	} {
		facts, ok := read(t, "f.yaml", c.text)
		if got := summary(facts); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: ok %v, got\n%s\nwant\n%s", name, ok, got, c.want)
		}
	}
}

// TestNoSecretIsKept writes hunter2 wherever credentials stand and looks for it in all that is read.
func TestNoSecretIsKept(t *testing.T) {
	const config = `receivers:
  redis: {endpoint: "r:1", password: hunter2}
  http: {endpoint: "https://user:hunter2@example.org"}
  prometheus:
    config:
      scrape_configs:
        - job_name: a
          basic_auth: {username: u, password: hunter2}
          authorization: {credentials: hunter2}
          params: {api_key: [hunter2]}
          static_configs: [{targets: ["https://u:hunter2@a:1"], labels: {access_token: hunter2}}]
processors:
  attributes:
    actions: [{key: authorization, value: hunter2, action: upsert}, {key: env, value: "Bearer hunter2hunter2"}]
exporters:
  otlp:
    headers: {x-scope: hunter2, nested: {deep: [hunter2]}}
    auth: {authenticator: basic}
  datadog: {api: {key: hunter2, site: s}}
  azure: {connection_string: "AccountName=x;AccountKey=hunter2", instrumentation_key: hunter2}
  splunk: {token: "${env:T:-hunter2}"}
  url: {endpoint: "https://x.org?token=hunter2"}
extensions:
  basicauth: {htpasswd: {inline: "u:hunter2"}, client_auth: {username: u, password: hunter2}}
  headers_setter: {headers: [{key: X, value: hunter2}]}
  oauth2client: {client_secret: hunter2}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [otlp]}
`
	const env = `{name: DB_PASSWORD, value: hunter2}, {name: api_token, value: hunter2}, {name: AWS_SECRET, value: hunter2}, {name: STRIPE_KEY, value: hunter2},
      {name: GCP_CREDENTIALS, value: hunter2}, {name: SENTRY_DSN, value: hunter2}, {name: DB_CONNECTION, value: hunter2}, {name: DB_PASS, value: hunter2},
      {name: OTEL_EXPORTER_OTLP_HEADERS, value: "x=hunter2"}, {name: DATABASE_URL, value: "postgres://u:hunter2@db/x"}, {name: JAVA_OPTS, value: "-Dpassword=hunter2"}`
	const workload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: w
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"x":"hunter2"}', auth-token: hunter2}
spec:
  template:
    spec:
      containers: [{image: "i", env: [` + env + `]}]
`
	const compose = `services:
  a:
    image: x
    environment: [DB_PASSWORD=hunter2, "URL=amqp://u:hunter2@q"]
    labels: {"traefik.http.middlewares.a.basicauth.users": "u:hunter2"}
    logging: {driver: splunk, options: {splunk-token: hunter2}}
`
	for name, text := range map[string]string{
		"otelcol.yaml": config, "values.yaml": "config:\n" + indent(config, "  "), "w.yaml": workload, "compose.yaml": compose,
		"cr.yaml": "apiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\nmetadata: {name: a}\nspec:\n  config: |\n" + indent(config, "    "),
	} {
		facts, ok := read(t, name, text)
		encoded, err := json.Marshal(facts)
		if err != nil || !ok {
			t.Fatal(name, ok, err)
		}
		if all := string(encoded) + summary(facts); strings.Contains(all, "hunter2") {
			i := strings.Index(all, "hunter2")
			t.Errorf("%s: a secret is kept: %s", name, all[max(0, i-120):i+7])
		}
	}
	facts, _ := read(t, "w.yaml", workload)
	if v, ok := catalog.FindLabel(facts.Workloads[0].Env, "DB_PASSWORD"); !ok || v.At.Line == 0 {
		t.Errorf("a secret variable has to be there without its value: %+v", v)
	}
}

func TestHarmlessValuesAreKept(t *testing.T) {
	for _, v := range []string{"parentbased_traceidratio", "tracecontext,baggage", "http://otel-collector:4317", "service.name=web,deployment.environment.name=prod",
		`delete_key(attributes, "http.request.header.authorization")`, "0.1", "${env:HOST}:4317"} {
		if withheld(v, false) != v {
			t.Errorf("%q is withheld", v)
		}
	}
	for _, key := range []string{"attributes", "endpoint", "app.kubernetes.io/name", "team", "routing_key", "key", "insecure", "hash_function"} {
		if isSecretSetting(key) {
			t.Errorf("key %q counts as secret", key)
		}
	}
}

// TestCorpora reads the public estates, where they are at hand.
func TestCorpora(t *testing.T) {
	const root = "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	for folder, atLeast := range map[string][3]int{ // collectors, targets, workloads
		"otel-collector-configs": {60, 20, 0}, "otel-demo": {5, 1, 20}, "microservices-demo": {0, 0, 12}, "kube-prometheus": {0, 10, 5},
		"govuk": {0, 1, 10}, "slo-sloth": {0, 1, 3}, "slo-pyrra": {0, 3, 5},
	} {
		kinds, causes := map[string]int{}, map[catalog.Cause]int{}
		var all catalog.Facts
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry os.DirEntry, err error) error {
			if ext := filepath.Ext(path); err != nil || entry.IsDir() || ext != ".yaml" && ext != ".yml" && ext != ".json" {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			parse := document.ParseYAML
			if filepath.Ext(path) == ".json" {
				parse = document.ParseJSON
			}
			docs, _ := parse(strings.TrimPrefix(path, root+"/"), data)
			visitAll(docs, func(d document.Document) {
				f, _ := Read(d)
				all.Add(f)
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all.Collectors {
			kinds[fmt.Sprintf("collector partial=%v", c.Partial)]++
			t.Logf("%v %s: %d components, %d pipelines", c.At, c.Name.Value, len(c.Components), len(c.Pipelines))
		}
		for _, x := range all.Targets {
			kinds[x.Kind]++
			t.Logf("%v %s %s", x.At, x.Kind, x.Name.Value)
		}
		for _, w := range all.Workloads {
			kinds[w.Kind]++
			t.Logf("%v %s %s: %d variables", w.At, w.Kind, w.Name.Value, len(w.Env))
		}
		for _, g := range all.Gaps {
			causes[g.Cause]++
			t.Logf("%v", g)
		}
		t.Logf("%s: %v, gaps %v", folder, kinds, causes)
		if got := [3]int{len(all.Collectors), len(all.Targets), len(all.Workloads)}; got[0] < atLeast[0] || got[1] < atLeast[1] || got[2] < atLeast[2] {
			t.Errorf("%s: got %v collectors, targets and workloads, want at least %v", folder, got, atLeast)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(collectorFile))
	f.Add([]byte("config:\n" + indent(collectorFile, "  ")))
	f.Add([]byte("apiVersion: opentelemetry.io/v1alpha1\nkind: OpenTelemetryCollector\nspec:\n  config: |\n" + indent(collectorFile, "    ")))
	f.Add([]byte("apiVersion: monitoring.coreos.com/v1\nkind: Probe\nspec: {targets: {staticConfig: {static: [a]}}}\n"))
	f.Add([]byte("apiVersion: apps/v1\nkind: Deployment\nspec: {template: {metadata: {annotations: {prometheus.io/scrape: true}}, spec: {containers: [{env: [{name: A}]}]}}}\n"))
	f.Add([]byte("services: {a: {image: x, environment: [A=b]}}\n"))
	f.Add([]byte("scrape_configs: [{job_name: a, relabel_configs: [{target_label: job}]}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, _ := document.ParseYAML("f", data)
		visitAll(docs, func(d document.Document) {
			facts, ok := Read(d)
			if again, _ := Read(d); !reflect.DeepEqual(facts, again) {
				t.Fatal("two readings differ")
			}
			if ok == (summary(facts) == "") {
				t.Fatalf("ok is %v for %q", ok, summary(facts))
			}
			for _, p := range places(facts) {
				if p.File != "f" || p.Line < 1 || p.Line > strings.Count(string(data), "\n")+1 || p.Col < 0 {
					t.Fatalf("place %+v lies outside the file", p)
				}
			}
		})
	})
}

// places gives the places of everything that always has one.
func places(f catalog.Facts) []catalog.Place {
	var ps []catalog.Place
	add := func(ls []catalog.Label) {
		for _, l := range ls {
			ps = append(ps, l.At)
		}
	}
	for _, c := range f.Collectors {
		ps = append(ps, c.At, c.Name.At)
		for _, k := range c.Components {
			ps = append(ps, k.Name.At)
			add(k.Settings)
		}
	}
	for _, t := range f.Targets {
		ps = append(ps, t.At)
		add(slices.Concat(t.Labels, t.Selector))
	}
	for _, w := range f.Workloads {
		ps = append(ps, w.At)
		add(slices.Concat(w.Labels, w.Annotations, w.Env))
	}
	for _, g := range f.Gaps {
		ps = append(ps, g.At)
	}
	return ps
}

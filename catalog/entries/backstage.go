package entries

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/slos"
)

// entity is a Backstage entity with what all kinds share.
type entity struct {
	doc         document.Document
	kind        string // lower case
	namespace   string
	name        catalog.Text
	metadata    *document.Node
	spec        *document.Node
	annotations []catalog.Label
	options     Options
}

// readBackstage gives what one entity states. A scaffolder's template is no entity of the catalog and gives nothing.
func readBackstage(d document.Document, o Options) catalog.Facts {
	e := entity{doc: d, kind: strings.ToLower(d.Kind()), metadata: d.Root.Get("metadata"), spec: d.Root.Get("spec"), options: o}
	e.name, e.namespace = trimmed(e.metadata.Get("name").Text()), e.metadata.Get("namespace").Str()
	e.annotations = e.metadata.Get("annotations").Labels()
	if e.namespace == "" {
		e.namespace = DefaultNamespace
	}
	if e.kind == "template" {
		return catalog.Facts{}
	}
	if e.kind == "location" {
		return e.locations()
	}
	if g := e.unnamed(); g != nil {
		return catalog.Facts{Gaps: []catalog.Gap{*g}}
	}
	switch e.kind {
	case "component":
		svc, gaps := e.service()
		return catalog.Facts{Services: []*catalog.Service{svc}, Gaps: gaps}
	case "group":
		return catalog.Facts{Teams: []*catalog.Team{e.team()}}
	}
	return catalog.Facts{Entities: []catalog.Entity{{Kind: e.kind, Namespace: e.namespace, Name: e.name.Value, MemberOf: refTexts(e.spec.Get("memberOf")), At: e.name.At}}}
}

// unnamed gives a gap for an entity without a name of its own: nothing can refer to it. A skeleton of a scaffolder's
// template has an expression in its place.
func (e entity) unnamed() *catalog.Gap {
	kind, at := catalog.Services, e.name.At.Or(e.metadata.Place()).Or(e.doc.Root.At)
	if e.kind == "group" {
		kind = catalog.Teams
	}
	var g catalog.Gap
	switch {
	case isExpression(e.metadata.Get("name")):
		g = gap(kind, at, catalog.Template, "", fmt.Sprintf("the %s is named %q, which only a template engine can fill in. keep a rendered copy in the catalog", e.doc.Kind(), e.name.Value))
	case e.doc.Kind() == "":
		g = gap(kind, at, catalog.BadValue, "", "the entity has no kind. set kind, as in \"Component\"")
	case e.name.Value == "":
		g = gap(kind, at, catalog.BadValue, "", fmt.Sprintf("the %s has no name. set metadata.name", e.doc.Kind()))
	default:
		return nil
	}
	return &g
}

// isExpression reports whether a scalar holds an expression of a template: ${{ values.name }}, {{ name }}, {% if %}.
func isExpression(n *document.Node) bool {
	return n != nil && (n.Templated || strings.Contains(n.Value, "{{") || strings.Contains(n.Value, "{%"))
}

// annotation gives the value of the first of the keys that is annotated.
func (e entity) annotation(keys ...string) catalog.Text {
	for _, key := range keys {
		if l, ok := catalog.FindLabel(e.annotations, key); ok && l.Value != "" {
			return trimmed(l.Text())
		}
	}
	return catalog.Text{}
}

func (e entity) service() (*catalog.Service, []catalog.Gap) {
	svc := &catalog.Service{
		ID: entityID(e.namespace, e.name.Value), Namespace: e.namespace, Name: e.name,
		Title: e.metadata.Get("title").Text(), Description: trimmed(e.metadata.Get("description").Text()),
		Kind: kindOf(e.spec.Get("type").Text()), Lifecycle: e.spec.Get("lifecycle").Text(), Owner: catalog.Owner{Ref: refText(e.spec.Get("owner"))},
		Repository: e.repository(), Oncall: e.oncall(), PolicyRef: slos.PolicyRef(e.annotations),
		Format: "backstage", At: e.doc.Root.At,
	}
	svc.DependsOn = dependencies(append(refTexts(e.spec.Get("dependsOn")), e.consumedAPIs()...))
	e.addAliases(svc)
	e.addLinks(svc)
	gaps := e.addTier(svc)
	gaps = append(gaps, e.addDashboards(svc)...)
	e.addAlerts(svc)
	e.addProtection(svc)
	return svc, gaps
}

// consumedAPIs gives the references of spec.consumesApis with their kind, which is "api" when it is left out.
func (e entity) consumedAPIs() []catalog.Text {
	refs := refTexts(e.spec.Get("consumesApis"))
	for i := range refs {
		if !strings.Contains(refs[i].Value, ":") {
			refs[i].Value = "api:" + refs[i].Value
		}
	}
	return refs
}

func (e entity) repository() catalog.Text {
	source := e.annotation("backstage.io/source-location")
	if address, ok := strings.CutPrefix(source.Value, "url:"); ok {
		return withValue(source, address)
	}
	if slug := e.annotation("github.com/project-slug"); slug.Value != "" {
		return withValue(slug, "https://github.com/"+slug.Value)
	}
	if slug := e.annotation("gitlab.com/project-slug"); slug.Value != "" {
		host := e.annotation("gitlab.com/instance").Value
		if host == "" {
			host = "gitlab.com"
		}
		return withValue(slug, "https://"+host+"/"+slug.Value)
	}
	return catalog.Text{}
}

// nameLabels are the labels whose value in a Kubernetes selector is a name of the service.
var nameLabels = []string{"app", "k8s-app", "app.kubernetes.io/name", "app.kubernetes.io/instance", "service", "name"}

func (e entity) addAliases(svc *catalog.Service) {
	addAlias(svc, e.annotation("backstage.io/kubernetes-id"))
	selector := e.annotation("backstage.io/kubernetes-label-selector")
	for pair := range strings.SplitSeq(selector.Value, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if ok && slices.Contains(nameLabels, strings.TrimSpace(key)) {
			addAlias(svc, withValue(selector, strings.TrimPrefix(value, "=")))
		}
	}
	for _, key := range e.options.NameAnnotations {
		names := e.annotation(key)
		for name := range strings.SplitSeq(names.Value, ",") {
			addAlias(svc, withValue(names, name))
		}
	}
}

// addLinks takes the entity's links, its documentation and every annotation that speaks of a runbook.
func (e entity) addLinks(svc *catalog.Service) {
	for _, l := range e.metadata.Get("links").List() {
		addLink(svc, linkKind(l.Get("title").Str(), l.Get("type").Str(), l.Get("icon").Str()), l.Get("url").Text())
	}
	for _, l := range e.annotations {
		if _, name, _ := strings.Cut(l.Key, "/"); linkKind(name) == "runbook" {
			addLink(svc, "runbook", l.Text())
		}
	}
	docs := e.annotation("backstage.io/techdocs-ref")
	if address, ok := strings.CutPrefix(docs.Value, "url:"); ok {
		addLink(svc, "docs", withValue(docs, address))
	}
	if folder, ok := strings.CutPrefix(docs.Value, "dir:"); ok {
		addLink(svc, "docs", withValue(docs, path.Join(path.Dir(e.doc.File), folder)))
	}
}

// addTier takes the tier from the first label or annotation whose key says tier.
func (e entity) addTier(svc *catalog.Service) []catalog.Gap {
	for _, l := range append(e.metadata.Get("labels").Labels(), e.annotations...) {
		name := l.Key[strings.LastIndexByte(l.Key, '/')+1:]
		if !slices.Contains(e.options.TierKeys, name) && !slices.Contains(e.options.TierKeys, l.Key) {
			continue
		}
		tier, gaps := tierOf(l.Text(), svc.ID)
		if svc.Tier = tier; !tier.IsZero() || gaps != nil {
			return gaps
		}
	}
	return nil
}

// addAlerts takes the selectors of alerts. An alert that is named is selected by the label that Prometheus gives its
// name.
func (e entity) addAlerts(svc *catalog.Service) {
	if selector := e.annotation("grafana/alert-label-selector"); selector.Value != "" {
		svc.Wanted.AlertLabelSelector = append(svc.Wanted.AlertLabelSelector, selector)
	}
	names := e.annotation("prometheus.io/alert")
	for name := range strings.SplitSeq(names.Value, ",") {
		if name = strings.TrimSpace(name); name != "" && name != "all" {
			svc.Wanted.AlertLabelSelector = append(svc.Wanted.AlertLabelSelector, withValue(names, "alertname="+name))
		}
	}
}

// pagingAnnotations name the paging integration of a service or team. A key is a secret, of which only is kept that it
// is set.
var pagingAnnotations = []struct {
	key, words string
	secret     bool
}{
	{"pagerduty.com/service-id", "PagerDuty service", false},
	{"pagerduty/service-id", "PagerDuty service", false},
	{"opsgenie.com/team", "Opsgenie team", false},
	{"opsgenie.com/component-selector", "Opsgenie", false},
	{"splunk.com/on-call-team", "Splunk On-Call team", false},
	{"grafana.com/oncall-schedule", "Grafana OnCall schedule", false},
	{"pagerduty.com/integration-key", "PagerDuty", true},
	{"splunk.com/on-call-routing-key", "Splunk On-Call", true},
	{"ilert.com/integration-key", "iLert", true},
}

func (e entity) oncall() catalog.Text {
	for _, p := range pagingAnnotations {
		t := e.annotation(p.key)
		switch {
		case t.Value == "":
		case p.secret:
			return withValue(t, p.words+" (integration key)")
		default:
			return withValue(t, p.words+" "+t.Value)
		}
	}
	return catalog.Text{}
}

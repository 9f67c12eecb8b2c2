package scorecard

import (
	"net/url"
	"time"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

// Grafana is how a policy has a live Grafana asked. The token is no part of a policy, which a pull request may change.
type Grafana struct {
	Options grafana.Options // without token and time
	// Want names the dashboards that are compared with git beside those that the catalog names, and the data sources that
	// are asked for each signal.
	Want grafana.Want
}

type grafanaSection struct {
	URL        *string   `toml:"url" doc:"its address with the path it is served below. without one no Grafana is asked" example:"\"https://grafana.acme.example\""`
	Org        *int64    `toml:"org" min:"0" doc:"the organisation's ID, 0 for the token's own" example:"0"`
	CAFile     *string   `toml:"ca_file" doc:"PEM file of the authorities to trust instead of the system's, as the machine that runs the program knows it" example:"\"/etc/ssl/acme.pem\""`
	CertFile   *string   `toml:"cert_file" doc:"PEM file of a client certificate" example:"\"/etc/obsready/client.pem\""`
	KeyFile    *string   `toml:"key_file" doc:"PEM file of its key" example:"\"/etc/obsready/client.key\""`
	ServerName *string   `toml:"server_name" doc:"the name to expect in its certificate when it is not that of the address" example:"\"grafana.internal\""`
	Insecure   *bool     `toml:"insecure" doc:"trust every certificate" example:"false"`
	Rate       *float64  `toml:"rate" min:"0.1" max:"1000" doc:"requests a second" example:"10"`
	InFlight   *int      `toml:"in_flight" min:"1" max:"64" doc:"requests at once" example:"4"`
	Timeout    *duration `toml:"timeout" doc:"of one request" example:"\"30s\""`
	Budget     *duration `toml:"budget" doc:"of all requests together. what is not had by then is unknown" example:"\"20m\""`
	All        *bool     `toml:"all_dashboards" doc:"fetch every dashboard, and not only those that the catalog and the next two keys name" example:"false"`
	Tags       *[]string `toml:"tags" doc:"fetch the dashboards with one of these tags too" example:"[]"`
	Folders    *[]string `toml:"folders" doc:"fetch the dashboards in these folders too, by UID, title or path" example:"[]"`
	Metrics    *[]string `toml:"metrics_from" doc:"the data sources, by UID or name, that are asked whether metrics arrive. the default is all of a fitting type" example:"[\"mimir\"]"`
	Logs       *[]string `toml:"logs_from" doc:"likewise for logs" example:"[\"loki\"]"`
	Traces     *[]string `toml:"traces_from" doc:"likewise for traces" example:"[\"tempo\"]"`
}

// policy gives what the section says, nil without an address.
func (s *grafanaSection) policy() *Grafana {
	if s.URL == nil || *s.URL == "" {
		return nil
	}
	g := &Grafana{Options: grafana.DefaultOptions(), Want: grafana.Want{Alerts: true, DashboardMetrics: true}}
	o, w := &g.Options, &g.Want
	o.URL = *s.URL
	override(&o.OrgID, s.Org)
	override(&o.TLS.CAFile, s.CAFile)
	override(&o.TLS.CertFile, s.CertFile)
	override(&o.TLS.KeyFile, s.KeyFile)
	override(&o.TLS.ServerName, s.ServerName)
	override(&o.TLS.Insecure, s.Insecure)
	override(&o.Rate, s.Rate)
	override(&o.InFlight, s.InFlight)
	override(&o.Timeout, (*time.Duration)(s.Timeout))
	override(&o.Budget, (*time.Duration)(s.Budget))
	override(&w.All, s.All)
	override(&w.Tags, s.Tags)
	override(&w.Folders, s.Folders)
	w.Sources = s.sources()
	return g
}

func (s *grafanaSection) sources() map[catalog.Signal][]string {
	stated := map[catalog.Signal][]string{}
	for signal, names := range map[catalog.Signal]*[]string{catalog.MetricSignal: s.Metrics, catalog.LogSignal: s.Logs, catalog.TraceSignal: s.Traces} {
		if names != nil {
			stated[signal] = *names
		}
	}
	return stated
}

// grafana finds what cannot be in the section beyond types and bounds.
func (v *validation) grafana(s *grafanaSection) {
	if v.flawed("grafana") {
		return
	}
	if s.URL != nil && *s.URL != "" {
		if u, err := url.Parse(*s.URL); err != nil || u.User != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" {
			v.problemf(v.At("grafana", "url"), "grafana.url is no address of a Grafana. write it as in https://grafana.example.org, without user, token and query")
		}
	}
	v.positive("grafana", map[string]*duration{"timeout": s.Timeout, "budget": s.Budget})
	if (s.CertFile == nil) != (s.KeyFile == nil) {
		v.problemf(v.At("grafana"), "a client certificate needs both cert_file and key_file")
	}
}

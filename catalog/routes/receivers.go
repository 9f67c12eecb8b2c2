package routes

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
)

// receivers reads the receivers of an Alertmanager's configuration or of a resource.
func (r *reader) receivers(list *document.Node) []catalog.Receiver {
	var all []catalog.Receiver
	for _, item := range list.List() {
		name := item.Get("name").Text()
		if name.Value == "" {
			r.gap(catalog.BadValue, item.Place(), "a receiver has no name. name it, so that routes can lead to it")
			continue
		}
		if i := slices.IndexFunc(all, func(other catalog.Receiver) bool { return other.Name.Value == name.Value }); i >= 0 {
			r.gap(catalog.Duplicate, name.At, "receiver %q is already defined at %s, and Alertmanager refuses that. rename or merge one", name.Value, all[i].At)
			continue
		}
		receiver := catalog.Receiver{Name: name, At: item.At}
		for _, p := range item.Pairs {
			receiver.Integrations = append(receiver.Integrations, integrations(p)...)
		}
		all = append(all, receiver)
	}
	return all
}

// integrations reads the entries of a receiver's key "<kind>_configs" or "<kind>Configs". A template in place of the
// list stands for one entry.
func integrations(p document.Pair) []catalog.Integration {
	kind, ok := strings.CutSuffix(p.Key.Value, "_configs")
	if !ok {
		if kind, ok = strings.CutSuffix(p.Key.Value, "Configs"); !ok {
			return nil
		}
	}
	if p.Value.Kind == document.Scalar && isTemplate(p.Value.Str()) {
		return []catalog.Integration{{Kind: kindName(kind), At: p.Key.At}}
	}
	var all []catalog.Integration
	for _, item := range p.Value.List() {
		if kind == grafanaManaged {
			all = append(all, integration(item.Get("type").Str(), item.Get("settings"), item.At))
			continue
		}
		all = append(all, integration(kind, item, item.At))
	}
	return all
}

// grafanaManaged begins the key of the integrations in what Grafana's own API gives, which else is a configuration of an
// Alertmanager.
const grafanaManaged = "grafana_managed_receiver"

// isGrafana recognises such a configuration.
func isGrafana(receivers *document.Node) bool {
	return slices.ContainsFunc(receivers.List(), func(r *document.Node) bool { return r.Get(grafanaManaged+"_configs") != nil })
}

// otherNames are what Grafana and the operators call a kind of integration in place of its name in Alertmanager.
var otherNames = map[string]string{"teams": "msteams", "msteamsv2": "msteams", "wecom": "wechat", "prometheus-alertmanager": "alertmanager"}

func kindName(kind string) string {
	kind = strings.ToLower(kind)
	return cmp.Or(otherNames[kind], kind)
}

// integration reads one way of telling somebody from its settings.
func integration(kind string, settings *document.Node, at catalog.Place) catalog.Integration {
	kind = kindName(kind)
	return catalog.Integration{Kind: kind, Target: target(kind, settings), Urgency: shown(settings.First(urgencyKeys[kind]...).Text()), At: at}
}

// targetKeys are the settings that say where an integration leads and are no secrets, in the spellings of all formats.
// Keys, tokens and addresses that serve as such are not among them.
var targetKeys = map[string][]string{
	"slack":      {"channel", "recipient"},
	"email":      {"to", "addresses"},
	"victorops":  {"routing_key", "routingKey"},
	"rocketchat": {"channel"},
	"mattermost": {"channel"},
	"telegram":   {"chat_id", "chatID", "chatid"},
	"webex":      {"room_id", "roomID"},
	"wechat":     {"to_party", "toParty", "to_user", "toUser", "touser"},
	"jira":       {"project"},
	"kafka":      {"topic", "kafkaTopic"},
}

// urgencyKeys are the settings that say how urgent an alert is to the tool that calls people.
var urgencyKeys = map[string][]string{
	"pagerduty": {"severity"},
	"opsgenie":  {"priority"},
	"pushover":  {"priority"},
}

// target gives where an integration leads.
func target(kind string, settings *document.Node) catalog.Text {
	switch kind {
	case "webhook":
		return host(settings.Get("url").Text())
	case "sns":
		arn := settings.First("topic_arn", "topicARN").Text()
		return shown(catalog.Text{Value: arn.Value[strings.LastIndexByte(arn.Value, ':')+1:], At: arn.At})
	case "opsgenie":
		for _, responder := range settings.Get("responders").List() {
			if name := responder.First("name", "username").Text(); name.Value != "" {
				return shown(name)
			}
		}
		return shown(settings.Get("teams").Text())
	}
	return shown(settings.First(targetKeys[kind]...).Text())
}

// host gives the host of an address: the rest of a webhook's address often is its password.
func host(address catalog.Text) catalog.Text {
	u, err := url.Parse(address.Value)
	if err != nil || u.Hostname() == "" || isTemplate(u.Hostname()) {
		return catalog.Text{At: address.At}
	}
	return catalog.Text{Value: u.Hostname(), At: address.At}
}

// maxShown is how long a setting may be that is shown.
const maxShown = 300

// shown gives a setting, without its value when that is an address with a path, which may be a credential, or too long.
func shown(t catalog.Text) catalog.Text {
	if len(t.Value) > maxShown || strings.Contains(t.Value, "://") {
		t.Value = ""
	}
	t.Value = strings.TrimSpace(t.Value)
	return t
}

// JoinContactPoints gives the routers that have routes. Grafana keeps contact points and policies in separate files: a
// router of Grafana is given the contact points that stand alone, those of its own folder first, which hold when two
// have the same name.
func JoinContactPoints(routers []*catalog.Router) []*catalog.Router {
	var joined, points []*catalog.Router
	for _, r := range routers {
		if r.Root != nil {
			joined = append(joined, r)
		} else {
			points = append(points, r)
		}
	}
	for _, r := range joined {
		if r.Format != grafana {
			continue
		}
		for _, own := range []bool{true, false} {
			for _, p := range points {
				if own == (path.Dir(p.At.File) == path.Dir(r.At.File)) {
					r.Receivers = append(r.Receivers, p.Receivers...)
				}
			}
		}
	}
	return joined
}

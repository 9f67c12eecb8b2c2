package checks

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"obsready/catalog"
)

// pagingKinds are integrations that are there to reach people at any hour.
var pagingKinds = []string{"pagerduty", "opsgenie", "victorops", "pushover", "incidentio"}

// tellingKinds are integrations that leave word for those who look. All other kinds hand the alert to a program that may
// do either.
var tellingKinds = []string{
	"slack", "email", "msteams", "discord", "telegram", "webex", "jira", "rocketchat", "mattermost", "wechat", "googlechat", "line", "dingding", "threema",
}

// pagingDomains are those of addresses that turn mails into pages.
var pagingDomains = []string{"pagerduty.com", "opsgenie.net", "victorops.com", "incident.io", "ilert.eu", "ilert.com", "zenduty.com", "squadcast.com", "rootly.com"}

// highUrgencies are what integrations call an alert that wakes somebody; their own defaults among them.
// Source: PagerDuty's Events API v2 ("severity"), Opsgenie's and Pushover's message APIs ("priority").
var highUrgencies = []string{"critical", "error", "P1", "P2", "P3", "1", "2"}

// wakes says whether a delivery wakes somebody, for an alert whose severity pages or not.
func (s *Survey) wakes(d catalog.Delivery, severe bool) State {
	switch {
	case s.namedAsPager(d.Name.Value):
		return Met
	case d.Receiver == nil && (d.Router.Partial || d.Router.Format == "grafana"):
		return Undecided // its contact points may be kept elsewhere
	case d.Receiver == nil:
		return Unmet
	}
	state := Unmet
	for _, i := range d.Receiver.Integrations {
		switch s.integrationWakes(i, severe) {
		case Met:
			return Met
		case Undecided:
			state = Undecided
		}
	}
	return state
}

// namedAsPager reports whether the policy says that a receiver wakes somebody.
func (s *Survey) namedAsPager(receiver string) bool {
	return slices.ContainsFunc(s.Settings.PageReceivers, func(glob string) bool {
		ok, err := path.Match(glob, receiver)
		return ok && err == nil
	})
}

func (s *Survey) integrationWakes(i catalog.Integration, severe bool) State {
	mails := i.Kind == "email" && slices.ContainsFunc(pagingDomains, func(domain string) bool { return strings.Contains(i.Target.Value, domain) })
	switch {
	case slices.Contains(pagingKinds, i.Kind):
		return urgent(i.Urgency.Value, severe)
	case !mails && slices.Contains(tellingKinds, i.Kind), len(s.Settings.PageReceivers) > 0: // the policy names those that page
		return Unmet
	}
	return Undecided
}

// urgent says whether an alert that a paging tool is told of wakes somebody. A template most often tells the tool the
// alert's severity.
func urgent(urgency string, severe bool) State {
	switch {
	case urgency == "", hasFold(highUrgencies, urgency), severe && strings.Contains(urgency, "{{"):
		return Met
	}
	return Undecided
}

// recipient names the receiver of a delivery with what it tells.
func recipient(d catalog.Delivery) string {
	name := fmt.Sprintf("receiver %q", d.Name.Value)
	switch {
	case d.Receiver == nil:
		return name + " (not defined)"
	case len(d.Receiver.Integrations) == 0:
		return name + " (no integration)"
	}
	var ways []string
	for _, i := range d.Receiver.Integrations {
		way := i.Kind
		if i.Target.Value != "" {
			way += " " + strconv.Quote(i.Target.Value)
		}
		if !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	const shown = 3
	if len(ways) > shown {
		ways = append(ways[:shown], "…")
	}
	return name + " (" + strings.Join(ways, ", ") + ")"
}

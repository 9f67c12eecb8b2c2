package grafana

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
)

// TestHiddenRules tells what is known of rules that are not listed, as Grafana 12.4 answers: the list leaves out those of folders
// that the token may not read, whose UIDs get 403, and a UID that there is not gets 404 without a body.
func TestHiddenRules(t *testing.T) {
	const some, all = `{"folders:read":["folders:uid:pay"],"alert.rules:read":["folders:*"]}`, `{"folders:read":["folders:*"],"alert.rules:read":["folders:*"]}`
	one := "/api/v1/provisioning/alert-rules/"
	for name, c := range map[string]struct {
		permissions string
		missing     catalog.Cause // of a UID that there is not
		asked       []string
	}{
		"a token for some folders": {some, catalog.NotFound, []string{"forbidden", "gone"}},
		"a token for all folders":  {all, catalog.NotFound, nil},
		"a token for some rules":   {strings.Replace(all, `["folders:*"]}`, `["folders:uid:pay"]}`, 1), catalog.NotFound, []string{"forbidden", "gone"}},
	} {
		s := newServer(t, "payments.txtar")
		s.reply("GET /api/access-control/user/permissions", 200, c.permissions)
		s.reply("GET "+one+"forbidden", 403, `{"statusCode":403,"messageId":"alerting.unauthorized","message":"user is not authorized to access rules in folder 'locked'"}`)
		s.handlers[one+"gone"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
		live, _ := fetch(t, s.options(), Want{Alerts: true, Rules: []string{"pay-paused", "gone", "forbidden"}})
		if _, trouble := live.Rule("gone"); trouble == nil || trouble.Cause != c.missing {
			t.Errorf("%s: of a rule that there is not, got %v", name, trouble)
		}
		hidden := catalog.NoPermission
		if c.asked == nil {
			hidden = catalog.NotFound // all are listed
		}
		for _, uid := range []string{"forbidden", "never-asked"} {
			if _, trouble := live.Rule(uid); trouble == nil || trouble.Cause != hidden {
				t.Errorf("%s: of rule %q, got %v", name, uid, trouble)
			}
		}
		if r, _ := live.Rule("pay-paused"); r == nil {
			t.Errorf("%s: a rule that is listed is gone", name)
		}
		var asked []string
		for _, r := range s.requests {
			if uid, ok := strings.CutPrefix(r, "GET "+one); ok {
				asked = append(asked, strings.TrimSuffix(uid, "?"))
			}
		}
		slices.Sort(asked)
		if diff := cmp.Diff(c.asked, asked); diff != "" {
			t.Errorf("%s: asked one by one: -want +got:\n%s", name, diff)
		}
		checkSnapshot(t, live)
	}
}

// TestNobodyTellsOfHiddenRules holds that without the list of configured rules a 404 is not believed either.
func TestNobodyTellsOfHiddenRules(t *testing.T) {
	s := newServer(t, "payments.txtar")
	s.reply("GET /api/v1/provisioning/alert-rules", 404, `{"message":"Not found"}`)
	s.handlers["/api/v1/provisioning/alert-rules/gone"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	live, _ := fetch(t, s.options(), Want{Alerts: true, Rules: []string{"gone"}})
	if _, trouble := live.Rule("gone"); trouble == nil || trouble.Cause != catalog.NoPermission {
		t.Errorf("got %v", trouble)
	}
}

// TestAddressesInMessages holds that messages of data sources keep no user and no query of an address, which may hold a credential
// in any form.
func TestAddressesInMessages(t *testing.T) {
	for in, want := range map[string]string{
		`Post "http://bob:***@127.0.0.1:1/api/v1/query?tenant_key=S3cr3tQueryValue9": dial tcp 127.0.0.1:1: connect: connection refused`: `Post "http://127.0.0.1:1/api/v1/query": dial tcp 127.0.0.1:1: connect: connection refused`,
		`Get \"https://p@ss@prom.example:9090?a=b#c\": EOF`: `Get \"https://prom.example:9090\": EOF`,
		"see HTTPS://example.org/x?key=1,\nor http://u:p@h": "see HTTPS://example.org/x or http://h",
		`is it up == 0? see a/b@c`:                          `is it up == 0? see a/b@c`,
		`http://example.org/plain.`:                         `http://example.org/plain.`,
	} {
		if got := line(in, testToken); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestHiddenContactPoints holds that a list of contact points is complete only for a token that may read all of them: Grafana leaves
// out the others.
func TestHiddenContactPoints(t *testing.T) {
	for permissions, want := range map[string]catalog.Cause{
		`{"alert.notifications:read":[""]}`: "", `{"alert.notifications.receivers:read":["receivers:*"]}`: "", `{"alert.provisioning:read":[""]}`: "",
		`{"alert.notifications.receivers:read":["receivers:uid:a"]}`: catalog.NoPermission, `{"alert.notifications.receivers:list":[""]}`: catalog.NoPermission,
	} {
		s := newServer(t, "payments.txtar")
		s.reply("GET /api/access-control/user/permissions", 200, permissions)
		live, _ := fetch(t, s.options(), Want{Alerts: true})
		var got catalog.Cause
		if missing := live.ContactPoints.Missing(); missing != nil {
			got = missing.Cause
		}
		if got != want || len(live.ContactPoints.Items) == 0 {
			t.Errorf("%s: got %q with %d contact points", permissions, got, len(live.ContactPoints.Items))
		}
	}
}

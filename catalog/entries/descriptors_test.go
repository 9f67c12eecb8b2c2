package entries

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"obsready/catalog"
	"obsready/catalog/document"
)

// summary writes the fields of a service that descriptors state.
func summary(s *catalog.Service) string {
	parts := []string{s.Format, s.ID, s.Title.Value, s.Kind.Value, s.Tier.Value, s.Lifecycle.Value, s.Owner.Ref.Value, s.Repository.Value, s.Oncall.Value, s.Folder}
	for _, d := range s.DependsOn {
		parts = append(parts, "needs "+d.Ref.Value)
	}
	for _, l := range s.Links {
		parts = append(parts, l.Kind+" "+l.URL.Value)
	}
	return strings.Join(append(parts, values(s.Aliases)...), "|")
}

func TestDescriptors(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"datadog v2.2", "a/service.datadog.yaml", `schema-version: v2.2
dd-service: cart
team: shop
tier: "1"
lifecycle: production
type: web
contacts: [{type: slack, contact: https://acme.slack.com/archives/C1}]
links:
  - {name: Runbook, type: runbook, url: https://r}
  - {name: Source, type: repo, url: https://s}
integrations: {pagerduty: {service-url: https://acme.pagerduty.com/service-directory/P1}}
`, "datadog|cart||request|1|production|shop|https://s|https://acme.pagerduty.com/service-directory/P1|a|runbook https://r|other https://acme.slack.com/archives/C1"},
		{"datadog v3", "a/entity.datadog.yaml", `apiVersion: v3
kind: service
metadata: {name: cart, displayName: Cart, owner: shop, links: [{name: Board, type: dashboard, url: https://d}]}
spec: {tier: "2", lifecycle: production, type: browser, dependsOn: ["service:ledger"]}
datadog: {codeLocations: [{repositoryURL: https://s}]}
---
apiVersion: v3
kind: datastore
metadata: {name: db}
`, "datadog|cart|Cart|frontend|2|production|shop|https://s||a|needs service:ledger|dashboard https://d"},
		{"opslevel", "a/opslevel.yml", `version: 1
service:
  name: cart
  tier: tier_2
  owner: shop
  aliases: [basket]
  repositories: [{name: acme/cart, provider: github}]
  dependencies: [{service: ledger}]
  tools: [{name: Books, category: runbooks, url: https://r}]
  alert_sources: [{type: pagerduty, external_id: P1}]
`, "opslevel|cart|||2||shop|https://github.com/acme/cart|pagerduty P1|a|needs ledger|runbook https://r|basket"},
		{"cortex", "a/cortex.yaml", `openapi: 3.0.1
info:
  title: Cart
  x-cortex-tag: cart
  x-cortex-groups: [tier-3, other]
  x-cortex-owners: [{type: email, email: a@example.org}, {type: group, name: shop}]
  x-cortex-git: {github: {repository: acme/cart}}
  x-cortex-oncall: {pagerduty: {id: P1, type: SCHEDULE}}
  x-cortex-dependency: [{tag: ledger}]
  x-cortex-link: [{name: Books, type: runbook, url: https://r}]
`, "cortex|cart|Cart||3||shop|https://github.com/acme/cart|PagerDuty schedule P1|a|needs ledger|runbook https://r"},
		{"compass", "a/compass.yml", `configVersion: 1
name: cart
typeId: LIBRARY
ownerId: ari:team/1
fields: {tier: 4}
links: [{name: Source, type: REPOSITORY, url: https://s}, {type: ON_CALL, url: https://p}, {name: Board, type: DASHBOARD, url: https://d}]
relationships: {DEPENDS_ON: [ari:ledger]}
`, "compass|cart||library|4||ari:team/1|https://s|https://p|a|needs ari:ledger|dashboard https://d"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, ok := read(t, c.file, c.text)
			if !ok || len(f.Services) != 1 || f.Gaps != nil {
				t.Fatalf("got %s", show(f))
			}
			if diff := cmp.Diff(c.want, summary(f.Services[0])); diff != "" {
				t.Error(diff)
			}
			if f.Services[0].At.String() != c.file+":1:1" {
				t.Errorf("the service is at %v", f.Services[0].At)
			}
		})
	}
}

func TestDescriptorGaps(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"service.datadog.yaml", "schema-version: v9\ndd-service: a\n", `gap service.datadog.yaml:1:17: unsupported: schema-version "v9" is not read. expected one of v2, v2.1, v2.2 [service entry] about [a]
`},
		{"service.datadog.yaml", "schema-version: v2\nteam: a\n", `gap service.datadog.yaml:1:1: bad value: the service has no name. set dd-service [service entry] about []
`},
		{"opslevel.yml", "version: 2\n", `gap opslevel.yml:1:10: unsupported: version "2" is not read. expected 1 [service entry] about []
`},
		{"opslevel.yml", "version: 1\nrepository: {owner: x}\n", `gap opslevel.yml:1:1: unsupported: the file describes a repository and no service. add a service with its name and owner to list it [service entry] about []
`},
		{"cortex.yaml", "info:\n  x-cortex-tag:\n", `gap cortex.yaml:2:3: bad value: the entity has no name. set x-cortex-tag [service entry] about []
`},
		{"compass.yml", "id: x\n", `gap compass.yml:1:1: bad value: the component has no name. set name [service entry] about []
`},
		{"cortex.yaml", "info: {x-cortex-tag: shop, x-cortex-type: team, x-cortex-slack: {channels: [{name: shop}]}}\n", `team shop at cortex.yaml:1:1
`},
	} {
		f, _ := read(t, c.file, c.text)
		if diff := cmp.Diff(c.want, show(f)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOtherYAMLIsNotRecognised(t *testing.T) {
	for file, text := range map[string]string{
		"a.yaml":       "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
		"compose.yaml": "version: '3'\nservices: {a: {}}\n",
		"api.yaml":     "openapi: 3.0.1\ninfo: {title: x}\n",
		"list.yaml":    "- a\n- b\n",
	} {
		if f, ok := read(t, file, text); ok || show(f) != "" {
			t.Errorf("%s: got %s", file, show(f))
		}
	}
}

const corpora = "../../../shared/corpora/"

// readCorpus reads a file of the public corpora, where they are at hand.
func readCorpus(t *testing.T, path string) (catalog.Facts, bool) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(corpora, path))
	if err != nil {
		t.Skip("no corpora here")
	}
	docs, gaps := document.ParseYAML(path, data)
	f, ok := ReadYAML(docs, Options{TierKeys: []string{"tier"}, NameAnnotations: []string{"giantswarm.io/deployment-names"}})
	f.Gaps = append(f.Gaps, gaps...)
	return f, ok
}

func TestCorpusCatalogues(t *testing.T) {
	for _, c := range []struct {
		file                      string
		services, teams, entities int
	}{
		{"backstage-catalogs-2026-01/catalogs/components.yaml", 319, 0, 0},
		{"backstage-catalogs-2026-01/catalogs/charts.yaml", 181, 0, 0},
		{"backstage-catalogs-2026-01/catalogs/groups.yaml", 0, 11, 0},
		{"backstage-catalogs-2026-01/catalogs/users.yaml", 0, 0, 51},
		{"backstage-catalogs-2026-08/catalogs/charts.yaml", 75, 0, 0},
		{"backstage-catalogs-2026-08/catalogs/groups.yaml", 0, 12, 0},
		{"backstage-catalogs-2026-08/catalogs/crds.yaml", 0, 0, 18},
	} {
		f, ok := readCorpus(t, "giantswarm/"+c.file)
		if !ok || len(f.Services) != c.services || len(f.Teams) != c.teams || len(f.Entities) != c.entities || len(f.Gaps) > 0 {
			t.Errorf("%s: %d services, %d teams, %d other entities, gaps %v", c.file, len(f.Services), len(f.Teams), len(f.Entities), f.Gaps)
		}
	}
}

func TestCorpusOwners(t *testing.T) {
	f, _ := readCorpus(t, "giantswarm/backstage-catalogs-2026-01/catalogs/components.yaml")
	groups, _ := readCorpus(t, "giantswarm/backstage-catalogs-2026-01/catalogs/groups.yaml")
	teams := map[string]bool{}
	for _, team := range groups.Teams {
		teams[team.ID] = true
	}
	resolved, unspecified, dangling := 0, 0, 0
	for _, s := range f.Services {
		_, id, _ := strings.Cut(s.Owner.Ref.Value, ":")
		switch {
		case teams[id]:
			resolved++
		case strings.HasSuffix(id, "/unspecified"):
			unspecified++
		default:
			dangling++
		}
	}
	if resolved != 214 || unspecified != 91 || dangling != 14 {
		t.Errorf("%d owners resolve, %d are unspecified, %d dangle", resolved, unspecified, dangling)
	}
}

// TestCorpusDescriptors wants each of the public descriptors to be an entry, or a gap that says why it is none.
func TestCorpusDescriptors(t *testing.T) {
	files, read := 0, 0
	err := filepath.WalkDir(filepath.Join(corpora, "catalog-misc"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(filepath.Ext(path), ".y") {
			return err
		}
		files++
		f, ok := readCorpus(t, strings.TrimPrefix(path, corpora))
		t.Logf("%v\n%s", ok, show(f))
		if ok && len(f.Services)+len(f.Gaps) > 0 {
			read++
		} else if filepath.Base(path) != "score.yaml" {
			t.Errorf("%s is neither an entry nor a gap", path)
		}
		return nil
	})
	if err != nil {
		t.Skip("no corpora here")
	}
	t.Logf("%d of %d files", read, files)
}

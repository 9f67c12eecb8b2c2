package checks_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"obsready/catalog/load"
	"obsready/catalog/tree"
	"obsready/checks"
)

// TestOwnersOfRealCatalog judges the owners of a company's catalog, whose counts are known: placeholders and disbanded
// teams one by one, and the groups' other namespace as one cause.
func TestOwnersOfRealCatalog(t *testing.T) {
	folder := "../../shared/corpora/giantswarm/backstage-catalogs-2026-01/catalogs"
	files := map[string]string{}
	for _, name := range []string{"components.yaml", "charts.yaml", "groups.yaml"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Skip(err)
		}
		files[name] = string(data)
	}
	estate, err := load.Load(context.Background(), tree.FromFiles(files, now), load.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	ownerTeam, err := checks.ByID("owner-team")
	if err != nil {
		t.Fatal(err)
	}
	settings := checks.DefaultSettings()
	survey := checks.NewSurvey(estate, &settings, now)
	verdicts := map[checks.Verdict]int{}
	placeholders, elsewhere := 0, map[string]int{}
	for _, s := range estate.Services {
		r := ownerTeam[0].Inspect(survey.About(s))
		switch cause := r.Requirements[0].Cause; {
		case s.Owner.Elsewhere != nil:
			elsewhere[cause.Key]++
		case s.At.File == "components.yaml":
			verdicts[r.Verdict]++
			if cause != nil && cause.Key == "owner group:giantswarm/unspecified" {
				placeholders++
			}
		}
	}
	if verdicts[checks.Pass] != 214 || verdicts[checks.Fail] != 91+14 || placeholders != 91 {
		t.Errorf("got %v with %d placeholders, want 214 to pass and 91 placeholders among 105 that fail", verdicts, placeholders)
	}
	if len(elsewhere) != 1 || elsewhere["owner namespace default"] < 160 {
		t.Errorf("got the causes %v, want one for the namespace", elsewhere)
	}
}

package entries

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"obsready/catalog/recovery"
	"obsready/catalog/toil"
	"obsready/catalog/tomldoc"
)

//go:embed examples/*.toml
var examples embed.FS

// format is one native file with what describes it.
type format struct {
	name  string
	title string
	shape any
}

var formats = []format{
	{"service.toml", "one service", nativeService{}},
	{"team.toml", "one team", nativeTeam{}},
	{"journey.toml", "one user journey", nativeJourney{}},
	{"slo.toml", "service level objectives; also named slos.toml, and [[slo]] may stand in service.toml and services.toml too", nativeSLOs{}},
	{"attestations.toml", "what no file can show, with who vouches for it until when; [[attestation]] may stand in service.toml and team.toml too", nativeAttestations{}},
	{"recovery.toml", "how services come back; a Markdown page does as well", recovery.NativePlan{}},
	{"exercise.toml", "the records of recovery exercises; also named exercises.toml, and a table on a Markdown page does as well", recovery.NativeExercises{}},
	{"toil.toml", "the manual operational work of a team; a CSV file or a table on a Markdown page does as well", toil.Native{}},
	{"services.toml", "several services, teams, journeys and SLOs in one file; also named teams.toml or journeys.toml", nativeList{}},
}

// Files lists the native files that [Reference] and [Schema] know.
func Files() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

func formatOf(name string) (format, error) {
	for _, f := range formats {
		if f.name == name {
			return f, nil
		}
	}
	return format{}, fmt.Errorf("unknown file %q. expected one of %s", name, strings.Join(Files(), ", "))
}

// Reference gives the written reference of a native file: every key with what it takes and what it means, and an
// example. [Files] lists the names.
func Reference(name string) (string, error) {
	f, err := formatOf(name)
	if err != nil {
		return "", err
	}
	example, err := examples.ReadFile(path.Join("examples", name))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s describes %s. Where a list is expected, a single value counts as a list of one.\n\n%s\nExample:\n\n%s",
		f.name, f.title, tomldoc.Reference(f.shape), indent(string(example))), nil
}

// Schema gives the JSON Schema (draft 2020-12) of a native file, named as for [Reference].
func Schema(name string) ([]byte, error) {
	f, err := formatOf(name)
	if err != nil {
		return nil, err
	}
	return tomldoc.Schema(strings.TrimSuffix(name, ".toml")+".schema.json", f.name+": "+f.title, f.shape)
}

func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = "  " + l
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

package reports

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed dashboard.json
var dashboard []byte

// dashboardFile is the name of the Grafana dashboard that shows the metrics of metrics.prom.
const dashboardFile = "dashboard.json"

// Dashboard gives a Grafana dashboard (classic schema) for the metrics that the format openmetrics writes.
func Dashboard() []byte { return append([]byte(nil), dashboard...) }

// Documents gives the names of the files that describe or show what reports write, which [Document] gives.
func Documents() []string {
	return []string{"report.schema.json", "deadlines.schema.json", dashboardFile}
}

// Document gives a file that describes or shows what reports write, by its name. The error for an unknown one lists the
// known ones.
func Document(name string) ([]byte, error) {
	switch name {
	case "report.schema.json":
		return Schema(), nil
	case "deadlines.schema.json":
		return DeadlinesSchema(), nil
	case dashboardFile:
		return Dashboard(), nil
	}
	return nil, fmt.Errorf("unknown file %q. expected one of %s", name, strings.Join(Documents(), ", "))
}

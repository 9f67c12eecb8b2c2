package scorecard

import (
	"fmt"
	"time"

	"obsready/catalog"
	"obsready/checks"
)

// now is the clock of every test.
var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// toy is a check whose outcome for each service is written down: a letter for each requirement, m met, u unmet, ? undecided,
// and ! to panic. A service that is not named is not applicable.
func toy(id string, severity checks.Severity, level checks.Level, outcomes map[string]string) *checks.Check {
	return &checks.Check{
		ID: id, Title: "Title of " + id, Fix: "Mend " + id + ". It is easy.",
		Pillar: checks.Alerts, Question: checks.Know, Severity: severity, Level: level,
		Run: func(in *checks.Inspection) {
			for i, letter := range outcomes[in.Service.ID] {
				at := catalog.Place{File: in.Service.ID + ".yaml", Line: i + 1}
				switch letter {
				case 'm':
					in.Metf(at, "%s %d is fine", id, i)
				case 'u':
					in.Unmetf(at, "%s %d of %s is wrong", id, i, in.Service.ID)
				case '?':
					in.Undecidedf(at, "%s %d cannot be read", id, i)
				case '!':
					panic("out of toys")
				}
			}
		},
	}
}

// estateOf gives an estate of services of the given IDs, all of tier 1.
func estateOf(ids ...string) *catalog.Estate {
	estate := &catalog.Estate{}
	for _, id := range ids {
		estate.Services = append(estate.Services, &catalog.Service{
			ID: id, Name: text(id, id, 1), Tier: text("1", id, 2), At: catalog.Place{File: id + ".toml", Line: 1},
		})
	}
	return estate
}

func text(value, service string, line int) catalog.Text {
	return catalog.Text{Value: value, At: catalog.Place{File: service + ".toml", Line: line}}
}

func evaluate(estate *catalog.Estate, set ...*checks.Check) *Report {
	return Evaluate(estate, set, DefaultPolicy(), now, 1)
}

// one is a check with an outcome for the service "a", named after its level and severity.
func one(severity checks.Severity, level checks.Level, outcome string) *checks.Check {
	return toy(fmt.Sprintf("%s-%s", level, severity), severity, level, map[string]string{"a": outcome})
}

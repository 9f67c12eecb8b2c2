package checks

import (
	"fmt"

	"obsready/catalog"
	"obsready/catalog/dates"
)

// Unseenf states a requirement that no file can show, with the way out. An attestation of the catalog for this check that
// holds today meets it; else it is undecided, and says so when there is one that does not hold.
func (in *Inspection) Unseenf(at catalog.Place, format string, args ...any) *Requirement {
	fault := ""
	for _, a := range in.Service.Attestations {
		if a.Check.Value != in.check.ID {
			continue
		}
		if why := in.AttestationFault(a); why != "" {
			fault = fmt.Sprintf(". the attestation at %s does not count: %s", a.At, why)
			continue
		}
		return in.Metf(a.At, "%q, says %s until %s (%s)", a.Statement.Value, a.Owner.Value, a.Until.Value, a.Link.Value)
	}
	return in.Undecidedf(at, "%s%s", fmt.Sprintf(format, args...), fault)
}

// AttestationFault says why an attestation does not hold today, "" when it does.
func (s *Survey) AttestationFault(a *catalog.Attestation) string {
	day, isDay := dates.Parse(a.Until.Value)
	switch {
	case a.Statement.Value == "":
		return "it states nothing. write statement = \"…\""
	case a.Owner.Value == "":
		return "it has no owner. write who vouches for it: owner = \"…\""
	case a.Link.Value == "":
		return "it has no link to what it is about. write link = \"…\""
	case a.Until.Value == "":
		return "it has no day on which it ends. write until = \"2006-01-02\""
	case !isDay:
		return fmt.Sprintf("until = %q is no day. write it as 2006-01-02", a.Until.Value)
	case day.Before(s.Today()):
		return fmt.Sprintf("it ended on %s. look again and set a new day", day)
	case s.Today().Until(day) > dayCount(s.Settings.AttestationMaximum):
		return fmt.Sprintf("until = %q is more than %d days away. look again before that and set an earlier day", a.Until.Value, dayCount(s.Settings.AttestationMaximum))
	}
	return ""
}

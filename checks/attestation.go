package checks

import (
	"fmt"
	"path"
	"strings"

	"obsready/catalog"
	"obsready/catalog/dates"
)

// Unseenf states a requirement that no file can show, with the way out. An attestation of the catalog for this check that
// holds today meets it; else it is undecided, and says so when there is one that does not hold.
func (in *Inspection) Unseenf(at catalog.Place, format string, args ...any) *Requirement {
	if a := in.attestation(); a != nil {
		return in.Metf(a.At, "%q, says %q until %s (%s)", a.Statement.Value, a.Owner.Value, a.Until.Value, a.Link.Value)
	}
	return in.Undecidedf(at, "%s%s", fmt.Sprintf(format, args...), in.attestationFault())
}

// attestation gives the first attestation for this check that holds today, nil when none does.
func (in *Inspection) attestation() *catalog.Attestation {
	for _, a := range in.Service.Attestations {
		if a.Check.Value == in.check.ID && in.AttestationFault(a) == "" {
			return a
		}
	}
	return nil
}

// attestationFault gives the end of a message about missing evidence: why the attestation for this check does not count,
// "" when there is none.
func (in *Inspection) attestationFault() string {
	for _, a := range in.Service.Attestations {
		if fault := in.AttestationFault(a); a.Check.Value == in.check.ID && fault != "" {
			return fmt.Sprintf(". the attestation at %s does not count: %s", a.At, fault)
		}
	}
	return ""
}

// lapsed gives the attestation for this check that ended last, when none holds: what somebody vouched for is out of date.
func (in *Inspection) lapsed() *catalog.Attestation {
	if in.attestation() != nil {
		return nil
	}
	var last *catalog.Attestation
	var ended dates.Day
	for _, a := range in.Service.Attestations {
		if day, ok := dates.Parse(a.Until.Value); ok && a.Check.Value == in.check.ID && day.Before(in.Today()) && (last == nil || day.After(ended)) {
			last, ended = a, day
		}
	}
	return last
}

// vouched states that somebody vouches for what the check asks, when somebody does. It is for practices that a file may
// show and that may as well be a setting which none does.
func vouched(in *Inspection) bool {
	if in.attestation() == nil {
		return false
	}
	in.Unseenf(in.Service.At, "")
	return true
}

// AttestationFault says why an attestation does not hold today, "" when it does.
func (s *Survey) AttestationFault(a *catalog.Attestation) string {
	day, isDay := dates.Parse(a.Until.Value)
	switch {
	case a.Statement.Value == "" || blank(a.Statement.Value):
		return "it states nothing. write statement = \"…\""
	case a.Owner.Value == "" || blank(a.Owner.Value):
		return "it has no owner. write who vouches for it: owner = \"…\""
	case a.Link.Value == "" || blank(a.Link.Value):
		return "it has no link to what it is about. write link = \"…\""
	case !strings.Contains(a.Link.Value, "://") && !s.Estate.HasFile(strings.TrimPrefix(path.Clean("/"+a.Link.Value), "/")):
		return fmt.Sprintf("link = %q is neither an address nor a file of the catalog", a.Link.Value)
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

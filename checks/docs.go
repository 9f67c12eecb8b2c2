package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Explain gives the documentation of a check as Markdown: what `obsready explain` prints and what README.md holds.
func (c *Check) Explain() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", c.Title)
	fmt.Fprintf(&b, "%s · %s · %s severity · answers %q\n\n", c.Pillar, c.Levels(), c.Severity, string(c.Question))
	fmt.Fprintf(&b, "**Why.** %s\n\n", c.Why)
	fmt.Fprintf(&b, "**How to fix.** %s\n\n", c.Fix)
	fmt.Fprintf(&b, "**Source.** %s\n\n", c.Source)
	var kinds []string
	for _, k := range c.Needs {
		kinds = append(kinds, string(k))
	}
	fmt.Fprintf(&b, "**Reads.** %s. ", strings.Join(kinds, ", "))
	if c.All {
		b.WriteString("It judges all of them: one that cannot be read leaves the check unknown.\n")
	} else {
		b.WriteString("One that meets the requirement is enough; when none is found and one could not be read, the check is unknown.\n")
	}
	if c.Live {
		b.WriteString("\n**Live.** It is asked when the policy names a Grafana, or a snapshot of one is given. What Grafana does not tell leaves it unknown.\n")
	}
	if c.Attest != "" {
		fmt.Fprintf(&b, "\n**Attestation.** What no file shows can be vouched for: %s. Write an `[[attestation]]` with `check = %q`, statement, link, owner and until.\n", c.Attest, c.ID)
	}
	return b.String()
}

// Levels names the level of the check with those of single tiers, as in "silver, bronze for tier 1".
func (c *Check) Levels() string {
	text := c.Level.String()
	for _, tier := range slices.Sorted(maps.Keys(c.TierLevels)) {
		text += fmt.Sprintf(", %s for tier %d", c.TierLevels[tier], tier)
		if c.Exposed {
			text += " that the internet reaches"
		}
	}
	return text
}

// Validate reports what is missing in the check's own description.
func (c *Check) Validate() error {
	for _, field := range []struct{ name, value string }{
		{"Title", c.Title}, {"Why", c.Why}, {"Fix", c.Fix}, {"Source", c.Source}, {"Pillar", string(c.Pillar)}, {"Question", string(c.Question)},
	} {
		if strings.TrimSpace(field.value) == "" {
			return fmt.Errorf("check %q has no %s", c.ID, field.name)
		}
	}
	switch {
	case c.Severity < Low || c.Severity > Critical:
		return fmt.Errorf("check %q has no severity", c.ID)
	case c.Level < Bronze || c.Level > Gold:
		return fmt.Errorf("check %q has no level", c.ID)
	case len(c.Needs) == 0:
		return fmt.Errorf("check %q does not say what it needs", c.ID)
	case strings.HasSuffix(c.Title, "."):
		return fmt.Errorf("the title of check %q ends in a full stop", c.ID)
	case !strings.HasSuffix(c.Why, ".") || !strings.HasSuffix(c.Fix, "."):
		return fmt.Errorf("why and fix of check %q are no full sentences", c.ID)
	case c.Run == nil:
		return fmt.Errorf("check %q does nothing", c.ID)
	}
	return nil
}

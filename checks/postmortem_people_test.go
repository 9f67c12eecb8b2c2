package checks

import (
	"testing"

	"obsready/catalog"
)

// TestAccused holds sentences of real postmortems, with other names, against the judgement. A fair sentence that is
// accused is worse than one that slips through.
func TestAccused(t *testing.T) {
	text := func(s string) catalog.Text { return catalog.Text{Value: s} }
	p := peopleOf(&catalog.Estate{Teams: []*catalog.Team{{
		Name: text("payments"), Aliases: []catalog.Text{text("@acme/payments-oncall")},
		Members: []catalog.Text{text("Ada Lovelace <ada@example.org>"), text("user:default/ben"), text("@will"), text("cleo@example.org")},
	}}})
	for sentence, want := range map[string]bool{
		"Ada Lovelace deleted the queue":                 true,
		"The change was reviewed by Ada Lovelace only":   true,
		"Ben accidentally deleted the queue":             true,
		"Ben failed to follow the checklist":             true,
		"@someone merged the change without a review":    true,
		"The queue was deleted by @someone.":             true,
		"Clara forgot to renew the certificate":          true,
		"It broke because Dorian simply forgot the flag": true,
		"This was Dorian's mistake":                      true,
		"Human error":                                    true,
		"Root cause: operator error while resizing":      true,
		"While the system is an app, I put my token into the files in an act of laziness, rather than configure one": true,
		"It was not laziness, but a process that takes an hour":                                                      false,
		"I changed the files by hand, in an act of laziness":                                                         true,
		"A careless change of the limit":                                                                             true,
		"Kubernetes failed to reschedule the pods":                                                                   false,
		"Will Prometheus have missed the alert?":                                                                     false,
		"The on-call engineer did not see the page":                                                                  false,
		"The engineer forgot to renew the certificate":                                                               false,
		"We forgot to renew the certificate":                                                                         false,
		"@payments-oncall restarted the queue":                                                                       false,
		"@angular/core was pinned to a broken version":                                                               false,
		"The manual process is prone to human error":                                                                 false,
		"It was not human error":                                                                                     false,
		"A guard against operator error was missing":                                                                 false,
		"Cloudflare's mistake took the site down":                                                                    false,
		"Bad benchmarks, and ben-chmark deployed twice":                                                              false,
		"An @Transactional annotation was missing":                                                                   false,
		"Flux should have been pinned, and Terraform did not apply the change":                                       false,
		"": false,
	} {
		if why := p.accused(sentence); (why != "") != want {
			t.Errorf("%q: got %q, want accused %v", sentence, why, want)
		}
	}
}

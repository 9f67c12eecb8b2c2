package pages

import (
	"strings"
	"testing"
)

func TestPlaceholders(t *testing.T) {
	for text, want := range map[string]string{
		"TODO":                                    "TODO",
		"**TODO**: write this":                    "TODO",
		"Impact is TBD for now":                   "TBD",
		"- todo: ask the team":                    "todo:",
		"_FIXME_":                                 "FIXME",
		"| Owner | tbd |\n|--|--|\n":              "tbd",
		"## TODO\n":                               "TODO",
		"Coming soon!":                            "Coming soon",
		"To be written.":                          "To be written",
		"Lorem ipsum dolor sit amet":              "Lorem ipsum",
		"Call <insert name> now":                  "<insert name>",
		"[Describe the impact on users]":          "[Describe the impact on users]",
		"The [short description of the service].": "[short description of the service]",
		"**Owner:** _Your name goes here._":       "_Your name goes here._",
		"_(e.g. a batch system)_":                 "_(e.g. a batch system)_",
		"Use {{ }} for x":                         "{{ }}",
		// What finished pages say:
		"Collect all `TODO` items":                         "",
		"Identify any TODO items in the TODO list":         "",
		"See https://example.org/TODO and [x](/TODO-app)":  "",
		"    TODO in code\n":                               "",
		"```\n# TODO: command\n```":                        "",
		"Say \"TODO: why was nobody paged\"":               "",
		"The todo service keeps todos":                     "",
		"MY_TODO_LIST and TODO_LIST and TODOs and NATODO":  "",
		"Fill in the form and click send":                  "",
		"Your whole team is here to help":                  "",
		"More is coming soon to the dashboard of the team": "",
		"- [ ] check\n- [x] done\n[^1] [X] cluster":        "",
		"[describe](page.md) [Describe it][x]\n\n[x]: y":   "",
		"Log in as <your-name>":                            "",
		"<!-- TODO: later -->":                             "",
		"Needs to be added to the group":                   "",
	} {
		p := read(t, "x.md", text)
		var got []string
		for _, f := range p.Placeholders {
			got = append(got, f.Value)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestPlaceholderPlace(t *testing.T) {
	p := read(t, "x.md", "---\na: b\n---\n\n> é text\n> is TBD\n")
	if len(p.Placeholders) != 1 || p.Placeholders[0].At.Line != 6 || p.Placeholders[0].At.Col != 6 {
		t.Errorf("got %v", p.Placeholders)
	}
}

func TestFingerprint(t *testing.T) {
	text := func(alert, service, number string) string {
		return "# " + alert + "\n\nThe alert " + alert + " fires when the latency of " + service + " is above " + number +
			" ms. Look at the dashboard, then restart the pods of " + service + " and tell the team. See https://example.org/" + service + ".\n"
	}
	a := read(t, "CheckoutSlow.md", text("CheckoutSlow", "checkout-api", "300"))
	b := read(t, "payments.md", text("PaymentsDown", "payments", "1500"))
	c := read(t, "c.md", strings.ReplaceAll(text("Disk", "disk", "1"), "restart", "never restart"))
	if a.Fingerprint == "" || a.Fingerprint != b.Fingerprint {
		t.Errorf("copies have fingerprints %q and %q", a.Fingerprint, b.Fingerprint)
	}
	if c.Fingerprint == a.Fingerprint {
		t.Error("other texts have the same fingerprint")
	}
	if short := read(t, "x.md", "Restart the pods.\n"); short.Fingerprint != "" {
		t.Errorf("a short page has fingerprint %q", short.Fingerprint)
	}
}

package pages

import (
	"testing"

	"obsready/catalog"
)

func proceduresOf(t *testing.T, file, text string) []catalog.Procedure {
	t.Helper()
	o, gaps := ReadOutline(file, []byte(text))
	if o == nil {
		t.Fatalf("%v", gaps)
	}
	return Procedures(o)
}

func TestProcedures(t *testing.T) {
	got := proceduresOf(t, "runbooks/checkout.md", "# Checkout is down\n\n## Restart\n\n1. Open the console.\n2. Stop the pods:\n   - wait\n3. Start them again.\n\n- a\n- b\n- c\n\n## Look\n\n```\n"+
		"$ kubectl get pods -n checkout\n# who\nkubectl logs -n checkout x \\\n  --tail 5\nkubectl describe pod x\n```\n\n```yaml\na: 1\nb: 2\nc: 3\n```\n\n1. one\n2. two\n")
	if len(got) != 2 {
		t.Fatalf("got %+v", got)
	}
	if p := got[0]; p.Heading != "Restart" || p.Steps != 3 || p.First != "Open the console." || p.At.Line != 5 || p.Fingerprint == "" {
		t.Errorf("got %+v", p)
	}
	if p := got[1]; p.Heading != "Look" || p.Steps != 3 || p.First != "kubectl get pods -n checkout" || p.At.Line != 17 {
		t.Errorf("got %+v", p)
	}
}

func TestProcedureCopiesAreEqual(t *testing.T) {
	list := func(file, name, number string) string {
		return proceduresOf(t, file, "1. Open the console of "+name+".\n2. Scale it to "+number+" replicas and wait.\n3. Tell #"+name+"-oncall when done.\n")[0].Fingerprint
	}
	if a, b := list("checkout.md", "checkout", "3"), list("ledger.md", "ledger-api", "12"); a != b || a == "" {
		t.Errorf("copies differ: %q and %q", a, b)
	}
	code := func(namespace, pod string) string {
		return proceduresOf(t, "x.md", "```\nkubectl get pods -n "+namespace+"\nkubectl logs -n "+namespace+" "+pod+" --tail=100\nkubectl delete pod -n "+namespace+" "+pod+"\n```\n")[0].Fingerprint
	}
	if a, b := code("payments", "pay-1"), code("search", "find-2"); a != b || a == "" {
		t.Errorf("copies differ: %q and %q", a, b)
	}
	other := proceduresOf(t, "x.md", "1. Open the console and stop the job.\n2. Restore the backup from the vault.\n3. Start the job.\n")[0].Fingerprint
	if other == list("checkout.md", "checkout", "3") {
		t.Error("other steps have the same fingerprint")
	}
	if short := proceduresOf(t, "x.md", "1. Stop\n2. Wait\n3. Start\n")[0].Fingerprint; short != "" {
		t.Errorf("three words have the fingerprint %q", short)
	}
}

func FuzzProcedures(f *testing.F) {
	f.Add("1. a\n2. b\n3. c\n\n```\n$ ls\n# cd\n\\\nrm\n```\n")
	f.Fuzz(func(t *testing.T, text string) {
		o, _ := ReadOutline("x.md", []byte(text))
		if o == nil {
			return
		}
		for _, p := range Procedures(o) {
			if p.Steps < procedureSteps || p.At.Line < 1 || p.At.Col < 1 {
				t.Errorf("got %+v", p)
			}
		}
	})
}

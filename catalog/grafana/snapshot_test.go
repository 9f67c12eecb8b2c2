package grafana

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"obsready/catalog"
)

// checkSnapshot writes, reads and writes again, and compares with the schema.
func checkSnapshot(t *testing.T, live *catalog.Live) {
	t.Helper()
	var first, second bytes.Buffer
	if err := WriteSnapshot(&first, live); err != nil {
		t.Fatal(err)
	}
	read, err := ReadSnapshot(bytes.NewReader(first.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteSnapshot(&second, read); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Errorf("written again it differs:\n%s", cmp.Diff(first.String(), second.String()))
	}
	validate(t, first.Bytes())
}

func validate(t *testing.T, text []byte) {
	t.Helper()
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource("live.schema.json", parsed); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("live.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(instance); err != nil {
		t.Error(err)
	}
}

func TestSnapshot(t *testing.T) {
	s := newServer(t, "payments.txtar")
	live, _ := fetch(t, s.options(), everything())
	checkSnapshot(t, live)
	var b bytes.Buffer
	if err := WriteSnapshot(&b, live); err != nil {
		t.Fatal(err)
	}
	read, err := ReadSnapshot(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(live, read, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("what is read differs from what was written:\n%s", diff)
	}
}

func TestBadSnapshots(t *testing.T) {
	good, err := os.ReadFile("testdata/payments.live.json")
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, now string) string {
		if !bytes.Contains(good, []byte(old)) {
			t.Fatalf("%q is not in the golden file", old)
		}
		return strings.Replace(string(good), old, now, 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "no live.json"},
		"a page":            {"<html>", "no live.json"},
		"another file":      {`{"format":"obsready report","version":1}`, `its format is "obsready report"`},
		"no format":         {`{}`, "no live.json"},
		"a later version":   {change(`"version": 1`, `"version": 2`), "version 2, and this program reads version 1"},
		"cut off":           {string(good[:len(good)/2]), "no live.json"},
		"more after it":     {string(good) + "{}", "no live.json"},
		"an unknown key":    {change(`"fetchedAt"`, `"x":1,"fetchedAt"`), "unknown field"},
		"no time":           {change(`"fetchedAt": "2026-11-24T12:00:00Z"`, `"fetchedAt": "0001-01-01T00:00:00Z"`), "when it was fetched"},
		"a kind of value":   {change(`"orgId": 1`, `"orgId": "1"`), "damaged"},
		"no address":        {change(`"url": "http`, `"url": "javascript:alert(1)//http`), "address"},
		"deep policies":     {change(`"routes": [`, `"routes": [`+strings.Repeat(`{"routes":[`, 200)+"{}"+strings.Repeat("]}", 200)+","), "nested deeper than 100"},
		"a list":            {`[]`, `"array" where another kind of value`},
		"another dashboard": {change(`"expr": "pg_connections"`, `"expr": "pg_sessions"`), `dashboard "pay-db" does not have the hash`},
	} {
		live, err := ReadSnapshot(strings.NewReader(c.text))
		if live != nil || err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func FuzzReadSnapshot(f *testing.F) {
	good, err := os.ReadFile("testdata/payments.live.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":"obsready live","version":1,"url":"u","fetchedAt":"2026-01-01T00:00:00Z","dashboards":{"asked":true,"items":[{"uid":"a","json":{"b":1.0}}]}}`))
	f.Add([]byte(`{"format":"obsready live","version":1,"url":"u","fetchedAt":"2026-01-01T00:00:00+01:00","libraries":{"asked":true,"items":[{"uid":"a","json":[1,null]}]},"metrics":[{"dataSource":"p","present":["b","a"]}],"rules":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		live, err := ReadSnapshot(bytes.NewReader(data))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := WriteSnapshot(&first, live); err != nil {
			t.Fatal(err)
		}
		again, err := ReadSnapshot(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if err := WriteSnapshot(&second, again); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Error("written again it differs")
		}
		for i := range live.Dashboards.Items {
			Facts(live, &live.Dashboards.Items[i])
		}
		Router(live)
		live.Metric("", "up")
	})
}

func TestCanonical(t *testing.T) {
	for in, want := range map[string]string{
		" { \"b\" : [1, 2.50, 1e3, 9007199254740993], \"a\" : \"\\u003c\\/x\\u00e9\" } ": `{"a":"</xé","b":[1,2.50,1e3,9007199254740993]}`,
		`null`: `null`,
	} {
		got, err := Canonical([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s and %v, want %s", in, got, err, want)
		}
		again, err := Canonical(got)
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: it does not stay as it is: %s", in, again)
		}
	}
	for _, bad := range []string{"", "{", "{} {}", strings.Repeat("[", 20_000), strings.Repeat("[", 201) + strings.Repeat("]", 201)} {
		if got, err := Canonical([]byte(bad)); err == nil {
			t.Errorf("%.10q: got %s", bad, got)
		}
	}
}

func TestCleanValue(t *testing.T) {
	s := newServer(t, "")
	c, err := newClient(s.options())
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	for _, text := range []string{
		`{"url":"https://x/?auth_token=` + string(testToken) + `"}`,
		`{"password":"Zx8qLw3R\"tY6uVb1n","note":"mongodb://root:Zx8qLw3RtY6uVb1n@db/x"}`,
	} {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		got, err := c.cleanValue(value)
		if err != nil || !json.Valid(got) || strings.Contains(string(got), "RtY6uVb1n") || strings.Contains(string(got), "glsa_") {
			t.Errorf("got %s and %v", got, err)
		}
	}
}

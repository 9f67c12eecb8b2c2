package secrets

import (
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// The tokens of these tests are put together here, so that no scanner takes them for real ones. None was ever valid.
var (
	random36 = "q7Zt4Lx9Vb2Nw8Kd3Rf6Hj5Gs1Pc0M"                  // 30 characters
	password = "kX9" + "vQ2mL7" + "wRt4zB"                       // of no account
	hex32    = "9f3c1b7e" + "5d8a4026" + "c7e1f9b3" + "60d2a485" // made up
)

func github(prefix, body string) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	sum, end := crc32.ChecksumIEEE([]byte(body)), ""
	for range 6 {
		end = string(digits[sum%62]) + end
		sum /= 62
	}
	return prefix + body + end
}

func grafana() string {
	key := "gl" + "sa_" + random36 + "Yz"
	sum := crc32.ChecksumIEEE([]byte(key))
	return fmt.Sprintf("%s_%02x%02x%02x%02x", key, byte(sum), byte(sum>>8), byte(sum>>16), byte(sum>>24))
}

func token(claims string) string {
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	return encode(`{"alg":"HS256"}`) + "." + encode(claims) + "." + random36 + "Ab_-cD"
}

func pemBlock(kind, indent, end string) string {
	body := base64.StdEncoding.EncodeToString(append([]byte{0x30, 0x82, 0x04}, []byte(random36+password+hex32+"!?%&nothing at all is behind this one")...))
	return "-----BEGIN " + kind + "-----" + end + indent + body[:64] + end + indent + body[64:] + end + indent + "-----END " + kind + "-----"
}

func TestFind(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		rule string // "" for no finding
	}{
		"GitHub":                     {"token: " + github("gh"+"p_", random36), "GitHub token"},
		"GitHub in a URL":            {"https://" + github("gh"+"o_", random36) + "@github.com/a/b", "GitHub token"},
		"GitHub, wrong checksum":     {"x " + "gh" + "p_" + random36 + "aaaaaa", ""},
		"GitHub, inside a word":      {"xgh" + "p_" + github("", random36), ""},
		"GitHub, allowed":            {github("gh"+"p_", random36) + " # gitleaks:allow", ""},
		"npm":                        {"//registry.npmjs.org/:_authToken=" + github("np"+"m_", random36), "npm access token"},
		"GitLab":                     {"GIT=gl" + "pat-" + "x7Kq2_Vb9Zt4Lm8Rw3Nd", "GitLab token"},
		"Grafana":                    {"Authorization: Bearer " + grafana(), "Grafana service account token"},
		"Grafana, wrong checksum":    {"id " + grafana()[:40] + "00000000", ""},
		"AWS pair":                   {"key AK" + "IAQ3EGTYKX7WZ2LMNB secret q7Zt4Lx9Vb2Nw8Kd3Rf6Hj5Gs1Pc0Mq7Zt4Lx9Vb", "AWS access key ID"},
		"AWS identifier alone":       {"id = \"AK" + "IAQ3EGTYKX7WZ2LMNB\"", ""},
		"AWS example":                {"AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
		"AWS secret":                 {"aws_secret_access_key = q7Zt4Lx9Vb2Nw8Kd3Rf6Hj5Gs1Pc0Mq7Zt4Lx9Vb", "AWS secret access key"},
		"Slack webhook":              {"url: https://hooks.slack.com/" + "services/T0" + "F4G7H2K/B0" + "9Z8Y7X6/" + "q7Zt4Lx9Vb2Nw8Kd3Rf6Hj5G", "Slack webhook"},
		"Slack webhook, placeholder": {"https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", ""},
		"Stripe":                     {"sk_" + "live_" + random36, "Stripe secret key"},
		"Stripe, test mode":          {"sk_" + "test_" + random36, ""},
		"SendGrid":                   {"S" + "G." + random36[:22] + "." + random36 + "Ab3dE5gH7jK9m", "SendGrid API key"},
		"Telegram":                   {"bot 12873" + "56498:A" + "A" + random36 + "_x-", "Telegram bot token"},
		"Vault":                      {"VAULT_TOKEN=hv" + "s.CAESI" + random36, "HashiCorp Vault token"},
		"DigitalOcean":               {"do" + "p_v1_" + hex32 + strings.ToLower("5D8A4026C7E1F9B360D2A4859F3C1B7E"), "DigitalOcean token"},
		"Datadog":                    {"datadog_api_key: " + hex32, "Datadog key"},
		"PagerDuty":                  {"routing_key: '" + hex32 + "'", "PagerDuty integration key"},
		"Heroku":                     {"HEROKU_API_KEY=9f3c1b7e-5d8a-4026-87e1-f9b360d2a485", "Heroku API key"},
		"age":                        {"AGE-SECRET-KEY-" + "1" + strings.Repeat("Q", 58), ""},

		"JWT":                        {"jwt " + token(`{"sub":"17","exp":1924992000}`), "JSON Web Token"},
		"JWT of jwt.io":              {"jwt " + token(`{"sub":"1234567890","name":"John Doe"}`), ""},
		"JWT for anonymous users":    {"jwt " + token(`{"role":"anon"}`), ""},
		"JWT of a local Supabase":    {"jwt " + token(`{"iss":"supabase-demo","role":"service_role"}`), ""},
		"private key":                {pemBlock("RSA PRIVATE KEY", "", "\n"), "private key"},
		"private key in YAML":        {"key: |\n  " + pemBlock("PRIVATE KEY", "  ", "\n"), "private key"},
		"private key in JSON":        {`{"private_key": "` + pemBlock("PRIVATE KEY", "", `\n`) + `\n"}`, "private key"},
		"public key":                 {pemBlock("PUBLIC KEY", "", "\n"), ""},
		"private key, passphrase":    {pemBlock("ENCRYPTED PRIVATE KEY", "", "\n"), ""},
		"private key, left out":      {"-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----", ""},
		"address":                    {"url: postgres://shop:" + password + "@db.internal:5432/shop", "password in an address"},
		"address, placeholder":       {"url: postgres://user:password@localhost/shop", ""},
		"address, variable":          {"url: postgres://shop:${PASSWORD}@db/shop", ""},
		"address, user's name":       {"amqp://guest:guest@rabbit/", ""},
		"address, port":              {"http://prometheus:9090/-/ready user@example.org", ""},
		"basic authorization":        {"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+password)), "credentials of an Authorization header"},
		"bearer authorization":       {`-H "Authorization: Bearer ` + random36 + `"`, "credentials of an Authorization header"},
		"YAML":                       {"  adminPassword: " + password, "password or token"},
		"YAML with comment":          {"  adminPassword: " + password + " # set by hand", "password or token"},
		"JSON":                       {`{"client_secret":"` + password + `","x":1}`, "password or token"},
		"environment":                {"export DB_PASSWORD=" + password + " && run", "password or token"},
		"default of a variable":      {"${DB_PASSWORD:-" + password + "}", "password or token"},
		"option of a command":        {"login --user ada --password=" + password + " --quiet", "password or token"},
		"Kubernetes variable":        {"- name: DB_PASSWORD\n  value: \"" + password + "\"\n", "password or token"},
		"Kubernetes secret":          {"kind: Secret\ndata:\n  password: " + base64.StdEncoding.EncodeToString([]byte(password)), "password or token"},
		"Kubernetes secret, example": {"kind: Secret\ndata:\n  password: " + base64.StdEncoding.EncodeToString([]byte("changeme-please-1")), ""},
		"hexadecimal":                {"secret_key: " + hex32, "password or token"},
		"short":                      {"api_key: " + password[:9], "password or token"},
		"short, in a comment":        {"  # api_key: " + password[:9], ""},
		"short, behind a comment":    {"keys: [] # as in api_key: " + password[:9], ""},
		"short, in a block":          {"/**\n * Set api_key: " + password[:9] + "\n */", ""},
		"short, behind a block":      {"/* Keys. */\napi_key: " + password[:9], "password or token"},
		"short, behind a glob":       {"paths: src/**/*\napi_key: " + password[:9], "password or token"},
		"short, as an example":       {"Set it, e.g. api_key: " + password[:9], ""},
		"short, behind a heading":    {"# Keys\napi_key: " + password[:9], "password or token"},
		"long, in a comment":         {"  # api_key: " + random36[:16], "password or token"},
	} {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, s := range Find("config.yaml", []byte(test.text)) {
				if got != "" {
					t.Errorf("a second finding: %+v", s)
				}
				got = s.Rule
				if s.Why == "" {
					t.Error("no reason is given")
				}
			}
			if got != test.rule {
				t.Errorf("%q: got %q, want %q", test.text, got, test.rule)
			}
			masked, _ := Mask("config.yaml", []byte(test.text))
			if masks(t, test.text, string(masked)) != (test.rule != "") {
				t.Errorf("%q is masked as %q", test.text, masked)
			}
			if redacted := Redact(test.text); test.rule != "" && !strings.Contains(redacted, "[redacted]") {
				t.Errorf("not redacted: %q", redacted)
			}
		})
	}
}

// masks reports whether a text was masked at all, and fails the test when anything but characters of values changed: quotes,
// brackets and line ends are what formats live on.
func masks(t *testing.T, text, masked string) bool {
	t.Helper()
	if len(text) != len(masked) {
		t.Fatalf("%q has another length than %q", masked, text)
	}
	changed := false
	for i := range len(text) {
		if text[i] == masked[i] {
			continue
		}
		changed = true
		if masked[i] != mask || strings.IndexByte("\"'{}[],\n\r", text[i]) >= 0 {
			t.Errorf("%q at byte %d of %q became %q", text[i], i, text, masked[i])
		}
	}
	return changed
}

// TestFindNothing holds what stands after names of credentials in real configurations and is none.
func TestFindNothing(t *testing.T) {
	for _, text := range []string{
		"password: ${DB_PASSWORD}", "password: {{ .Values.password }}", "password: <your-password-1X>", "password: changeme123", "password: ********",
		"token: !vault |", "token: ENC[AES256_GCM,data:kX9vQ2mL7wRt,iv:4zBkX9vQ2,tag:mL7w,type:str]", "password: {cipher}kX9vQ2mL7wRt4zBkX9", "secret: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq",
		"secret: vault:secret/data/shop#pa55w0rd9", "secret: arn:aws:secretsmanager:eu-west-2:754256621582:secret:live-shop-4fG7kQ", "secret: my-app-tls-4f7k", "secretName: " + password,
		"passwordFile: /run/secrets/kX9vQ2mL7", "tokenUrl: https://sts.example.org/kX9vQ2mL7wRt4zB", "token: 9f3c1b7e-5d8a-4026-87e1-f9b360d2a485", "password_hash: " + password, "password_sha256: " + hex32 + hex32,
		"password: $2y$10$kX9vQ2mL7wRt4zBkX9vQ2uL7wRt4zBkX9vQ2mL7wRt4zBkX9vQ2m", "apiKey: process.env.OPENAI_API_KEY!", "token = getToken(user1Name2)", "token: The token of the user 12",
		"public_key: " + password, "secret: ibm-s390x-ssh-key-wdc06", "next_page_token: " + password, "checksum: " + hex32, "![c](https://codecov.io/badge.svg?token=" + password + ")",
		"juju config kafka key=secret:d2k6hv8co3bs4tge0c8g", "storage secret:d2k6hv8co3bs4tge0c8g", "password: Str0ng!Pass1", "password = 1.24.0-rc.3", "DB_PASSWORD=${DB_PASSWORD:-}", "token: 2024-05-01T12:00:00Z",
		"image: data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUA", "digest: sha256:" + hex32 + hex32, "signingkey = 9F3C1B7E5D8A4026",
	} {
		for _, s := range Find("config.yaml", []byte(text)) {
			t.Errorf("%q: found %+v", text, *s)
		}
	}
}

func TestFindPlaces(t *testing.T) {
	text := "a: b\r\n  é: {\"password\": \"" + password + "\"}\n\ntoken: " + github("gh"+"p_", random36) + "\n"
	found := Find("x/a.yaml", []byte(text))
	if len(found) != 2 || found[0].At.String() != "x/a.yaml:2:20" || found[1].At.String() != "x/a.yaml:4:8" {
		t.Errorf("got %+v", found)
	}
}

func TestFindUntil(t *testing.T) {
	for _, before := range []string{"", "access_token: "} { // the second one is found by its name, too
		found := Find("a.md", []byte(before+token(`{"sub":"17","exp":1528700000}`)))
		if len(found) != 1 || found[0].Until != "2018-06-11" || found[0].Rule != "JSON Web Token" {
			t.Errorf("%q: got %+v", before, found)
		}
	}
}

func TestFindSkips(t *testing.T) {
	text := []byte("password: " + password)
	for file, want := range map[string]int{
		"deploy/values.yaml": 1, "environments/test/values.yaml": 1, "test/values.yaml": 0, "src/test/x.yaml": 0, "pkg/testdata/x.yaml": 0, "e2e-tests/x.yaml": 0,
		"web/package-lock.json": 0, "vendor/x/y.yaml": 0, ".env.example": 0, ".env": 1, "charts/app/Chart.lock": 0,
	} {
		if got := len(Find(file, text)); got != want {
			t.Errorf("%s: got %d findings, want %d", file, got, want)
		}
	}
	if len(Find("x.yaml", append(text, 0))) != 0 {
		t.Error("a binary file has findings")
	}
}

func TestAgeChecksum(t *testing.T) {
	const data = "qpzry9x8gf2tvdw0s3jn54khce6mua7lqpzry9x8gf2tvdw0s3jn"
	valid := 0
	for _, end := range []string{"qqqqqq", "zzzzzz"} {
		if bech32("age-secret-key-", data+end) {
			valid++
		}
	}
	if valid != 0 || !bech32("a", "2uel5l") || !bech32("abcdef", "qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw") { // of BIP 173
		t.Error("checksums of Bech32 are not told apart")
	}
}

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"nothing here":                             "nothing here",
		"run --token=abc123 now":                   "run --token=[redacted] now",
		"curl https://ada:lovelace@example.org/x":  "curl https://ada:[redacted]@example.org/x",
		"password: hunter2":                        "password: [redacted]",
		"password: ${PASSWORD}":                    "password: ${PASSWORD}",
		"Authorization: Bearer abcdefgh12345":      "Authorization: Bearer [redacted]",
		"a " + "gh" + "p_" + random36 + "aaaaaa b": "a [redacted] b",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestRules asks that every rule is documented and can be found by its own keyword.
func TestRules(t *testing.T) {
	names := map[string]bool{}
	for _, r := range rules().rules {
		if r.Name == "" || r.Source == "" || r.Pattern == "" || r.Entropy <= 0 || len(r.Keywords) == 0 {
			t.Errorf("rule %+v lacks a part", r)
		}
		if names[r.Name] {
			t.Errorf("two rules are called %q", r.Name)
		}
		names[r.Name] = true
	}
	for text, want := range map[string]string{
		"[[rule]]\nname = 'x'\nnonsense = 1":                     `unknown key "rule.nonsense"`,
		"[[rule]]\nname = 'x'\npattern = '('":                    `rule "x"`,
		"[[rule]]\nname = 'x'\npattern = 'a'\ncheck = 'y'":       `unknown check "y"`,
		"[[rule]]\nname = 'x'\npattern = 'a'\nkeywords = ['ab']": "shorter than 3 bytes",
	} {
		if _, err := newTable(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("password: " + password)
	f.Add("-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----")
	f.Add("- name: TOKEN\n  value: 'x'\nAuthorization: Basic YTpi")
	f.Add("://a:b@c eyJhIjoxfQ.eyJhIjoxfQ.aaaaaaaaaaaaaaaaaaaaaaaa AGE-SECRET-KEY-1 ${A_SECRET:-")
	f.Add(github("gh"+"p_", random36) + token(`{"exp":1e300}`))
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		masked, found := Mask("a.yaml", []byte(text))
		if masks(t, text, string(masked)) != (len(found) > 0) {
			t.Errorf("%d findings, masked as %q", len(found), masked)
		}
		for _, s := range found {
			if s.At.Line < 1 || s.At.Line > len(lines) || s.At.Col < 1 || s.At.Col > utf8.RuneCountInString(lines[s.At.Line-1])+1 {
				t.Errorf("%q: no such place: %s", text, s.At)
			}
			if s.Rule == "" || s.Why == "" {
				t.Errorf("%q: incomplete: %+v", text, s)
			}
		}
		if found := Find("a.yaml", []byte(Redact(text))); len(found) > 0 && utf8.ValidString(text) {
			t.Errorf("%q: a secret is left after redaction: %q", text, Redact(text))
		}
	})
}

func BenchmarkFindClean(b *testing.B) {
	text := []byte(strings.Repeat("- alert: CheckoutErrors\n  expr: sum(rate(http_requests_total{job=\"checkout\", code=~\"5..\"}[5m])) > 0.01\n  labels:\n    severity: page\n", 20_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find("rules.yaml", text)
	}
}

func BenchmarkFindBusy(b *testing.B) {
	text := []byte(strings.Repeat("      secretName: checkout-tls\n      token: ${TOKEN}\n      url: https://example.org/a\n", 20_000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find("values.yaml", text)
	}
}

// TestCorpora runs on public repositories' files: their maintainers have looked for secrets before.
func TestCorpora(t *testing.T) {
	root := "../../../shared/corpora"
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpora here")
	}
	files := 0
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, s := range Find(path, data) {
			t.Errorf("%s: %s (%s)", s.At, s.Rule, s.Why)
		}
		return nil
	})
	if err != nil || files < 1000 {
		t.Errorf("read %d files: %v", files, err)
	}
}

func TestNamesCredential(t *testing.T) {
	for name, want := range map[string]bool{
		"DB_PASSWORD": true, "PGPASSWORD": true, "apiKey": true, "APIKey": true, "spring.datasource.password": true, "password2": true, "x-api-key": true, "clientSecret": true, "ACCESS_TOKEN_PROD": true, "awsSecretAccessKey": true,
		"passwordFile": false, "tokenUrl": false, "secretName": false, "publicKey": false, "password_hash": false, "secret_sha256": false, "accessKey": false, "nextPageToken": false, "key": false, "tokens": false, "csrfToken": false, "": false,
	} {
		if got := namesCredential(name); got != want {
			t.Errorf("%q: got %v", name, got)
		}
	}
}

func TestLooksRandom(t *testing.T) {
	for text, want := range map[string]bool{
		password: true, hex32: true, random36: true, "correcthorsebatterystaple": false, "CamelCaseNameOfAClass": false, "1234567890": false, "production-database-1": false,
	} {
		if got := looksRandom(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

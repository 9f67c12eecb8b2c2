package delivery

import (
	"strings"
	"testing"

	"obsready/catalog"
)

// secretEnv are the variables of a step with a secret.
var secretEnv = []catalog.Label{
	{Key: "TOKEN", Value: "${{ secrets.DEPLOY_TOKEN }}"}, {Key: "REGION", Value: "eu"},
	{Key: "NEXT_PUBLIC_URL", Value: "${{ secrets.SUPABASE_URL }}"}, {Key: "VITE_KEY", Value: "${{ secrets.VITE_KEY }}"}, {Key: "SITE", Value: "${{ secrets.PUBLIC_SITE }}"},
	{Key: "MIXED", Value: "${{ secrets.VITE_KEY }}:${{ secrets.DEPLOY_TOKEN }}"},
}

// TestShowsSecret checks in which ways a script of GitHub's shows a secret, and what only looks like it.
func TestShowsSecret(t *testing.T) {
	for script, want := range map[string]string{
		"echo $MIXED":                                             printsSecret,
		"echo $TOKEN":                                             printsSecret,
		`echo "token: ${TOKEN}"`:                                  printsSecret,
		"echo ${{ secrets.DEPLOY_TOKEN }}":                        printsSecret,
		"echo '${{ toJSON(secrets) }}'":                           printsSecret,
		"printf '%s' \"$TOKEN\"":                                  printsSecret,
		"echo ${TOKEN:0:4}":                                       printsSecret,
		"echo $TOKEN | base64":                                    printsSecret,
		"echo $TOKEN | sed 's/./& /g' | rev":                      printsSecret,
		"echo $TOKEN | tee token.txt > copy.txt":                  printsSecret,
		"echo $TOKEN >&2":                                         printsSecret,
		"echo $TOKEN > /dev/stderr":                               printsSecret,
		"if true; then\n  for i in 1 2; do echo $TOKEN; done\nfi": printsSecret,
		"(cd x && echo $TOKEN)":                                   printsSecret,
		"A=$TOKEN\necho $A":                                       printsSecret,
		"export A=\"x-$TOKEN\"\necho $A":                          printsSecret,
		"cat <<EOF\npassword: $TOKEN\nEOF":                        printsSecret,
		"printenv TOKEN":                                          printsSecret,
		"env":                                                     printsAll,
		"printenv | sort":                                         printsAll,
		"export -p":                                               printsAll,
		"set -x\ncurl -H \"Authorization: $TOKEN\" https://x":     tracesSecret,
		"set -euxo pipefail\nA=$TOKEN":                            tracesSecret,
		"set -x\necho $TOKEN | docker login --password-stdin":     tracesSecret,
		"set -o xtrace\nlogin $TOKEN":                             tracesSecret,
		"curl -v -H \"Authorization: $TOKEN\" https://x":          curlsLoudly,

		// Nothing of these comes into the log.
		"echo $REGION": "",
		"echo $TOKEN | docker login --password-stdin":       "",
		"echo $TOKEN | sha256sum":                           "",
		"echo $TOKEN | base64 -d > key.pem":                 "",
		"echo $TOKEN > key.pem":                             "",
		"echo \"T=$TOKEN\" >> $GITHUB_ENV":                  "",
		"{\n  echo a\n  echo $TOKEN\n} > key.pem":           "",
		"A=$(echo $TOKEN | base64)":                         "",
		"echo ::add-mask::$TOKEN":                           "",
		"echo \"::add-mask::$TOKEN\"":                       "",
		"echo ${#TOKEN}":                                    "",
		"echo ${TOKEN:+set}":                                "",
		"echo '$TOKEN'":                                     "",
		"echo ${{ secrets.DEPLOY_TOKEN != '' }}":            "",
		"echo ${{ secrets.DEPLOY_TOKEN && 'yes' || 'no' }}": "",
		"echo ${{ secrets.AZURE_KEY_VAULT_NAME }}":          "",
		"cat <<EOF > conf\npassword: $TOKEN\nEOF":           "",
		"set -x\nset +x\nlogin $TOKEN":                      "",
		"set -x\ngo build ./...":                            "",
		"login $TOKEN":                                      "",
		"env > before.txt":                                  "",
		"env FOO=1 go test ./...":                           "",
		"curl -sSf -H \"Authorization: $TOKEN\" https://x":  "",
		"echo $NEXT_PUBLIC_URL ${VITE_KEY}":                 "",
		"echo ${{ secrets.EXPO_PUBLIC_SUPABASE_URL }}":      "",
		"echo ${{ secrets['REACT_APP_KEY'] }}":              "",
		"echo $SITE":                                        "",
		"PUBLIC_KEY=$TOKEN\necho $PUBLIC_KEY":               "",
		"# echo $TOKEN":                                     "",
		"echo $TOKEN $((":                                   "", // no script
		strings.Repeat("(", 3000) + "echo $TOKEN":           "", // too deep to read
		"echo $TOKEN" + strings.Repeat(" ", 1<<17):          "", // too long
	} {
		if got := ShowsSecret("github", script, secretEnv); got != want {
			t.Errorf("%.60q: got %q, want %q", script, got, want)
		}
	}
}

// TestShowsSecretFormat checks what counts as a secret in formats whose secrets are settings of the host.
func TestShowsSecretFormat(t *testing.T) {
	for _, test := range []struct{ format, script, want string }{
		{"gitlab", "echo $DEPLOY_TOKEN", printsSecret},
		{"gitlab", "echo $CI_JOB_TOKEN | docker login --password-stdin", ""},
		{"gitlab", "echo $WRITTEN_TOKEN", ""},
		{"gitlab", "echo $CI_COMMIT_SHA", ""},
		{"gitlab", "env", printsAll},
		{"circleci", "echo $DB_PASSWORD", printsSecret},
		{"azure", "echo $(DB_PASSWORD)", printsSecret},
		{"azure", "echo \"##vso[task.setvariable variable=x;issecret=true]$(DB_PASSWORD)\"", ""},
		{"azure", "env", ""},
		{"gitlab", "echo $VITE_API_KEY", ""},
		{"circleci", "echo $REACT_APP_ACCESS_TOKEN", ""},
		{"tekton", "echo $CLIENT_SECRET", ""},
		{"github", "echo $DEPLOY_TOKEN", ""},
	} {
		if got := ShowsSecret(test.format, test.script, []catalog.Label{{Key: "WRITTEN_TOKEN"}}); got != test.want {
			t.Errorf("%s, %q: got %q, want %q", test.format, test.script, got, test.want)
		}
	}
}

// TestPublicEnvironment checks that an environment which holds only what browsers are given has no secret in it.
func TestPublicEnvironment(t *testing.T) {
	public := []catalog.Label{{Key: "NEXT_PUBLIC_URL", Value: "${{ secrets.NEXT_PUBLIC_URL }}"}}
	if got := ShowsSecret("github", "env", public); got != "" {
		t.Errorf("got %q", got)
	}
	if got := ShowsSecret("github", "env", append(public, secretEnv...)); got != printsAll {
		t.Errorf("with a secret: got %q", got)
	}
}

func FuzzShowsSecret(f *testing.F) {
	f.Add("github", "set -x; echo ${TOKEN:-x} | base64 && cat <<EOF\n$TOKEN\nEOF")
	f.Add("azure", "export -p; printenv TOKEN; $( )")
	f.Add("gitlab", "case $A in b) echo ${B_TOKEN@Q};; esac")
	faults := map[string]bool{"": true, printsSecret: true, printsAll: true, tracesSecret: true, curlsLoudly: true}
	f.Fuzz(func(t *testing.T, format, script string) {
		if got := ShowsSecret(format, script, secretEnv); !faults[got] {
			t.Errorf("got %q", got)
		}
	})
}

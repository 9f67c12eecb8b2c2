package images

import (
	"fmt"
	"strings"
	"testing"

	"obsready/catalog"
)

const sum = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		bases      []string // image tag digest open line:col
		user       string
	}{
		{"plain", "FROM alpine:3.20\nRUN true\n", []string{"alpine:3.20 tag=3.20 1:6"}, ""},
		{"no tag", "from alpine", []string{"alpine 1:6"}, ""},
		{"port", "FROM registry.example.org:5000/a/b", []string{"registry.example.org:5000/a/b 1:6"}, ""},
		{"digest", "FROM r:5000/a:1@" + sum, []string{"r:5000/a:1@" + sum + " tag=1 digest 1:6"}, ""},
		{"platform", "FROM --platform=$BUILDPLATFORM golang:1.26 AS build", []string{"golang:1.26 tag=1.26 1:32"}, ""},
		{"stages", "FROM golang:1.26 AS Build\nUSER 1000\nFROM build AS test\nFROM scratch\nCOPY --from=build /x /x\n", []string{"golang:1.26 tag=1.26 1:6"}, ""},
		{"user of the stage below", "FROM a:1 AS base\nUSER root\nUSER app:app\nFROM base\n", []string{"a:1 tag=1 1:6"}, "app:app 3:6"},
		{"user of another stage", "FROM a:1 AS base\nUSER app\nFROM b:2\n", []string{"a:1 tag=1 1:6", "b:2 tag=2 3:6"}, ""},
		{"defaults", "ARG R=example.org\nARG V=\"1.2\" I=$R/app\nFROM ${I}:$V\n", []string{"example.org/app:1.2 tag=1.2 3:6"}, ""},
		{"argument without default", "ARG V\nFROM app:${V}\nFROM ${NONE}/app:1\nFROM $V@" + sum + "\n",
			[]string{"app:${V} open 2:6", "${NONE}/app:1 tag=1 open 3:6", "$V@" + sum + " digest 4:6"}, ""},
		{"default of open", "ARG A\nARG B=$A-x\nFROM app:$B", []string{"app:$B open 3:6"}, ""},
		{"forms", "ARG A=1\nARG E=\nFROM a:${A:+x}\nFROM a:${N:-2}\nFROM a:${E:-3}\nFROM a:${A-4}\nFROM a:${A#v}",
			[]string{"a:x tag=x 3:6", "a:2 tag=2 4:6", "a:3 tag=3 5:6", "a:1 tag=1 6:6", "a:${A#v} open 7:6"}, ""},
		{"stage by argument", "ARG T=final\nFROM a:1 AS final\nFROM ${T}", []string{"a:1 tag=1 2:6"}, ""},
		{"arguments of stages are not FROM's", "FROM a:1\nARG V=2\nFROM b:$V", []string{"a:1 tag=1 1:6", "b:$V open 3:6"}, ""},
		{"user by variables", "ARG ID=1001\nFROM a:1\nARG ID\nENV NAME=app OTHER=x\nUSER ${NAME}:$ID", []string{"a:1 tag=1 2:6"}, "app:1001 5:6"},
		{"user nobody knows", "FROM a:1\nARG NAME\nUSER $NAME", []string{"a:1 tag=1 1:6"}, "$NAME 3:6"},
		{"continued", "FROM \\\n  # which one\n\n  --platform=linux/amd64 \\  \n  alpine:3 \\\n AS \\\n x\nFROM x\n", []string{"alpine:3 tag=3 5:3"}, ""},
		{"word cut in two", "FROM alp\\\nine:3\n", []string{"alpine:3 tag=3 1:6"}, ""},
		{"escape", "# escape=`\nFROM win:1\nRUN dir c:\\\nUSER `\n  ContainerUser\n", []string{"win:1 tag=1 2:6"}, "ContainerUser 5:3"},
		{"comment before a directive ends them", "# x\n# escape=`\nFROM a:1 \\\n AS b", []string{"a:1 tag=1 3:6"}, ""},
		{"here-document", "# syntax=docker/dockerfile:1\nFROM a:1\nRUN <<EOF\nFROM b\nUSER root\nEOF\nCOPY <<-\"A\" <<B /x\nUSER x\n\tA\nFROM c\nB\nUSER app\n", []string{"a:1 tag=1 2:6"}, "app 12:6"},
		{"here-document of a shell's habit", "FROM a:1\nRUN cat > x << 'EOF'\nUSER root\nEOF\nUSER app\n", []string{"a:1 tag=1 1:6"}, "app 5:6"},
		{"no here-document", "FROM a:1\nRUN echo $((1<<3))\nUSER app\n", []string{"a:1 tag=1 1:6"}, "app 3:6"},
		{"onbuild", "FROM a:1\nONBUILD USER root\n", []string{"a:1 tag=1 1:6"}, ""},
		{"indented, with carriage returns", "  FROM a:1\r\n\tUSER app\r\n", []string{"a:1 tag=1 1:8"}, "app 2:7"},
	} {
		facts := Read("Dockerfile", []byte(c.text))
		if len(facts.Gaps) > 0 || len(facts.ImageBuilds) != 1 {
			t.Errorf("%s: got %+v", c.name, facts)
			continue
		}
		b := facts.ImageBuilds[0]
		var bases []string
		for _, base := range b.Bases {
			bases = append(bases, describe(base))
		}
		if strings.Join(bases, "|") != strings.Join(c.bases, "|") {
			t.Errorf("%s: got bases %q, want %q", c.name, bases, c.bases)
		}
		user := ""
		if !b.User.IsZero() {
			user = fmt.Sprintf("%s %d:%d", b.User.Value, b.User.At.Line, b.User.At.Col)
		}
		if user != c.user {
			t.Errorf("%s: got user %q, want %q", c.name, user, c.user)
		}
	}
}

func describe(base catalog.BaseImage) string {
	text := base.Image.Value
	if base.Tag != "" {
		text += " tag=" + base.Tag
	}
	if base.Digest == sum {
		text += " digest"
	}
	if base.Open {
		text += " open"
	}
	return fmt.Sprintf("%s %d:%d", text, base.Image.At.Line, base.Image.At.Col)
}

func TestGaps(t *testing.T) {
	for _, c := range []struct {
		text  string
		cause catalog.Cause
		line  int
	}{
		{"FROM {{ .Base }}\n", catalog.Template, 1},
		{"FROM a:1\n{% if x %}\nUSER app\n{% endif %}\n", catalog.Template, 2},
		{"FROM a:1\n${LABELS}\n", catalog.Template, 2},
		{"FROM a:1\n\nINCLUDE other\n", catalog.Syntax, 3},
		{"FROM\n", catalog.Syntax, 1},
		{"RUN true\n", catalog.Syntax, 0},
		{"FROM a:1\x00", catalog.Encoding, 0},
		{strings.Repeat("FROM a:1\n", maxStages+1), catalog.TooLarge, maxStages + 1},
		{strings.Repeat("#", MaxBytes+1), catalog.TooLarge, 0},
	} {
		facts := Read("Dockerfile", []byte(c.text))
		if len(facts.Gaps) != 1 || len(facts.ImageBuilds) != 0 {
			t.Errorf("%.40q: got %+v", c.text, facts)
			continue
		}
		if g := facts.Gaps[0]; g.Cause != c.cause || g.At.Line != c.line || !g.Concerns(catalog.ImageBuilds) {
			t.Errorf("%.40q: got gap %v, want %q in line %d", c.text, g, c.cause, c.line)
		}
	}
	if facts := Read("Dockerfile", []byte("# nothing here\n")); len(facts.Gaps)+len(facts.ImageBuilds) > 0 {
		t.Errorf("comments alone: got %+v", facts)
	}
}

// TestVariablesStayBounded fills in arguments that double each other.
func TestVariablesStayBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("ARG A0=xxxxxxxx\n")
	for i := range 60 {
		fmt.Fprintf(&b, "ARG A%d=$A%d$A%d\n", i+1, i, i)
	}
	b.WriteString("FROM a:$A60\n")
	base := Read("Dockerfile", []byte(b.String())).ImageBuilds[0].Bases[0]
	if !base.Open || len(base.Image.Value) > maxValue {
		t.Errorf("got an image of %d bytes, open %v", len(base.Image.Value), base.Open)
	}
}

func TestIsPath(t *testing.T) {
	for file, want := range map[string]bool{
		"Dockerfile": true, "a/Dockerfile.dev": true, "a/api.Dockerfile": true, "Containerfile": true, "dockerfile": true, "Containerfile.yum": true,
		"Dockerfile.dockerignore": false, "a/dockerfile.go": false, "docs/Dockerfile.md": false, "dockerfiles/x": false, "MyDockerfile": false,
	} {
		if IsPath(file) != want {
			t.Errorf("%s: got %v", file, !want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("# escape=`\nARG A=1\nFROM --platform=x a:${A:-2} AS b\nFROM b\nUSER `\n x\n"))
	f.Add([]byte("\f"))
	f.Add([]byte("FROM a@" + sum + "\nRUN <<EOF <<-'X'\nEOF\n\tX\nENV A=$A B\nUSER $A\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		facts := Read("Dockerfile", data)
		if len(facts.ImageBuilds)+len(facts.Gaps) > 1 {
			t.Fatalf("got %+v", facts)
		}
		lines := strings.Count(string(data), "\n") + 1
		for _, b := range facts.ImageBuilds {
			texts := []catalog.Text{b.User}
			for _, base := range b.Bases {
				if base.Open && base.Digest != "" {
					t.Fatalf("a digest leaves nothing open: %+v", base)
				}
				texts = append(texts, base.Image)
			}
			for _, text := range texts {
				if !text.IsZero() && (text.At.Line < 1 || text.At.Line > lines || text.At.Col < 1) {
					t.Fatalf("%+v in a file of %d lines", text, lines)
				}
			}
		}
		for _, g := range facts.Gaps {
			if g.Detail == "" || g.Cause == "" || g.At.Line > lines {
				t.Fatalf("got gap %+v", g)
			}
		}
	})
}

// TestHostile reads files that would take quadratic time if every here-document's end were searched for, or every part
// of a word copied again.
func TestHostile(t *testing.T) {
	var b strings.Builder
	b.WriteString("FROM a:1\n")
	for i := 0; b.Len() < MaxBytes-100; i++ {
		fmt.Fprintf(&b, "RUN <<E%d\n", i)
	}
	for name, text := range map[string]string{
		"here-documents": b.String(),
		"one word":       "FROM " + strings.Repeat("a\\\n", (MaxBytes-10)/3),
	} {
		if facts := Read("Dockerfile", []byte(text)); len(facts.ImageBuilds) != 1 {
			t.Errorf("%s: got gaps %v", name, facts.Gaps)
		}
	}
}

package otherci

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"obsready/catalog"
	"obsready/catalog/document"
)

// readFile reads a file as the loader does.
func readFile(file string, data []byte) (catalog.Facts, bool) {
	if IsText(file) {
		return ReadText(file, data)
	}
	docs, gaps := document.ParseYAML(file, data)
	facts := catalog.Facts{Gaps: gaps}
	found := false
	for _, d := range docs {
		f, ok := Read(d)
		facts.Add(f)
		found = found || ok
	}
	return facts, found
}

// TestPipelines compares what is read of the archives in testdata with their `want` sections. UPDATE_GOLDEN=1 writes them.
func TestPipelines(t *testing.T) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	if len(archives) == 0 {
		t.Fatal("no archives")
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, f := range archive.Files[:len(archive.Files)-1] {
				facts, ok := readFile(f.Name, f.Data)
				render(&got, f.Name, facts, ok)
			}
			want := &archive.Files[len(archive.Files)-1]
			if got.String() == string(want.Data) {
				return
			}
			if os.Getenv("UPDATE_GOLDEN") == "" {
				t.Fatalf("got\n%s\nwant\n%s", got.String(), want.Data)
			}
			want.Data = []byte(got.String())
			if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// render writes the facts of a file, one line for each workflow, job, step and tool.
func render(b *strings.Builder, file string, facts catalog.Facts, ok bool) {
	if !ok {
		fmt.Fprintf(b, "%s: nothing\n", file)
	}
	for _, g := range facts.Gaps {
		fmt.Fprintf(b, "gap %s\n", g)
	}
	for _, w := range facts.Workflows {
		fmt.Fprintf(b, "%s %s %q%s%s%s\n", w.At, w.Format, w.Name.Value, list("on", triggerWords(w.Triggers)), list("elsewhere", values(w.Elsewhere)), list("env", labels(w.Env)))
		for _, j := range w.Jobs {
			renderJob(b, j)
		}
	}
}

func renderJob(b *strings.Builder, j catalog.Job) {
	fmt.Fprintf(b, "  %d:%d job %q", j.At.Line, j.At.Col, j.ID.Value)
	for _, f := range []struct {
		name  string
		value catalog.Text
	}{{"name", j.Name}, {"stage", j.Stage}, {"if", j.Condition}, {"environment", j.Environment}, {"approval", j.Approval}, {"calls", j.Calls}, {"image", j.Image}} {
		if f.value.Value != "" && f.value.Value != j.ID.Value {
			fmt.Fprintf(b, " %s=%q", f.name, f.value.Value)
		}
	}
	if j.AllowFailure {
		b.WriteString(" may fail")
	}
	fmt.Fprintf(b, "%s%s%s\n", list("on", triggerWords(j.Triggers)), list("needs", values(j.Needs)), list("env", labels(j.Env)))
	for _, s := range j.Steps {
		fmt.Fprintf(b, "    %d:%d step %q", s.At.Line, s.At.Col, s.Name.Value)
		if s.Uses.Value != "" {
			fmt.Fprintf(b, " uses=%q", s.Uses.Value)
		}
		if s.Run.Value != "" {
			fmt.Fprintf(b, " run=%q", s.Run.Value)
		}
		if s.Condition.Value != "" {
			fmt.Fprintf(b, " if=%q", s.Condition.Value)
		}
		if s.AllowFailure {
			b.WriteString(" may fail")
		}
		fmt.Fprintf(b, "%s%s\n", list("with", labels(s.With)), list("env", labels(s.Env)))
		for _, tool := range s.Tools {
			fmt.Fprintf(b, "      %d:%d %s %s", tool.At.Line, tool.At.Col, tool.Purpose, tool.Name)
			switch {
			case tool.Unsure:
				fmt.Fprintf(b, ", perhaps gates: %s", tool.Why)
			case !tool.Gates:
				fmt.Fprintf(b, ", never gates: %s", tool.Why)
			}
			b.WriteString("\n")
		}
	}
}

func list(name string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return " " + name + "=[" + strings.Join(items, ", ") + "]"
}

func values(texts []catalog.Text) (all []string) {
	for _, t := range texts {
		all = append(all, t.Value)
	}
	return all
}

func labels(ls []catalog.Label) (all []string) {
	for _, l := range ls {
		all = append(all, l.Key+":"+l.Value)
	}
	return all
}

func triggerWords(triggers []catalog.Trigger) (all []string) {
	for _, t := range triggers {
		word := t.Event.Value + " -> " + string(t.Stage)
		for _, texts := range [][]catalog.Text{t.Branches, t.Tags, t.Paths} {
			if len(texts) > 0 {
				word += " " + strings.Join(values(texts), " ")
			}
		}
		all = append(all, word)
	}
	return all
}

// TestNoCredentialIsKept proves that no value of a variable or input that is a credential comes out, whatever the format.
func TestNoCredentialIsKept(t *testing.T) {
	const secret = "hunter2hunter2"
	for file, text := range map[string]string{
		".gitlab-ci.yml":              "variables: {DB_PASSWORD: %s}\njob: {variables: {API_TOKEN: %s}, script: [make], image: \"https://u:%s@x/y\"}\ninclude: [{remote: \"https://u:%s@x/y.yml\"}]",
		"azure-pipelines.yml":         "variables: [{name: password, value: %s}]\nsteps: [{task: X@1, inputs: {apiKey: %s}, env: {TOKEN: %s}}]",
		".circleci/config.yml":        "version: 2.1\norbs: {a: b/c@1}\njobs: {build: {environment: {SECRET: %s}, docker: [{image: x}], steps: [{a/b: {token: %s}}]}}",
		".tekton/x.yaml":              "apiVersion: tekton.dev/v1\nkind: Pipeline\nspec: {tasks: [{name: x, taskRef: {name: y}, params: [{name: password, value: %s}]}]}",
		"Jenkinsfile":                 "pipeline { environment { TOKEN = '%s' }\n stages { stage('x') { environment { A_SECRET = '%s' }\n steps { snykSecurity snykToken: '%s' } } } }",
		"lefthook.yml":                "pre-commit: {commands: {x: {run: make, env: {TOKEN: %s}}}}",
		".pre-commit-config.yaml":     "repos: [{repo: local, hooks: [{id: x, args: [\"--password=%s\"]}]}]",
		"two/.pre-commit-config.yaml": "repos: [{repo: x, rev: y, hooks: [{id: gitleaks, args: [\"https://u:%s@x\"]}]}]",
	} {
		facts, ok := readFile(file, []byte(strings.ReplaceAll(text, "%s", secret)))
		if !ok || len(facts.Gaps) > 0 {
			t.Errorf("%s: not read: %v", file, facts.Gaps)
		}
		var b strings.Builder
		render(&b, file, facts, ok)
		if strings.Contains(b.String(), secret) {
			t.Errorf("%s: the credential is kept:\n%s", file, b.String())
		}
	}
}

func TestPaths(t *testing.T) {
	for file, want := range map[string][2]bool{
		".gitlab-ci.yml": {true, false}, "sub/azure-pipelines.yml": {true, false}, ".circleci/config.yml": {true, false}, "Jenkinsfile": {true, true},
		".husky/pre-commit": {true, true}, "lefthook.yml": {true, false}, ".pre-commit-config.yaml": {true, false}, ".tekton/a/b.yaml": {true, false},
		".github/workflows/ci.yml": {false, false}, "main.go": {false, false},
	} {
		if got := [2]bool{isOther(file), IsText(file)}; got != want {
			t.Errorf("%s: got %v, want %v", file, got, want)
		}
	}
}

// TestOtherDocuments proves that files that only have the name of a pipeline are none.
func TestOtherDocuments(t *testing.T) {
	for file, text := range map[string]string{
		".gitlab-ci.yml":          "variables: {A: b}",
		".gitlab/ci/labels.yml":   "- a\n- b",
		"azure-pipelines.yml":     "a: b",
		".circleci/config.yml":    "jobs: {build: {}}",
		".tekton/x.yaml":          "apiVersion: v1\nkind: Pipeline",
		".pre-commit-config.yaml": "repos: x",
		"lefthook.yml":            "colors: true",
		"x.jenkinsfile":           "// nothing",
		".husky/pre-commit":       "# nothing\n",
	} {
		if facts, ok := readFile(file, []byte(text)); ok {
			t.Errorf("%s: got %+v", file, facts)
		}
	}
	if facts, ok := ReadText("Jenkinsfile", []byte("pipeline {\xff}")); !ok || len(facts.Gaps) != 1 || facts.Gaps[0].Cause != catalog.Encoding {
		t.Errorf("a file that is no text: got %v, %v", facts, ok)
	}
}

// TestHostileInput proves that deep and repetitive input is read in bounded time and memory.
func TestHostileInput(t *testing.T) {
	repeat := strings.Repeat
	var chain, commands, jobs bytes.Buffer
	for i := range 2000 {
		fmt.Fprintf(&chain, ".j%d: {extends: [.j%d, .j%d], variables: {V%d: x}}\n", i, i+1, i+1, i)
		fmt.Fprintf(&commands, "  c%d: {steps: [c%d, c%d]}\n", i, i+1, i+1)
		fmt.Fprintf(&jobs, "j%d: {extends: .big}\n", i)
	}
	for file, text := range map[string]string{
		"Jenkinsfile":               repeat("a {", 20_000),
		"1/Jenkinsfile":             repeat("stage('a') { input 'x'\n parallel {", 5_000),
		"2/Jenkinsfile":             repeat("sh(", 20_000) + repeat("}", 20_000),
		"3/Jenkinsfile":             repeat("\"${", 20_000),
		"4/Jenkinsfile":             repeat("parallel a: {", 10_000),
		"5/Jenkinsfile":             "if (" + repeat("env.BRANCH_NAME =~ 'a' && ", 5_000) + ") {",
		"6/Jenkinsfile":             repeat("when { not { anyOf { branch 'x' ", 5_000),
		".gitlab-ci.yml":            chain.String() + "job: {extends: .j0, script: [x]}",
		"1/.gitlab-ci.yml":          "job: {script: [x], rules: [{if: '" + repeat("(", 20_000) + "'}]}",
		"2/.gitlab-ci.yml":          ".a: {script: [!reference [.a, script], !reference [.a, script]]}\njob: {script: [!reference [.a, script]]}",
		"3/.gitlab-ci.yml":          ".big: {script: [" + repeat("'go test', ", 500) + "]}\n" + jobs.String(),
		"azure-pipelines.yml":       "jobs: [{job: a, condition: '" + repeat("not(", 20_000) + "', steps: [{script: x}]}]",
		"1/.circleci/config.yml":    "version: 2.1\ncommands:\n" + commands.String() + "jobs: {build: {docker: [{image: x}], steps: [c0]}}",
		"bomb/.circleci/config.yml": "version: 2.1\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]",
	} {
		facts, _ := readFile(file, []byte(text))
		for _, w := range facts.Workflows {
			steps := 0
			for _, j := range w.Jobs {
				steps += len(j.Steps)
			}
			if steps > 2*maxSteps {
				t.Errorf("%s: %d steps", file, steps)
			}
		}
	}
}

// FuzzJenkins proves that every text is read without a panic and that all places stand in the file.
func FuzzJenkins(f *testing.F) {
	addArchive(f, "testdata/jenkins.txtar")
	f.Add([]byte("stage('x') { sh \"\"\"${\n"))
	f.Fuzz(func(t *testing.T, data []byte) { checkPlaces(t, "Jenkinsfile", data) })
}

// FuzzHusky is FuzzJenkins for the scripts of husky.
func FuzzHusky(f *testing.F) {
	f.Add([]byte("gitleaks protect --staged\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) { checkPlaces(t, ".husky/pre-commit", data) })
}

// FuzzYAML is FuzzJenkins for all formats that are YAML.
func FuzzYAML(f *testing.F) {
	for _, name := range []string{"gitlab", "gitlab-workflow", "azure", "circleci", "tekton", "hooks"} {
		addArchive(f, "testdata/"+name+".txtar")
	}
	f.Add([]byte("version: 2.1\njobs: {build: {steps: [run, {run: }]}}")) // a script that is not there
	f.Add([]byte("apiVersion: tekton.dev\nkind: Pipeline\nspec: {tasks: [{taskRef: }]}"))
	f.Add([]byte("a: {rules: {if: $B}}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range []string{".gitlab-ci.yml", "azure-pipelines.yml", ".circleci/config.yml", ".tekton/x.yaml", ".pre-commit-config.yaml", "lefthook.yml"} {
			checkPlaces(t, file, data)
		}
	})
}

func addArchive(f *testing.F, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files[:len(archive.Files)-1] {
		f.Add(file.Data)
	}
}

// checkPlaces reads a file and checks the places of what was found.
func checkPlaces(t *testing.T, file string, data []byte) {
	facts, ok := readFile(file, data)
	if !ok && len(facts.Workflows) > 0 {
		t.Fatal("workflows are given and said not to be there")
	}
	lines := bytes.Count(data, []byte("\n")) + 1
	inside := func(what string, at catalog.Place) {
		if at.File != file || at.Line < 1 || at.Line > lines || at.Col < 0 {
			t.Fatalf("%s stands at %v, in a file of %d lines", what, at, lines)
		}
	}
	for _, w := range facts.Workflows {
		inside("workflow", w.At)
		if len(w.Triggers) == 0 && w.Format != "lefthook" {
			t.Fatalf("workflow %q has no triggers", w.Name.Value)
		}
		for _, j := range w.Jobs {
			inside("job", j.At)
			for _, trigger := range append(j.Triggers, w.Triggers...) {
				inside("trigger", trigger.Event.At)
			}
			for _, s := range j.Steps {
				inside("step", s.At)
				for _, tool := range s.Tools {
					inside("tool", tool.At)
				}
			}
		}
	}
}

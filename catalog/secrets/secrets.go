// Package secrets finds credentials that stand in text files. It answers "does a secret stand here, and of what kind?"
// and never "is it still valid?": nothing is sent anywhere. What it finds it forgets: no value, and no part of one,
// leaves the package.
//
// A credential is found by the documented shape of a provider's tokens (rules.toml) with a checksum or a test of its
// entropy, by the forms of keys, JSON Web Tokens and addresses with a password, or by a name such as password or
// api_key with a literal random value. It would rather miss one than cry wolf: variables, templates, placeholders,
// encrypted values, digests and the well-known examples of documentations are none.
package secrets

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"obsready/catalog"
)

// Find gives the credentials that stand in a file, in the order of the text. Lockfiles, examples, the input of
// tests, vendored packages and binary files have none: digests look like secrets, and the others' keys are made up or
// belong to somebody else. A line with the comment
// "gitleaks:allow" or "pragma: allowlist secret" has none either, since somebody has looked at it.
//
// In: the file's path from the repository's root, and its bytes. It takes time in proportion to the file's size.
func Find(file string, data []byte) []*catalog.Secret {
	_, found := Mask(file, data)
	return found
}

// mask stands for each byte of a credential. It means nothing in any format, so that a masked file parses as before.
const mask = 'x'

// Mask gives a file without the values of the credentials that [Find] finds in it, so that no reader sees them, together
// with the credentials. Everything else keeps its place. A file without any is given as it is.
func Mask(file string, data []byte) ([]byte, []*catalog.Secret) {
	if skipped(file) || bytes.IndexByte(data, 0) >= 0 {
		return data, nil
	}
	s := &scan{text: data}
	rules().filter.run(s)
	if len(s.found) == 0 {
		return data, nil
	}
	var all []*catalog.Secret
	masked := bytes.Clone(data)
	at := counter{data: data, line: 1}
	for _, f := range s.separate() {
		line, col := at.position(f.from)
		all = append(all, &catalog.Secret{Rule: f.rule, Why: f.why, Until: f.until, At: catalog.Place{File: file, Line: line, Col: col}})
		for i := f.from; i < f.to; i++ {
			if masked[i] != '\n' && masked[i] != '\r' {
				masked[i] = mask
			}
		}
	}
	return masked, all
}

// redacted replaces a credential.
const redacted = "[redacted]"

// Redact gives a text in which "[redacted]" stands for everything that looks like a credential, be it a real one or not:
// it errs on the side of too much, as Find errs on the side of too little.
func Redact(text string) string {
	s := &scan{text: []byte(text), lax: true}
	rules().filter.run(s)
	if len(s.found) == 0 {
		return text
	}
	var b strings.Builder
	done := 0
	for _, f := range s.separate() {
		b.WriteString(text[done:f.from])
		b.WriteString(redacted)
		done = f.to
	}
	b.WriteString(text[done:])
	return b.String()
}

// scan is one pass over a text.
type scan struct {
	text  []byte
	lax   bool // for Redact: everything with the form of a credential counts, whatever its value
	found []finding

	named int // end of the last name that was looked at: a name may hold several keywords
}

// finding is a credential in the text, from its first byte to the one after its last.
type finding struct {
	from, to int
	rule     string
	why      string
	until    string // the last day on which it is valid, as 2006-01-02, when it says so
	general  bool   // found by the name before it: what knows the provider is preferred
}

func (s *scan) add(f finding) { s.found = append(s.found, f) }

// separate gives the findings in the order of the text, one for each stretch of it.
func (s *scan) separate() []finding {
	slices.SortStableFunc(s.found, func(a, b finding) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var kept []finding
	for _, f := range s.found {
		if len(kept) == 0 || f.from >= kept[len(kept)-1].to {
			kept = append(kept, f)
			continue
		}
		last := &kept[len(kept)-1]
		if last.general && !f.general {
			last.rule, last.why, last.until, last.general = f.rule, f.why, f.until, false
		}
		last.to = max(last.to, f.to)
	}
	return kept
}

// wordBegins reports whether a token can begin at a position: it does not continue a word, and an escaped line end before it
// ("\n" in a JSON string) does not count as one.
func (s *scan) wordBegins(at int) bool {
	if at == 0 || !isWordByte(s.text[at-1]) && s.text[at-1] != '-' {
		return true
	}
	return at > 1 && s.text[at-2] == '\\' && strings.IndexByte("nrt", s.text[at-1]) >= 0
}

// counter turns rising offsets into lines and columns.
type counter struct {
	data                []byte
	offset, line, start int
}

// position gives the line and column, in characters, of an offset that is not smaller than that of the call before.
func (c *counter) position(offset int) (line, col int) {
	for {
		i := bytes.IndexByte(c.data[c.offset:offset], '\n')
		if i < 0 {
			break
		}
		c.line++
		c.offset += i + 1
		c.start = c.offset
	}
	c.offset = max(c.offset, c.start)
	return c.line, utf8.RuneCount(c.data[c.start:offset]) + 1
}

// lockfiles are files that package managers write, full of digests.
var lockfiles = []string{"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "deno.lock", "composer.lock", "gemfile.lock", "cargo.lock",
	"poetry.lock", "pipfile.lock", "pdm.lock", "uv.lock", "pixi.lock", "conda-lock.yml", "go.sum", "go.work.sum", "packages.lock.json", "gradle.lockfile", "verification-metadata.xml",
	"podfile.lock", "package.resolved", "pubspec.lock", "mix.lock", "flake.lock", "chart.lock", "module.bazel.lock", ".terraform.lock.hcl", "jsonnetfile.lock.json", "buf.lock", "stack.yaml.lock", "cabal.project.freeze"}

// skipped reports whether the path is that of a lockfile, an example, a test's input or a vendored package.
func skipped(file string) bool {
	name := strings.ToLower(path.Base(file))
	if slices.Contains(lockfiles, name) || slices.ContainsFunc([]string{".svg", ".min.js", ".map"}, func(ending string) bool { return strings.HasSuffix(name, ending) }) {
		return true
	}
	if slices.ContainsFunc(pathWords(name), func(w string) bool { return w == "example" || w == "sample" || w == "dist" }) {
		return true
	}
	folders := strings.Split(strings.ToLower(path.Dir(file)), "/")
	for i, f := range folders {
		if isTestFolder(f) || slices.Contains([]string{"vendor", "node_modules", "third_party"}, f) {
			return true
		}
		if f == "test" && (i == 0 || folders[i-1] == "src") { // elsewhere it may be the name of an environment
			return true
		}
	}
	return false
}

// isTestFolder reports whether a folder holds tests and their input.
func isTestFolder(folder string) bool {
	words := pathWords(folder)
	has := func(all ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(all, w) })
	}
	return has("testdata", "fixtures", "fixture", "tests", "e2e", "snapshots", "acceptancetest") || has("test") && has("data", "resources", "e2e", "integration", "acceptance", "example")
}

func pathWords(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("-_.", r) })
}

// allowMarks are comments by which somebody says that a line holds no secret.
var allowMarks = [][]byte{[]byte("gitleaks:allow"), []byte("pragma: allowlist secret")}

// allowed reports whether the line that holds a position bears such a comment. Only the part of a long line near the
// position is looked at.
func allowed(text []byte, at int) bool {
	const near = 1000
	end := min(len(text), at+near)
	if i := bytes.IndexByte(text[at:end], '\n'); i >= 0 {
		end = at + i
	}
	return slices.ContainsFunc(allowMarks, func(m []byte) bool { return bytes.Contains(text[at:end], m) })
}

package secrets

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what is looked at around a name.
const (
	maxName  = 60
	maxValue = 200
	maxGap   = 8 // blanks around "="
)

// findAssignment looks for a literal value of a name such as password or api_key: in YAML, JSON, TOML, shell and
// environment files, in the options of a command, and in the name and value pairs of Kubernetes and Terraform.
func findAssignment(s *scan, at int) {
	if at < s.named {
		return
	}
	from, to := nameAround(s.text, at)
	s.named = to
	if !namesCredential(string(s.text[from:to])) || inBadge(s.text, from) {
		return
	}
	start, quote, ok := valueAfter(s.text, to)
	if !ok {
		if start, quote, ok = valueOfPair(s.text, from, to); !ok {
			return
		}
	}
	end := valueEnd(s.text, start, quote)
	if end < 0 || end == start {
		return
	}
	value := string(s.text[start:end])
	found := finding{from: start, to: end, rule: "value of a credential", general: true}
	if s.lax {
		if stated(value) {
			s.add(found)
		}
		return
	}
	if why, ok := literal(value); ok && !allowed(s.text, start) && (len(value) >= minDocumented || !documented(s.text, from)) {
		found.rule, found.why = "password or token", why
		s.add(found)
	}
}

// inBadge reports whether a name stands in the address of a badge, whose token shows a number to everybody.
func inBadge(text []byte, at int) bool { return bytes.HasSuffix(text[:at], []byte(".svg?")) }

// nameAround gives the whole name that holds a position.
func nameAround(text []byte, at int) (from, to int) {
	inName := func(c byte) bool { return isWordByte(c) || c == '-' || c == '.' }
	from, to = at, at
	for from > 0 && at-from < maxName && inName(text[from-1]) {
		from--
	}
	for to < len(text) && to-at < maxName && inName(text[to]) {
		to++
	}
	return from, to
}

// Words of names. A name is a credential's when its last word is one of the first, or a key that is one of the second.
var (
	credentialWords = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "authkey", "privatekey", "encryptionkey", "accountkey", "credential", "credentials", "rootpassword", "userpassword", "adminpassword", "authtoken", "accesstoken", "clientsecret", "secretkey"}
	keyWords        = []string{"api", "secret", "private", "auth", "encryption", "signing", "account", "master", "shared"}
	// trailing words do not change what a name is about.
	trailing = []string{"value", "val", "default", "prod", "production", "prd", "staging", "stage", "stg", "dev", "development", "live", "b64", "base64", "plain", "plaintext", "str", "string", "literal", "data"}
	// harmless words make a name that of something public.
	harmless = []string{"public", "pub", "csrf", "xsrf", "next", "page", "continuation", "cursor", "cancel", "cancellation", "sync", "stop", "pad", "eos", "bos", "special", "id", "hash", "digest", "sha256", "checksum", "encrypted", "enc", "site", "idempotency", "search", "example", "dummy", "fake", "mock", "test", "separator", "delimiter", "count", "tokens", "bearer", "lexer", "parser"}
)

// namesCredential reports whether a name is that of a credential: "DB_PASSWORD", "apiKey", "spring.datasource.password",
// and not "passwordFile", "tokenUrl" or "secretName".
func namesCredential(name string) bool {
	words := nameWords(name)
	for len(words) > 1 && (slices.Contains(trailing, words[len(words)-1]) || strings.Trim(words[len(words)-1], "0123456789") == "") {
		words = words[:len(words)-1]
	}
	if len(words) == 0 || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(harmless, w) }) {
		return false
	}
	last := strings.TrimRight(words[len(words)-1], "0123456789")
	if slices.Contains(credentialWords, last) || strings.HasSuffix(last, "password") || strings.HasSuffix(last, "passwd") { // PGPASSWORD
		return true
	}
	if last != "key" || len(words) < 2 {
		return false
	}
	// An access key alone is an identifier; a secret access key is not.
	return slices.Contains(keyWords, words[len(words)-2]) || words[len(words)-2] == "access" && slices.Contains(words, "secret")
}

// nameWords gives the words of a name in lower case: between dots, dashes and underscores, and where a capital begins one,
// as in "dbPassword" and "APIKey".
func nameWords(name string) []string {
	var words []string
	start := 0
	end := func(at int) {
		if at > start {
			words = append(words, strings.ToLower(name[start:at]))
		}
		start = at
	}
	for i := range len(name) {
		switch c := classOf(name[i]); {
		case c == other:
			end(i)
			start = i + 1
		case c == upper && i > start && (classOf(name[i-1]) != upper || i+1 < len(name) && classOf(name[i+1]) == lower):
			end(i)
		}
	}
	end(len(name))
	return words
}

// valueAfter gives where the value begins that a name is given, with the quote around it or 0. The default of a shell
// variable, as in "${DB_PASSWORD:-…}", counts as its value.
func valueAfter(text []byte, to int) (start int, quote byte, ok bool) {
	i := to
	for i < len(text) && i-to < 3 && bytes.IndexByte([]byte("\"'`]\\"), text[i]) >= 0 {
		i++
	}
	i = skipBlanks(text, i)
	switch rest := text[i:]; {
	case bytes.HasPrefix(rest, []byte(":=")), bytes.HasPrefix(rest, []byte("=>")), bytes.HasPrefix(rest, []byte(":-")):
		i += 2
	case bytes.HasPrefix(rest, []byte("==")), len(rest) == 0:
		return 0, 0, false
	case rest[0] == '=':
		i++
	case rest[0] == ':':
		i++
		if _, quote, _ := opened(text, i); quote == 0 && i == to+1 && skipBlanks(text, i) == i { // "arn:…:secret:name" is no assignment of YAML
			return 0, 0, false
		}
	default:
		return 0, 0, false
	}
	return opened(text, skipBlanks(text, i))
}

// opened gives where a value begins after the quote that may stand before it, escaped or not.
func opened(text []byte, i int) (start int, quote byte, ok bool) {
	if i < len(text) && text[i] == '\\' {
		i++
	}
	if i < len(text) && bytes.IndexByte([]byte("\"'`"), text[i]) >= 0 {
		return i + 1, text[i], true
	}
	return i, 0, i < len(text)
}

func skipBlanks(text []byte, i int) int {
	for end := min(len(text), i+maxGap); i < end && (text[i] == ' ' || text[i] == '\t'); {
		i++
	}
	return i
}

var (
	pairName  = regexp.MustCompile(`(?i)\b(?:name|key)["']?\s{0,4}[:=]$`)
	pairValue = regexp.MustCompile(`^["']?[ \t]{0,4},?[ \t]{0,4}(?:#[^\n]{0,100})?\r?\n?[ \t]{0,80}["']?(?i:value)["']?[ \t]{0,4}[:=][ \t]{0,8}`)
)

// valueOfPair gives where the value begins in `name: DB_PASSWORD` with `value: …` on the same line or the next one.
func valueOfPair(text []byte, from, to int) (start int, quote byte, ok bool) {
	before := bytes.TrimRight(text[max(0, from-20):from], " \t\"'")
	if len(before) == 0 || before[len(before)-1] != ':' && before[len(before)-1] != '=' || !pairName.Match(before) {
		return 0, 0, false
	}
	m := pairValue.FindIndex(text[to:min(len(text), to+300)])
	if m == nil {
		return 0, 0, false
	}
	return opened(text, to+m[1])
}

// valueEnd gives where a value ends, -1 when it is none: a quoted one on its line, another one at a blank. More words
// after it make it prose.
func valueEnd(text []byte, start int, quote byte) int {
	window := text[start:min(len(text), start+maxValue+1)]
	if quote != 0 {
		i := bytes.IndexAny(window, string(quote)+"\n")
		if i < 0 || window[i] != quote {
			return -1
		}
		if i > 0 && window[i-1] == '\\' {
			i--
		}
		return start + i
	}
	i := bytes.IndexAny(window, " \t\r\n,;\"'`)}&|<>\\")
	switch {
	case i < 0 && len(window) > maxValue:
		return -1
	case i < 0:
		return len(text)
	}
	rest := bytes.TrimLeft(window[i:], " \t")
	if isProse(rest) && !assignsWithEquals(text, start) {
		return -1
	}
	return start + i
}

// isProse reports whether words follow a value on its line.
func isProse(rest []byte) bool {
	r, _ := utf8.DecodeRune(rest)
	return unicode.IsLetter(r) || r == '('
}

// assignsWithEquals reports whether "=" stands right before a value, as in the arguments of a command: words may follow.
func assignsWithEquals(text []byte, start int) bool { return start > 0 && text[start-1] == '=' }

const (
	minSecret = 8
	minHex    = 32 // shorter ones are the numbers of keys, commits and objects
)

var (
	literalForm = regexp.MustCompile(`^[!-~]+$`)
	hexadecimal = regexp.MustCompile(`^(?:0x)?[0-9a-fA-F]+$`)
)

// literal says why a value is a credential, and whether it is one: written out, random and no example.
func literal(value string) (why string, ok bool) {
	if !isLiteral(value, maxEncodings) {
		return "", false
	}
	return fmt.Sprintf("the name before it is that of a credential, and its entropy is %.1f bits for each character", entropy(value)), true
}

// maxEncodings is how often a value may be in base64 that is in base64.
const maxEncodings = 3

// isLiteral reports whether a value is a credential that is written out. One in base64 is judged by what it holds, too.
func isLiteral(value string, encodings int) bool {
	switch {
	case len(value) < minSecret, !literalForm.MatchString(value), strings.ContainsAny(value, "(){}[]<>\"'`"):
		return false
	case hexadecimal.MatchString(value) && len(value) < minHex, uuid.MatchString(value), dated.MatchString(value):
		return false
	case !stated(value), isName(value), isExample(value), !looksRandom(value), !enoughEntropy(value):
		return false
	}
	inner, ok := decodedText(value)
	return !ok || encodings > 0 && isLiteral(inner, encodings-1)
}

// decodedText gives the text that a value holds in base64.
func decodedText(value string) (string, bool) {
	data, ok := decodeBase64(value)
	if !ok || !utf8.Valid(data) {
		return "", false
	}
	text := strings.TrimSpace(string(data))
	return text, text != "" && strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError }) < 0
}

package secrets

import (
	"regexp"
	"slices"
	"strings"
)

// exampleWords are texts that no random token holds by chance and that placeholders and the examples of documentations
// do: AWS's end in EXAMPLE, others count up or speak of what they are.
var exampleWords = strings.Fields(`admin base64 chars change default deadbeef cafebabe demo dummy encoded encrypted example fake foobar generated hello hidden hunter2 insert invalid
	letmein lorem masked monkey my- my_ not-a not_a notasecret notreal p@ss pass placeholder qwerty random redacted replace s3cr sample secret some- some_ strong super- supersafe
	test the- todo token undefined user value welcome xxx your- your_ yourkey
	12345 23456 654321 98765 abcde abc123 a1b2c3 1a2b3c`)

// published are pieces of credentials that everybody knows: of RFC 6749's examples, the key that Grafana's configuration
// comes with, the public MinIO server, Azure's storage emulator, and the accounts of Ethereum development networks.
var published = strings.Fields("s6bhdrkqt3 gx1fbat3bv tgzv3jokf0xg 2yotnfzfejr1 sw2ycwtib9zp zuf+tftesls eby8vdm02xno 8f2a55949038 c87509a1c067 ae6ae8e5ccbf ac0974bec39a")

// isExample reports whether a value is a placeholder or an example: it holds one of the words or pieces, or one
// character or group of characters again and again. The words of short values may be disguised, as in "p455w0rd".
func isExample(value string) bool {
	lower := strings.ToLower(value)
	holds := func(w string) bool { return strings.Contains(lower, w) }
	if slices.ContainsFunc(exampleWords, holds) || slices.ContainsFunc(published, holds) || repeats(lower) {
		return true
	}
	if len(lower) < disguised {
		lower = disguises.Replace(lower)
		return slices.ContainsFunc(exampleWords, holds)
	}
	return false
}

// disguised is the length below which people make passwords up; by chance, longer values hold disguised words.
const disguised = 16

var disguises = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "$", "s", "@", "a", "!", "i")

// repeats reports whether a character stands five times in a row, or a pair or triple of them four times.
func repeats(text string) bool {
	for width, times := range map[int]int{1: 5, 2: 4, 3: 4} {
		run := 0
		for i := width; i < len(text); i++ {
			if text[i] != text[i-width] {
				run = 0
				continue
			}
			if run++; run >= width*(times-1) {
				return true
			}
		}
	}
	return false
}

var (
	// filledIn matches what a shell, a template engine, Terraform or a build tool replaces by the value.
	filledIn = regexp.MustCompile(`\$[{(\w]|\$\$|\{\{|\}\}|\{%|<%|#\{|%\(|%\{|%\w+%|^@\w+@$|^__\w+__$|^<.*>$|^\[.*\]$|^\{.*\}$|^\$|^%|…|\.\.\.|\.[*+]|\\[wdsSWD]|\*\*\*|xxx|XXX`)
	// reference matches what names a value that stands elsewhere: in a secret store ("vault:…", "kms:…"), a variable, a
	// field of an object, a file or an address.
	reference = regexp.MustCompile(`^[a-z][a-z0-9+_-]{1,24}:|->|^(?:projects|file)/|^/[\w.-]+(?:/|$)|^\.{0,2}/`)
	// field matches the parts of a program that name a variable: "process.env.API_KEY!", "config?.token".
	field = regexp.MustCompile(`^[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*)+[!;,]?$`)
	// slug matches names of objects, as Kubernetes and others have them.
	slug = regexp.MustCompile(`^[a-z0-9]+(?:[-_./][a-z0-9]+)+$`)
	// sealed matches encrypted values: of SOPS, Spring Cloud Config, Ansible, Jasypt, eyaml, Vault's transit engine, AWS
	// and Google KMS, sealed secrets, age, PGP and git-crypt; and password hashes.
	sealed = regexp.MustCompile(`^(?:ENC[\[(]|\{cipher\}|!vault|\$ANSIBLE_VAULT|vault:v\d|AQICAH|AQECAH|CiQA|CiC|AgA|AgB|AgC|YWdlLWVuY3J5|age1|v1:key|enc:|encrypted:|hQ[EIGM]|LS0tLS1CRUdJTi|\$2[abxy]\$|\$argon2|\$apr1|\$[156y]\$|\{SSHA|\{SHA|\{bcrypt|pbkdf2|SCRAM-SHA|md5[0-9a-f]{32}$|sha\d+[:-]|sha256~.{0,40}$)`)
	uuid   = regexp.MustCompile(`^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	// dated matches versions, days, times, numbers, host names with a port and e-mail addresses.
	dated = regexp.MustCompile(`^v?\d+(?:\.\d+)+(?:[-+][\w.-]+)?$|^\d{4}-\d{2}-\d{2}|^[\d.,:_-]+$|^[\w.-]+\.[a-z]{2,}(?::\d+)?(?:/|$)|^[\w.+-]+@[\w-]+\.[\w.]+$`)
)

// isName reports whether a value is the name of an object or a variable: words and short numbers, joined by dashes and dots. A
// part that is random by itself makes it none.
func isName(value string) bool {
	if !slug.MatchString(value) && !field.MatchString(value) {
		return false
	}
	for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return strings.ContainsRune("-_./?!", r) }) {
		if len(part) >= 16 && looksRandom(part) {
			return false
		}
	}
	return true
}

// stated reports whether a value is written out here: it is no variable, template, reference, encrypted text or digest.
func stated(value string) bool {
	return !filledIn.MatchString(value) && !reference.MatchString(value) && !sealed.MatchString(value)
}

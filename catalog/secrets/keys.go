package secrets

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// maxKey bounds the text of a private key: one of 16384 bits has 12 KiB.
const maxKey = 20 << 10

// keyBegins matches the first line of a private key that no passphrase protects.
var keyBegins = regexp.MustCompile(`^-----BEGIN ((?:(?:RSA|EC|DSA|OPENSSH|SSH2|PGP|ED25519) )?PRIVATE KEY(?: BLOCK)?)-----`)

// findPrivateKey looks for a private key in PEM: on lines of its own, indented in YAML, or with escaped line ends.
func findPrivateKey(s *scan, at int) {
	window := s.text[at:min(len(s.text), at+maxKey)]
	m := keyBegins.FindSubmatchIndex(window)
	if m == nil {
		return
	}
	kind := string(window[m[2]:m[3]])
	last := []byte("-----END " + kind + "-----")
	end := m[1] + max(0, bytes.Index(window[m[1]:], last[:5])) // the next line of dashes must be the key's last one
	if !bytes.HasPrefix(window[end:], last) {
		return
	}
	found := finding{from: at, to: at + end + len(last), rule: "private key"}
	if s.lax {
		s.add(found)
		return
	}
	if why, ok := keyBody(string(window[m[1]:end])); ok && !allowed(s.text, at) {
		found.why = why
		s.add(found)
	}
}

// maxKeyHead bounds the part of a key that is decoded.
const maxKeyHead = 400

// keyBody judges what stands between the first and the last line of a key: base64 of a structure that keys begin with. A
// key that a passphrase protects is none that could be used.
func keyBody(body string) (string, bool) {
	if strings.Contains(body, "ENCRYPTED") {
		return "", false
	}
	body = strings.NewReplacer(`\r`, "", `\n`, "", `\`, "", "\n", "", "\r", "", " ", "", "\t", "", `"`, "", "'", "", "+\n", "", ",", "").Replace(stripHeaders(body))
	size := len(body)
	head := body[:min(len(body), maxKeyHead)]
	data, ok := decodeBase64(head[:len(head)/4*4])
	if !ok || size < 60 || isExample(strings.ToLower(strings.TrimLeft(head, "A"))) && !startsLikeKey(data) || entropy(head) < 3.5 {
		return "", false
	}
	if !startsLikeKey(data) {
		return "", false
	}
	return fmt.Sprintf("its body is %d characters of base64 that begin as keys do", size), true
}

// stripHeaders takes lines such as "Version: GnuPG v2" off the text of a key.
func stripHeaders(body string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(body, "\n") {
		if !strings.Contains(line, ": ") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// startsLikeKey reports whether bytes begin as a DER sequence, an OpenSSH key or an OpenPGP packet does.
func startsLikeKey(data []byte) bool {
	return len(data) > 30 && (data[0] == 0x30 || bytes.HasPrefix(data, []byte("openssh-key-v1")) && bytes.Contains(data[:min(len(data), 60)], []byte("none")) || data[0]&0xC0 == 0xC0 || data[0] == 0x94 || data[0] == 0x95)
}

const (
	ageBody   = 58
	bech32Set = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
)

// findAgeKey looks for an identity of age, whose last characters are a checksum.
// Source: FiloSottile/age, README "Key file"; BIP 173, "Bech32".
func findAgeKey(s *scan, at int) {
	const prefix = "AGE-SECRET-KEY-1"
	end := at + len(prefix) + ageBody
	if end > len(s.text) || !s.wordBegins(at) {
		return
	}
	body := strings.ToLower(string(s.text[at+len(prefix) : end]))
	found := finding{from: at, to: end, rule: "age secret key", why: "its form fits, and " + checksumFits}
	if s.lax || bech32("age-secret-key-", body) && !allowed(s.text, at) {
		s.add(found)
	}
}

// bech32 reports whether the last six characters of the data are the checksum of it and of the part before it.
func bech32(part, data string) bool {
	sum := uint32(1)
	step := func(v uint32) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ v
		for i, g := range []uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for i := range len(part) {
		step(uint32(part[i] >> 5))
	}
	step(0)
	for i := range len(part) {
		step(uint32(part[i] & 31))
	}
	for i := range len(data) {
		v := strings.IndexByte(bech32Set, data[i])
		if v < 0 {
			return false
		}
		step(uint32(v))
	}
	return sum == 1
}

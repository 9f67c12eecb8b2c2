package secrets

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"net/url"
	"strings"
)

// tests are the checks that rules name. Each is given the whole token and its random part, and says whether it can be a
// real one, and why when that is more than its form. It never gives a part of the token.
var tests = map[string]func(whole, value string) (why string, ok bool){
	"github":          githubChecksum,
	"grafana":         grafanaChecksum,
	"aws":             awsAccount,
	"pypi":            pypiMacaroon,
	"json":            encodedJSON,
	"discord":         discordID,
	"azure signature": azureSignature,
	"mixed":           func(_, value string) (string, bool) { return "", looksRandom(value) },
	"random tail": func(_, value string) (string, bool) {
		return "", looksRandom(value[strings.LastIndexByte(value, '/')+1:])
	},
}

const checksumFits = "its checksum is right"

// githubChecksum compares the last six characters with the CRC-32 of those before them, in base 62.
// Source: GitHub blog, "Behind GitHub's new authentication token formats".
func githubChecksum(_, value string) (string, bool) {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	if len(value) < 7 {
		return "", false
	}
	random, stated := value[:len(value)-6], value[len(value)-6:]
	sum := crc32.ChecksumIEEE([]byte(random))
	for i := len(stated) - 1; i >= 0; i-- {
		if stated[i] != digits[sum%62] {
			return "", false
		}
		sum /= 62
	}
	return checksumFits, sum == 0
}

// grafanaChecksum compares the last part with the CRC-32 of what stands before it, lowest byte first.
// Source: grafana/grafana, pkg/components/satokengen.
func grafanaChecksum(whole, _ string) (string, bool) {
	i := strings.LastIndexByte(whole, '_')
	sum := crc32.ChecksumIEEE([]byte(whole[:max(i, 0)]))
	stated := hex.EncodeToString([]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24)})
	return checksumFits, stated == whole[i+1:]
}

// awsAccount decodes the number of the account from a key ID. IDs from before 2019 hold none.
// Source: A. Chernyak, "A short note on AWS KEY ID": the bits after the first of the base 32 payload.
func awsAccount(whole, _ string) (string, bool) {
	payload, err := base32.StdEncoding.DecodeString(whole[4:])
	if err != nil || len(payload) < 6 {
		return "", false
	}
	if whole[4] < 'Q' {
		return "", true
	}
	var account uint64
	for _, b := range payload[:6] {
		account = account<<8 | uint64(b)
	}
	account = account & 0x7fff_ffff_ff80 >> 7
	return "the number of an account can be read from it", account < 1_000_000_000_000
}

// pypiMacaroon decodes the location of the macaroon that a token is.
func pypiMacaroon(_, value string) (string, bool) {
	data, ok := decodeBase64(value)
	if !ok || len(data) < 16 || data[0] != 2 || data[1] != 1 {
		return "", false
	}
	host := string(data[3:min(len(data), 3+int(data[2]))])
	return "it is a macaroon of " + strings.ToValidUTF8(host, "?"), host == "pypi.org" || host == "test.pypi.org"
}

// encodedJSON decodes a JSON object. Its first two characters may be those of the prefix.
func encodedJSON(_, value string) (string, bool) {
	data, ok := decodeBase64(value)
	return "it decodes to a JSON object", ok && len(data) > 0 && data[0] == '{' && json.Valid(data)
}

// discordID decodes the number of the bot that the first part of its token is.
func discordID(_, value string) (string, bool) {
	first, _, _ := strings.Cut(value, ".")
	id, ok := decodeBase64(first)
	return "the number of a bot can be read from it", ok && len(id) >= 15 && strings.Trim(string(id), "0123456789") == ""
}

// azureSignature decodes a signature, which has the 32 bytes of an HMAC-SHA256.
func azureSignature(_, value string) (string, bool) {
	plain, err := url.PathUnescape(value)
	if err != nil {
		return "", false
	}
	data, ok := decodeBase64(plain)
	return "it is a signature of 32 bytes", ok && len(data) == 32
}

// decodeBase64 decodes either alphabet, padded or not.
func decodeBase64(text string) ([]byte, bool) {
	text = strings.TrimRight(text, "=")
	encoding := base64.RawStdEncoding
	if strings.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	data, err := encoding.DecodeString(text)
	return data, err == nil
}

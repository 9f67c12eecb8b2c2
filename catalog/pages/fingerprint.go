package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// fingerprintWords is the number of words below which two pages are alike by chance.
const fingerprintWords = 15

// fingerprint gives a hash of the page's prose that copies of one text share although each names another alert or
// service: names, numbers, addresses and the words of the file's own name are left out. It is "" for pages with too
// little text to compare.
//
// What counts as a name: a word with a digit, with a sign inside ("checkout-api", "node_load1"), with a capital
// after its first letter, or with a capital first letter inside a sentence.
func fingerprint(blocks []string, name string) string {
	own := nameWords(name)
	var words []string
	for _, block := range blocks {
		begins := true // a sentence
		for _, token := range strings.Fields(block) {
			word := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			if word != "" && isPlain(word, begins) {
				if word = strings.ToLower(word); !slices.Contains(own, word) {
					words = append(words, word)
				}
			}
			begins = strings.ContainsAny(token[len(token)-1:], ".!?:|-*>") || word == "" && begins
		}
	}
	if len(words) < fingerprintWords {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return hex.EncodeToString(sum[:8])
}

// isPlain reports whether a word is no name.
func isPlain(word string, begins bool) bool {
	for i, r := range word {
		if i == 0 && begins {
			if !unicode.IsLetter(r) {
				return false
			}
			continue
		}
		if r != '\'' && r != '’' && (!unicode.IsLetter(r) || unicode.IsUpper(r)) {
			return false
		}
	}
	return true
}

// nameWords gives the words of a file's name, split at signs and at capitals: "KubePodDown" has three. Short ones are
// left out: they would be missed in the text of a page whose name happens to hold "is" or "the".
func nameWords(name string) []string {
	var words []string
	word := ""
	flush := func() {
		if utf8.RuneCountInString(word) >= 4 && !slices.Contains(words, word) {
			words = append(words, word)
		}
		word = ""
	}
	for _, r := range name {
		if !unicode.IsLetter(r) || unicode.IsUpper(r) {
			flush()
		}
		if unicode.IsLetter(r) {
			word += string(unicode.ToLower(r))
		}
	}
	flush()
	return words
}

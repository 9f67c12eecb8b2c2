package measure

import (
	"strings"
	"unicode"
)

// normal writes a metric's name as the tables do: lower case, with _ for every other sign.
func normal(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, strings.Trim(name, ":"))
}

// split gives the words of a name in lower case: "ClusterMemoryPool_BlockedNodes" is cluster, memory, pool, blocked,
// nodes. Words that run together, as those that come from Java do, are told apart when all of them are known:
// "failedfetchrequests" is failed, fetch, requests.
func split(name string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		start := 0
		for i := 1; i < len(part); i++ {
			if isUpper(part[i]) && !isUpper(part[i-1]) {
				all = appendWords(all, part[start:i])
				start = i
			}
		}
		all = appendWords(all, part[start:])
	}
	for i := 1; i < len(all); i++ {
		if all[i] == "time" && all[i-1] == "over" {
			all[i] = "" // "events_over_time" is no time
		}
		if all[i] == "xx" && (all[i-1] == "4" || all[i-1] == "5") {
			all[i] = all[i-1] + "xx" // "5_xx" as Amazon writes it
		}
	}
	if len(all) == 0 {
		return []string{""}
	}
	return all
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// Shorter words are not taken apart, and neither are longer ones, which are hashes or nonsense.
const (
	shortestRun = 7
	longestRun  = 64
)

func appendWords(all []string, word string) []string {
	word = strings.ToLower(word)
	if k := known(); len(word) >= shortestRun && len(word) <= longestRun && !k.vocabulary[word] {
		if parts := k.apart(word); parts != nil {
			return append(all, parts...)
		}
	}
	return append(all, word)
}

// apart gives the fewest known words that a word is made of, or nil when it is not made of such.
func (k *knowledge) apart(word string) []string {
	fewest := make([]int, len(word)+1) // number of words that the first bytes are made of, plus 1; 0 when they are not
	from := make([]int, len(word)+1)
	fewest[0] = 1
	for end := 2; end <= len(word); end++ {
		for start := max(0, end-k.longest); start <= end-2; start++ {
			if fewest[start] > 0 && (fewest[end] == 0 || fewest[start]+1 < fewest[end]) && k.vocabulary[word[start:end]] {
				fewest[end], from[end] = fewest[start]+1, start
			}
		}
	}
	if fewest[len(word)] == 0 {
		return nil
	}
	parts := make([]string, fewest[len(word)]-1)
	for end, i := len(word), len(parts)-1; end > 0; end, i = from[end], i-1 {
		parts[i] = word[from[end]:end]
	}
	return parts
}

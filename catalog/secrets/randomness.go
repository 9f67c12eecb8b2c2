package secrets

import (
	"math"
	"strings"
)

// entropy gives the Shannon entropy of a text in bits for each character, by how often each character stands in it.
func entropy(text string) float64 {
	if text == "" {
		return 0
	}
	var count [256]int
	for i := range len(text) {
		count[text[i]]++
	}
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			share := float64(n) / float64(len(text))
			bits -= share * math.Log2(share)
		}
	}
	return bits
}

// enoughEntropy reports whether a text of its length is about as mixed as a random one: n random characters have no more
// than log2(n) bits each, and hexadecimal digits no more than 4.
func enoughEntropy(text string) bool {
	switch n := len(text); {
	case n >= 20:
		return entropy(text) >= 3.2
	case n >= 14:
		return entropy(text) >= 3.1
	default:
		return entropy(text) >= 2.7
	}
}

// withoutDigit is the length from which letters alone can be random: one in fifty texts of 24 random letters and digits
// has no digit.
const withoutDigit = 24

// looksRandom reports whether a text looks like nobody thought of it: letters in upper and lower case, or letters and
// digits, in an order that makes few words.
func looksRandom(text string) bool {
	var count [4]int
	changes := 0
	for i := range len(text) {
		count[classOf(text[i])]++
		if i > 0 && classOf(text[i]) != classOf(text[i-1]) {
			changes++
		}
	}
	letters := count[upper] + count[lower]
	switch {
	case letters == 0:
		return false
	case count[digit] == 0 && (count[upper] == 0 || count[lower] == 0 || len(text) < withoutDigit):
		return false
	case changes*5 < len(text): // words with a number behind them change class twice
		return false
	}
	return 2*wordLetters(text) <= len(text)
}

// class is a kind of character.
type class int

const (
	other class = iota
	upper
	lower
	digit
)

func classOf(c byte) class {
	switch {
	case c >= 'A' && c <= 'Z':
		return upper
	case c >= 'a' && c <= 'z':
		return lower
	case c >= '0' && c <= '9':
		return digit
	}
	return other
}

func isLetter(c byte) bool { return classOf(c) == upper || classOf(c) == lower }

// wordLetters counts the letters that stand in words: runs of four letters or more, of one case but for the first, that
// can be spoken.
func wordLetters(text string) int {
	total, start := 0, 0
	for i := 1; i <= len(text); i++ {
		if i < len(text) && isLetter(text[i]) && isLetter(text[i-1]) && !(classOf(text[i-1]) == lower && classOf(text[i]) == upper) {
			continue
		}
		if word := text[start:i]; len(word) >= 4 && isLetter(word[0]) && spoken(strings.ToLower(word)) {
			total += len(word)
		}
		start = i
	}
	return total
}

// spoken reports whether a word in lower case has vowels, and nowhere more than three other letters in a row.
func spoken(word string) bool {
	vowels, row := 0, 0
	for i := range len(word) {
		if strings.IndexByte("aeiouy", word[i]) >= 0 {
			vowels++
			row = 0
			continue
		}
		if row++; row > 3 {
			return false
		}
	}
	return vowels*5 >= len(word)
}

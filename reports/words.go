package reports

import (
	"strconv"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/scorecard"
)

// number gives a number with commas between its thousands.
func number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// count gives a number with its noun, as in "1 service" or "1,200 services".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(n) + " " + plural(noun)
}

func plural(noun string) string {
	switch {
	case noun == string(catalog.Owners):
		return noun + " files"
	case strings.HasSuffix(noun, "y") && !strings.HasSuffix(noun, "ay"):
		return strings.TrimSuffix(noun, "y") + "ies"
	case strings.HasSuffix(noun, "ss"):
		return noun + "es"
	}
	return noun + "s"
}

// wholePercent gives a score in whole percent, rounded down so that only a full score reads 100; ok is false when
// nothing was possible.
func wholePercent(s scorecard.Score) (percent int, ok bool) {
	p, ok := s.Percent()
	return int(p + 1e-9), ok
}

// wholeUnknown gives the unknown share in whole percent, rounded up so that no unknown is hidden.
func wholeUnknown(s scorecard.Score) int {
	p := s.UnknownPercent()
	if p == 0 {
		return 0
	}
	return int(p + 1 - 1e-9)
}

func scoreText(s scorecard.Score) string {
	p, ok := wholePercent(s)
	if !ok {
		return "–"
	}
	return strconv.Itoa(p) + " %"
}

// unknownText is "" when nothing is unknown, so that a table shows only what needs attention.
func unknownText(s scorecard.Score) string {
	if p := wholeUnknown(s); p > 0 {
		return strconv.Itoa(p) + " %"
	}
	return ""
}

// pointsText gives points with their noun, without needless decimals.
func pointsText(p float64) string {
	if p == 1 {
		return "1 point"
	}
	whole, tenths, _ := strings.Cut(strconv.FormatFloat(p, 'f', 1, 64), ".")
	if n, err := strconv.Atoi(whole); err == nil {
		whole = number(n)
	}
	return strings.TrimSuffix(whole+"."+tenths, ".0") + " points"
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// listOf joins what is not empty.
func listOf(separator string, parts ...string) string {
	var given []string
	for _, p := range parts {
		if p != "" {
			given = append(given, p)
		}
	}
	return strings.Join(given, separator)
}

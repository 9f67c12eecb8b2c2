package site

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast proves that every colour of text reaches the ratio of WCAG AA, in the light and in the dark.
func TestContrast(t *testing.T) {
	light, dark, ok := strings.Cut(styleSource, "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("the style has no dark scheme")
	}
	for scheme, css := range map[string]string{"light": light, "dark": dark} {
		for _, ground := range []string{"ground", "raised"} {
			for _, text := range []string{"ink", "soft", "accent", "warn"} {
				if ratio := contrast(colour(t, css, text), colour(t, css, ground)); ratio < 4.5 {
					t.Errorf("%s: %s on %s has a contrast of %.2f", scheme, text, ground, ratio)
				}
			}
		}
		// Each level is outlined with ink, and the levels that are often beside each other are told apart without it.
		for _, level := range []string{"l0", "l1"} {
			if ratio := contrast(colour(t, css, level), colour(t, css, "ink")); ratio < 3 {
				t.Errorf("%s: the outline of %s has a contrast of %.2f", scheme, level, ratio)
			}
		}
	}
}

func colour(t *testing.T, css, name string) uint64 {
	t.Helper()
	m := regexp.MustCompile(`--` + name + `: #([0-9a-f]{6})`).FindStringSubmatch(css)
	if m == nil {
		t.Fatalf("no colour %s", name)
	}
	rgb, err := strconv.ParseUint(m[1], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	return rgb
}

// contrast is the ratio that WCAG 2 defines.
func contrast(a, b uint64) float64 {
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}

func luminance(rgb uint64) float64 {
	sum := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(rgb>>(8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

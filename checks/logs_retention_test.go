package checks

import (
	"testing"
	"time"
)

func TestRetention(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90d": 90 * day, "12w": 84 * day, "1y": 365 * day, "1y30d": 395 * day, "36h": 36 * time.Hour,
		"90 days": 90 * day, "3 Months": 90 * day, "1 year": 365 * day, "P90D": 90 * day, "p3m": 90 * day, "forever": forever,
		"99999 years": (forever / retentionUnits["year"]) * retentionUnits["year"],
	} {
		if got, ok := retention(text); !ok || got != want {
			t.Errorf("%q: got %v, %v, want %v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "long", "see https://wiki.example/logs", "-90d", "90", "P1Y2M"} {
		if got, ok := retention(text); ok {
			t.Errorf("%q: got %v, want nothing", text, got)
		}
	}
}

func FuzzRetention(f *testing.F) {
	for _, seed := range []string{"90d", "3 months", "P90D", "99999y", "1y1w1d1h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := retention(text); ok && d < 0 {
			t.Errorf("%q is kept for %v", text, d)
		}
	})
}

package scorecard

import (
	"testing"

	"obsready/checks"
)

func TestTurn(t *testing.T) {
	for _, test := range []struct {
		from, to checks.Verdict
		gain     float64
		want     Turn
	}{
		{checks.Fail, checks.Pass, 5, Gained},
		{checks.NotApplicable, checks.Pass, 5, Gained},
		{checks.Fail, checks.Fail, 1, Gained},
		{checks.Fail, checks.Fail, -1, Lost},
		{checks.Fail, checks.Fail, 0, Neither},
		{checks.Pass, checks.Fail, -5, Lost},
		{checks.Pass, checks.Unknown, -5, Lost},
		{checks.Pass, checks.NotApplicable, -5, Lost},
		{checks.Unknown, checks.Fail, 0, Lost},
		{checks.NotApplicable, checks.Fail, 2, Begun},
		{checks.NotAsked, checks.Fail, 0, Begun},
		{checks.Fail, checks.NotApplicable, 0, Neither},
		{checks.Fail, checks.Unknown, 0, Neither},
		{checks.Unknown, checks.NotApplicable, 0, Neither},
		{checks.NotApplicable, checks.Unknown, 0, Neither},
	} {
		if got := (Shift{From: test.from, To: test.to, Gain: test.gain}).Turn(); got != test.want {
			t.Errorf("%s to %s with %v points: got %d, want %d", test.from, test.to, test.gain, got, test.want)
		}
	}
}

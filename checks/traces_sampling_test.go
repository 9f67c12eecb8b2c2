package checks

import "testing"

func TestSamplerShare(t *testing.T) {
	for _, c := range []struct {
		sampler, argument string
		want              float64
		ok                bool
	}{
		{"always_on", "", 1, true},
		{"parentbased_always_off", "", 0, true},
		{"traceidratio", "0.25", 0.25, true},
		{"parentbased_traceidratio", "", 1, true}, // the specification's default
		{"parentbased_traceidratio", "often", 0, false},
		{"parentbased_jaeger_remote", "endpoint=http://jaeger:14250", 0, false},
		{"0.1", "", 0.1, true},
		{"10%", "", 0.1, true},
		{"NaN", "", 0, false},
		{"head", "", 0, false},
	} {
		got, ok := samplerShare(c.sampler, c.argument)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q %q: got %v, %v, want %v, %v", c.sampler, c.argument, got, ok, c.want, c.ok)
		}
	}
}

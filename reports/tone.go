package reports

import "obsready/checks"

// tone is what a text means. A terminal shows it as a colour, beside the words that say it anyway.
type tone string

// The tones, by the attribute that a terminal shows them with.
const (
	neutral tone = ""
	strong  tone = "1"
	quiet   tone = "2"
	bad     tone = "31"
	good    tone = "32"
	unsure  tone = "33"
	named   tone = "36"
)

// paint gives the text in the tone's colour. The text must be plain already.
func (t tone) paint(text string, color bool) string {
	if !color || t == neutral || text == "" {
		return text
	}
	return "\x1b[" + string(t) + "m" + text + "\x1b[0m"
}

func readyTone(ready bool) tone {
	if ready {
		return good
	}
	return bad
}

func levelTone(l checks.Level) tone {
	switch l {
	case checks.None:
		return bad
	case checks.Gold:
		return good
	default:
		return neutral
	}
}

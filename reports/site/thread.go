package site

import (
	"html/template"
	"strings"

	"obsready/checks"
)

// thread is the picture of one thread: a chain of links from left to right, told apart by their form, and the links in
// words below it.
type thread struct {
	Journey string
	SLO     string
	Class   string // as of a verdict
	State   string
	Label   string // the picture in words
	Joints  []joint
	Links   []threadLink
	// Tellers are the alerts that would tell that users of the journey are harmed, after the last of its threads.
	Tellers capped[watched]
}

// joint is one link of the picture. Positions are in percent of its width, so that the picture fits every screen while
// its letters keep their size.
type joint struct {
	Class   string
	X       float64 // of its middle
	From    float64 // where the line to it begins
	Cut     float64 // where that line is cut
	First   bool
	Sign    string
	Word    string
	CutFrom float64
	CutTo   float64
}

type threadLink struct {
	Class string
	Word  string
	Part  string
	Text  template.HTML
	Place link
}

func (p page) threads(threads []checks.Thread, limit int) capped[thread] {
	return capList(threads, 12, limit, p.thread)
}

// journeyThreads gives threads with what would tell of harm to the users of each journey.
func (p page) journeyThreads(threads []checks.Thread, limit int) capped[thread] {
	i := 0
	return capList(threads, 12, limit, func(t checks.Thread) thread {
		view := p.thread(t)
		if i++; i == len(threads) || threads[i].Journey != t.Journey {
			view.Tellers = p.watchedAll(p.site.report.JourneyWatch(t.Journey), 5)
		}
		return view
	})
}

func (p page) thread(t checks.Thread) thread {
	view := thread{Journey: t.Journey.Name.Value, Class: stateClass(t.State()), State: t.Standing()}
	if t.SLO != nil {
		view.SLO = t.SLO.Name.Value
	}
	var words []string
	for i, l := range t.Links {
		view.Joints = append(view.Joints, jointView(l, i, len(t.Links)))
		view.Links = append(view.Links, threadLink{stateClass(l.State), stateWord(l.State), string(l.Part), spans(l.Text), p.place(l.At)})
		words = append(words, string(l.Part)+" "+stateWord(l.State))
	}
	view.Label = upper(strings.Join(words, ", "))
	return view
}

// shortParts are the names of links that are too long below the picture.
var shortParts = map[checks.ThreadPart]string{checks.ThreadAlert: "alert"}

func jointView(l checks.ThreadLink, i, of int) joint {
	step := 100 / float64(of)
	x := step * (float64(i) + 0.5)
	word := shortParts[l.Part]
	if word == "" {
		word = string(l.Part)
	}
	return joint{
		Class: stateClass(l.State), X: x, From: x - step, Cut: x - step/2, CutFrom: x - step/2 - 1.2, CutTo: x - step/2 + 1.2,
		First: i == 0, Sign: stateSigns[l.State], Word: word,
	}
}

var stateSigns = map[checks.State]string{checks.Met: "✓", checks.Unmet: "✕", checks.Undecided: "?"}

// stateClass is the class of the verdict that a state leads to.
func stateClass(s checks.State) string {
	switch s {
	case checks.Met:
		return "p"
	case checks.Unmet:
		return "f"
	default:
		return "u"
	}
}

func stateWord(s checks.State) string {
	switch s {
	case checks.Met:
		return "holds"
	case checks.Unmet:
		return "broken"
	default:
		return "not known"
	}
}

package site

import (
	"html/template"

	"obsready/checks"
	"obsready/reports/picture"
)

// thread is the picture of one thread with its links in words.
type thread struct {
	Journey link // without text on the journey's own page
	SLO     string
	Class   string // as of a verdict
	State   string
	Chain   template.HTML
	Links   []threadLink // those that are told
}

type threadLink struct {
	Class string
	Word  string
	Part  string
	Text  template.HTML
	Place link
}

// threads gives threads with the links that do not hold: the journey's page tells of all.
func (p page) threads(threads []checks.Thread, limit int) capped[thread] {
	return capList(threads, 12, limit, func(t checks.Thread) thread {
		return p.thread(t, func(l checks.ThreadLink) bool { return l.State != checks.Met })
	})
}

// fullThreads gives the threads of one journey with all their links.
func (p page) fullThreads(threads []checks.Thread, limit int) capped[thread] {
	return capList(threads, 12, limit, func(t checks.Thread) thread {
		view := p.thread(t, func(checks.ThreadLink) bool { return true })
		view.Journey = link{}
		return view
	})
}

func (p page) thread(t checks.Thread, told func(checks.ThreadLink) bool) thread {
	view := thread{Journey: p.journeyLink(t.Journey), Class: stateClass(t.State()), State: t.Standing()}
	title := t.Journey.Name.Value
	if t.SLO != nil {
		view.SLO = t.SLO.Name.Value
		title += ", " + view.SLO
	}
	var links []picture.Link
	for _, l := range t.Links {
		links = append(links, picture.Link{Ink: picture.Ink(stateClass(l.State)), Word: shortPart(l.Part)})
		if told(l) {
			view.Links = append(view.Links, threadLink{stateClass(l.State), stateWord(l.State), string(l.Part), spans(l.Text), p.place(l.At)})
		}
	}
	view.Chain = picture.Chain("Thread of "+title, links)
	return view
}

// shortPart gives the name of a link as it stands below the picture.
func shortPart(part checks.ThreadPart) string {
	if part == checks.ThreadAlert {
		return "alert"
	}
	return string(part)
}

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

package checks

import (
	"slices"

	"obsready/catalog"
)

// Thread is the chain that protects one promise of a journey: from the promise to the alert that tells when it breaks,
// whom it wakes, what they read, what they see and how they recover. It is whole when every link holds.
type Thread struct {
	Journey *catalog.Journey
	SLO     *catalog.SLO // nil for a journey without one: the thread is broken at its first link
	Links   []ThreadLink // one for each of ThreadParts, in their order
}

// ThreadPart names a link of a thread.
type ThreadPart string

// The links of a thread in their order.
const (
	ThreadSLO       ThreadPart = "SLO"
	ThreadAlert     ThreadPart = "symptom alert"
	ThreadOwner     ThreadPart = "owner"
	ThreadRunbook   ThreadPart = "runbook"
	ThreadDashboard ThreadPart = "dashboard"
	ThreadRecovery  ThreadPart = "recovery"
)

// ThreadParts lists the links of a thread in their order.
func ThreadParts() []ThreadPart {
	return []ThreadPart{ThreadSLO, ThreadAlert, ThreadOwner, ThreadRunbook, ThreadDashboard, ThreadRecovery}
}

// ThreadLink is one link of a thread: held (Met), broken (Unmet), or not known (Undecided), with what was found there.
type ThreadLink struct {
	Part  ThreadPart
	State State
	Name  string // of what was found, as in the alert's name; "" when nothing was
	Text  string // held: what was believed; broken: the fact and the way out; not known: the cause and the way out
	At    catalog.Place
}

// State is Unmet when a link is broken, else Undecided when one is not known, else Met.
func (t Thread) State() State {
	state := Met
	for _, l := range t.Links {
		switch {
		case l.State == Unmet:
			return Unmet
		case l.State == Undecided:
			state = Undecided
		}
	}
	return state
}

// Standing says in words whether the thread is whole, or at which link it is not: "broken at the runbook".
func (t Thread) Standing() string {
	l := t.Breaks()
	switch {
	case l == nil:
		return "whole"
	case l.State == Unmet:
		return "broken at the " + string(l.Part)
	default:
		return "not known at the " + string(l.Part)
	}
}

// Breaks gives the first link that does not hold, or nil when the thread is whole.
func (t Thread) Breaks() *ThreadLink {
	for _, state := range []State{Unmet, Undecided} {
		for i := range t.Links {
			if t.Links[i].State == state {
				return &t.Links[i]
			}
		}
	}
	return nil
}

// Link gives the link of a part.
func (t Thread) Link(part ThreadPart) ThreadLink {
	return t.Links[slices.Index(ThreadParts(), part)]
}

package checks

import (
	"regexp"
	"time"

	"obsready/catalog"
	"obsready/catalog/dates"
)

// exerciseAge gives how old the newest exercise of the service may be.
func (s *Survey) exerciseAge(svc *catalog.Service) time.Duration {
	if svc.TierNumber() == 1 {
		return s.Settings.ExerciseMaxAgeTier1
	}
	return s.Settings.ExerciseMaxAge
}

// heldOn gives the day on which an exercise took place, of a month its last one that has begun. false when no day is
// stated.
func (s *Survey) heldOn(x *catalog.Exercise) (dates.Day, bool) {
	text := x.Date.Value
	last, ok := dates.Deadline(text)
	if !ok {
		text = dates.Find(text)
		if last, ok = dates.Deadline(text); !ok {
			return dates.Day{}, false
		}
	}
	begun := dates.Begun(s.Now)
	if first, ok := dates.Parse(text); ok && last.After(begun) && !first.After(begun) {
		return begun, true
	}
	return last, true
}

var (
	// calledOff matches outcomes of exercises that did not take place, or not yet.
	calledOff = regexp.MustCompile(`(?i)^\W*(?:cancell?ed|postponed|planned|scheduled|skipped|upcoming|pending|open|to ?do|not (?:yet )?(?:run|held|done|started|executed|performed)(?: yet)?)(?:\W*$|\W*[,;:.(]|\s+(?:to|until|for|because|due)\b)`)
	// failing matches outcomes of exercises in which recovery did not succeed.
	failing = regexp.MustCompile(`(?i)^\W*(?:fail(?:ed|ure)?|unsuccessful(?:ly)?|aborted|incomplete|no success|not (?:successful|restored|recovered|completed|possible)|did not|could not|data (?:was )?lost|❌)(?:\W|$)`)
	// failure matches words in the middle of an outcome that tell of one, and success those that tell how it ended.
	failure = regexp.MustCompile(`(?i)\b(?:fail(?:ed|s|ure)?|(?:could|can|was|were)(?: ?not|n't)(?: be)? \w+|(?:was|were) (?:empty|corrupt(?:ed)?|incomplete|unusable|unreadable|missing|lost)|unrecoverable|unsuccessful(?:ly)?)\b`)
	success = regexp.MustCompile(`(?i)\b(?:restored|recovered|succe(?:ss|eded)\w*|passed|worked|complete[d]?|(?:is|are|was|were) (?:back|there|intact|equal|the same)|in the end|ok)\b`)
)

// failed reports whether an outcome tells that recovery did not succeed. One that tells of a failure and of a success is taken
// for a success in the end.
func failed(outcome string) bool {
	if failing.MatchString(outcome) {
		return true
	}
	return failure.MatchString(outcome) && !success.MatchString(failure.ReplaceAllString(outcome, " "))
}

// exercise is one exercise of a service with the day on which it took place.
type exercise struct {
	catalog.Linked[catalog.Exercise]
	day dates.Day
}

// exercisesHeld gives those of the service's exercises that took place on a day up to today, the newest first where the
// days differ, and the others with what is wrong with their day.
func (s *Survey) exercisesHeld(svc *catalog.Service, wanted func(*catalog.Exercise) bool) (held []exercise, others []catalog.Linked[catalog.Exercise]) {
	for _, x := range svc.Exercises {
		if !wanted(x.Item) {
			continue
		}
		day, ok := s.heldOn(x.Item)
		if !ok || day.After(dates.Begun(s.Now)) || calledOff.MatchString(x.Item.Outcome.Value) {
			others = append(others, x)
			continue
		}
		at := len(held)
		for at > 0 && held[at-1].day.Before(day) {
			at--
		}
		held = append(held, exercise{})
		copy(held[at+1:], held[at:])
		held[at] = exercise{x, day}
	}
	return held, others
}

// LastHeld gives the newest of a service's exercises that took place, of those that are wanted, with its day; nil when none did.
func (s *Survey) LastHeld(svc *catalog.Service, wanted func(*catalog.Exercise) bool) (*catalog.Exercise, dates.Day) {
	held, _ := s.exercisesHeld(svc, wanted)
	if len(held) == 0 {
		return nil, dates.Day{}
	}
	return held[0].Item, held[0].day
}

// stateOther says why an exercise does not count.
func stateOther(in *Inspection, x catalog.Linked[catalog.Exercise]) {
	name, date := exerciseTitle(x.Item), x.Item.Date
	at := date.At.Or(x.Item.At)
	day, ok := in.heldOn(x.Item)
	switch {
	case date.Value == "":
		in.Unmetf(at, "exercise %q has no day. write it as date: 2006-01-02", name).LinkedBy(x.By)
	case !ok:
		in.Unmetf(at, "date %q of exercise %q is no day. write it as 2006-01-02", date.Value, name).LinkedBy(x.By)
	case day.After(dates.Begun(in.Now)):
		in.Unmetf(at, "date %q of exercise %q lies in the future, and no earlier one is recorded. record an exercise when it has taken place", date.Value, name).LinkedBy(x.By)
	default:
		in.Unmetf(x.Item.Outcome.At.Or(at), "exercise %q did not take place: its outcome is %q. hold it and record what came of it", name, beginning(x.Item.Outcome.Value)).LinkedBy(x.By)
	}
}

// requireRecent states whether an exercise is recent enough, and reports it.
func requireRecent(in *Inspection, x exercise, what string) bool {
	age, allowed := x.day.Until(in.Today()), dayCount(in.exerciseAge(in.Service))
	name, at := exerciseTitle(x.Item), x.Item.Date.At.Or(x.Item.At)
	if age > allowed {
		in.Unmetf(at, "the last %s, %q, was on %s, %d days ago. %d days are allowed: hold the next one and record it", what, name, x.day, age, allowed).LinkedBy(x.By)
		return false
	}
	in.Metf(at, "%s %q took place on %s", what, name, x.day).LinkedBy(x.By)
	return true
}

// exerciseTitle names an exercise in a message.
func exerciseTitle(x *catalog.Exercise) string {
	for _, t := range []catalog.Text{x.Name, x.Scenario, x.Kind} {
		if t.Value != "" {
			return beginning(t.Value)
		}
	}
	return x.At.String()
}

// ExerciseDue says by which day the next recovery exercise of the service is to take place, and after which one: the allowed
// age after the newest, or the day that this one names for the next when that is earlier. false when none has taken place.
func (s *Survey) ExerciseDue(svc *catalog.Service) (dates.Day, *catalog.Exercise, bool) {
	held, _ := s.exercisesHeld(svc, func(*catalog.Exercise) bool { return true })
	if len(held) == 0 {
		return dates.Day{}, nil, false
	}
	newest := held[0]
	due := newest.day.AddDays(dayCount(s.exerciseAge(svc)))
	if next, ok := dates.Deadline(newest.Item.Next.Value); ok && next.After(newest.day) && next.Before(due) {
		due = next
	}
	return due, newest.Item, true
}

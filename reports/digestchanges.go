package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"obsready/checks"
	"obsready/scorecard"
)

// changes lists what was gained and lost, the most points first.
func (d digest) changes() string {
	var b strings.Builder
	title, note, moves, shifts := d.changed()
	if title == "" {
		return ""
	}
	fmt.Fprintf(&b, "\n### %s\n\n", d.brief(title))
	if note != "" {
		fmt.Fprintf(&b, "_%s_\n\n", d.brief(note))
	}
	d.writeMoves(&b, moves)
	alike := gather(shifts)
	for _, part := range []struct {
		turn scorecard.Turn
		word string
	}{{scorecard.Lost, "Lost"}, {scorecard.Begun, "New finding"}, {scorecard.Gained, "Gained"}} {
		d.writeShifts(&b, part.word, slices.DeleteFunc(slices.Clone(alike), func(a alikeShifts) bool { return a.Turn() != part.turn }))
	}
	if len(moves)+len(shifts) == 0 {
		b.WriteString("Nothing changed.\n")
	}
	return b.String()
}

// changed gives the changes of the group by the history, else by the comparison; an empty title without either.
func (d digest) changed() (title, note string, moves []scorecard.Move, shifts []scorecard.Shift) {
	h, c := d.report.History, d.report.Comparison
	var all []scorecard.Move
	switch {
	case h != nil && len(h.Weeks) > 1:
		last := len(h.Weeks) - 1
		title = "What changed since " + localDay(h.Weeks[last-1].End)
		note = strings.Join(h.Weeks[last].Marks, "; ")
		if gap := h.Weeks[last-1].Gap; gap != "" {
			note = "what was before is not known: " + gap
		}
		all = slices.DeleteFunc(slices.Clone(h.Moves), func(m scorecard.Move) bool { return m.Week != last })
		shifts = h.Shifts
		if c != nil { // what Grafana showed is in no history
			shifts = slices.Concat(shifts, slices.DeleteFunc(slices.Clone(c.Shifts), func(s scorecard.Shift) bool { return s.By != scorecard.ByLive }))
		}
	case c != nil:
		title = "What changed since " + day(c.Now)
		if c.Ruled {
			note = "The rules or the policy changed since then: a change may be theirs."
		}
		all, shifts = c.Moves, c.Shifts
	}
	moves = slices.DeleteFunc(slices.Clone(all), func(m scorecard.Move) bool { return d.ofTeam != nil && !d.ofTeam(m) })
	shifts = slices.DeleteFunc(slices.Clone(shifts), func(s scorecard.Shift) bool {
		return !d.member(s.Service) || s.From == "" || s.To == "" || s.Turn() == scorecard.Neither
	})
	return title, note, moves, shifts
}

func (d digest) writeMoves(b *strings.Builder, moves []scorecard.Move) {
	for _, m := range moves[:min(d.items, len(moves))] {
		fmt.Fprintf(b, "- %s\n", d.brief(moveText(m)+reasonText(m.By, m.Commit)))
	}
	if n := len(moves) - d.items; n > 0 {
		fmt.Fprintf(b, "- and %s\n", count(n, "more service")+" at another level")
	}
}

// alikeShifts are changes of one verdict by one cause, about several services.
type alikeShifts struct {
	scorecard.Shift // the first one, with the points of all
	services        []string
}

// gather puts changes that are alike together, those of the most points first.
func gather(shifts []scorecard.Shift) []alikeShifts {
	type kind struct {
		check    *checks.Check
		from, to checks.Verdict
		by       scorecard.Reason
		commit   string
		turn     scorecard.Turn
	}
	var all []alikeShifts
	index := map[kind]int{}
	for _, s := range shifts {
		k := kind{s.Check, s.From, s.To, s.By, s.Commit.Hash, s.Turn()}
		i, ok := index[k]
		if !ok {
			i = len(all)
			index[k] = i
			all = append(all, alikeShifts{Shift: s})
			all[i].Gain = 0
		}
		all[i].Gain += s.Gain
		all[i].services = append(all[i].services, s.Service)
	}
	slices.SortStableFunc(all, func(a, b alikeShifts) int { return cmp.Compare(math.Abs(b.Gain), math.Abs(a.Gain)) })
	return all
}

func (d digest) writeShifts(b *strings.Builder, word string, all []alikeShifts) {
	for _, s := range all[:min(d.items, len(all))] {
		points := ""
		if math.Abs(s.Gain) >= 0.05 {
			points = ", " + signedPoints(s.Gain)
		}
		text := cut(plain(s.services[0]), d.text/2)
		if n := len(s.services) - 1; n > 0 {
			text += " and " + count(n, "more service")
		}
		text += ": " + s.Check.Title + ": " + string(s.From) + " → " + string(s.To) + points
		fmt.Fprintf(b, "- **%s** %s%s\n", word, d.brief(text), d.brief(reasonText(s.By, s.Commit)))
	}
	if n := len(all) - d.items; n > 0 {
		fmt.Fprintf(b, "- and %s more %s\n", number(n), strings.ToLower(word))
	}
}

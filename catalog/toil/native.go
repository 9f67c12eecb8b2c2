package toil

import (
	"fmt"

	"obsready/catalog"
	"obsready/catalog/pages"
	"obsready/catalog/tomldoc"
)

// Native is the shape of toil.toml. Its tags are the format: decoding, reference and JSON Schema follow from them, see
// catalog/tomldoc.
type Native struct {
	Toil  NativeLog    `toml:"toil" doc:"Whose work the log is about"`
	Tasks []NativeTask `toml:"task" doc:"One manual task that is done again and again"`
}

// NativeLog is the shape of [toil].
type NativeLog struct {
	At      catalog.Place
	Team    catalog.Text `toml:"team" doc:"Team whose work it is; the team of the folder when it is not stated" example:"\"payments\""`
	Service catalog.Text `toml:"service" doc:"Service that the work is for, when it is all for one"`
	Share   catalog.Text `toml:"share" type:"string|number" doc:"Share of the team's time that is toil" example:"\"35%\""`
}

// NativeTask is the shape of one [[task]].
type NativeTask struct {
	At       catalog.Place
	Task     catalog.Text `toml:"task" required:"true" doc:"What is done by hand" example:"\"restart stuck payouts\""`
	Category catalog.Text `toml:"category" doc:"deployments, data fixes, access requests, support triage, environment setup, release notes, incident reporting or other" example:"\"data fixes\""`
	Often    catalog.Text `toml:"often" doc:"How often it is done" example:"\"12 per month\""`
	Lasts    catalog.Text `toml:"lasts" doc:"How long it takes each time" example:"\"45m\""`
	Ticket   catalog.Text `toml:"ticket" doc:"Issue of its automation: address or key"`
	Owner    catalog.Text `toml:"owner" doc:"Who automates it"`
	Team     catalog.Text `toml:"team" doc:"Team that does it, when it is not the team of the log"`
	Service  catalog.Text `toml:"service" doc:"Service that it is done for"`
	Done     bool         `toml:"done" doc:"It is automated already"`
}

// ReadTOML gives the log of a TOML file, with a gap for everything in it that could not be read. It reports false when
// the file has neither [toil] nor [[task]], and is no log.
func ReadTOML(file string, data []byte) (catalog.Facts, bool) {
	doc, gap := tomldoc.Parse(file, data)
	if gap != nil {
		return catalog.Facts{Gaps: []catalog.Gap{ofKind(gap.Gap)}}, true
	}
	var n Native
	problems := doc.Decode(&n)
	if n.Toil.At.IsZero() && len(n.Tasks) == 0 && len(problems) == 0 {
		return catalog.Facts{}, false
	}
	facts := catalog.Facts{ToilLogs: []*catalog.ToilLog{n.log(file)}}
	for _, p := range problems {
		facts.Gaps = append(facts.Gaps, ofKind(p.Gap))
	}
	facts.Gaps = append(facts.Gaps, n.faults(facts.ToilLogs[0])...)
	return facts, true
}

func ofKind(g catalog.Gap) catalog.Gap {
	g.Kinds = []catalog.Kind{catalog.ToilLogs}
	return g
}

func (n Native) log(file string) *catalog.ToilLog {
	l := &catalog.ToilLog{Team: n.Toil.Team, Service: n.Toil.Service, Share: n.Toil.Share, Percent: percentOf(n.Toil.Share), At: catalog.Place{File: file, Line: 1}}
	for _, t := range n.Tasks {
		e := catalog.ToilEntry{Task: pages.Quote(t.Task), Category: t.Category, Often: t.Often, Lasts: t.Lasts, Ticket: t.Ticket, Owner: t.Owner, Done: t.Done, At: t.At}
		e.Team, e.Service = orElse(t.Team, n.Toil.Team), orElse(t.Service, n.Toil.Service)
		e.Hours, _ = HoursPerYear(e.Often.Value, e.Lasts.Value)
		l.Entries = append(l.Entries, e)
	}
	return l
}

// faults gives a gap for a share that is none, and for each task without a name.
func (n Native) faults(l *catalog.ToilLog) []catalog.Gap {
	var gaps []catalog.Gap
	report := func(at catalog.Place, format string, args ...any) {
		gaps = append(gaps, catalog.Gap{Kinds: []catalog.Kind{catalog.ToilLogs}, At: at, Cause: catalog.BadValue, Detail: fmt.Sprintf(format, args...)})
	}
	if l.Share.Value != "" && l.Percent < 0 {
		report(l.Share.At, "share %q is no share of time. write share = \"35%%\"", l.Share.Value)
	}
	for _, e := range l.Entries {
		if e.Task.Value == "" {
			report(e.At, "the entry has no task. write task = \"what is done by hand\"")
		}
	}
	return gaps
}

func orElse(t, other catalog.Text) catalog.Text {
	if t.Value == "" {
		return other
	}
	return t
}

// percentOf gives a share in percent, -1 when none is stated or it cannot be read.
func percentOf(share catalog.Text) float64 {
	if n, ok := Percent(share.Value); ok {
		return n
	}
	return -1
}

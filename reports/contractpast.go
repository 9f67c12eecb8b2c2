package reports

import "time"

// The types of report.json about the past: history and comparison. A history holds a list of numbers for each thing that
// is counted, with an element for each week, so that ten thousand services of half a year take a few megabytes and a
// list can be drawn as it is. An element is null where nothing is known: see the week's gap.

type jsonWeek struct {
	End    time.Time   `json:"end"`
	Commit *jsonCommit `json:"commit,omitempty"`
	Gap    string      `json:"gap,omitempty"`
	Marks  []string    `json:"marks,omitempty"`
}

type jsonCommit struct {
	Hash    string    `json:"hash"`
	Subject string    `json:"subject,omitempty"`
	Time    time.Time `json:"time,omitzero"`
}

// jsonGroupPast is where a group of services stood.
type jsonGroupPast struct {
	// ID is left out for the estate; it is empty for the services of no team.
	ID       *string    `json:"id,omitempty"`
	Services []*int     `json:"services"`
	Ready    []*int     `json:"ready"`
	NotRated []*int     `json:"notRated"`
	None     []*int     `json:"none"`
	Bronze   []*int     `json:"bronze"`
	Silver   []*int     `json:"silver"`
	Gold     []*int     `json:"gold"`
	Earned   []*float64 `json:"earned"`
	Possible []*float64 `json:"possible"`
	Unknown  []*float64 `json:"unknown"`
}

// jsonServicePast is where a service stood.
type jsonServicePast struct {
	ID       string     `json:"id"`
	Level    []*int     `json:"level"` // 0 none, 1 bronze, 2 silver, 3 gold
	Ready    []*bool    `json:"ready"`
	Earned   []*float64 `json:"earned"`
	Possible []*float64 `json:"possible"`
	Unknown  []*float64 `json:"unknown"`
}

type jsonShift struct {
	Service string      `json:"service"`
	Check   string      `json:"check"`
	From    string      `json:"from,omitempty"`
	To      string      `json:"to,omitempty"`
	Gain    float64     `json:"gain"`
	Turn    string      `json:"turn"`
	By      string      `json:"by"`
	Commit  *jsonCommit `json:"commit,omitempty"`
	Files   []string    `json:"files,omitempty"`
	Text    string      `json:"text,omitempty"`
	At      *jsonPlace  `json:"at,omitempty"`
}

type jsonMove struct {
	// Week is the index of a week of the history; it is left out in a comparison.
	Week    *int        `json:"week,omitempty"`
	Service string      `json:"service"`
	Team    string      `json:"team,omitempty"`
	Change  string      `json:"change"` // "up", "down", "came" or "went"
	From    string      `json:"from,omitempty"`
	To      string      `json:"to,omitempty"`
	By      string      `json:"by"`
	Commit  *jsonCommit `json:"commit,omitempty"`
}

// jsonStanding is where a group of services stood at one moment.
type jsonStanding struct {
	// ID is left out for the estate; it is empty for the services of no team.
	ID       *string        `json:"id,omitempty"`
	Services int            `json:"services"`
	Ready    int            `json:"ready"`
	NotRated int            `json:"notRated"`
	Levels   map[string]int `json:"levels"`
	Score    jsonScore      `json:"score"`
}

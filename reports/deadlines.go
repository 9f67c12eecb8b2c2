package reports

import (
	"bufio"
	_ "embed"
	"io"

	"obsready/catalog"
	"obsready/scorecard"
)

//go:embed deadlines.schema.json
var deadlinesSchema []byte

// DeadlinesSchema gives the JSON Schema (draft 2020-12) of deadlines.json.
func DeadlinesSchema() []byte { return append([]byte(nil), deadlinesSchema...) }

// deadlinesFormat and deadlinesVersion begin every deadlines.json.
const (
	deadlinesFormat  = "obsready deadlines"
	deadlinesVersion = 1
)

type jsonDeadline struct {
	Kind     string    `json:"kind"`
	What     string    `json:"what"`
	Owner    string    `json:"owner,omitempty"`
	Due      string    `json:"due"`
	Late     int       `json:"late"` // days since the day passed; 0 while there is time
	Teams    []string  `json:"teams"`
	Services []string  `json:"services"`
	At       jsonPlace `json:"at"`
}

// writeDeadlines writes every deadline as JSON, the latest ones first.
func writeDeadlines(w io.Writer, r *scorecard.Report) error {
	e := jsonEncoder{w: bufio.NewWriter(w)}
	v := jsonView{revision: r.Estate.Revision}
	e.field("format", deadlinesFormat)
	e.field("version", deadlinesVersion)
	e.field("now", r.Now.UTC())
	eachOf(&e, "deadlines", r.Deadlines, func(d scorecard.Deadline) jsonDeadline { return v.deadline(d, r) })
	return e.close()
}

func (v jsonView) deadline(d scorecard.Deadline, r *scorecard.Report) jsonDeadline {
	return jsonDeadline{
		Kind: string(d.Kind), What: d.What, Owner: d.Owner, Due: d.Due.String(), Late: max(0, d.Late(r.Today())), At: v.place(d.At),
		Teams:    viewsOf(d.Teams, func(t *catalog.Team) string { return t.ID }),
		Services: viewsOf(d.Services, serviceID),
	}
}

package catalog

import "time"

// ThreatModel is one threat model. The five lists answer what it protects, who attacks, what can go wrong, how that would
// be detected and how one would recover; each holds sentences, list items or elements as written.
// Source: Threat Modeling Manifesto, the four questions; PRACTICES for detection and recovery.
type ThreatModel struct {
	Format    string // "markdown", "threat dragon", "threagile", "pytm"
	Title     Text
	Services  []Text // services that it says it is about
	Assets    []Text // what is protected: data, components, trust boundaries
	Attackers []Text
	Threats   []Threat
	Detection []Text
	Recovery  []Text
	// Mitigations are said apart from single threats, so that it is not known which of them answers which.
	Mitigations []Text
	// Partial is a place with the reason why the model may say more than was read; zero when all of it was.
	Partial Text
	// Generated says that the format's tool works the threats out, so that a file without any is not unanswered.
	Generated    bool
	Reviewed     Text // the day of the last review, as written
	Placeholders []Text
	Page         *Page     // of a Markdown model
	Changed      time.Time // committer time of the file's last change; zero when not known
	AtLeastAsOld bool      // the history was not walked further back than Changed
	At           Place
}

// Threat is one threat of a model, with what was decided about it.
type Threat struct {
	ID         Text
	Title      Text
	Severity   Text
	Status     Text // as written
	State      ThreatState
	Mitigation Text
	Owner      Text // who mitigates or accepts it
	Due        Text // as written
	Ticket     Text
	Case       bool // it stands in a list of abuse cases: a way in which one of the other threats may come true
	At         Place
}

// ThreatState is what was decided about a threat.
type ThreatState string

// The states of a threat.
const (
	ThreatOpen      ThreatState = "open"
	ThreatMitigated ThreatState = "mitigated"
	ThreatAccepted  ThreatState = "accepted"
	ThreatPlanned   ThreatState = "in progress"
	ThreatDismissed ThreatState = "not applicable"
	ThreatUnstated  ThreatState = "" // nothing is stated
)

// Change is a change of a service's entry that calls for another look at its threats.
type Change struct {
	When  time.Time // committer time
	What  string    // `dependency "ledger" was added`, `exposure became "internet"`
	Begin bool      // the service was added
}

// Attestation is somebody's word for what no file can show. It holds through the day of Until.
type Attestation struct {
	Check     Text // ID of the check that it answers
	Statement Text
	Link      Text
	Owner     Text
	Until     Text // a day, as 2006-01-02
	Service   Text // it is about this service only, …
	Team      Text // … or the services of this team; about all services when both are left out
	At        Place
}

package catalog

import "time"

// Recovery is what a service's entry states about its recovery.
type Recovery struct {
	RTO      Text // how long it may be away, as in "1h"
	RPO      Text // how much data may be lost, as time, as in "5m"
	Plan     Text // path or address of the recovery plan
	Rollback Text // how a release is taken back: a command, a path or an address
	Durable  Text // "true" when it keeps data that cannot be made again, "false" when it does not
}

// RecoveryPlan is a document that says how services come back.
type RecoveryPlan struct {
	Title        Text
	Services     []Text // services that it says it is about
	RTO, RPO     Text   // as written, the number with its unit
	Steps        []Text // what is done, in order
	Contacts     []Text // who is called
	Rollback     []Text // how a release is taken back
	Restore      []Text // how data comes back
	Reviewed     Text   // the day of the last review, as written
	Placeholders []Text
	Page         *Page
	At           Place
}

// Exercise is the record of one recovery exercise: a restore, a failover, a game day.
type Exercise struct {
	Name         Text
	Services     []Text
	Date         Text // as written
	Kind         Text // "restore", "failover", "rollback", "game day", "tabletop", as written
	Restores     bool // data was restored from a backup
	RollsBack    bool
	Scenario     Text
	Participants []Text
	Steps        []Text
	Outcome      Text
	Lasted       Text // how long recovery took, as written
	Next         Text // the day of the next one, as written
	Actions      []ActionItem
	At           Place
}

// IncidentProcess is a document, or one page of several, that says how incidents are handled. The texts are headings,
// sentences, rows or list items as written.
// Sources: Google SRE book, ch. 14 "Managing Incidents"; PagerDuty incident response documentation.
type IncidentProcess struct {
	Title           Text
	Severities      []Text // the levels that it declares
	Commander       []Text // what the incident commander does
	Communication   []Text // who keeps people inside informed
	Diagnosis       []Text // who investigates
	Mitigation      []Text // who changes the system
	CustomerUpdates []Text // who tells users
	Timeline        []Text // that a timeline with times is kept
	MitigateFirst   []Text // that mitigation comes before the root cause
	FollowUp        []Text // that actions are captured afterwards
	Reviewed        Text   // the day of the last review, as written
	Placeholders    []Text
	Page            *Page
	At              Place
}

// Postmortem is the report of one incident.
// Source: Google SRE book, ch. 15 "Postmortem Culture" and appendix D.
type Postmortem struct {
	Title        Text
	ID           Text
	Services     []Text // services that it says were hit
	Date         Text   // of the incident, as written
	Severity     Text
	Status       Text
	Security     bool // it was a security incident
	Sections     []PostmortemSection
	Causes       []Text // sentences and list items that say what contributed
	Gap          []Text // what kept the incident from being noticed at once, or would have shown it
	Actions      []ActionItem
	Placeholders []Text
	Page         *Page
	Template     bool      // it is the form to be filled in
	Changed      time.Time // committer time of the file's last change; zero when not known
	At           Place
}

// PostmortemSection is one part of a postmortem, by what it means.
type PostmortemSection struct {
	Part    PostmortemPart
	Heading Text // as written
	Words   int  // of prose below it
	Entries int  // list items and table rows below it
	Open    bool // nothing but placeholders stands below it
}

// PostmortemPart is what a part of a postmortem is about.
type PostmortemPart string

// The parts of a complete postmortem.
const (
	Impact              PostmortemPart = "impact"
	Timeline            PostmortemPart = "timeline"
	DetectionGap        PostmortemPart = "detection gap"
	ContributingFactors PostmortemPart = "contributing factors"
	WentWell            PostmortemPart = "what went well"
	WentPoorly          PostmortemPart = "what went poorly"
	ActionItems         PostmortemPart = "action items"
	Improvements        PostmortemPart = "system improvements"
)

// PostmortemParts lists the parts in report order.
var PostmortemParts = []PostmortemPart{Impact, Timeline, DetectionGap, ContributingFactors, WentWell, WentPoorly, ActionItems, Improvements}

// ActionItem is something that somebody promised to do.
type ActionItem struct {
	Text   Text
	Owner  Text
	Due    Text // as written
	Status Text // as written
	Done   bool
	Ticket Text // address or key of the issue
	At     Place
}

// ToilLog is one list of manual operational work.
// Source: Google SRE book, ch. 5 "Eliminating Toil".
type ToilLog struct {
	Team    Text // whose work it is, as stated
	Service Text
	Share   Text    // the share of the team's time that is toil, as written
	Percent float64 // that share in percent; -1 when it is not stated
	Entries []ToilEntry
	At      Place
}

// ToilEntry is one manual task.
type ToilEntry struct {
	Task     Text
	Category Text // as written; see ToilCategories
	Team     Text
	Service  Text
	Often    Text    // as written: "12 per month", "weekly"
	Lasts    Text    // as written: "45m", "2 h"
	Hours    float64 // hours a year; 0 when it cannot be worked out
	Ticket   Text    // of its automation
	Owner    Text    // of its automation
	Done     bool    // it is automated already
	At       Place
}

// ToilCategories are the kinds of toil.
var ToilCategories = []string{"deployments", "data fixes", "access requests", "support triage", "environment setup", "release notes", "incident reporting", "other"}

package measure

import "obsready/catalog"

// Class is what an alert measures.
type Class string

// The classes.
const (
	Symptom Class = "symptom"
	Cause   Class = "cause"
	Meta    Class = "meta"
	Unknown Class = "unknown"
)

// Dimension is the side of a service that is measured.
type Dimension string

// The dimensions that users care about, which are those that an SLO can promise, and then those of the inside.
const (
	Availability Dimension = "availability"
	Errors       Dimension = "errors"
	Latency      Dimension = "latency"
	Correctness  Dimension = "correctness"
	Freshness    Dimension = "freshness"
	Durability   Dimension = "durability"
	Throughput   Dimension = "throughput"
	RecoveryTime Dimension = "recovery time"
	Budget       Dimension = "error budget" // the burn of an SLO whose indicator is not known

	Saturation Dimension = "saturation"
	Resource   Dimension = "resource"
	State      Dimension = "state"
	Change     Dimension = "change"
	Expiry     Dimension = "expiry"
	Monitoring Dimension = "monitoring"
	Heartbeat  Dimension = "heartbeat"
	Other      Dimension = "" // none of these
)

// dimensions lists every dimension but Other.
var dimensions = []Dimension{Availability, Errors, Latency, Correctness, Freshness, Durability, Throughput, RecoveryTime, Budget, Saturation, Resource, State, Change, Expiry, Monitoring, Heartbeat}

// Confidence is how sure a judgement is.
type Confidence int

// How sure a judgement is. Low is a guess from what is usual: good enough to sort a list, and too little for a verdict.
const (
	Low Confidence = iota
	Medium
	High
)

var confidenceWords = [...]string{"low", "medium", "high"}

func (c Confidence) String() string { return confidenceWords[c] }

// Reason is one thing that led to a judgement, in words that can stand in a sentence after "because".
type Reason struct {
	Text string
	At   catalog.Place
}

// Judgement is what an alert or an indicator measures, how sure that is, and why.
type Judgement struct {
	Class      Class
	Dimension  Dimension
	Confidence Confidence
	Reasons    []Reason // the deciding one first; never empty
	// Declared is the class that a label of the rule states, "" without one. It is respected: Class is the same then.
	Declared Class
	// Measured is the class of the expression alone. It differs from Declared when the two contradict each other.
	Measured Class
}

// Sure reports whether the judgement can carry a verdict.
func (j Judgement) Sure() bool { return j.Class != Unknown && j.Confidence > Low }

// Denies reports whether it is as good as certain that users do not feel what is measured. To say that of an alert which
// somebody is woken by takes more than to believe that it tells of harm: of judgements with medium confidence that call
// something a cause about one in six is wrong.
func (j Judgement) Denies() bool {
	return (j.Class == Cause || j.Class == Meta) && (j.Confidence == High || j.Declared == j.Class)
}

// Contradicts reports whether the declared class is another than what the expression measures for sure.
func (j Judgement) Contradicts() bool {
	return j.Declared != "" && j.Measured != Unknown && j.Measured != j.Declared && j.Confidence > Low
}

// Because gives the deciding reason.
func (j Judgement) Because() string { return j.Reasons[0].Text }

// Measurement gives the deciding reason of what was measured, whatever a label declares.
func (j Judgement) Measurement() string {
	if j.Declared != "" && len(j.Reasons) > 1 {
		return j.Reasons[1].Text
	}
	return j.Because()
}

// At gives the place of the deciding reason.
func (j Judgement) At() catalog.Place { return j.Reasons[0].At }

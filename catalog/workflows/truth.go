package workflows

// Truth is the answer to a question about a pipeline of which parts may only be known when it runs. The surer it is that the
// answer is yes, the larger is its value.
type Truth int

const (
	No Truth = iota
	Maybe
	Yes
)

// TruthOf gives Yes or No.
func TruthOf(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// Not gives the answer to the opposite question.
func (t Truth) Not() Truth { return Yes - t }

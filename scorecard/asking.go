package scorecard

import (
	"fmt"
	"time"

	"obsready/catalog"
	"obsready/checks"
)

// Asking asks the checks of a policy about the services of one estate, one question at a time. It is for callers that
// need some verdicts and no report; [Evaluate] asks in the same way. It may be used by many goroutines at once.
type Asking struct {
	Checks []*checks.Check // of the set, as the policy asks them; see [Policy.CheckSet]

	policy *Policy
	survey *checks.Survey
}

// NewAsking prepares to ask what [Evaluate] asks. Nothing that is passed in is changed.
func NewAsking(estate *catalog.Estate, set []*checks.Check, policy *Policy, now time.Time) *Asking {
	return &Asking{Checks: policy.CheckSet(set), policy: policy, survey: checks.NewSurvey(estate, &policy.Settings, now)}
}

// About begins to ask about one service of the estate. What it gives is for one goroutine.
func (a *Asking) About(svc *catalog.Service) *checks.Subject { return a.survey.About(svc) }

// Ask asks one of the checks about a service. A check that panics has a fault of its own, which says nothing about the
// service: the verdict is unknown.
func (a *Asking) Ask(check *checks.Check, about *checks.Subject) Result {
	return a.policy.value(about.Service, inspect(check, about))
}

func inspect(check *checks.Check, about *checks.Subject) (result checks.Result) {
	defer func() {
		if fault := recover(); fault != nil {
			reason := fmt.Sprintf("the check failed inside: %v. please report it as a bug of the check %q", fault, check.ID)
			result = checks.Result{Check: check, Verdict: checks.Unknown, Reason: reason,
				Requirements: []checks.Requirement{{State: checks.Undecided, At: about.Service.At, Message: reason}}}
		}
	}()
	return check.Inspect(about)
}

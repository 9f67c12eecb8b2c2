package reports

import (
	"obsready/catalog"
	"obsready/scorecard"
)

// answerSection says how far the four questions are answered, and of what is missing the first things, at most so many of
// each.
func answerSection(answers []scorecard.Answer, most int) section {
	s := section{title: "The four questions"}
	for _, a := range answers {
		i := item{text: string(a.Question), status: cell{string(a.Status), answerTone(a.Status)}}
		shown := min(len(a.Missing), most)
		for _, missing := range a.Missing[:shown] {
			i.details = append(i.details, "missing: "+missing)
		}
		switch n := len(a.Missing) - shown; {
		case n > 0 && shown > 0:
			i.details[shown-1] += andMore(n)
		case n > 0:
			i.status.text += ", " + number(n) + " missing"
		}
		s.items = append(s.items, i)
	}
	return s
}

func answerTone(s scorecard.AnswerStatus) tone {
	switch s {
	case scorecard.Answered:
		return good
	case scorecard.NotAnswered:
		return bad
	default:
		return unsure
	}
}

// reflectionSection gives the first of each reflection answer.
func reflectionSection(r scorecard.Reflection) section {
	s := section{title: "To reflect on"}
	if n := len(r.Unpromised); n > 0 {
		first := r.Unpromised[0]
		s.items = append(s.items, item{text: scorecard.AskPromise, details: []string{first.Service.ID + " (tier " + number(first.Service.TierNumber()) + "): " + first.Why + andMore(n-1)}})
	}
	if n := len(r.Late); n > 0 {
		first := r.Late[0]
		s.items = append(s.items, item{text: scorecard.AskLate, details: []string{string(first.Purpose) + ": " + stageText(first.Stage) + " for " + count(len(first.Services), "service") + ", could run at the stage " + string(first.Could) + andMore(n-1)}})
	}
	if n := len(r.Automate); n > 0 {
		first := r.Automate[0]
		s.items = append(s.items, item{text: scorecard.AskAutomate, details: []string{first.Task + ": " + count(int(first.Hours+0.5), "hour") + " a year" + andMore(n-1)}})
	}
	s.detail = "what to reflect on"
	return s
}

func stageText(s catalog.Stage) string {
	if s == catalog.NoStage {
		return "never runs by itself"
	}
	return "runs first at the stage " + string(s)
}

func andMore(n int) string {
	if n == 0 {
		return ""
	}
	return " (and " + number(n) + " more)"
}

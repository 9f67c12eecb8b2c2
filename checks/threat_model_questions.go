package checks

import (
	"fmt"

	"obsready/catalog"
)

var threatModelQuestions = &Check{
	ID:       "threat-model-questions",
	Title:    "The threat model answers all five questions",
	Why:      "A list of threats alone changes little: without what is at stake nobody can rank them, and without detection and recovery an attack that succeeds is noticed late and repaired in a hurry.",
	Fix:      "Answer below headings of their own: `## What are we protecting?`, `## Who can attack it?`, `## What can go wrong?`, `## How would we detect it?`, `## How would we recover?`. A template's prompt and TBD are no answers.",
	Source:   "Threat Modeling Manifesto, the four questions; detection and recovery as NIST CSF asks for them (Detect, Respond, Recover).",
	Pillar:   Threats,
	Question: Protect,
	Severity: Medium,
	Level:    Silver,
	Needs:    []catalog.Kind{catalog.ThreatModels},
	Run: func(in *Inspection) {
		models := threatModels(in)
		if len(models) == 0 {
			return
		}
		for _, q := range threatQuestions {
			requireAnswer(in, models, q)
		}
	},
}

// threatQuestion is one of the questions that a threat model answers.
type threatQuestion struct {
	key     string
	asks    string // as a heading puts it
	lacks   string // what a model without an answer does not say
	answers func(m *catalog.ThreatModel) []catalog.Text
}

var threatQuestions = []threatQuestion{
	{"assets", "What are we protecting?", "what is protected", func(m *catalog.ThreatModel) []catalog.Text { return m.Assets }},
	{"attackers", "Who can attack it?", "who can attack it", func(m *catalog.ThreatModel) []catalog.Text { return m.Attackers }},
	{"threats", "What can go wrong?", "what can go wrong", func(m *catalog.ThreatModel) []catalog.Text {
		var titles []catalog.Text
		for _, t := range m.Threats {
			titles = append(titles, catalog.Text{Value: t.Title.Value, At: t.At})
		}
		return titles
	}},
	{"detection", "How would we detect it?", "how an attack would be detected", func(m *catalog.ThreatModel) []catalog.Text { return m.Detection }},
	{"recovery", "How would we recover?", "how one would recover from an attack", func(m *catalog.ThreatModel) []catalog.Text { return m.Recovery }},
}

// requireAnswer states whether one of the models answers a question. Models of one service may share the work.
func requireAnswer(in *Inspection, models []catalog.Linked[catalog.ThreatModel], q threatQuestion) {
	for _, m := range models {
		if answers := q.answers(m.Item); len(answers) > 0 {
			in.Metf(answers[0].At, "%s %s%s", q.asks, excerpt(answers[0].Value), more(len(answers)-1)).LinkedBy(m.By)
			return
		}
	}
	for _, m := range models {
		if q.key == "threats" && m.Item.Generated {
			in.Metf(m.Item.At, "%s %s works the threats out of the model's elements", q.asks, formatName(m.Item)).LinkedBy(m.By)
			return
		}
	}
	for _, m := range models {
		if m.Item.Partial.Value != "" {
			in.Undecidedf(m.Item.Partial.At, "whether the threat model %s says %s is not known: %s", modelName(m.Item), q.lacks, m.Item.Partial.Value).LinkedBy(m.By)
			return
		}
	}
	m := fullestModel(models)
	in.Missingf(m.Item.At, "the threat model %s does not say %s. %s", modelName(m.Item), q.lacks, answerWayOut(m.Item, q)).
		Because("threat model "+m.Item.At.File+" "+q.key, "the threat model %s does not say %s", modelName(m.Item), q.lacks).LinkedBy(m.By)
}

// fullestModel gives the model that answers the most questions, which is the one to add an answer to.
func fullestModel(models []catalog.Linked[catalog.ThreatModel]) catalog.Linked[catalog.ThreatModel] {
	best, most := models[0], -1
	for _, m := range models {
		answered := 0
		for _, q := range threatQuestions {
			if len(q.answers(m.Item)) > 0 {
				answered++
			}
		}
		if answered > most {
			best, most = m, answered
		}
	}
	return best
}

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

func answerWayOut(m *catalog.ThreatModel, q threatQuestion) string {
	if m.Format == "markdown" {
		return fmt.Sprintf("answer it below a heading %q", q.asks)
	}
	if q.key == "detection" || q.key == "recovery" {
		return fmt.Sprintf("the format %s has no place for it but the mitigations: say it there, or in a threat-model.md beside it", formatName(m))
	}
	return "add it to the model, or say it in a threat-model.md beside it"
}

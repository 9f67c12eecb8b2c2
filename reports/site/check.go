package site

import (
	"cmp"
	"html/template"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"obsready/checks"
	"obsready/reports/picture"
	"obsready/scorecard"
)

// checkView is what a check's page shows: what it asks and why, how to mend it, and where that is to be done.
type checkView struct {
	frame
	checkEntry
	Statement string
	Question  link
	Pillar    link
	Tiers     []pair // levels by tier, where they differ
	Source    template.HTML
	Needs     string
	Attest    string
	Why, Fix  template.HTML
	Snippets  []string
	Bar       template.HTML
	Failing   openGroups
	Undecided openGroups
	Passing   capped[link]
	Idle      []idleServices
}

func (p page) checkPage(s *checkStanding) checkView {
	c := s.check
	view := checkView{
		frame:      p.frame(c.ID, p.estateLink(), link{"Checks", p.root + "checks.html"}),
		checkEntry: p.checkEntry(s),
		Statement:  checkStatement(s),
		Question:   p.questionLink(c.Question),
		Pillar:     link{upper(string(c.Pillar)), p.root + "checks.html#" + anchor("pillar "+string(c.Pillar))},
		Tiers:      tierLevels(c),
		Source:     spans(c.Source),
		Needs:      kindList(c.Needs),
		Attest:     c.Attest,
		Why:        p.site.explained[c.ID].Why,
		Fix:        copyable(p.site.explained[c.ID].Fix),
		Snippets:   snippets(c.Fix),
		Bar:        checkBar(s),
		Failing:    p.openGroups(s, s.failing, checks.Unmet),
		Undecided:  p.openGroups(s, s.undecided, checks.Undecided),
		Passing:    p.passing(s),
		Idle:       p.idleServices(s),
	}
	view.Section, view.Detail, view.Pictures = "checks", true, true
	view.Copies = len(view.Snippets) > 0 || strings.Contains(string(view.Fix), "<pre data-copy")
	return view
}

// questionLink leads to the estate's answers; without a service there are none.
func (p page) questionLink(q checks.Question) link {
	if len(p.site.report.Cards) == 0 {
		return link{Text: string(q)}
	}
	return link{string(q), p.root + "index.html#answers"}
}

// checkStatement says in one sentence how the check went.
func checkStatement(s *checkStanding) string {
	judged := s.pass + s.fail + s.unknown
	all := "all " + number(judged) + " services"
	if judged == 1 {
		all = "the one service"
	}
	switch {
	case judged == 0:
		return "There is nothing to require of any service."
	case s.pass == judged:
		return "Passes for " + all + " that it applies to."
	case s.fail == judged:
		return "Fails for " + all + " that it applies to."
	case s.unknown == judged:
		return "Not known for " + all + " that it applies to."
	case s.fail == 0:
		return "Not known for " + number(s.unknown) + " of " + number(judged) + " services, and fails for none."
	}
	return "Fails for " + number(s.fail) + " of " + number(judged) + " services."
}

func checkBar(s *checkStanding) template.HTML {
	return picture.Bar("Services by verdict", []picture.Part{
		{Ink: picture.Fail, Word: "fail", Count: s.fail}, {Ink: picture.Unknown, Word: "unknown", Count: s.unknown},
		{Ink: picture.Pass, Word: "pass", Count: s.pass}, {Ink: picture.NotRated, Word: "not applicable or not asked", Count: s.notApplies},
	})
}

// tierLevels gives the level of the check for each tier that has one of its own.
func tierLevels(c *checks.Check) []pair {
	var pairs []pair
	for _, tier := range slices.Sorted(maps.Keys(c.TierLevels)) {
		who := "tier " + strconv.Itoa(tier)
		if c.Exposed {
			who += " that the internet reaches"
		}
		pairs = append(pairs, pair{who, c.TierLevels[tier].String()})
	}
	return pairs
}

// copyable marks blocks of code for the script that gives them a button.
func copyable(html template.HTML) template.HTML {
	return template.HTML(strings.ReplaceAll(string(html), "<pre><code", "<pre data-copy><code"))
}

var (
	codeSpan = regexp.MustCompile("`([^`]+)`")
	// What is written into a file as it stands: a key with its value in TOML or YAML, or a list entry.
	snippet = regexp.MustCompile(`^(- )?[A-Za-z_][\w./-]*( = |: )\S`)
)

// snippets gives the pieces of code in the text of a fix that can be copied into a file.
func snippets(fix string) []string {
	var found []string
	for _, m := range codeSpan.FindAllStringSubmatch(fix, -1) {
		if code := m[1]; snippet.MatchString(code) && !slices.Contains(found, code) {
			found = append(found, code)
		}
	}
	return found
}

// openGroups are services that do not pass a check, by their teams.
type openGroups struct {
	Services int
	Teams    capped[openGroup]
}

type openGroup struct {
	Team     link
	Services capped[openService]
}

// openService is a service that does not pass a check, with the first reason.
type openService struct {
	Service link
	Level   level
	First   requirement
	More    int // findings beside the first
}

// maxOpen is how many services that do not pass a check's page tells of, over all teams.
const maxOpen = 240

// openGroups gives services by their teams, the team with the most of them first.
func (p page) openGroups(s *checkStanding, cards []*scorecard.Card, state checks.State) openGroups {
	byTeam := map[string][]*scorecard.Card{}
	for _, c := range cards {
		name := p.ownerLink(c.Service).Text
		byTeam[name] = append(byTeam[name], c)
	}
	names := slices.SortedFunc(maps.Keys(byTeam), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(byTeam[b]), len(byTeam[a])), strings.Compare(a, b))
	})
	limit := min(60, max(3, maxOpen/max(1, len(names))))
	return openGroups{len(cards), capList(names, 20, 100, func(name string) openGroup {
		return openGroup{p.ownerLink(byTeam[name][0].Service), capList(byTeam[name], 5, limit, func(c *scorecard.Card) openService {
			return p.openService(s, c, state)
		})}
	})}
}

func (p page) openService(s *checkStanding, card *scorecard.Card, state checks.State) openService {
	view := openService{Service: p.resultLink(card, s.check), Level: ratedLevel(card, card.Level)}
	r := s.result(card)
	if r == nil {
		return view
	}
	for _, q := range r.Requirements {
		switch {
		case q.State != state:
		case view.First.Message == "":
			view.First = p.requirement(q)
		default:
			view.More++
		}
	}
	if view.First.Message == "" {
		view.First.Message = r.Reason
	}
	return view
}

// passing gives the services that pass.
func (p page) passing(s *checkStanding) capped[link] {
	var cards []*scorecard.Card
	for _, c := range p.site.report.Cards {
		if r := s.result(c); r != nil && r.Verdict == checks.Pass {
			cards = append(cards, c)
		}
	}
	return capList(cards, 0, 200, func(c *scorecard.Card) link { return p.resultLink(c, s.check) })
}

// idleServices is the services about which the check says nothing for one reason.
type idleServices struct {
	Verdict  verdict
	Reason   string
	Services capped[link]
}

// idleServices gives the reasons for which the check says nothing, the most frequent first.
func (p page) idleServices(s *checkStanding) []idleServices {
	type reason struct {
		verdict checks.Verdict
		text    string
	}
	byReason := map[reason][]*scorecard.Card{}
	var order []reason
	for _, c := range p.site.report.Cards {
		r := s.result(c)
		if r == nil || r.Verdict.Judged() {
			continue
		}
		key := reason{r.Verdict, r.Reason}
		if byReason[key] == nil {
			order = append(order, key)
		}
		byReason[key] = append(byReason[key], c)
	}
	slices.SortStableFunc(order, func(a, b reason) int { return cmp.Compare(len(byReason[b]), len(byReason[a])) })
	var views []idleServices
	for _, key := range order[:min(maxIdle, len(order))] {
		views = append(views, idleServices{verdictView(key.verdict), key.text, capList(byReason[key], 6, 40, func(c *scorecard.Card) link { return p.resultLink(c, s.check) })})
	}
	return views
}

// maxIdle is how many reasons to say nothing a check's page tells: some name the service, so that each has its own.
const maxIdle = 30

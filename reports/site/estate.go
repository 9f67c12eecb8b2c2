package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/scorecard"
)

// estateView is what index.html shows.
type estateView struct {
	frame
	Name        string
	Commit      link
	CommitDate  string
	Uncommitted bool
	Shallow     bool
	Sources     string // beside the catalog's own files
	Run         string
	RuleSet     string
	Listed      string
	Read        string
	Kinds       []kindCount
	Group       group
	Answers     []answer
	Teams       []teamRow
	Actions     capped[action]
	Threads     capped[thread]
	Causes      capped[cause]
	Worst       []worst
	Pillars     []string
	Rows        []row
	Promises    capped[promise]
	Orphans     []string // how many pieces of evidence of each kind belong to no service
	OrphanCount string
	Gaps        capped[gap]
	GapCauses   []kindCount

	Reflection   reflection
	Due          due
	Attestations []attestation
}

func (p page) estate() estateView {
	r := p.site.report
	rev := r.Estate.Revision
	f := p.frame("Observability readiness of " + p.catalogName())
	f.Tables = len(r.Cards) > 1
	deadlines := p.due(r.Deadlines, 10, CalendarFile)
	deadlines.List = "deadlines.json"
	return estateView{
		Reflection:   p.reflection(r.Reflection, operated(r.Cards)),
		Due:          deadlines,
		Attestations: p.attestations(r.Attestations),

		frame:       f,
		Name:        p.catalogName(),
		Commit:      commitLink(rev),
		CommitDate:  date(rev.Time),
		Uncommitted: rev.WorkTree,
		Shallow:     rev.Shallow,
		Sources:     r.Sources(),
		Run:         moment(r.Now),
		RuleSet:     r.RuleSet,
		Listed:      number(r.Estate.Counts.Listed),
		Read:        number(r.Estate.Counts.Read),
		Kinds:       kindCounts(r.Estate.Counts.Kinds),
		Group:       groupView(r.Summary),
		Answers:     p.answers(r.Answers, detail{Shown: 5, Limit: 20, Quoted: 1}),
		Teams:       p.teamRows(),
		Actions:     p.actions(r.Actions, 7),
		Threads:     p.journeyThreads(r.Threads, 60),
		Causes:      capList(r.Causes, 5, 10, p.causeNames),
		Worst:       p.worst(),
		Pillars:     p.pillarNames(),
		Rows:        p.rows(r.Cards),
		Promises:    p.promises(r.Promises, 15),
		Orphans:     orphanCounts(r.Estate.Orphans),
		OrphanCount: number(len(r.Estate.Orphans)),
		Gaps:        p.gaps(r.Estate.Gaps, 5, 5),
		GapCauses:   gapCounts(r.Estate.Gaps),
	}
}

// operated counts the services that somebody operates.
func operated(cards []*scorecard.Card) int {
	n := 0
	for _, c := range cards {
		if c.Service.Operated() {
			n++
		}
	}
	return n
}

// catalogName is the web address of the catalog without its scheme, or words for it.
func (p page) catalogName() string {
	web := p.site.report.Estate.Revision.Web
	if web == "" {
		return "this catalog"
	}
	if _, rest, ok := strings.Cut(web, "://"); ok {
		web = rest
	}
	return strings.TrimSuffix(web, "/")
}

// commitLink gives the short hash of the commit that was read and leads to the commit where the code host's form of
// addresses is known.
func commitLink(rev catalog.Revision) link {
	if rev.Commit == "" {
		return link{}
	}
	short := rev.Commit[:min(10, len(rev.Commit))]
	for _, form := range [][2]string{
		{"/-/blob/{commit}", "/-/commit/"}, // GitLab
		{"/blob/{commit}", "/commit/"},     // GitHub
		{"/src/commit/{commit}", "/commit/"},
		{"/src/{commit}", "/commits/"}, // Bitbucket
	} {
		if base, _, ok := strings.Cut(string(rev.Permalink), form[0]); ok {
			return link{short, outward(base + form[1] + rev.Commit)}
		}
	}
	return link{short, ""}
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 January 2006, 15:04 UTC")
}

type kindCount struct {
	Kind  string
	Count string
}

func kindCounts(kinds map[catalog.Kind]int) []kindCount {
	var counts []kindCount
	for _, k := range catalog.Kinds {
		if n := kinds[k]; n > 0 {
			counts = append(counts, kindCount{upper(string(k)), number(n)})
		}
	}
	return counts
}

// teamRow is one team in the table of teams.
type teamRow struct {
	Team       link
	Services   int
	Ready      int
	Bands      []band
	LevelsText string
	Score      string
	Unknown    string
	Action     template.HTML
}

func (p page) teamRows() []teamRow {
	rows := make([]teamRow, len(p.site.report.Teams))
	for i, t := range p.site.report.Teams {
		rows[i] = teamRow{
			Team:       link{t.Name(), p.root + p.site.teams.at[i]},
			Services:   t.Summary.Services,
			Ready:      t.Summary.Ready,
			Bands:      bands(t.Summary),
			LevelsText: levelsText(t.Summary),
			Score:      percent(t.Summary.Score),
			Unknown:    unknownPercent(t.Summary.Score),
		}
		if len(t.Actions) > 0 {
			rows[i].Action = spans(t.Actions[0].Text)
		}
	}
	return rows
}

// worst is a check that fails for many services.
type worst struct {
	Check   link
	Title   template.HTML
	Level   level
	Failing int
	Unknown int
	Of      int // services that it applies to
}

// worst gives the ten checks that fail for the most services.
func (p page) worst() []worst {
	order := slices.Clone(p.site.standings)
	slices.SortStableFunc(order, func(a, b checkStanding) int { return cmp.Compare(b.fail, a.fail) })
	var rows []worst
	for _, s := range order[:min(10, len(order))] {
		if s.fail > 0 {
			rows = append(rows, worst{p.checkLink(s.check), spans(s.check.Title), levelView(s.check.Level), s.fail, s.unknown, s.fail + s.unknown + s.pass})
		}
	}
	return rows
}

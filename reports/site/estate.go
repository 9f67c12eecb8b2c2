package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"time"

	"obsready/catalog"
	"obsready/checks"
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
	Services    int

	// The first screen.
	Group   group
	Tiers   []tierRow
	Changes changes
	First   []action
	Answers []answer

	History     *history
	Teams       capped[teamRow]
	Trend       bool // the teams have one
	Actions     capped[action]
	Threads     capped[thread]
	Causes      capped[cause]
	Worst       []worst
	Heat        template.HTML
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
	name := p.catalogName()
	if team := r.Only; team != nil {
		name = "team " + team.ID + " of " + name
	}
	f := p.frame("Observability readiness of " + name)
	f.Section, f.Pictures, f.Tables = "estate", true, len(r.Teams) > 1
	deadlines := p.due(r.Deadlines, 10, CalendarFile)
	deadlines.List = "deadlines.json"
	return estateView{
		frame:       f,
		Name:        name,
		Commit:      commitLink(rev, rev.Commit),
		CommitDate:  date(rev.Time),
		Uncommitted: rev.WorkTree,
		Shallow:     rev.Shallow,
		Sources:     r.Sources(),
		Run:         moment(r.Now),
		RuleSet:     r.RuleSet,
		Listed:      number(r.Estate.Counts.Listed),
		Read:        number(r.Estate.Counts.Read),
		Kinds:       kindCounts(r.Estate.Counts.Kinds),
		Services:    len(r.Cards),

		Group:   groupView(r.Summary),
		Tiers:   p.tiers(),
		Changes: p.changes(),
		First:   p.actions(r.Actions, 3).Shown,
		Answers: p.answers(r.Answers, detail{Shown: 3, Limit: 12, Quoted: 1}),

		History:     p.history(),
		Teams:       p.teamRows(),
		Trend:       r.History != nil,
		Actions:     p.actions(r.Actions, 7),
		Threads:     p.brokenFirst(r.Threads),
		Causes:      capList(r.Causes, 5, 10, p.causeNames),
		Worst:       p.worst(),
		Heat:        p.heat(),
		Promises:    p.promises(r.Promises, 15),
		Orphans:     orphanCounts(r.Estate.Orphans),
		OrphanCount: number(len(r.Estate.Orphans)),
		Gaps:        p.gaps(r.Estate.Gaps, 5, 5),
		GapCauses:   gapCounts(r.Estate.Gaps),

		Reflection:   p.reflection(r.Reflection, operated(r.Cards)),
		Due:          deadlines,
		Attestations: p.attestations(r.Attestations),
	}
}

// brokenFirst gives the threads of the estate, the broken ones first: each is told in full on its journey's page.
func (p page) brokenFirst(threads []checks.Thread) capped[thread] {
	order := map[checks.State]int{checks.Unmet: 0, checks.Undecided: 1, checks.Met: 2}
	sorted := slices.Clone(threads)
	slices.SortStableFunc(sorted, func(a, b checks.Thread) int { return cmp.Compare(order[a.State()], order[b.State()]) })
	all := p.threads(sorted, 200)
	all.More = append(all.Shown[min(maxThreads, len(all.Shown)):], all.More...)
	all.Shown = all.Shown[:min(maxThreads, len(all.Shown))]
	return all
}

// maxThreads is how many threads of an estate are drawn.
const maxThreads = 8

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

// commitLink gives the short hash of a commit of the catalog and leads to the commit where the code host's form of
// addresses is known.
func commitLink(rev catalog.Revision, hash string) link {
	if hash == "" {
		return link{}
	}
	short := hash[:min(8, len(hash))]
	for _, form := range [][2]string{
		{"/-/blob/{commit}", "/-/commit/"}, // GitLab
		{"/blob/{commit}", "/commit/"},     // GitHub
		{"/src/commit/{commit}", "/commit/"},
		{"/src/{commit}", "/commits/"}, // Bitbucket
	} {
		if base, _, ok := strings.Cut(string(rev.Permalink), form[0]); ok {
			return link{short, outward(base + form[1] + hash)}
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

package site

import (
	"strings"

	"obsready/catalog"
	"obsready/checks"
)

// page is one page while it is made: it knows where it stands, so that it can lead to the others.
type page struct {
	site *site
	root string // relative path to the site's root: "" or "../"
}

func (s *site) page(path string) page {
	return page{s, strings.Repeat("../", strings.Count(path, "/"))}
}

// frame is what surrounds the content of every page.
type frame struct {
	Title   string
	Crumbs  []link // from the estate down, without the page itself
	Root    string
	Footer  []string
	Section string // the entry of the site's navigation that the page is or belongs to, as in "checks"
	needs

	kit kit
}

// Assets gives what the page carries by its needs.
func (f frame) Assets() assets { return f.kit[f.needs] }

func (p page) frame(title string, crumbs ...link) frame {
	footer := []string{"Rule set " + p.site.report.RuleSet, "Run on " + date(p.site.report.Now)}
	if p.site.report.Estate.Revision.Web != "" {
		footer = append(footer, "Catalog "+p.catalogName())
	}
	return frame{
		Title:  title,
		Crumbs: crumbs,
		Root:   p.root,
		kit:    p.site.kit,
		Footer: footer,
	}
}

// link is a text that may lead somewhere. Without Href it is text only.
type link struct {
	Text, Href string
}

func (p page) estateLink() link { return link{"Estate", p.root + "index.html"} }

func (p page) serviceLink(svc *catalog.Service) link {
	text := svc.ID
	if text == "" {
		text = "(no name)" // a link has to have a text
	}
	if path := p.site.services.byID[svc.ID]; path != "" {
		return link{text, p.root + path}
	}
	return link{text, ""}
}

func (p page) teamLink(team *catalog.Team) link {
	if path := p.site.teams.byID[team.ID]; path != "" {
		return link{team.ID, p.root + path}
	}
	return link{team.ID, ""}
}

// ownerLink leads to the team that answers for a service, to the page of the services without one when there is none.
func (p page) ownerLink(svc *catalog.Service) link {
	if svc.Owner.Team != nil {
		return p.teamLink(svc.Owner.Team)
	}
	return link{"no team", p.root + p.noTeamPath()}
}

func (p page) noTeamPath() string {
	for i, t := range p.site.report.Teams {
		if t.Team == nil {
			return p.site.teams.at[i]
		}
	}
	return "index.html"
}

// checkLink leads to the page of a check.
func (p page) checkLink(c *checks.Check) link { return p.checkNamed(c.ID) }

// checkNamed leads to the page of the check with an ID, when one was asked.
func (p page) checkNamed(id string) link {
	if path := p.site.checks.byID[id]; path != "" {
		return link{id, p.root + path}
	}
	return link{id, ""}
}

// journeyLink leads to the page of a journey.
func (p page) journeyLink(j *catalog.Journey) link {
	if path := p.site.journeys.byID[j.ID]; path != "" {
		return link{j.Name.Value, p.root + path}
	}
	return link{j.Name.Value, ""}
}

// place leads to a place at the commit that was read, where that has a web address.
func (p page) place(at catalog.Place) link {
	return link{at.String(), outward(p.site.report.Estate.Revision.Link(at))}
}

func (p page) places(at []catalog.Place) []link {
	links := make([]link, len(at))
	for i, a := range at {
		links[i] = p.place(a)
	}
	return links
}

// anchor gives an ID as a fragment that needs no escaping.
func anchor(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			return r
		}
		return '-'
	}, id)
}

// capped is a list of which the first items are shown at once, more on demand, and the rest only counted: a page stays
// a page when a service has a thousand alerts.
type capped[T any] struct {
	Shown, More []T
	Rest        int
}

// Len is the length of the whole list.
func (c capped[T]) Len() int { return len(c.Shown) + len(c.More) + c.Rest }

// Hidden is how many items are not shown at once.
func (c capped[T]) Hidden() int { return len(c.More) + c.Rest }

// Next is the position of the first item that is not shown at once, counting from 1.
func (c capped[T]) Next() int { return len(c.Shown) + 1 }

// first gives the list with at most n items that are shown at once or on demand.
func (c capped[T]) first(n int) capped[T] {
	if over := len(c.Shown) + len(c.More) - max(n, len(c.Shown)); over > 0 {
		c.More, c.Rest = c.More[:len(c.More)-over], c.Rest+over
	}
	return c
}

// capList makes at most limit views of items, the first shown of them to be seen at once.
func capList[T, V any](items []T, shown, limit int, view func(T) V) capped[V] {
	var c capped[V]
	for i, item := range items {
		switch {
		case i < shown:
			c.Shown = append(c.Shown, view(item))
		case i < limit:
			c.More = append(c.More, view(item))
		default:
			c.Rest = len(items) - i
			return c
		}
	}
	return c
}

// verdictClass is the class under which the style sheet draws a verdict's sign.
func verdictClass(v checks.Verdict) string {
	switch v {
	case checks.Pass:
		return "p"
	case checks.Fail:
		return "f"
	case checks.Unknown:
		return "u"
	}
	return "n"
}

// verdict is a verdict as pages show it: a sign and a word.
type verdict struct{ Class, Word string }

func verdictView(v checks.Verdict) verdict { return verdict{verdictClass(v), string(v)} }

// level is a level as pages show it: a sign and a word.
type level struct {
	Class string // "l0" to "l3"
	Word  string
}

func levelView(l checks.Level) level { return level{"l" + string(rune('0'+int(l))), l.String()} }

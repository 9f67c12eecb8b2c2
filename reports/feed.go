package reports

import (
	"cmp"
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"obsready/reports/site"
	"obsready/scorecard"
)

// maxFeedEntries is how many changes a feed holds, the latest ones.
const maxFeedEntries = 100

// The elements of RFC 4287 that a feed of level changes needs.
type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title     atomText    `xml:"title"`
	ID        string      `xml:"id"`
	Updated   string      `xml:"updated"`
	Author    atomAuthor  `xml:"author"`
	Generator string      `xml:"generator"`
	Links     []atomLink  `xml:"link"`
	Entries   []atomEntry `xml:"entry"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	Title      atomText       `xml:"title"`
	ID         string         `xml:"id"`
	Updated    string         `xml:"updated"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Content    atomText       `xml:"content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// hasFeed reports whether a report knows of changes to tell.
func hasFeed(r *scorecard.Report) bool { return r.History != nil || r.Comparison != nil }

// writeFeed writes the changes of levels as an Atom feed (RFC 4287): those of the history, else those since the earlier
// report. An entry keeps its ID from run to run, whatever else happens in its week, so that nobody is told twice. Links are
// relative to the feed, which stands beside the first page: where it is served is not known.
func writeFeed(w io.Writer, r *scorecard.Report) error {
	f := feedWriter{Report: r, pages: map[string]string{}}
	for i, path := range site.ServicePages(r) {
		f.pages[r.Cards[i].Service.ID] = path
	}
	name := catalogName(r.Estate.Revision)
	feed := atomFeed{
		Title: asText("Levels of the services of " + name), ID: feedID(name), Author: atomAuthor{"obsready"}, Generator: "obsready",
		Links: []atomLink{{"alternate", "text/html", "index.html"}}, Entries: f.entries(name),
	}
	feed.Updated = atomTime(r.Now)
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(feed); err != nil {
		return fmt.Errorf("could not write the feed: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// feedWriter makes the entries of a feed.
type feedWriter struct {
	*scorecard.Report
	pages map[string]string // of services, by their IDs
}

func (f feedWriter) entries(catalog string) []atomEntry {
	var entries []atomEntry
	if f.History != nil {
		for _, m := range f.History.Moves {
			entries = append(entries, f.entry(m, f.moment(m), catalog, f.weekName(m.Week)))
		}
	} else {
		for _, m := range f.Comparison.Moves {
			entries = append(entries, f.entry(m, f.Now, catalog, f.Comparison.Now.UTC().Format(time.RFC3339), f.Now.UTC().Format(time.RFC3339)))
		}
	}
	slices.SortStableFunc(entries, func(a, b atomEntry) int { return cmp.Compare(b.Updated, a.Updated) })
	return entries[:min(len(entries), maxFeedEntries)]
}

func (f feedWriter) entry(m scorecard.Move, when time.Time, id ...string) atomEntry {
	text := moveText(m) + "."
	if m.Team != "" {
		text += " Team: " + m.Team + "."
	}
	if by := strings.TrimSpace(reasonText(m.By, m.Commit)); by != "" {
		text += " " + by
	}
	e := atomEntry{
		Title: asText(moveText(m)), ID: feedID(append(id, m.Service)...), Updated: atomTime(when), Content: asText(text),
		Categories: []atomCategory{{Term: moveOf(m).Change}},
	}
	if page := f.pages[m.Service]; page != "" {
		e.Links = []atomLink{{"alternate", "text/html", page}}
	}
	return e
}

// moment gives the time of a change of the history, which does not move from run to run: that of its commit, else the end of
// its week. The last week has not ended yet; there it is the end of the week before.
func (f feedWriter) moment(m scorecard.Move) time.Time {
	switch weeks := f.History.Weeks; {
	case !m.Commit.Time.IsZero():
		return m.Commit.Time
	case m.Week == len(weeks)-1 && m.Week > 0:
		return weeks[m.Week-1].End
	default:
		return weeks[m.Week].End
	}
}

// weekName names a week by the day on which it began, which is the same while it goes on and when it is over.
func (f feedWriter) weekName(week int) string {
	if week == 0 {
		return f.History.Weeks[0].End.AddDate(0, 0, -7).Format(time.DateOnly)
	}
	return f.History.Weeks[week-1].End.Format(time.DateOnly)
}

// feedID gives a name for what the parts name together, that never changes: a UUID made of their hash (RFC 9562, version 8).
func feedID(parts ...string) string {
	id := sha256.Sum256([]byte("obsready feed\x00" + strings.Join(parts, "\x00")))
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", id[0:4], id[4:6], id[6:8], id[8:10], id[10:16])
}

func asText(text string) atomText { return atomText{"text", plain(text)} }

func atomTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

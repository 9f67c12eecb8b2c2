package scorecard

import (
	"fmt"
	"strconv"
	"strings"

	"obsready/catalog"
)

// maxListed is how many names a sentence lists before it only counts.
const maxListed = 5

// listed joins names as a sentence does: "a", "a and b", "a, b, c, d, e and 4 more".
func listed(names []string) string {
	last := ""
	if n := len(names); n > maxListed+1 {
		names, last = names[:maxListed], fmt.Sprintf("%d more", n-maxListed)
	} else if n > 0 {
		names, last = names[:n-1], names[n-1]
	}
	if len(names) == 0 {
		return last
	}
	return strings.Join(names, ", ") + " and " + last
}

func listedCards(cards []*Card) string {
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.Service.ID
	}
	return listed(ids)
}

// verb gives the form of a verb that fits to n subjects.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func listedServices(services []*catalog.Service) string {
	ids := make([]string, len(services))
	for i, svc := range services {
		ids[i] = svc.ID
	}
	return listed(ids)
}

func quotedTexts(texts []catalog.Text) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = strconv.Quote(t.Value)
	}
	return listed(quoted)
}

// without states that some of the services lack something. Where a gap may hide it, the sentence says so.
func (a *Answer) without(cards []*Card, kind catalog.Kind, format string, lacks func(*catalog.Service) bool) {
	var found []*Card
	var hidden *catalog.Gap
	for _, c := range cards {
		if lacks(c.Service) {
			found = append(found, c)
			if hidden == nil {
				hidden = c.Service.Gap(kind)
			}
		}
	}
	if len(found) == 0 {
		return
	}
	text := fmt.Sprintf(format, listedCards(found))
	if hidden != nil {
		text += fmt.Sprintf(" (%s could not be read: %s)", hidden.At, hidden.Cause)
	}
	a.Missing = append(a.Missing, text)
}

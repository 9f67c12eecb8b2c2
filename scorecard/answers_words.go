package scorecard

import (
	"fmt"
	"net/url"
	"regexp"
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

// spokenAddress gives a text in quotation marks, of a web address only the host: the whole stands where the text is from.
func spokenAddress(text string) string {
	if u, err := url.Parse(text); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		return "at " + u.Hostname()
	}
	return strconv.Quote(text)
}

var shortDuration = regexp.MustCompile(`^(\d{1,6}) ?(s|m|min|h|d)$`)

// spokenDuration gives a length of time that is written short, as in "15m", in words; any other text as it is.
func spokenDuration(text string) string {
	m := shortDuration.FindStringSubmatch(text)
	if m == nil {
		return text
	}
	n, _ := strconv.Atoi(m[1]) // six digits always are a number
	return count(n, map[string]string{"s": "second", "m": "minute", "min": "minute", "h": "hour", "d": "day"}[m[2]])
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

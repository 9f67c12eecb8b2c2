package reports

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"obsready/scorecard"
)

func TestBadges(t *testing.T) {
	r := sample()
	r.Cards[1].Service.ID = strings.Repeat("עִבְרִית \u202e🏳️‍🌈 & \"<x>\" \ufffe\x00", 40)
	badges := map[string]badge{"estate": estateBadge(r), "no services": groupBadge("x", scorecard.Summary{})}
	for _, team := range r.Teams {
		badges["team "+team.Name()] = teamBadge(team)
	}
	for _, c := range r.Cards {
		badges["service "+c.Service.ID] = serviceBadge(c)
	}
	for name, b := range badges {
		var out bytes.Buffer
		if err := b.write(&out); err != nil {
			t.Fatal(err)
		}
		if out.Len() > 1536 {
			t.Errorf("%s has %d bytes", name, out.Len())
		}
		for _, outside := range []string{"http://www.w3.org/2000/svg"} {
			if strings.Count(out.String(), "://") != strings.Count(out.String(), outside) || strings.Contains(out.String(), "<script") {
				t.Errorf("%s asks for another file: %s", name, out.String())
			}
		}
		root, texts, title := parseSVG(t, out.Bytes())
		if root["role"] != "img" || title == "" || root["aria-label"] != title || !strings.HasSuffix(title, b.text) {
			t.Errorf("%s has role %q, label %q and title %q", name, root["role"], root["aria-label"], title)
		}
		width, _ := strconv.Atoi(root["width"])
		if needed := textWidth(texts[0]) + textWidth(texts[1]) + badgeSign; width < needed+3*badgePad {
			t.Errorf("%s is %d wide and needs %d", name, width, needed)
		}
	}
	for id, want := range map[string]string{"ledger": "silver · 100 %", "mail": "no level, bronze required · 0 %", "zlib": "not rated"} {
		for _, c := range r.Cards {
			if b := serviceBadge(c); c.Service.ID == id && b.text != want {
				t.Errorf("%s: got %q, want %q", id, b.text, want)
			}
		}
	}
	if got := estateBadge(r).text; got != "2 of 6 ready · 50 %" {
		t.Errorf("got %q", got)
	}
}

// parseSVG gives the attributes of the root, the texts and the title.
func parseSVG(t *testing.T, text []byte) (root map[string]string, texts []string, title string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	element := ""
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root, texts, title
		}
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			element = token.Name.Local
			if root == nil {
				root = map[string]string{}
				for _, a := range token.Attr {
					root[a.Name.Local] = a.Value
				}
			}
		case xml.EndElement:
			element = ""
		case xml.CharData:
			switch element {
			case "text":
				texts = append(texts, string(token))
			case "title":
				title += string(token)
			}
		}
	}
}

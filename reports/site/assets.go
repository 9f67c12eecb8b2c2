package site

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"regexp"
	"strings"

	"obsready/reports/picture"
)

//go:embed assets/style.css
var styleSource string // of every page

//go:embed assets/detail.css
var detailSource string // of teams, services, checks and journeys

//go:embed assets/table.js
var tableScript string

//go:embed assets/find.js
var findScript string

//go:embed assets/copy.js
var copyScript string

// needs says what a page carries beside the base style. A page holds no byte that it has no use for.
type needs struct {
	Pictures bool // the style of pictures
	Detail   bool // the style of teams, services, checks and journeys
	Tables   bool // tables with data-table can be sorted by their headings
	Find     bool // the page of services: search, filters and the rows that are drawn on demand
	Copies   bool // blocks with data-copy have a button
}

// assets are the styles and scripts as pages hold them, and the policy that allows these and nothing else.
type assets struct {
	Styles, Scripts template.HTML
	Policy          string // Content-Security-Policy
}

// kit holds the assets for each set of needs, so that no hash is made twice.
type kit map[needs]assets

func makeKit() kit {
	k := kit{}
	for i := range 1 << 5 {
		n := needs{i&1 > 0, i&2 > 0, i&4 > 0, i&8 > 0, i&16 > 0}
		k[n] = n.assets()
	}
	return k
}

func (n needs) assets() assets {
	styles, scripts := []string{squeeze(styleSource)}, []string(nil)
	if n.Pictures || n.Detail {
		styles = append(styles, squeeze(picture.Style))
	}
	if n.Detail {
		styles = append(styles, squeeze(detailSource))
	}
	for _, s := range []struct {
		needed bool
		source string
	}{{n.Tables, tableScript}, {n.Find, findScript}, {n.Copies, copyScript}} {
		if s.needed {
			scripts = append(scripts, strings.TrimSpace(s.source))
		}
	}
	return assets{
		Styles:  inlined("style", styles),
		Scripts: inlined("script", scripts),
		Policy: "default-src 'none'; style-src " + sources(styles) + "; script-src " + sources(scripts) +
			"; img-src data:; base-uri 'none'; form-action 'self'",
	}
}

// inlined puts each text into an element of its own.
func inlined(tag string, texts []string) template.HTML {
	var b strings.Builder
	for _, text := range texts {
		if text != "" {
			b.WriteString("<" + tag + ">" + text + "</" + tag + ">")
		}
	}
	return template.HTML(b.String())
}

// sources names inline texts by their hashes, as a Content-Security-Policy does.
func sources(texts []string) string {
	var hashes []string
	for _, text := range texts {
		if text != "" {
			sum := sha256.Sum256([]byte(text))
			hashes = append(hashes, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
		}
	}
	if len(hashes) == 0 {
		return "'none'"
	}
	return strings.Join(hashes, " ")
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssAround  = regexp.MustCompile(` ?([{};,]) ?`)
)

// squeeze takes comments and needless spaces out of a style sheet.
func squeeze(css string) string {
	css = cssComment.ReplaceAllString(css, "")
	css = cssSpace.ReplaceAllString(css, " ")
	return strings.TrimSpace(cssAround.ReplaceAllString(css, "$1"))
}

package site

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"regexp"
	"strings"
)

//go:embed assets/style.css
var styleSource string

//go:embed assets/table.js
var scriptSource string

// assets are the style and the script as pages hold them, and the policy that allows these two and nothing else.
type assets struct {
	Style, Script template.HTML
	Policy        string // Content-Security-Policy
}

func makeAssets() assets {
	style, script := squeeze(styleSource), strings.TrimSpace(scriptSource)
	return assets{
		Style:  template.HTML("<style>" + style + "</style>"),
		Script: template.HTML("<script>" + script + "</script>"),
		Policy: "default-src 'none'; style-src " + source(style) + "; script-src " + source(script) +
			"; img-src data:; base-uri 'none'; form-action 'none'",
	}
}

// source names an inline text by its hash, as a Content-Security-Policy does.
func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssAround  = regexp.MustCompile(` ?([{};,]) ?`)
)

// squeeze takes comments and needless spaces out of a style sheet: every page carries it.
func squeeze(css string) string {
	css = cssComment.ReplaceAllString(css, "")
	css = cssSpace.ReplaceAllString(css, " ")
	return strings.TrimSpace(cssAround.ReplaceAllString(css, "$1"))
}

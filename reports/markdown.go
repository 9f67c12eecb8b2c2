package reports

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"obsready/scorecard"
)

const (
	maxMarkdown  = 65_000 // characters; GitHub refuses comments of more than 65,536
	leftOutSpace = 500    // kept free for the line that says what was left out
	markdownCell = 120    // columns of a table's cell
	markdownItem = 600    // columns of a list's entry
)

// writeMarkdown shows the overview of a report as GitHub-flavoured Markdown of at most 65,000 characters. Text of the
// catalog is shown as text: it makes no markup, no link, no mention and no reference.
func writeMarkdown(w io.Writer, r *scorecard.Report, o Options) error {
	o.Blocks = true
	view, err := viewOf(r, o, usual)
	if err != nil {
		return err
	}
	text := "## " + escape(cut(plain(view.title), markdownItem)) + "\n\n" + markdownFacts(view.facts) +
		"\n**" + escape(plain(view.headline.text)) + "**\n\n" + markdownFacts(view.standing)
	var leftOut []string
	for _, s := range view.sections {
		room := maxMarkdown - leftOutSpace - utf8.RuneCountInString(text)
		part, err := s.markdownWithin(room)
		if err != nil {
			return err
		}
		if part == "" {
			leftOut = append(leftOut, s.title)
		}
		text += part
	}
	if len(leftOut) > 0 {
		text += "\n_Left out, because a comment holds no more: " + escape(strings.Join(leftOut, "; ")) + "._\n"
	}
	_, err = io.WriteString(w, text)
	return err
}

func markdownFacts(facts []fact) string {
	var b strings.Builder
	for _, f := range facts {
		fmt.Fprintf(&b, "- **%s** %s\n", escape(f.label), escape(cut(plain(f.text), markdownItem)))
	}
	return b.String()
}

// markdownWithin gives the section in at most so many characters: with as many rows of its table as there is room for,
// and "" when there is room for none.
func (s section) markdownWithin(room int) (string, error) {
	for rows := len(s.table.rows); ; rows /= 2 {
		text, err := s.markdown(rows)
		if err != nil || utf8.RuneCountInString(text) <= room {
			return text, err
		}
		if rows <= 1 {
			return "", nil
		}
	}
}

// markdown gives the section with the first rows of its table.
func (s section) markdown(rows int) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s\n\n", escape(plain(s.title)))
	if rows > 0 {
		drawn, err := s.table.markdown(rows)
		if err != nil {
			return "", err
		}
		b.WriteString(drawn)
	}
	bullet := "-"
	if s.ordered {
		bullet = "1." // renderers count by themselves
	}
	for _, i := range s.items {
		fmt.Fprintf(&b, "%s %s\n", bullet, i.markdown())
	}
	var cutOff string
	if n := len(s.table.rows) - rows; n > 0 {
		cutOff = count(n, "row") + " left out, because a comment holds no more"
	}
	if more := listOf("; ", s.more, cutOff); more != "" {
		fmt.Fprintf(&b, "\n_%s_\n", escape(plain(more)))
	}
	return b.String(), nil
}

func (i item) markdown() string {
	text := escape(cut(plain(i.text), markdownItem))
	if i.mark.text != "" {
		text = "**" + escape(i.mark.text) + "** " + text
	}
	if i.status.text != "" {
		text = "**" + text + "** " + escape(i.status.text)
	}
	for _, d := range i.details {
		text += "<br>" + escape(cut(plain(d), markdownItem))
	}
	return text
}

// zeroSpace is an invisible character that ends a word. GitHub looks for mentions, references and addresses in the text
// that Markdown leaves behind, so that no escape of Markdown keeps it from linking them; this character does.
const zeroSpace = "&#8203;"

// markup replaces the characters that mean something in Markdown or HTML.
var markup = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "|", `\|`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "$", "&#36;", "#", "&#35;"+zeroSpace, "@", "@"+zeroSpace,
	"://", ":"+zeroSpace+"//", "www.", "www"+zeroSpace+".", "GH-", "GH"+zeroSpace+"-", "gh-", "gh"+zeroSpace+"-",
)

var (
	emojiName  = regexp.MustCompile(`^([0-9]*[A-Za-z+_-][A-Za-z0-9+_-]*|100|1234)$`)
	blockStart = regexp.MustCompile(`^([0-9]{1,9})?([-+=.)])`)
)

// escape gives Markdown that shows the plain text as it is, anywhere within a paragraph, a list's entry or a cell.
func escape(text string) string {
	const mark = "\x00" // plain text does not hold it
	parts := strings.Split(text, ":")
	for i := 1; i < len(parts)-1; i++ {
		if emojiName.MatchString(parts[i]) { // "a.yaml:100:5" would show a picture
			parts[i] = mark + parts[i]
		}
	}
	text = strings.ReplaceAll(markup.Replace(strings.Join(parts, ":")), mark, zeroSpace)
	return blockStart.ReplaceAllString(text, `$1\$2`)
}

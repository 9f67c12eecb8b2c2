package measure

import "strings"

// pipeline reads one log pipeline, from its brace to where the function around it goes on.
type pipeline struct {
	text     string
	at       int
	stream   string   // the matchers as written
	matchers []string // label filters, as PromQL writes matchers
	lines    []string // texts that line filters look for
	field    string   // that is unwrapped
	ranged   string   // as in "[5m]"
	closing  string   // the bracket that was passed over with a grouping
}

func (p *pipeline) read() {
	closing := indexOutside(p.text[p.at:], '}')
	if closing < 0 {
		p.at = len(p.text)
		return
	}
	p.stream = strings.TrimSpace(p.text[p.at+1 : p.at+closing])
	p.at += closing + 1
	for p.at < len(p.text) {
		switch token := p.token(); token {
		case "[":
			p.duration()
		case "|=", "|~":
			p.lineFilter(true)
		case "!=", "!~", "|>", "!>":
			p.lineFilter(false)
		case "|":
			p.stage()
		default:
			p.at -= len(token)
			return
		}
	}
}

// token gives the next word, number, quoted text or sign.
func (p *pipeline) token() string {
	for p.at < len(p.text) && strings.ContainsRune(" \t\r\n", rune(p.text[p.at])) {
		p.at++
	}
	rest := p.text[p.at:]
	n := 0
	switch {
	case rest == "":
	case strings.IndexByte("\"`'", rest[0]) >= 0:
		n = quotedLength(rest)
	case wordByte(rest[0]):
		for n < len(rest) && (wordByte(rest[n]) || rest[n] == '.') {
			n++
		}
	default:
		n = signLength(rest)
	}
	p.at += n
	return rest[:n]
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func signLength(rest string) int {
	for _, sign := range []string{"|=", "|~", "|>", "!=", "!~", "!>", "=~", "==", ">=", "<="} {
		if strings.HasPrefix(rest, sign) {
			return 2
		}
	}
	return 1
}

// grouping passes over "by (…)" behind the function around the pipeline, which PromQL does not have there.
func (p *pipeline) grouping() {
	before := p.at
	if p.token() != ")" {
		p.at = before
		return
	}
	closed := p.at
	if word := p.token(); word != "by" && word != "without" {
		p.at = before
		return
	}
	end := strings.IndexByte(p.text[p.at:], ')')
	if end < 0 {
		p.at = before
		return
	}
	p.closing = p.text[before:closed]
	p.at += end + 1
}

func (p *pipeline) duration() {
	closing := strings.IndexByte(p.text[p.at:], ']')
	if closing < 0 {
		p.at = len(p.text)
		return
	}
	p.ranged = "[" + p.text[p.at:p.at+closing] + "]"
	p.at += closing + 1
}

// lineFilter reads what a line filter looks for, and the alternatives behind "or".
func (p *pipeline) lineFilter(wanted bool) {
	for {
		token := p.token()
		if token != "" && strings.IndexByte("\"`", token[0]) >= 0 && wanted {
			p.lines = append(p.lines, strings.Trim(token, "\"`"))
		}
		before := p.at
		if p.token() != "or" {
			p.at = before
			return
		}
	}
}

// stage reads a stage behind "|": an unwrap, filters on labels, or a parser or formatter, which is passed over.
func (p *pipeline) stage() {
	switch first := p.token(); first {
	case "unwrap":
		p.unwrap()
	case "json", "logfmt", "pattern", "regexp", "unpack", "line_format", "label_format", "decolorize", "keep", "drop", "distinct":
		p.skip()
	default:
		p.labelFilters(first)
	}
}

func (p *pipeline) unwrap() {
	p.field = p.token()
	before := p.at
	if p.token() != "(" {
		p.at = before
		return
	}
	if function := p.field; strings.HasPrefix(function, "duration") {
		p.matchers = append(p.matchers, `__unit__="duration"`)
	}
	p.field = p.token()
	p.token() // the closing bracket
}

// skip passes over the rest of a stage.
func (p *pipeline) skip() {
	for {
		before := p.at
		switch p.token() {
		case "", "|", "[", ")", "|=", "|~", "!=", "!~":
			p.at = before
			return
		}
	}
}

// labelFilters reads the comparisons of a stage, joined by and, or and commas in any way.
func (p *pipeline) labelFilters(label string) {
	opened := 0
	for label != "" {
		if label == "(" {
			opened++
		}
		if label == "(" || label == "and" || label == "or" || label == "," {
			label = p.token()
			continue
		}
		p.filter(label, p.token(), p.token())
		before := p.at
		label = p.token()
		for ; label == ")" && opened > 0; label = p.token() {
			opened--
			before = p.at
		}
		if label != "and" && label != "or" && label != "," {
			p.at = before
			return
		}
	}
}

// filter adds a comparison of a label as a matcher. Of numbers only those are kept that choose codes.
func (p *pipeline) filter(label, op, value string) {
	if !plainWord(label) || label == "__error__" || value == "" {
		return
	}
	if strings.IndexByte("\"`", value[0]) >= 0 {
		if op == "==" {
			op = "="
		}
		if op == "=" || op == "!=" || op == "=~" || op == "!~" {
			p.matchers = append(p.matchers, label+op+value)
		}
		return
	}
	codes := map[string]string{">=500": "5..", ">499": "5..", ">=400": "4..|5..", ">399": "4..|5.."}
	switch {
	case codes[op+value] != "":
		p.matchers = append(p.matchers, label+`=~"`+codes[op+value]+`"`)
	case op == "=" || op == "==":
		p.matchers = append(p.matchers, label+`="`+value+`"`)
	case op == "!=":
		p.matchers = append(p.matchers, label+`!="`+value+`"`)
	}
}

func plainWord(s string) bool {
	for i := range len(s) {
		if !wordByte(s[i]) || s[i] >= 0x80 {
			return false
		}
	}
	return s != "" && (s[0] < '0' || s[0] > '9')
}

// series writes the pipeline as a series of PromQL.
func (p *pipeline) series() string {
	name := logLines
	if plainWord(p.field) {
		name = p.field
	}
	var all []string
	if p.stream != "" {
		all = append(all, strings.TrimSuffix(p.stream, ","))
	}
	all = append(all, p.matchers...)
	for _, l := range p.lines {
		all = append(all, lineLabel+`="`+strings.Map(quotable, l)+`"`)
	}
	return name + "{" + strings.Join(all, ",") + "}" + p.ranged
}

// quotable keeps what can stand in a quoted text as it is.
func quotable(r rune) rune {
	if r == '"' || r == '\\' || r < ' ' {
		return ' '
	}
	return r
}

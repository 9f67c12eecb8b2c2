package images

import (
	"regexp"
	"strings"

	"obsready/catalog"
)

// from begins a stage. Flags (--platform) say nothing about which image it is.
func (b *build) from(in instruction) {
	words := in.words(b.file)
	for len(words) > 0 && strings.HasPrefix(words[0].Value, "--") {
		words = words[1:]
	}
	if len(words) == 0 {
		b.fail(in.line, catalog.Syntax, "FROM names no image. name one")
		return
	}
	if len(b.stages) >= maxStages {
		b.fail(in.line, catalog.TooLarge, "more than %d stages. split the file", maxStages)
		return
	}
	image := words[0]
	if isTemplate(in.rest()) {
		b.fail(in.line, catalog.Template, "base image %q is a template's. keep a rendered copy in the catalog", shorten(image.Value))
		return
	}
	value, open := b.expand(strings.Trim(image.Value, `"`), b.globalValue)
	s := &stage{variables: map[string]string{}}
	if len(words) > 2 && strings.EqualFold(words[1].Value, "AS") {
		s.name = strings.ToLower(words[2].Value)
	}
	if s.parent = b.stage(value); s.parent != nil {
		s.user = s.parent.user
	} else if value != "scratch" {
		b.result.Bases = append(b.result.Bases, baseImage(catalog.Text{Value: value, At: image.At}, open))
	}
	b.stages = append(b.stages, s)
}

// stage gives an earlier stage by its name, in either case.
func (b *build) stage(name string) *stage {
	for i := len(b.stages) - 1; i >= 0; i-- {
		if b.stages[i].name != "" && b.stages[i].name == strings.ToLower(name) {
			return b.stages[i]
		}
	}
	return nil
}

// digest matches the content address at the end of a reference.
var digest = regexp.MustCompile(`@((?:sha256|sha384|sha512):[0-9a-f]{64,128})$`)

// baseImage takes a reference apart: [registry[:port]/]name[:tag][@digest]. A digest that is written out decides by
// itself which image it is, whatever stands before it.
func baseImage(image catalog.Text, open bool) catalog.BaseImage {
	base := catalog.BaseImage{Image: image, Open: open}
	name := image.Value
	if found := digest.FindStringSubmatch(name); found != nil {
		base.Digest, base.Open = found[1], false
	}
	name, _, _ = strings.Cut(name, "@")
	last := strings.LastIndexByte(name, '/')
	if colon := strings.LastIndexByte(name, ':'); colon > last && !strings.Contains(name[colon:], "$") && !strings.Contains(name[colon:], "}") {
		base.Tag = name[colon+1:]
	}
	return base
}

// argument reads ARG before the first FROM, where FROM sees it, or in a stage, where a name alone takes the value of
// the former.
func (b *build) argument(in instruction) {
	for _, word := range in.words(b.file) {
		name, value, hasDefault := strings.Cut(word.Value, "=")
		if len(b.stages) == 0 {
			if hasDefault {
				b.set(b.global, name, value, b.globalValue)
			}
			continue
		}
		s := b.stages[len(b.stages)-1]
		if !hasDefault {
			if value, ok := b.global[name]; ok {
				s.variables[name] = value
			}
			continue
		}
		b.set(s.variables, name, value, s.lookup)
	}
}

// environment reads ENV in its form with equals signs; the older form sets one variable to the rest of the line.
func (b *build) environment(in instruction) {
	words := in.words(b.file)
	if len(b.stages) == 0 || len(words) == 0 {
		return
	}
	s := b.stages[len(b.stages)-1]
	if !strings.Contains(words[0].Value, "=") {
		if len(words) == 2 {
			b.set(s.variables, words[0].Value, words[1].Value, s.lookup)
		}
		return
	}
	for _, word := range words {
		if name, value, ok := strings.Cut(word.Value, "="); ok {
			b.set(s.variables, name, value, s.lookup)
		}
	}
}

// set keeps a value whose own variables are all known; another one makes the name unknown.
func (b *build) set(variables map[string]string, name, value string, lookup func(string) (string, bool)) {
	quote := byte(0)
	if value != "" && (value[0] == '"' || value[0] == '\'') {
		quote = value[0]
		value = strings.Trim(value, string(quote))
	}
	if quote != '\'' {
		expanded, open := b.expand(value, lookup)
		if open {
			delete(variables, name)
			return
		}
		value = expanded
	}
	variables[name] = value
}

// user reads USER; what of it no default decides stays as it is written.
func (b *build) user(in instruction) {
	words := in.words(b.file)
	if len(b.stages) == 0 || len(words) == 0 {
		return
	}
	s := b.stages[len(b.stages)-1]
	value, _ := b.expand(strings.Trim(words[0].Value, `"'`), s.lookup)
	s.user = catalog.Text{Value: value, At: words[0].At}
}

func (b *build) globalValue(name string) (string, bool) {
	value, ok := b.global[name]
	return value, ok
}

// variable matches $NAME and ${NAME} with what may follow the name inside the braces.
var variable = regexp.MustCompile(`\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^{}]*))?\})`)

// expand fills in the values of variables. Open says that at least one has none; those stay as they are written, as do
// forms that only some frontends know.
func (b *build) expand(text string, lookup func(string) (string, bool)) (value string, open bool) {
	var out strings.Builder
	last := 0
	for _, m := range variable.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(text[last:m[0]])
		last = m[1]
		if m[0] > 0 && text[m[0]-1] == b.escape {
			out.WriteString(text[m[0]:m[1]])
			continue
		}
		filled, ok := fill(text, m, lookup)
		if !ok || out.Len()+len(filled) > maxValue {
			filled, open = text[m[0]:m[1]], true
		}
		out.WriteString(filled)
	}
	out.WriteString(text[last:])
	return out.String(), open || strings.Contains(out.String(), "${")
}

// fill gives what one variable becomes.
func fill(text string, m []int, lookup func(string) (string, bool)) (string, bool) {
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return text[m[2*i]:m[2*i+1]]
	}
	value, ok := lookup(part(1) + part(2))
	set := ok && (value != "" || !strings.HasPrefix(part(3), ":"))
	switch strings.TrimPrefix(part(3), ":") {
	case "-":
		if !set {
			return part(4), !strings.Contains(part(4), "$")
		}
	case "+":
		if set {
			return part(4), !strings.Contains(part(4), "$")
		}
		return "", true
	}
	return value, ok
}

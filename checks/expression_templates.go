package checks

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"obsready/catalog"
)

// alertTemplate is the template of an annotation or label, as Prometheus, Mimir, Loki, VictoriaMetrics or Grafana fill it
// in.
type alertTemplate struct {
	label catalog.Label
	name  string // as in annotation "summary"
	tree  *parse.Tree
	err   string // why it does not parse
}

// templateVariables are what the rulers define before the text of a template.
// Source: Prometheus documentation, "Template reference"; VictoriaMetrics documentation, "vmalert"; Grafana
// documentation, "Template reference".
var (
	prometheusVariables = []string{"labels", "externalLabels", "externalURL", "value", "expr", "alertID", "groupID", "activeAt", "for", "type", "isPartial"}
	grafanaVariables    = []string{"labels", "values", "value"}
)

// templateFunctions are the functions of text/template, Prometheus, vmalert and Grafana.
var templateFunctions = []string{
	"and", "call", "html", "index", "slice", "js", "len", "not", "or", "print", "printf", "println", "urlquery", "eq", "ge", "gt", "le", "lt", "ne", "break", "continue",
	"query", "first", "label", "value", "strvalue", "args", "reReplaceAll", "safeHtml", "match", "title", "toUpper", "toLower", "graphLink", "tableLink",
	"sortByLabel", "stripPort", "stripDomain", "humanize", "humanize1024", "humanizeDuration", "humanizePercentage", "humanizeTimestamp", "toTime",
	"toDuration", "now", "pathPrefix", "externalURL", "parseDuration", "urlQueryEscape", "tmpl",
	"crlfEscape", "quotesEscape", "jsonEscape", "htmlEscape", "parseDurationTime", "formatTime", "pathEscape", "queryEscape",
	"filterLabels", "filterLabelsRe", "removeLabels", "removeLabelsRe", "mergeLabelValues",
}

// otherEngine matches what shows that another template engine, such as Helm's, fills a text in before.
var otherEngine = regexp.MustCompile(`\.(?:Values|Release|Chart|Capabilities|Files)\b|\{\{[^}]*\b(?:include|tpl|toYaml|nindent|indent|default|quote|squote|required|lookup|dig|get|b64enc|trim\w*|replace|upper|lower)\b|\{%|<%|\[\[|\{\{\s*"\{\{`)

// newTemplate parses a label or annotation; ok is false when there is nothing to fill in, or another engine does so.
func newTemplate(l catalog.Label, format string) (t alertTemplate, ok bool) {
	if !strings.Contains(l.Value, "{{") || otherEngine.MatchString(l.Value) {
		return t, false
	}
	variables := prometheusVariables
	if format == "grafana" {
		variables = grafanaVariables
	}
	var text strings.Builder
	for _, v := range variables {
		text.WriteString("{{$" + v + " := .}}")
	}
	if format == "grafana" {
		l.Value = strings.ReplaceAll(l.Value, "$$", "$") // as its provisioning files write a dollar sign
	}
	text.WriteString(l.Value)
	t = alertTemplate{label: l, tree: parse.New("")}
	t.tree.Mode = parse.SkipFuncCheck
	if _, err := t.tree.Parse(text.String(), "", "", map[string]*parse.Tree{}); err != nil {
		t.err = parseMessage.ReplaceAllString(err.Error(), "")
	}
	return t, true
}

// parseMessage matches what text/template puts before its message.
var parseMessage = regexp.MustCompile(`^template: ?[^:]*:\d+: ?`)

// templatesOf gives the templates in the annotations and the rule's own labels.
func templatesOf(rule *catalog.AlertRule) []alertTemplate {
	var all []alertTemplate
	add := func(what string, labels []catalog.Label) {
		for _, l := range labels {
			if t, ok := newTemplate(l, rule.Format); ok && !l.FromGroup {
				t.name = what + " " + strconv.Quote(l.Key)
				all = append(all, t)
			}
		}
	}
	add("annotation", rule.Annotations)
	add("label", rule.Labels)
	return all
}

// used is a template's use of a name.
type used struct {
	name string
	sure bool // it is printed whatever the labels and values are
}

// templateUses are the names that a template uses.
type templateUses struct {
	labels    []used
	fields    []string // of the data that the ruler gives, as in .Labels
	functions []string
	bare      []string // names that stand alone, without a dollar sign or a dot before them
	queries   []string
}

// uses walks through a template. Inside of range and with, the dot is something else than the ruler's data.
func (t alertTemplate) uses() templateUses {
	var u templateUses
	u.list(t.tree.Root, true, true)
	return u
}

func (u *templateUses) list(list *parse.ListNode, atRoot, sure bool) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			u.pipe(n.Pipe, atRoot, sure)
		case *parse.IfNode:
			u.branch(&n.BranchNode, atRoot, atRoot)
		case *parse.WithNode:
			u.branch(&n.BranchNode, atRoot, false)
		case *parse.RangeNode:
			u.branch(&n.BranchNode, atRoot, false)
		case *parse.TemplateNode:
			u.pipe(n.Pipe, atRoot, false)
		}
	}
}

func (u *templateUses) branch(b *parse.BranchNode, atRoot, inside bool) {
	u.pipe(b.Pipe, atRoot, false)
	u.list(b.List, inside, false)
	u.list(b.ElseList, atRoot, false)
}

func (u *templateUses) pipe(p *parse.PipeNode, atRoot, sure bool) {
	if p == nil {
		return
	}
	for i, c := range p.Cmds {
		if name := bareWord(c); i == 0 && name != "" {
			u.bare = append(u.bare, name)
			continue
		}
		u.command(c, atRoot, sure)
	}
}

// bareWord gives the name that a command is, as in {{ labels.pod }}.
func bareWord(c *parse.CommandNode) string {
	if len(c.Args) != 1 {
		return ""
	}
	first := c.Args[0]
	if chain, ok := first.(*parse.ChainNode); ok {
		first = chain.Node
	}
	if name, ok := first.(*parse.IdentifierNode); ok {
		return name.Ident
	}
	return ""
}

func (u *templateUses) command(c *parse.CommandNode, atRoot, sure bool) {
	if f, ok := c.Args[0].(*parse.IdentifierNode); ok {
		u.call(f.Ident, c.Args[1:], sure)
	}
	for _, arg := range c.Args {
		switch a := arg.(type) {
		case *parse.PipeNode:
			u.pipe(a, atRoot, sure)
		case *parse.FieldNode:
			if atRoot {
				u.fields = append(u.fields, a.Ident[0])
				u.label(a.Ident, "Labels", sure)
			}
		case *parse.VariableNode:
			u.label(a.Ident, "$labels", sure)
		}
	}
}

func (u *templateUses) label(path []string, of string, sure bool) {
	if len(path) == 2 && path[0] == of {
		u.labels = append(u.labels, used{path[1], sure})
	}
}

// call notes a function with what can be told from its arguments.
func (u *templateUses) call(function string, args []parse.Node, sure bool) {
	u.functions = append(u.functions, function)
	if len(args) == 0 {
		return
	}
	if s, ok := args[0].(*parse.StringNode); ok && function == "query" {
		u.queries = append(u.queries, s.Text)
	}
	if len(args) == 2 && function == "index" {
		v, isVariable := args[0].(*parse.VariableNode)
		if s, ok := args[1].(*parse.StringNode); ok && isVariable {
			u.label(append(slices.Clone(v.Ident), s.Text), "$labels", sure)
		}
	}
}

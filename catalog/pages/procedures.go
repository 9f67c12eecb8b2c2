package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"obsready/catalog"
)

// Limits of what counts as a procedure.
const (
	procedureSteps = 3   // fewer steps are a hint, not a procedure
	procedureWords = 6   // two lists with fewer plain words are alike by chance
	maxProcedures  = 100 // of a page
	maxFirst       = 120 // how much of the first step is kept, in characters
)

// Procedures gives what a page lets somebody do by hand: its numbered lists of at least three steps, and its blocks of
// at least three lines of commands. A list keeps the steps below its steps as part of them.
//
// Two procedures have the same Fingerprint when they are the same but for names, numbers, addresses and the words of the
// page's own name; it is "" for those with too little text to compare.
func Procedures(o *Outline) []catalog.Procedure {
	name := stem(o.Page.Path)
	var all []catalog.Procedure
	for _, s := range o.Sections {
		for _, steps := range numberedLists(s.Items) {
			all = append(all, procedure(s.Heading.Text, steps, listPrint(steps, name)))
		}
		for _, block := range s.Code {
			if lines := commands(block); len(lines) >= procedureSteps {
				all = append(all, procedure(s.Heading.Text, lines, commandPrint(lines, name)))
			}
		}
	}
	slices.SortStableFunc(all, func(a, b catalog.Procedure) int { return a.At.Compare(b.At) })
	return all[:min(len(all), maxProcedures)]
}

func procedure(heading string, steps []catalog.Text, print string) catalog.Procedure {
	first := []rune(quote(steps[0].Value))
	if len(first) > maxFirst {
		first = append(first[:maxFirst:maxFirst], '…')
	}
	return catalog.Procedure{Heading: heading, Steps: len(steps), First: string(first), Fingerprint: print, At: steps[0].At}
}

// numberedLists gives the numbered lists of a section that are long enough. Items do not say where a list ends, so lists
// that follow each other without a heading between them are one.
func numberedLists(items []Item) [][]catalog.Text {
	var lists [][]catalog.Text
	var steps []catalog.Text
	flush := func() {
		if len(steps) >= procedureSteps {
			lists = append(lists, steps)
		}
		steps = nil
	}
	for _, i := range items {
		switch {
		case i.Depth > 1:
		case i.Ordered:
			steps = append(steps, i.Text)
		default:
			flush()
		}
	}
	flush()
	return lists
}

// listPrint gives the fingerprint of a list of steps, over the plain words of all its steps.
func listPrint(steps []catalog.Text, name string) string {
	own := nameWords(name)
	var words []string
	for _, s := range steps {
		words = append(words, plainWords(s.Value, own)...)
	}
	return hashOf(words)
}

// plainWords gives the words of a text that are no names and not the page's own; see [fingerprint].
func plainWords(text string, own []string) []string {
	var words []string
	begins := true
	for _, token := range strings.Fields(text) {
		word := strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if word != "" && isPlain(word, begins) {
			if word = strings.ToLower(word); !slices.Contains(own, word) {
				words = append(words, word)
			}
		}
		begins = strings.ContainsAny(token[len(token)-1:], ".!?:|-*>") || word == "" && begins
	}
	return words
}

func hashOf(words []string) string {
	if len(words) < procedureWords {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return hex.EncodeToString(sum[:8])
}

// tools begin the lines of blocks that are commands. Blocks of configuration, output and queries do not.
var tools = []string{"kubectl", "oc", "helm", "aws", "gcloud", "az", "docker", "podman", "ssh", "scp", "curl", "wget", "git", "psql", "mysql", "mongo", "redis-cli", "systemctl", "service",
	"journalctl", "terraform", "ansible", "ansible-playbook", "vault", "consul", "nomad", "sudo", "cd", "ls", "rm", "cp", "mv", "mkdir", "cat", "grep", "tail", "export", "make", "bundle",
	"rake", "knife", "gpg", "openssl", "dig", "ping", "kafka-topics.sh", "etcdctl", "flux", "argocd", "istioctl", "promtool", "amtool", "npm", "python", "python3", "bash", "sh", "chmod",
	"chown", "df", "du", "top", "ps", "kill", "echo", "source", "jq", "crictl", "virsh", "lvextend", "rsync", "tar", "apt", "apt-get", "yum", "dnf", "pg_dump", "pg_restore", "gh", "glab", "bosh", "cf"}

var prompt = regexp.MustCompile(`^(?:\$|#|>|[\w.-]+@[\w.-]+[:~][^$#]*[$#])\s+`)

// commands gives the lines of a code block that are commands, comments and continued lines joined to none; nil when
// fewer than half of the block's lines are commands, as in configuration and output.
func commands(block catalog.Text) []catalog.Text {
	var lines []catalog.Text
	all := 0
	continued := false
	for i, line := range strings.Split(block.Value, "\n") {
		line = strings.TrimSpace(line)
		prompted := prompt.MatchString(line)
		bare := prompt.ReplaceAllString(line, "")
		if line == "" || strings.HasPrefix(line, "#") && !startsWithTool(bare) {
			continue
		}
		if !continued {
			all++
		}
		if !continued && (prompted || startsWithTool(bare)) {
			at := block.At
			if i > 0 {
				at.Line, at.Col = at.Line+i, 1
			}
			lines = append(lines, catalog.Text{Value: strings.Clone(bare), At: at})
		}
		continued = strings.HasSuffix(line, `\`)
	}
	if 2*len(lines) < all {
		return nil
	}
	return lines
}

func startsWithTool(line string) bool {
	first, _, _ := strings.Cut(line, " ")
	return slices.Contains(tools, first)
}

var (
	shape  = regexp.MustCompile(`^-{1,2}[A-Za-z][\w-]*`)
	simple = regexp.MustCompile(`^[a-z]+$`)
)

// commandPrint gives the fingerprint of commands: their tools, subcommands and the names of their flags. What they are
// given (namespaces, pods, hosts, numbers, files) is left out.
func commandPrint(lines []catalog.Text, name string) string {
	own := nameWords(name)
	var words []string
	for _, l := range lines {
		value := false // the token is the value of the flag before it
		for i, token := range strings.Fields(l.Value) {
			flag := shape.FindString(token)
			switch {
			case flag != "":
				words = append(words, flag)
			case i == 0, !value && i < 4 && simple.MatchString(token) && !slices.Contains(own, token):
				words = append(words, token)
			}
			value = flag != "" && !strings.Contains(token, "=")
		}
	}
	return hashOf(words)
}

package measure

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
)

//go:embed knowledge/*.txt
var tables embed.FS

// side is whose a series is. What each says stands in knowledge/README.md.
type side string

const (
	nobody     side = "" // no table and no word tells
	harm       side = "harm"
	users      side = "users"
	product    side = "product"
	inside     side = "inside"
	monitoring side = "monitoring"
)

var sides = []side{harm, users, product, inside, monitoring}

// entry is one pattern of a table with what it says.
type entry struct {
	side      side
	dimension Dimension
	pattern   string
	pieces    []string // the pattern between its stars
	letters   int
	backstage bool // the pattern itself has a word for work that nobody waits for
	generic   bool // the pattern begins with a star: it knows a way of naming and not a product
}

// knowledge is the tables in a form that is quick to ask.
type knowledge struct {
	byFirst    [256][]*entry // patterns that begin with a letter, by it
	generic    []*entry
	words      map[string]map[string]bool // what they tell, then the words
	outcomes   map[string]map[string]bool // likewise, of labels and their values
	vocabulary map[string]bool
	longest    int // word of the vocabulary
}

// known gives the tables, which are read once. A fault in them is one of this package, which its tests find.
var known = sync.OnceValue(func() *knowledge {
	k, err := readKnowledge(tables)
	if err != nil {
		panic(err)
	}
	return k
})

func readKnowledge(files fs.FS) (*knowledge, error) {
	k := &knowledge{words: map[string]map[string]bool{}, outcomes: map[string]map[string]bool{}, vocabulary: map[string]bool{}}
	names, err := fs.Glob(files, "knowledge/*.txt")
	if err != nil {
		return nil, err
	}
	// Words first: the tables' patterns are made of them.
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := k.readTable(name, string(text)); err != nil {
			return nil, err
		}
	}
	for _, set := range k.words {
		for w := range set {
			k.vocabulary[w] = true
			k.longest = max(k.longest, len(w))
		}
	}
	return k, nil
}

func rank(name string) int {
	if strings.HasSuffix(name, "/words.txt") {
		return 0
	}
	return 1
}

func (k *knowledge) readTable(name, text string) error {
	for number, line := range tableLines(text) {
		fields := strings.Fields(line)
		var err error
		switch {
		case len(fields) < 2:
			err = fmt.Errorf("%q says nothing", line)
		case strings.HasSuffix(name, "/words.txt"):
			addWords(k.words, fields)
		case strings.HasSuffix(name, "/outcomes.txt"):
			addWords(k.outcomes, fields)
		default:
			err = k.addLine(fields)
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, number, err)
		}
	}
	return nil
}

func addWords(sets map[string]map[string]bool, fields []string) {
	set := sets[fields[0]]
	if set == nil {
		set = map[string]bool{}
		sets[fields[0]] = set
	}
	for _, w := range fields[1:] {
		set[w] = true
	}
}

func (k *knowledge) addLine(fields []string) error {
	if !slices.Contains(sides, side(fields[0])) {
		return fmt.Errorf("%q is not whose a series can be", fields[0])
	}
	d := Dimension(strings.ReplaceAll(fields[1], "-", " "))
	if fields[1] == "-" {
		d = Other
	} else if !slices.Contains(dimensions, d) {
		return fmt.Errorf("%q is no dimension", fields[1])
	}
	for _, pattern := range fields[2:] {
		k.add(&entry{side: side(fields[0]), dimension: d, pattern: pattern})
	}
	return nil
}

// tableLines gives the lines of a table that say something, by their numbers.
func tableLines(table string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		number := 0
		for line := range strings.SplitSeq(table, "\n") {
			number++
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !yield(number, line) {
				return
			}
		}
	}
}

func (k *knowledge) add(e *entry) {
	e.pieces = strings.Split(e.pattern, "*")
	e.backstage = k.tells("backstage", strings.FieldsFunc(e.pattern, func(r rune) bool { return r == '_' || r == '*' }))
	e.letters = len(e.pattern) - strings.Count(e.pattern, "*")
	if e.dimension == Budget {
		e.letters += 100 // a name that speaks of a burn rate means it, whatever stands before
	}
	if e.generic = e.pattern[0] == '*'; e.generic {
		k.generic = append(k.generic, e)
		return
	}
	k.byFirst[e.pattern[0]] = append(k.byFirst[e.pattern[0]], e)
}

// find gives what is known of a name in the tables' spelling: of the entries that match it the one with the most letters,
// or nil.
func (k *knowledge) find(name string) *entry {
	if name == "" {
		return nil
	}
	var best *entry
	for _, list := range [][]*entry{k.byFirst[name[0]], k.generic} {
		for _, e := range list {
			if (best == nil || e.letters > best.letters) && e.matches(name) {
				best = e
			}
		}
	}
	return best
}

// ofProduct reports whether the tables know the product that a name is one of, and that it is not asked for by callers
// of any service.
func (k *knowledge) ofProduct(name string) bool {
	return name != "" && slices.ContainsFunc(k.byFirst[name[0]], func(e *entry) bool { return e.side != users && e.matches(name) })
}

// matches reports whether a name matches the pattern, whose stars stand for anything.
func (e *entry) matches(name string) bool {
	first, last := e.pieces[0], e.pieces[len(e.pieces)-1]
	if len(e.pieces) == 1 {
		return name == first
	}
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	rest := name[len(first) : len(name)-len(last)]
	for _, piece := range e.pieces[1 : len(e.pieces)-1] {
		i := strings.Index(rest, piece)
		if i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	return true
}

// tells reports whether any of the words is one of those that tell the given thing.
func (k *knowledge) tells(what string, words []string) bool {
	set := k.words[what]
	for _, w := range words {
		if set[w] {
			return true
		}
	}
	return false
}

package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

// What an earlier report may hold at most. They are far above what a report holds, and keep one that was made to harm
// from taking all memory.
const (
	maxPreviousValue    = 64 << 20 // bytes of one service, team or other value
	maxPreviousServices = 1_000_000
	maxPreviousResults  = 50_000_000
	maxPreviousChecks   = 20_000
	maxPreviousText     = 1000 // bytes kept of a finding
)

// ReadPrevious reads what a comparison needs of an earlier report.json, of this version of the format or the one before.
// It reads one service at a time: memory follows the verdicts that are kept and not the size of the file. The fields may
// stand in any order, and those that are not known are passed over. An error says what is wrong with the file and how to
// go on.
func ReadPrevious(r io.Reader) (*scorecard.Previous, error) {
	limited := &valueLimit{from: r}
	p := previousReader{
		limit: limited, decoder: json.NewDecoder(limited), ids: map[string]string{}, seen: map[string]bool{},
		Previous: scorecard.Previous{Teams: map[string]scorecard.Standing{}, Services: map[string]*scorecard.PreviousService{}},
	}
	if err := p.read(); err != nil {
		return nil, p.explain(err)
	}
	return &p.Previous, nil
}

// valueLimit hands on what it reads, until a single value is longer than it may be.
type valueLimit struct {
	from io.Reader
	read int64 // bytes in all
	end  int64 // where the value that is read has to end at the latest
}

var errTooLong = errors.New("too long")

func (l *valueLimit) Read(into []byte) (int, error) {
	if l.read >= l.end {
		return 0, errTooLong
	}
	n, err := l.from.Read(into)
	l.read += int64(n)
	return n, err
}

// previousReader puts an earlier report together.
type previousReader struct {
	scorecard.Previous
	limit   *valueLimit
	decoder *json.Decoder
	ids     map[string]string // the strings that stand for check IDs, so that each is in memory once
	seen    map[string]bool   // the fields that were read
	format  string
	version int
	results int
}

func (p *previousReader) read() error {
	if err := p.delim('{'); err != nil {
		return err
	}
	for {
		token, err := p.token()
		if err != nil {
			return err
		}
		name, ok := token.(string)
		if !ok {
			break // the end of the object
		}
		if p.seen[name] && known(name) {
			return fmt.Errorf("it has %q twice", name)
		}
		p.seen[name] = true
		if err := p.field(name); err != nil {
			return fmt.Errorf("%q cannot be read: %w", name, err)
		}
		if err := p.foreign(); err != nil {
			return err
		}
	}
	for _, name := range []string{"format", "version", "ruleSet", "now", "summary", "checks", "services"} {
		if !p.seen[name] {
			return fmt.Errorf("%w: it has no %q", errForeign, name)
		}
	}
	return nil
}

var errForeign = errors.New("it is no report of obsready")

// foreign says that the file is something else, as soon as that is seen.
func (p *previousReader) foreign() error {
	switch {
	case p.seen["format"] && p.format != reportFormat:
		return fmt.Errorf("%w: its format is %q", errForeign, cut(plain(p.format), 60))
	case p.seen["version"] && (p.version < reportVersion-1 || p.version > reportVersion):
		return fmt.Errorf("it is of version %d of the format, and versions %d and %d are known", p.version, reportVersion-1, reportVersion)
	}
	return nil
}

func known(name string) bool {
	return slices.Contains([]string{"format", "version", "ruleSet", "now", "revision", "grafana", "policy", "summary", "checks", "teams", "services"}, name)
}

func (p *previousReader) field(name string) error {
	switch name {
	case "format":
		return p.value(&p.format)
	case "version":
		return p.value(&p.version)
	case "ruleSet":
		return p.value(&p.RuleSet)
	case "now":
		var now time.Time
		err := p.value(&now)
		p.Now = now.UTC()
		return err
	case "revision":
		return p.revision()
	case "grafana":
		p.Live = true
		return p.value(&struct{}{})
	case "policy":
		var policy struct{ Digest string }
		err := p.value(&policy)
		p.Policy = policy.Digest
		return err
	case "summary":
		var s jsonSummary
		err := p.value(&s)
		p.Standing = standingFrom(s)
		return err
	case "checks":
		return eachValue(p, p.check)
	case "teams":
		return eachValue(p, p.team)
	case "services":
		return eachValue(p, p.service)
	}
	return p.skip()
}

func (p *previousReader) revision() error {
	var r jsonRevision
	if err := p.value(&r); err != nil {
		return err
	}
	p.Commit = r.Commit
	read := catalog.Revision{Commit: r.Commit, WorkTree: r.WorkTree}
	for _, other := range r.Repositories {
		read.Mounts = append(read.Mounts, catalog.Mount{Folder: other.Folder, Revision: catalog.Revision{Commit: other.Commit}})
	}
	p.Files = scorecard.FilesOf(read)
	return nil
}

func standingFrom(s jsonSummary) scorecard.Standing {
	standing := scorecard.Standing{
		Services: s.Services, Ready: s.Ready, NotRated: s.NotRated,
		Score: scorecard.Score{Earned: s.Score.Earned, Possible: s.Score.Possible, Unknown: s.Score.Unknown},
	}
	for l := range standing.Levels {
		standing.Levels[l] = s.Levels[checks.Level(l).String()]
	}
	return standing
}

func (p *previousReader) check(c struct{ ID string }) error {
	if len(p.Checks) >= maxPreviousChecks {
		return errors.New("there are too many")
	}
	p.Checks = append(p.Checks, p.checkID(c.ID))
	return nil
}

func (p *previousReader) team(t struct {
	ID      string
	Summary jsonSummary
}) error {
	if len(p.Teams) >= maxPreviousServices {
		return errors.New("there are too many")
	}
	p.Teams[t.ID] = standingFrom(t.Summary)
	return nil
}

// previousService is what is read of a service: of its requirements only where they stand and what they say.
type previousService struct {
	ID      string
	Team    string
	Level   string // absent when it is not rated
	Results []struct {
		Check        string
		Verdict      checks.Verdict
		Announced    bool
		Earned       float64
		Requirements []jsonRequirement
	}
}

func (p *previousReader) service(s previousService) error {
	if p.results += len(s.Results); p.results > maxPreviousResults || len(p.Services) >= maxPreviousServices {
		return errors.New("there are too many")
	}
	if p.Services[s.ID] != nil {
		return fmt.Errorf("service %q stands in it twice", cut(plain(s.ID), 60))
	}
	service := scorecard.PreviousService{Team: s.Team, Results: make([]scorecard.PreviousResult, len(s.Results))}
	if s.Level != "" {
		level, err := checks.ParseLevel(s.Level)
		if err != nil {
			return err
		}
		service.Level, service.Rated = level, true
	}
	for i, r := range s.Results {
		at := slices.Index(checks.Verdicts(), r.Verdict)
		if at < 0 {
			return fmt.Errorf("service %q has the unknown verdict %q", cut(plain(s.ID), 60), cut(plain(string(r.Verdict)), 60))
		}
		service.Results[i] = scorecard.PreviousResult{
			Check: p.checkID(r.Check), Verdict: checks.Verdicts()[at], Earned: r.Earned, Announced: r.Announced, Finding: findingOf(r.Requirements),
		}
	}
	p.Services[s.ID] = &service
	return nil
}

// checkID gives the one string in memory that stands for a check's ID.
func (p *previousReader) checkID(id string) string {
	if same, ok := p.ids[id]; ok {
		return same
	}
	if len(p.ids) < maxPreviousChecks {
		p.ids[id] = id
	}
	return id
}

// findingOf gives the first requirement that was unmet, or undecided when none was, cut to what a comparison shows.
func findingOf(all []jsonRequirement) *scorecard.PreviousFinding {
	for _, state := range []checks.State{checks.Unmet, checks.Undecided} {
		for _, q := range all {
			if q.State == string(state) {
				return &scorecard.PreviousFinding{Text: head(q.Message, maxPreviousText), At: catalog.Place{File: head(q.At.File, maxPreviousText), Line: q.At.Line, Col: q.At.Col}}
			}
		}
	}
	return nil
}

// head gives the first bytes of a text, without a piece of a character at their end.
func head(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	for bytes > 0 && !utf8.RuneStart(text[bytes]) {
		bytes--
	}
	return strings.Clone(text[:bytes]) + "…"
}

// renew counts the length of a value anew.
func (p *previousReader) renew() { p.limit.end = p.limit.read + maxPreviousValue }

func (p *previousReader) token() (json.Token, error) {
	p.renew()
	return p.decoder.Token()
}

func (p *previousReader) delim(want json.Delim) error {
	token, err := p.token()
	if err == nil && token != want {
		err = fmt.Errorf("%w: there is no %v where one belongs", errForeign, want)
	}
	return err
}

func (p *previousReader) value(into any) error {
	p.renew()
	return p.decoder.Decode(into)
}

// eachValue reads a list, one value at a time.
func eachValue[T any](p *previousReader, take func(T) error) error {
	if err := p.delim('['); err != nil {
		return err
	}
	for p.decoder.More() {
		var item T
		if err := p.value(&item); err != nil {
			return err
		}
		if err := take(item); err != nil {
			return err
		}
	}
	_, err := p.token()
	return err
}

// skip passes over a value that is not needed, element by element when it is a list.
func (p *previousReader) skip() error {
	p.renew()
	token, err := p.decoder.Token()
	if err != nil {
		return err
	}
	depth := 0
	for {
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		// Within a list whole values are passed over at once, which is much faster than token by token.
		if token == json.Delim('[') {
			for p.decoder.More() {
				if err := p.value(&nothing{}); err != nil {
					return err
				}
			}
		}
		if token, err = p.token(); err != nil {
			return err
		}
	}
}

// nothing is a value of any kind that is not kept.
type nothing struct{}

func (*nothing) UnmarshalJSON([]byte) error { return nil }

// explain says what is wrong with the file, and the way out.
func (p *previousReader) explain(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	wayOut := `name a report.json that "obsready scorecard" wrote, or go on without --previous`
	switch {
	case errors.Is(err, io.EOF) && p.limit.read == 0:
		return fmt.Errorf("the earlier report is empty. %s", wayOut)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the earlier report ends in the middle, after %d bytes. copy it again as a whole, or go on without --previous", p.limit.read)
	case errors.Is(err, errTooLong):
		return fmt.Errorf("a value of the earlier report has more than %d MB, near byte %d. %s", maxPreviousValue>>20, p.limit.read, wayOut)
	case errors.As(err, &syntax):
		return fmt.Errorf("the earlier report is no JSON: %s near byte %d. %s", syntax.Error(), p.decoder.InputOffset(), wayOut)
	case errors.As(err, &kind):
		return fmt.Errorf("the earlier report is damaged: %s has a %s near byte %d. %s", kind.Field, kind.Value, p.decoder.InputOffset(), wayOut)
	default:
		return fmt.Errorf("the earlier report cannot be compared with: %w. %s", err, wayOut)
	}
}

// OpenPrevious reads an earlier report from a file, or from the report directory that it is in; see [ReadPrevious].
func OpenPrevious(path string) (*scorecard.Previous, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, reportFile)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("could not open the earlier report: %w. name a report.json, or go on without --previous", err)
	}
	defer f.Close()
	p, err := ReadPrevious(f)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", path, err)
	}
	return p, nil
}

package scorecard

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/checks"
)

// Previous is what a comparison needs of an earlier report. It holds names and verdicts only, so that a report of ten
// thousand services can be kept beside the one that is compared with it.
type Previous struct {
	Now     time.Time
	Commit  string // of the catalog
	Files   string // what tells apart the files that were judged, see [FilesOf]; "" when nothing does
	RuleSet string
	Policy  string // its [Policy.Digest]; "" when the report does not tell
	Live    bool   // it looked at a live Grafana

	Standing Standing
	Teams    map[string]Standing // by team ID; "" for the services of no team
	Checks   []string            // IDs of the checks that were asked
	Services map[string]*PreviousService
}

// PreviousService is what an earlier report says of a service.
type PreviousService struct {
	Team    string // ID of the team that answered for it; "" for none
	Rated   bool
	Level   checks.Level
	Results []PreviousResult
}

// PreviousResult is what an earlier report says of a check about a service.
type PreviousResult struct {
	Check     string // its ID
	Verdict   checks.Verdict
	Earned    float64
	Announced bool
	Finding   *PreviousFinding // the first requirement that was unmet, or undecided when none was; nil without any
}

// PreviousFinding is an unmet requirement of an earlier report.
type PreviousFinding struct {
	Text string
	At   catalog.Place
}

// FilesOf tells apart the files that reports are about: it is equal when every repository was read at the same commit,
// and "" when files were read that no commit holds.
func FilesOf(r catalog.Revision) string {
	if r.Commit == "" || r.WorkTree {
		return ""
	}
	text := r.Commit
	for _, m := range r.Mounts {
		if m.Revision.Commit == "" {
			return ""
		}
		text += "\n" + m.Folder + " " + m.Revision.Commit
	}
	return text
}

// Digest names all of a policy that can change a verdict, a level or a score: policies of equal digest judge alike. How
// repositories and a Grafana are reached is no part of it.
func (p *Policy) Digest() string {
	o := p.Load
	said, err := json.Marshal(struct {
		Settings        checks.Settings
		Points          map[checks.Severity]float64
		Required        map[int]checks.Level
		Checks          map[string]CheckPolicy
		Labels          load.Labels
		Sites           []load.Site
		Ignore          []string
		NameAnnotations []string
		MaxFileBytes    int64
		MaxPageBytes    int64
		Repositories    bool
	}{p.Settings, p.Points, p.Required, p.Checks, o.Labels, o.Sites, o.Ignore, o.NameAnnotations, o.MaxFileBytes, o.MaxPageBytes, p.Repositories != nil})
	if err != nil { // a number that is none, which no policy file can hold
		said = fmt.Appendf(nil, "%v", err)
	}
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:8])
}

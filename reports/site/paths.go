package site

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"

	"obsready/catalog"
	"obsready/checks"
	"obsready/scorecard"
)

const (
	serviceFolder = "services"
	teamFolder    = "teams"
	checkFolder   = "checks"
	journeyFolder = "journeys"
	noTeamFile    = "no-team"
	maxFileName   = 64 // characters of a file name before its hash and ending
)

// paths says at which paths of the site a list of things has its pages.
type paths struct {
	at   []string // in the order of the list
	byID map[string]string
}

func servicePaths(cards []*scorecard.Card) paths {
	n := newNamer(serviceFolder)
	p := paths{byID: make(map[string]string, len(cards))}
	for _, c := range cards {
		p.add(c.Service.ID, n.path(c.Service.ID))
	}
	return p
}

func teamPaths(teams []*scorecard.TeamCard) paths {
	n := newNamer(teamFolder)
	n.taken[noTeamFile] = true
	p := paths{byID: make(map[string]string, len(teams))}
	for _, t := range teams {
		if t.Team == nil {
			p.at = append(p.at, teamFolder+"/"+noTeamFile+".html")
			continue
		}
		p.add(t.Team.ID, n.path(t.Team.ID))
	}
	return p
}

func checkPaths(all []*checks.Check) paths {
	n := newNamer(checkFolder)
	p := paths{byID: make(map[string]string, len(all))}
	for _, c := range all {
		p.add(c.ID, n.path(c.ID))
	}
	return p
}

func journeyPaths(journeys []*catalog.Journey) paths {
	n := newNamer(journeyFolder)
	p := paths{byID: make(map[string]string, len(journeys))}
	for _, j := range journeys {
		p.add(j.ID, n.path(j.ID))
	}
	return p
}

func (p *paths) add(id, path string) {
	p.at = append(p.at, path)
	if _, ok := p.byID[id]; !ok {
		p.byID[id] = path
	}
}

// namer gives each ID a file name that every file system can hold. It depends on the ID alone, so that links into the
// site keep working from one run to the next, unless somebody makes two IDs collide on purpose.
type namer struct {
	folder string
	taken  map[string]bool
}

func newNamer(folder string) *namer { return &namer{folder, map[string]bool{}} }

var (
	plainName   = regexp.MustCompile(`^[a-z0-9]+([-_.][a-z0-9]+)*$`)
	otherRunes  = regexp.MustCompile(`[^a-z0-9]+`)
	deviceNames = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`) // that Windows keeps for itself
)

// path gives the path of an ID's page. An ID that is a fine file name is its own; any other, an upper case letter
// included (file systems may not see the difference), is spelt with what can be kept of it and a hash of the whole.
func (n *namer) path(id string) string {
	name := id
	if !plainName.MatchString(id) || len(id) > maxFileName || deviceNames.MatchString(id) || n.taken[id] {
		name = n.spelt(id)
	}
	n.taken[name] = true
	return n.folder + "/" + name + ".html"
}

func (n *namer) spelt(id string) string {
	kept := otherRunes.ReplaceAllString(strings.ToLower(id), "-")
	if len(kept) > maxFileName {
		kept = kept[:maxFileName]
	}
	kept = strings.Trim(kept, "-")
	if kept == "" {
		kept = "x"
	}
	sum := sha256.Sum256([]byte(id))
	hash := hex.EncodeToString(sum[:])
	for length := 8; length <= len(hash); length += 8 {
		if name := kept + "-" + hash[:length]; !n.taken[name] {
			return name
		}
	}
	for i := 2; ; i++ {
		if name := kept + "-" + hash + "-" + strconv.Itoa(i); !n.taken[name] {
			return name
		}
	}
}

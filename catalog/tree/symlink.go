package tree

import (
	"errors"
	"path"
	"strings"
)

// maxHops bounds the links that are followed to one file.
const maxHops = 16

var (
	errOutside  = errors.New("leads out of the repository")
	errLoop     = errors.New("leads through too many links")
	errToFolder = errors.New("leads to a folder")
	errDangling = errors.New("leads to no file")
)

// look says what is at a path whose folders are no links, and for a link the text that it holds.
type look func(p string) (k kind, target string, err error)

// resolve gives the path of the regular file that p leads to. Links in the middle of the path are followed too. No
// step leaves the repository or enters git's own folder.
func (l look) resolve(p string) (string, error) {
	var at []string
	hops := 0
	for pending := strings.Split(p, "/"); len(pending) > 0; {
		name := pending[0]
		pending = pending[1:]
		switch {
		case name == "" || name == ".":
			continue
		case isGitDir(name) || name == ".." && len(at) == 0:
			return "", errOutside
		case name == "..":
			at = at[:len(at)-1]
			continue
		}
		next := path.Join(append(at, name)...)
		k, target, err := l(next)
		if err != nil {
			return "", err
		}
		switch k {
		case folderKind:
			at = append(at, name)
		case linkKind:
			if hops++; hops > maxHops || len(target) > maxPath {
				return "", errLoop
			}
			if path.IsAbs(target) {
				return "", errOutside
			}
			pending = append(strings.Split(target, "/"), pending...)
		case regularKind:
			if len(pending) == 0 {
				return next, nil
			}
			return "", errDangling
		default:
			return "", errDangling
		}
	}
	return "", errToFolder
}

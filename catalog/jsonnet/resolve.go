package jsonnet

import (
	"context"
	"io"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"obsready/catalog"
)

// importQuestion asks for what an import expression names.
type importQuestion struct {
	From string // the file that imports; "" for the program itself
	Path string // as written
}

// importAnswer says where the import was found. The same file has the same path, whatever led to it, and its bytes are
// sent once: the engine insists that the same place gives the same contents.
type importAnswer struct {
	Path  string
	Known bool
}

// resolve finds an import as jsonnet and jsonnet-bundler do: beside the importing file, then in each vendor folder.
func (s *session) resolve(q importQuestion) (found string, data []byte, err error) {
	if why := foreign(q.Path); why != "" {
		return "", nil, s.refuse(catalog.HostileName, "the import %q %s, and imports are read from the catalog only. copy the file into it", q.Path, why)
	}
	from := q.From
	if from == "" {
		from = s.program.File
	}
	candidates, outside := s.candidates(path.Dir(from), q.Path)
	for _, p := range candidates {
		if s.sent[p] {
			return p, nil, nil
		}
		data, ok, err := s.look(p)
		if err != nil {
			return "", nil, err
		}
		if ok {
			return p, data, nil
		}
	}
	if outside {
		return "", nil, s.refuse(catalog.HostileName, "the import %q in %q leads out of the catalog, and imports are read from it only. copy the file into it", q.Path, from)
	}
	return "", nil, s.missing(q.Path, from)
}

// foreign says why a path cannot be one of the tree, "" when it can.
func foreign(p string) string {
	switch {
	case strings.Contains(p, "://"):
		return "is a web address"
	case path.IsAbs(p), strings.HasPrefix(p, `\`), len(p) > 1 && p[1] == ':':
		return "is an absolute path"
	case strings.ContainsAny(p, "\x00\n"):
		return "is no path"
	}
	return ""
}

// candidates gives the paths that an import may stand for, in order, and whether it is outside the tree as it is written.
func (s *session) candidates(dir, imported string) (inside []string, outside bool) {
	add := func(dir, p string) bool {
		full := path.Join(dir, p)
		if full == ".." || strings.HasPrefix(full, "../") {
			return false
		}
		inside = append(inside, full)
		return true
	}
	outside = !add(dir, imported)
	first, rest, _ := strings.Cut(path.Clean(imported), "/")
	alias, aliased := s.program.Alias[first]
	for _, v := range s.program.Vendor {
		if aliased {
			add(v, path.Join(alias, rest))
		}
		add(v, imported)
	}
	return inside, outside
}

// missing says that an import is nowhere, and what to do: a library is brought by jsonnet-bundler, a relative path is a
// mistake.
func (s *session) missing(imported, from string) error {
	if strings.HasPrefix(imported, ".") || !strings.Contains(imported, "/") && !s.isAlias(imported) {
		return s.refuse(catalog.Unreachable, "the import %q of %q is not in the catalog. commit the file, or run \"jb install\" and commit vendor/ when a library brings it", imported, from)
	}
	return s.refuse(catalog.Unreachable, "the library file %q that %q imports is not in the catalog. run \"jb install\" and commit vendor/, or keep the rendered files in the catalog", imported, from)
}

func (s *session) isAlias(name string) bool {
	_, ok := s.program.Alias[name]
	return ok
}

// rooted gives the path in the tree of what a native function names.
func (s *session) rooted(p string) (string, error) {
	full := path.Join(s.program.Root, p)
	if foreign(p) != "" || full == ".." || strings.HasPrefix(full, "../") {
		return "", s.refuse(catalog.HostileName, "the path %q leads out of the catalog, and files are read from it only", p)
	}
	return full, nil
}

// maxAlternatives bounds the braces of a pattern: each doubles what matching it may cost.
const maxAlternatives = 6

// replyGlob answers with the paths that a pattern matches, in order and relative to the root of natives.
func (s *session) replyGlob(w io.Writer, pattern string) error {
	if !doublestar.ValidatePattern(pattern) || strings.Count(pattern, "{") > maxAlternatives {
		return s.refuse(catalog.BadValue, "the pattern %q cannot be read. write it as in \"services/**/*.yaml\", with at most %d braces", pattern, maxAlternatives)
	}
	if foreign(pattern) != "" || pattern == ".." || strings.HasPrefix(pattern, "../") {
		return s.refuse(catalog.HostileName, "the pattern %q leads out of the catalog, and files are read from it only", pattern)
	}
	found := glob(s.ctx, s.files.Paths(), s.program.Root, pattern)
	s.matches[s.program.Root+"\x00"+pattern] = digest([]byte(strings.Join(found, "\n")))
	return writeJSON(w, pathsFrame, found)
}

// glob gives the paths below a folder that a pattern matches, relative to the folder and in order. It breaks off when the
// program's time is over.
func glob(ctx context.Context, paths []string, root, pattern string) []string {
	found := []string{}
	prefix := ""
	if root != "" {
		prefix = root + "/"
	}
	for _, p := range paths {
		if ctx.Err() != nil {
			break
		}
		if rest, below := strings.CutPrefix(p, prefix); below && doublestar.MatchUnvalidated(pattern, rest) {
			found = append(found, rest)
		}
	}
	return found
}

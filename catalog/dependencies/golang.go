package dependencies

import (
	"bytes"
	"path"
	"strings"

	"obsready/catalog"
)

func goFormat(base string) (format, bool) {
	switch base {
	case "go.mod":
		return format{"go", "go", false, readGoMod}, true
	case "go.work":
		return format{"go", "go", false, readGoWork}, true
	case "go.sum", "go.work.sum":
		return format{"go", "go", true, readGoSum}, true
	}
	return format{}, false
}

// goDirectives gives each directive of a go.mod or go.work file with its arguments, those of blocks too, without
// comments. https://go.dev/ref/mod#go-mod-file
func goDirectives(s *source) func(yield func(line int, args []string) bool) {
	return func(yield func(line int, args []string) bool) {
		block := ""
		for n, line := range s.lines {
			text, _, _ := strings.Cut(string(line), "//")
			args := strings.Fields(text)
			switch {
			case len(args) == 0:
				continue
			case block == "" && args[len(args)-1] == "(":
				block = args[0]
				continue
			case block != "" && args[0] == ")":
				block = ""
				continue
			case block != "":
				args = append([]string{block}, args...)
			}
			if !yield(n, args) {
				return
			}
		}
	}
}

// readGoMod counts the required modules, direct or not, that are not replaced by folders. Their versions are exact:
// that is what minimal version selection means.
func readGoMod(s *source, m *catalog.Manifest) bool {
	required, local := map[string]bool{}, map[string]bool{}
	for n, args := range goDirectives(s) {
		switch {
		case args[0] == "module" && len(args) == 2:
			m.Name = s.text(strings.Trim(args[1], "\"`"), n)
		case args[0] == "require" && len(args) == 3:
			required[strings.Trim(args[1], "\"`")] = true
		case args[0] == "replace" && isLocal(args[len(args)-1]) && len(args) > 2:
			local[strings.Trim(args[1], "\"`")] = true
		}
	}
	var t tally
	for module := range required {
		if !local[module] {
			t.add(module, true)
		}
	}
	t.declare(m)
	return true
}

func readGoWork(s *source, m *catalog.Manifest) bool {
	for n, args := range goDirectives(s) {
		if args[0] == "use" && len(args) == 2 {
			addMembers(m, s.text(path.Clean(strings.Trim(args[1], "\"`")), n))
		}
	}
	return true
}

// readGoSum counts modules, each of whose versions has a line for its content, one for its go.mod, or both.
func readGoSum(s *source, m *catalog.Manifest) bool {
	last := []byte(nil)
	for _, line := range s.lines {
		hash := bytes.LastIndexByte(line, ' ')
		if hash < 0 {
			continue
		}
		module := bytes.TrimSuffix(line[:hash], []byte("/go.mod"))
		if !bytes.Equal(module, last) {
			m.Packages++
		}
		last = module
	}
	return true
}

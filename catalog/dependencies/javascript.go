package dependencies

import (
	"regexp"
	"strings"

	"obsready/catalog"
	"obsready/catalog/document"
	"obsready/catalog/jsonwalk"
)

func javascriptFormat(base string) (format, bool) {
	switch base {
	case "package.json":
		return format{"npm", "npm", false, readPackageJSON}, true
	case "pnpm-workspace.yaml":
		return format{"npm", "pnpm", false, readPnpmWorkspace}, true
	case "package-lock.json", "npm-shrinkwrap.json":
		return format{"npm", "npm", true, readPackageLock}, true
	case "yarn.lock":
		return format{"npm", "yarn", true, readYarnLock}, true
	case "pnpm-lock.yaml":
		return format{"npm", "pnpm", true, readPnpmLock}, true
	case "bun.lock":
		return format{"npm", "bun", true, readBunLock}, true
	case "bun.lockb":
		return format{"npm", "bun", true, readBunBinary}, true
	case "deno.json", "deno.jsonc":
		return format{"deno", "deno", false, readDeno}, true
	case "deno.lock":
		return format{"deno", "deno", true, readDenoLock}, true
	}
	return format{}, false
}

// exactSemver matches one version and no range: "1.2.3", "v1.2.3-rc.1", "=1.2.3".
var exactSemver = regexp.MustCompile(`^(?:npm:.+@)?=?\s*v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$`)

// commit matches a reference that ends with a full commit hash.
var commit = regexp.MustCompile(`[#@/=][0-9a-f]{40}(?:[#&].*)?$`)

// readPackageJSON counts what npm installs for the package itself. Peer dependencies are the installing package's.
// https://docs.npmjs.com/cli/v11/configuring-npm/package-json
func readPackageJSON(s *source, m *catalog.Manifest) bool {
	root := s.json()
	if root == nil {
		return false
	}
	m.Name = root.Get("name").Text()
	var t tally
	for _, section := range []string{"dependencies", "devDependencies", "optionalDependencies"} {
		for _, d := range root.Get(section).Labels() {
			if !isLocal(d.Value) {
				t.add(d.Key, exactSemver.MatchString(d.Value) || commit.MatchString(d.Value))
			}
		}
	}
	t.declare(m)
	workspaces := root.Get("workspaces")
	if packages := workspaces.Get("packages"); packages != nil {
		workspaces = packages
	}
	addMembers(m, workspaces.Texts()...)
	if manager := root.Get("packageManager").Str(); manager != "" {
		m.Tool, _, _ = strings.Cut(manager, "@")
	}
	return true
}

// readPnpmWorkspace gives the workspace's folders; the file declares versions at most (catalogs), no dependencies.
func readPnpmWorkspace(s *source, m *catalog.Manifest) bool {
	root := s.yaml()
	addMembers(m, root.Get("packages").Texts()...)
	return root != nil
}

// readPackageLock counts the installed packages: members of "packages" below node_modules (version 2 and 3), or nested
// "dependencies" (version 1). Links to workspace folders are no packages.
func readPackageLock(s *source, m *catalog.Manifest) bool {
	old := 0
	ok := s.walk(func(w *jsonwalk.Walker) error {
		return w.Object(func(key string) error {
			switch key {
			case "packages":
				return w.Object(func(folder string) error { return countInstalled(w, folder, &m.Packages) })
			case "dependencies":
				return countNested(w, &old)
			}
			return w.Skip()
		})
	})
	if m.Packages == 0 {
		m.Packages = old
	}
	return ok
}

func countInstalled(w *jsonwalk.Walker, folder string, n *int) error {
	if !strings.HasPrefix(folder, "node_modules/") && !strings.Contains(folder, "/node_modules/") {
		return w.Skip()
	}
	link := false
	err := w.Object(func(key string) error {
		if key != "link" {
			return w.Skip()
		}
		value, _, err := w.Scalar()
		link = value == "true"
		return err
	})
	if !link {
		*n++
	}
	return err
}

func countNested(w *jsonwalk.Walker, n *int) error {
	return w.Object(func(string) error {
		*n++
		return w.Object(func(key string) error {
			if key == "dependencies" {
				return countNested(w, n)
			}
			return w.Skip()
		})
	})
}

// readYarnLock counts entries, which begin in the first column in version 1 and in Berry's YAML alike. Those of
// workspace folders are no packages.
func readYarnLock(s *source, m *catalog.Manifest) bool {
	for _, line := range s.lines {
		if len(line) == 0 || line[0] == ' ' || line[0] == '#' || line[len(line)-1] != ':' {
			continue
		}
		entry := string(line)
		if entry != "__metadata:" && !strings.Contains(entry, "@workspace:") && !strings.Contains(entry, "@file:") && !strings.Contains(entry, "@link:") {
			m.Packages++
		}
	}
	return true
}

// readPnpmLock counts the keys of "packages", which pnpm writes with two blanks before them.
func readPnpmLock(s *source, m *catalog.Manifest) bool {
	m.Packages = countKeys(s, "packages")
	return true
}

// countKeys counts the keys one level (two blanks) below a top-level key of machine-written YAML.
func countKeys(s *source, section string) int {
	n, inside := 0, false
	for _, line := range s.lines {
		switch {
		case len(line) == 0 || line[0] == '#':
		case line[0] != ' ':
			inside = string(line) == section+":"
		case inside && len(line) > 3 && line[1] == ' ' && line[2] != ' ' && line[2] != '#' && line[2] != '-':
			n++
		}
	}
	return n
}

// readBunLock counts the members of "packages"; their first item names a version or a workspace folder.
func readBunLock(s *source, m *catalog.Manifest) bool {
	return s.walkJSON5(func(w *jsonwalk.Walker) error {
		return w.Object(func(key string) error {
			if key != "packages" {
				return w.Skip()
			}
			return w.Object(func(string) error {
				first := true
				return w.Array(func() error {
					if !first {
						return w.Skip()
					}
					first = false
					resolved, _, err := w.Scalar()
					if !strings.Contains(resolved, "@workspace:") && !strings.Contains(resolved, "@file:") && !strings.Contains(resolved, "@link:") {
						m.Packages++
					}
					return err
				})
			})
		})
	})
}

func readBunBinary(s *source, _ *catalog.Manifest) bool {
	s.gap(0, catalog.Unsupported, "bun's binary lockfile is not read. keep bun.lock instead (bun install --save-text-lockfile)")
	return false
}

// readDeno counts the imports that come from a registry or the web.
func readDeno(s *source, m *catalog.Manifest) bool {
	root := s.root(document.ParseJSON(s.file, jsonwalk.FromJSON5(s.data)))
	var t tally
	for _, d := range root.Get("imports").Labels() {
		registry, rest, _ := strings.Cut(d.Value, ":")
		if registry == "npm" || registry == "jsr" || registry == "https" {
			_, version, _ := strings.Cut(strings.TrimPrefix(rest, "@"), "@")
			t.add(d.Key, exactSemver.MatchString(version))
		}
	}
	t.declare(m)
	addMembers(m, root.Get("workspace").Texts()...)
	return root != nil
}

// readDenoLock counts the packages of each registry, and the remote modules.
func readDenoLock(s *source, m *catalog.Manifest) bool {
	count := func(w *jsonwalk.Walker) error {
		return w.Object(func(string) error { m.Packages++; return w.Skip() })
	}
	return s.walk(func(w *jsonwalk.Walker) error {
		return w.Object(func(key string) error {
			switch key {
			case "npm", "jsr", "remote": // version 4 and later; "remote" since the first
				return count(w)
			case "packages": // version 3
				return w.Object(func(registry string) error {
					if registry == "npm" || registry == "jsr" {
						return count(w)
					}
					return w.Skip()
				})
			}
			return w.Skip()
		})
	})
}

// walk goes through the file as JSON; text that does not parse is a gap.
func (s *source) walk(visit func(w *jsonwalk.Walker) error) bool { return s.walkText(s.data, visit) }

func (s *source) walkJSON5(visit func(w *jsonwalk.Walker) error) bool {
	return s.walkText(jsonwalk.FromJSON5(s.data), visit)
}

func (s *source) walkText(text []byte, visit func(w *jsonwalk.Walker) error) bool {
	w := jsonwalk.New(text)
	err := visit(w)
	if err == nil {
		err = w.End()
	}
	if err != nil {
		at := jsonwalk.Place(s.file, text, w.Stopped())
		s.gap(at.Line, catalog.Syntax, "the file is no JSON: %s. write it again with its own tool", jsonwalk.Reason(err))
	}
	return err == nil
}

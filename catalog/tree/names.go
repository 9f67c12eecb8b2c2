package tree

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPath bounds a path. It is Linux's PATH_MAX, beyond which no checkout can have the file.
const maxPath = 4096

// refuse says why a name from a tree must not be followed or printed; "" when it may. Names in a tree are any bytes
// that somebody pushed.
func refuse(name string) string {
	switch {
	case name == "" || name == "." || name == "..":
		return "is no file name"
	case isGitDir(name):
		return "stands for git's own folder"
	case strings.ContainsAny(name, `/\`):
		return "holds a path separator"
	case !utf8.ValidString(name):
		return "is not UTF-8 text"
	case strings.ContainsFunc(name, unprintable):
		return "holds control characters"
	}
	return ""
}

// unprintable holds for control characters and for those that change the direction of the text around them, so that a
// path would read as another one.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// isGitDir reports whether a file system may take the name for ".git": by case, by trailing dots and blanks, as a
// stream or as a short name (Windows), or with characters that HFS+ ignores. Git refuses the same names on checkout.
func isGitDir(name string) bool {
	name, _, _ = strings.Cut(name, ":")
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, name)
	name = strings.TrimRight(name, ". ")
	return strings.EqualFold(name, ".git") || strings.EqualFold(name, "git~1")
}

// components gives the names in a slash-separated path, none for "".
func components(p string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest := p; rest != ""; {
			var name string
			name, rest, _ = strings.Cut(rest, "/")
			if !yield(name) {
				return
			}
		}
	}
}

// shorten keeps names in messages to a readable length.
func shorten(name string) string {
	const most = 80
	if len(name) <= most {
		return name
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return name[:cut] + "…"
}

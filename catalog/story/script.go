package story

import (
	"regexp"
	"strings"
	"time"
)

// script is what stands before the first file of an archive.
type script struct {
	date     time.Time // with the offset that was written
	dateText string
	dateLine int
	author   string // "Name <address>"
	steps    []step
	message  string // ends in a newline
}

// step is one header line that changes files.
type step struct {
	line int
	from string
	to   string // "" removes
}

func (s script) subject() string {
	subject, _, _ := strings.Cut(s.message, "\n")
	return subject
}

// parseScript reads a header and the message below it.
func parseScript(comment string) (script, error) {
	var s script
	header, message, _ := strings.Cut(comment, "\n\n")
	for i, text := range strings.Split(strings.TrimSuffix(header, "\n"), "\n") {
		if err := s.header(i+1, text); err != nil {
			return script{}, err
		}
	}
	switch {
	case s.dateText == "":
		return script{}, mistake(1, `the header has no date. write a line "date: 2026-01-12T09:30:00Z"`)
	case s.author == "":
		return script{}, mistake(1, `the header has no author. write a line "author: Ada Example <ada@shop.example>"`)
	}
	if s.message = strings.TrimSpace(message); s.message == "" {
		return script{}, mistake(strings.Count(header, "\n")+1, "the commit has no message. write one after a blank line below the header")
	}
	s.message += "\n"
	return s, nil
}

// header reads one line of a header.
func (s *script) header(line int, text string) error {
	key, value, ok := strings.Cut(text, ":")
	value = strings.TrimSpace(value)
	if !ok || value == "" {
		return mistake(line, `%q is no header line. write "key: value", and a blank line before the message`, text)
	}
	switch key {
	case "date":
		return s.setDate(line, value)
	case "author":
		return s.setAuthor(line, value)
	case "remove":
		s.steps = append(s.steps, step{line: line, from: value})
	case "move":
		from, to, ok := strings.Cut(value, "->")
		from, to = strings.TrimSpace(from), strings.TrimSpace(to)
		if !ok || from == "" || to == "" {
			return mistake(line, `%q names no two files. write "move: from -> to"`, value)
		}
		s.steps = append(s.steps, step{line, from, to})
	default:
		return mistake(line, "unknown header %q. expected one of author, date, move, remove", key)
	}
	return nil
}

func (s *script) setDate(line int, value string) error {
	if s.dateText != "" {
		return mistake(line, "a second date %q. a commit has one", value)
	}
	date, err := time.Parse(time.RFC3339, value)
	if err != nil || date.Unix() < 0 {
		return mistake(line, "date %q is none that git can keep. write it as 2026-01-12T09:30:00Z", value)
	}
	s.date, s.dateText, s.dateLine = date, value, line
	return nil
}

// identity is "Name <address>", without what would end either of them in a commit object.
var identity = regexp.MustCompile(`^[^\s<>\x00]([^\n<>\x00]*[^\s<>\x00])? <[^\s<>\x00]*>$`)

func (s *script) setAuthor(line int, value string) error {
	if s.author != "" {
		return mistake(line, "a second author %q. a commit has one", value)
	}
	if !identity.MatchString(value) {
		return mistake(line, `author %q is no identity. write it as "Ada Example <ada@shop.example>"`, value)
	}
	s.author = value
	return nil
}

//go:build unix

package main

import (
	"bufio"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"text/template"
	"time"
)

//go:embed service/*.tmpl
var templateFiles embed.FS

// files are the ten files of a service: the path in its folder and the template.
var files = []struct{ path, template string }{
	{"service.toml", "service.toml.tmpl"},
	{"alerts.yaml", "alerts.yaml.tmpl"},
	{"rules.yaml", "rules.yaml.tmpl"},
	{"alerts_test.yaml", "alerts_test.yaml.tmpl"},
	{"slo.yaml", "slo.yaml.tmpl"},
	{"dashboard.json", "dashboard.json.tmpl"},
	{"runbooks/errors.md", "errors.md.tmpl"},
	{"runbooks/saturation.md", "saturation.md.tmpl"},
	{"deploy/servicemonitor.yaml", "servicemonitor.yaml.tmpl"},
	{"deploy/deployment.yaml", "deployment.yaml.tmpl"},
}

// months is how many commits there are before those of the weeks, one at the beginning of each month.
const months = 12

func month(m int) time.Time { return time.Date(2025, time.Month(1+m), 1, 9, 0, 0, 0, time.UTC) }

// written is how much was written, replaced files included.
type written struct {
	files   int
	bytes   int64
	commits int
}

// write makes the bare repository dir with an estate of n services, and of so many weeks after its first year in each of
// which the given share of the services changes. Git takes the commits as a stream, which is much
// faster than a work tree, and packs them anew, as a server would.
func write(dir string, n, weeks int, churn float64) (written, error) {
	if _, err := os.Stat(dir); err == nil {
		return written{}, fmt.Errorf("%q is there already. remove it or name another -out", dir)
	}
	if err := git(nil, "init", "--quiet", "--bare", "--initial-branch=main", dir); err != nil {
		return written{}, err
	}
	stream, in := io.Pipe()
	imported := make(chan error, 1)
	go func() {
		err := git(stream, "-C", dir, "fast-import", "--quiet")
		stream.CloseWithError(errors.New("git fast-import ended")) // so that the writer does not wait for it
		imported <- err
	}()
	s := &streamer{out: bufio.NewWriterSize(in, 1<<20)}
	err := s.estate(n)
	if err == nil {
		err = s.weeks(n, weeks, churn)
	}
	in.CloseWithError(errors.Join(err, s.out.Flush()))
	if err := errors.Join(<-imported, err); err != nil {
		return written{}, err
	}
	return s.written, git(nil, "-C", dir, "repack", "-a", "-d", "-f", "--quiet")
}

func git(stdin io.Reader, args ...string) error {
	cmd := exec.Command("git", args...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	cmd.Stdin, cmd.Stderr = stdin, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("git %s: %w", args[0], err)
	}
	return nil
}

// streamer writes what git fast-import reads.
type streamer struct {
	out       *bufio.Writer
	templates *template.Template
	written
}

func (s *streamer) estate(n int) (err error) {
	if s.templates, err = template.ParseFS(templateFiles, "service/*.tmpl"); err != nil {
		return err
	}
	for m := range months {
		s.begin(month(m), "Changes of "+month(m).Format("January 2006"))
		if m == 0 {
			s.teams(n)
		}
		for i := range n {
			if err := s.service(newService(i, n), i, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin begins a commit; the files that follow are in it.
func (s *streamer) begin(when time.Time, subject string) {
	fmt.Fprintf(s.out, "commit refs/heads/main\ncommitter Estate <estate@acme.example> %d +0000\ndata %d\n%s\n", when.Unix(), len(subject)+1, subject)
	s.commits++
}

func (s *streamer) file(path string, data []byte) {
	fmt.Fprintf(s.out, "M 100644 inline %s\ndata %d\n", path, len(data))
	s.out.Write(data) // an error stays in the writer until it is flushed
	s.out.WriteByte('\n')
	s.files++
	s.bytes += int64(len(data))
}

// service writes what month m changes of service i: all of it when it is new, the second runbook when somebody reviews
// it half a year later, which happens to one in three.
func (s *streamer) service(svc *service, i, m int) error {
	svc.Reviewed = month(m).Format(time.DateOnly)
	for _, f := range files {
		born := m == svc.born
		reviewed := m == svc.born+months/2 && i%3 == 0 && f.path == "runbooks/saturation.md"
		if !born && !reviewed {
			continue
		}
		if err := s.write(svc, f.path); err != nil {
			return err
		}
	}
	return nil
}

// teams writes the teams' entries and the file of the code's owners.
func (s *streamer) teams(n int) {
	var owners bytes.Buffer
	owners.WriteString("# Who reviews what.\n* @acme/platform\n")
	seen := map[string]bool{}
	for i := range n {
		team := teamOf(i)
		if seen[team] {
			continue
		}
		seen[team] = true
		fmt.Fprintf(&owners, "/services/%s/ @acme/%s\n", team, team)
		var b bytes.Buffer
		fmt.Fprintf(&b, "name        = %q\ntitle       = %q\ndescription = \"Builds and runs a part of %s\"\n", team, title(team), domains[i%len(domains)])
		fmt.Fprintf(&b, "contact     = \"#%s\"\nmembers     = [\"ada\", \"grace\", \"edsger\"]\naliases     = [\"@acme/%s\"]\n", team, team)
		if len(seen)%10 != 0 { // one team in ten has nobody on call
			fmt.Fprintf(&b, "oncall      = \"https://pager.example/schedules/%s\"\nescalation  = [\"%s secondary\", \"head of %s\"]\n", team, team, domains[i%len(domains)])
		}
		s.file("teams/"+team+"/team.toml", b.Bytes())
	}
	s.file("CODEOWNERS", owners.Bytes())
}

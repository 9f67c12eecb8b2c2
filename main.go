// Command obsready says how ready the services of a git catalog are to be operated: it reads the catalog with all the
// evidence in it, judges metrics, logs, traces, dashboards, alerts, runbooks and ownership of each service, and writes
// scorecards for teams.
//
// The pipeline is main → reports → scorecard → checks → catalog; each folder's package comment says which question it
// answers. This file holds the command line only: flags, exit codes and wiring.
package main

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"obsready/catalog/entries"
	"obsready/catalog/jsonnet"
	"obsready/catalog/load"
	"obsready/catalog/mapping"
	"obsready/catalog/story"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/checks/custom"
	"obsready/reports"
	"obsready/scorecard"
	"obsready/scorecard/history"
	"obsready/scorecard/intake"
)

// Exit codes. README's table repeats them, and testdata/script proves each one.
const (
	exitReady    = 0
	exitNotReady = 1 // a service is below its required level, or what --fail-on asks for
	exitUsage    = 2 // usage or configuration: the run did not begin
	exitFailed   = 3 // the run itself failed
)

//go:embed all:testdata/demo
var demoEstate embed.FS

//go:embed testdata/demo/live.json
var demoGrafana []byte

func main() {
	jsonnet.BecomeChild()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program: results go to stdout, everything else to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, stderr: stderr}
	root := a.command()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var failed intake.Failure
	switch {
	case err == nil:
		return a.exit
	case errors.As(err, &failed):
		fmt.Fprintf(stderr, "obsready: %v\n", err)
		return exitFailed
	default:
		fmt.Fprintf(stderr, "obsready: %v\n", err)
		return exitUsage
	}
}

// app is one invocation of the program.
type app struct {
	stdout, stderr io.Writer
	verbose        bool
	exit           int // the exit code when no error ended the run
}

// job is one judgement of a catalog: the flags of scorecard, lint and demo.
type job struct {
	*app
	ref, config, out, format, failOn, now, team string
	history, previous, service                  string
	catalogMap, live, tokenFile, cache          string
	checkIDs, localRepositories                 []string
	workTree, quiet, offline, all               bool
	workers                                     int
	shipped                                     []byte // the live.json of the demo
}

func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "obsready",
		Short:         "How ready are your services to be operated? Scorecards from a service catalog in git",
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().BoolVarP(&a.verbose, "verbose", "v", false, "log what is read and decided, structured, to stderr")
	root.AddCommand(a.scorecardCommand(), a.lintCommand(), a.demoCommand(), a.checksCommand(), a.explainCommand())
	return root
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) > 12 && v == "(devel)" {
			v = "devel " + s.Value[:12]
		}
	}
	return v + " (rule set " + checks.RuleSet + ")"
}

func (a *app) scorecardCommand() *cobra.Command {
	j := &job{app: a}
	c := &cobra.Command{
		Use:   "scorecard [CATALOG]",
		Short: "Judge every service and write the report directory (the nightly job)",
		Long: `Judge every service of the catalog and write the report directory: pages to read (index.html), report.json for
other tools, tables (services.csv, findings.csv), metrics (metrics.prom, with dashboard.json for Grafana), badges, a digest
for each team (Markdown), what is due (deadlines.json), calendars to subscribe to (deadlines.ics, and one for each team)
and, with --history or --previous, a feed of levels that changed (feed.atom). The directory is replaced whole or not at
all. A summary is printed.

CATALOG is a git repository or a folder of one, the current folder by default.

Exit codes: 0 ready, 1 not ready (see --fail-on), 2 usage or configuration, 3 the run failed.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return j.judge(cmd.Context(), args, true)
		},
	}
	j.flags(c, "text")
	c.Flags().StringVarP(&j.out, "out", "o", "obsready-report", "directory to write the report to")
	j.pastFlags(c, "")
	c.Flags().StringVar(&j.tokenFile, "grafana-token-file", "", "file with the token for the Grafana of the policy (default the environment's "+intake.TokenVariable+")")
	return c
}

func (a *app) lintCommand() *cobra.Command {
	j := &job{app: a}
	c := &cobra.Command{
		Use:   "lint [CATALOG]",
		Short: "Print the findings, one a line, as file:line:column (for people and CI)",
		Long: `Print every finding as file:line:column with its check, for people, editors and CI. Nothing is written.

Exit codes: 0 ready, 1 not ready (see --fail-on), 2 usage or configuration, 3 the run failed.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return j.judge(cmd.Context(), args, false)
		},
	}
	j.flags(c, "lines")
	return c
}

func (j *job) flags(c *cobra.Command, format string) {
	f := c.Flags()
	f.StringVar(&j.ref, "ref", "", "revision to read: branch, tag or commit (default HEAD)")
	f.BoolVar(&j.workTree, "worktree", false, "read the work tree with uncommitted changes instead of a commit")
	f.StringVar(&j.config, "config", "", "policy file (default obsready.toml in the catalog)")
	f.StringVarP(&j.format, "format", "f", format, "what to print: "+strings.Join(formatNames(), ", "))
	f.StringVar(&j.failOn, "fail-on", "level", "exit 1 when: level (a service is below its required level), never, or a finding of at least severity critical, high, medium, low")
	f.StringSliceVar(&j.checkIDs, "checks", nil, "ask these checks only")
	f.StringVar(&j.team, "team", "", "judge the services of this team only, and show them closer")
	f.StringVar(&j.service, "service", "", "show this service only, with every check; the report directory still has them all")
	f.BoolVar(&j.all, "all", false, "print every list in full (format text)")
	f.StringVar(&j.now, "now", "", "the day of judgement, as 2006-01-02 or RFC 3339 (default: now)")
	f.IntVar(&j.workers, "workers", runtime.GOMAXPROCS(0), "how much is done at once; the result does not depend on it")
	f.BoolVarP(&j.quiet, "quiet", "q", false, "no progress bar")
	f.StringVar(&j.live, "live", "", "take what Grafana showed from this live.json, which an earlier run wrote, and ask no Grafana")
	c.MarkFlagsMutuallyExclusive("team", "service")
	j.sourceFlags(c)
	check(c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formatNames(), cobra.ShellCompDirectiveNoFileComp)))
	check(c.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions([]string{"level", "never", "critical", "high", "medium", "low"}, cobra.ShellCompDirectiveNoFileComp)))
	check(c.RegisterFlagCompletionFunc("checks", cobra.FixedCompletions(checkIDs(), cobra.ShellCompDirectiveNoFileComp)))
}

// pastFlags are those of what became of the services since.
func (j *job) pastFlags(c *cobra.Command, history string) {
	c.Flags().StringVar(&j.history, "history", history, "judge the catalog as it was at the end of so many weeks too, by today's rules, as in 26w")
	c.Flags().StringVar(&j.previous, "previous", "", "report.json of an earlier run, to compare with: what a live Grafana shows is in no git")
}

// sourceFlags are those of where evidence comes from beside the files of the catalog.
func (j *job) sourceFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&j.catalogMap, "catalog-map", "", "jsonnet program to read the catalog's layout with, instead of its catalog.jsonnet")
	f.BoolVar(&j.offline, "offline", false, "ask no Grafana, and take of other repositories what the cache has")
	f.StringVar(&j.cache, "cache", "", "folder for fetched repositories and for what jsonnet gave (default obsready in the user's cache folder)")
	f.StringArrayVar(&j.localRepositories, "local-repositories", nil, "folder in which repositories of file:// may stand; can be repeated")
}

// check stops on an error that only a mistake in this file can cause.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

func formatNames() []string {
	var names []string
	for _, f := range reports.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func checkIDs() []string {
	var ids []string
	for _, c := range checks.All() {
		ids = append(ids, c.ID)
	}
	return ids
}

// judge opens a catalog, judges it, prints the report and, for the nightly job, writes the directory.
func (j *job) judge(ctx context.Context, args []string, write bool) error {
	if err := j.validate(); err != nil {
		return err
	}
	t, err := tree.Open(catalogOf(args), tree.Options{Ref: j.ref, WorkTree: j.workTree})
	if err != nil {
		return err
	}
	return j.report(ctx, t, write)
}

// catalogOf gives the catalog that the arguments name, the current folder by default.
func catalogOf(args []string) string {
	if len(args) > 0 {
		return args[0]
	}
	return "."
}

// validate refuses unknown names before anything is read.
func (j *job) validate() error {
	if _, err := reports.ByName(j.format); err != nil {
		return err
	}
	if _, err := j.day(); err != nil {
		return err
	}
	if _, err := weeks(j.history); err != nil {
		return err
	}
	_, err := j.failsOn(nil)
	return err
}

// day gives the day of judgement. The clock is read here and nowhere else.
func (j *job) day() (time.Time, error) {
	if j.now == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, j.now); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("--now %q is no day. write it as 2006-01-02 or 2006-01-02T15:04:05Z", j.now)
}

// report judges what the tree holds, shows it, and closes the tree.
func (j *job) report(ctx context.Context, t *tree.Tree, write bool) (err error) {
	defer closeAll(&err, t)
	now, err := j.day()
	if err != nil {
		return err
	}
	in, err := j.read(ctx, t, now, write)
	if err != nil {
		return err
	}
	if err := j.options().Check(in.Estate); err != nil {
		return err
	}
	defer closeAll(&err, in)
	r := scorecard.Evaluate(in.Estate, in.Set(), in.Policy, now, max(1, j.workers))
	if err := j.lookBack(ctx, t, in, r); err != nil {
		return err
	}
	if j.team != "" {
		r = r.OfTeam(j.team)
	}
	j.logger().Info("judged", "checks", len(r.Checks), "ready", r.Summary.Ready, "services", r.Summary.Services)
	if err := j.show(r, write); err != nil {
		return intake.Failed(err)
	}
	failed, err := j.failsOn(r)
	if failed {
		j.exit = exitNotReady
	}
	return err
}

// closeAll closes something at the end of a run, and makes it the run's error when that fails and nothing else has.
func closeAll(err *error, c io.Closer) {
	if closed := c.Close(); *err == nil && closed != nil {
		*err = intake.Failed(closed)
	}
}

// lookBack adds what became of the services since: week by week from git, and since an earlier report.
func (j *job) lookBack(ctx context.Context, t *tree.Tree, in *intake.Input, r *scorecard.Report) (err error) {
	if n, _ := weeks(j.history); n > 0 {
		bar := j.progress("looking back")
		r.History, err = history.Compute(ctx, t, r, history.Options{
			Weeks: n, Calendar: in.Policy.Calendar, Workers: max(1, j.workers), Load: in.At, Progress: bar.Add,
		})
		bar.Done()
		if err != nil {
			return intake.Failed(err)
		}
	}
	if j.previous != "" {
		previous, err := reports.OpenPrevious(j.previous)
		if err != nil {
			return err
		}
		r.Comparison = r.Compare(previous)
	}
	return nil
}

// weeks reads the value of --history: a number of weeks, as in "26w" or "26"; "" and 0 are none.
func weeks(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	const most = 520
	n, err := strconv.Atoi(strings.TrimSuffix(text, "w"))
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("--history %q is no number of weeks up to %d. write it as in \"26w\"", text, most)
	}
	return n, nil
}

// read reads what is to be judged. Only the nightly job (ask) turns to a live Grafana.
func (j *job) read(ctx context.Context, t *tree.Tree, now time.Time, ask bool) (*intake.Input, error) {
	boundMemory(len(t.Files()))
	o := intake.Options{
		Config: j.config, CatalogMap: j.catalogMap, Cache: j.cache, LocalRepositories: j.localRepositories, Offline: j.offline,
		Checks: j.checkIDs, Now: now, Workers: j.workers, Past: j.history != "",
		Grafana: intake.Grafana{File: j.live, Ask: ask, TokenFile: j.tokenFile, Previous: reports.LiveFile(j.out)},
		Log:     j.logger(), Progress: j.progress,
	}
	if j.shipped != nil {
		o.Grafana.Snapshot = bytes.NewReader(j.shipped)
	}
	return intake.Read(ctx, t, o)
}

// boundMemory has the garbage collector work harder before the program takes more memory than an estate of so many files
// needs: about 11 KiB a file are in use, and nearly as much again, 20 KiB in all, lets the collector keep pace. The user's
// own GOGC and GOMEMLIMIT hold instead.
func boundMemory(files int) {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(50)
		debug.SetMemoryLimit(max(1<<30, int64(files)*20<<10))
	}
}

// show prints the report and, when asked to, replaces the report directory.
func (j *job) show(r *scorecard.Report, write bool) error {
	f, err := reports.ByName(j.format)
	if err != nil {
		return err
	}
	if write {
		if err := reports.WriteDirectory(j.out, r); err != nil {
			return err
		}
		j.logger().Info("wrote", "directory", j.out)
	}
	if err := f.Write(j.stdout, r, j.options()); err != nil {
		return fmt.Errorf("could not write the report: %w", err)
	}
	if write {
		fmt.Fprintf(j.stderr, "wrote %s\n", reports.IndexFile(j.out))
	}
	return nil
}

// options say what is shown of the report, and where.
func (j *job) options() reports.Options {
	o := j.terminal()
	o.Team, o.Service, o.All = j.team, j.service, j.all
	return o
}

// failsOn reports whether the report calls for exit code 1. With a nil report it only checks the flag's value.
func (j *job) failsOn(r *scorecard.Report) (bool, error) {
	switch j.failOn {
	case "never":
		return false, nil
	}
	severity, err := checks.ParseSeverity(j.failOn)
	if err != nil && j.failOn != "level" {
		return false, fmt.Errorf("unknown value %q of --fail-on. expected one of level, never, critical, high, medium, low", j.failOn)
	}
	if r == nil {
		return false, nil
	}
	for _, card := range r.Cards {
		switch {
		case j.service != "" && card.Service.ID != j.service:
		case j.failOn == "level" && !card.Ready(), j.failOn != "level" && hasFinding(card, severity):
			return true, nil
		}
	}
	return false, nil
}

// hasFinding reports whether a service has a finding of at least some severity that is more than announced.
func hasFinding(card *scorecard.Card, severity checks.Severity) bool {
	return slices.ContainsFunc(card.Results, func(r scorecard.Result) bool {
		return r.Verdict == checks.Fail && !r.Announced && r.Check.Severity >= severity
	})
}

func (a *app) demoCommand() *cobra.Command {
	j := &job{app: a}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Judge the demo estate that is built into the program",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			j.failOn = "never" // the demo shows services that are not ready
			if err := j.validate(); err != nil {
				return err
			}
			storage, head, err := story.Build(demoEstate, "testdata/demo")
			if err != nil {
				return intake.Failed(err)
			}
			t, err := tree.FromStorage(storage, head)
			if err != nil {
				return intake.Failed(err)
			}
			if j.now == "" { // on the morning after its last commit, so that it always shows the same
				j.now = t.Revision().Time.Add(12 * time.Hour).Format(time.RFC3339)
			}
			if !j.offline {
				j.shipped = demoGrafana
			}
			return j.report(cmd.Context(), t, true)
		},
	}
	j.flags(c, "text")
	c.Flags().StringVarP(&j.out, "out", "o", "obsready-report", "directory to write the report to")
	j.pastFlags(c, "26w")
	for _, name := range []string{"ref", "worktree", "config", "fail-on", "catalog-map", "local-repositories"} {
		check(c.Flags().MarkHidden(name))
	}
	return c
}

func (a *app) checksCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "checks [CATALOG]",
		Short: "List the checks, with those of a catalog's own when one is named",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := a.checksOf(cmd.Context(), args)
			if err != nil {
				return err
			}
			if err := reports.WriteChecks(a.stdout, all, a.terminal()); err != nil {
				return intake.Failed(err)
			}
			return nil
		},
	}
}

// checksOf gives the checks that are built in, among them the own ones of the catalog that the arguments name.
func (a *app) checksOf(ctx context.Context, args []string) ([]*checks.Check, error) {
	if len(args) == 0 {
		return checks.All(), nil
	}
	t, err := tree.Open(args[0], tree.Options{WorkTree: true})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	files, err := load.Programs(t, load.DefaultOptions().MaxFileBytes)
	if err != nil {
		return nil, intake.Failed(err)
	}
	defer files.Close()
	own, gaps := custom.Load(ctx, jsonnet.New(jsonnet.Options{}), files, t.Root())
	for _, g := range gaps {
		fmt.Fprintf(a.stderr, "obsready: %v\n", g)
	}
	return own.With(checks.All()), nil
}

func (a *app) explainCommand() *cobra.Command {
	files := append(entries.Files(), mapping.FileName, ownChecks, custom.SchemaName, "obsready.toml")
	files = append(files, reports.Documents()...)
	c := &cobra.Command{
		Use:   "explain CHECK|FILE [CATALOG]",
		Short: "Explain a check, a file, or an alert rule",
		Long: "Explain a check, an alert rule, or a file: one that you can write, or one that describes or shows what a report has.\n\nFiles are " +
			strings.Join(files, ", ") + ". A check may be one of the catalog's own when CATALOG is named.",
		Args:      cobra.RangeArgs(1, 2),
		ValidArgs: append(checkIDs(), files...),
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := a.checksOf(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			text, err := explain(args[0], files, all)
			if err != nil && len(args) == 1 {
				return fmt.Errorf("%w. a catalog's own checks are known when the catalog is named, as in \"obsready explain %s CATALOG\"", err, args[0])
			}
			if err != nil {
				return err
			}
			if _, err := io.WriteString(a.stdout, text); err != nil {
				return intake.Failed(err)
			}
			return nil
		},
	}
	c.AddCommand(a.explainAlertCommand())
	return c
}

func (a *app) explainAlertCommand() *cobra.Command {
	j := &job{app: a, workers: runtime.GOMAXPROCS(0)}
	c := &cobra.Command{
		Use:   "alert FILE:LINE [CATALOG]",
		Short: "Explain what an alert rule measures and why, whom it wakes and what it leads them to",
		Long: `Explain one alert rule of the catalog, with the reasons and their places: what its expression measures (a symptom that
users see, a cause inside, or the monitoring itself), whether it pages and where it is sent, whose it is, and what its
links lead to. The files are read as they are now, with uncommitted changes, unless --ref says otherwise.

FILE:LINE is a place as findings print it, or the end of one. CATALOG is a git repository or a folder of one, the current
folder by default.`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return j.explainAlert(cmd.Context(), args[0], args[1:])
		},
	}
	c.Flags().StringVar(&j.ref, "ref", "", "revision to read: branch, tag or commit (default: the files as they are now)")
	c.Flags().StringVar(&j.config, "config", "", "policy file (default obsready.toml in the catalog)")
	j.sourceFlags(c)
	return c
}

// explainAlert explains the alert rule at a place of a catalog.
func (j *job) explainAlert(ctx context.Context, place string, args []string) (err error) {
	file, line, err := parsePlace(place)
	if err != nil {
		return err
	}
	now, err := j.day()
	if err != nil {
		return err
	}
	t, err := tree.Open(catalogOf(args), tree.Options{Ref: j.ref, WorkTree: j.ref == ""})
	if err != nil {
		return err
	}
	defer closeAll(&err, t)
	in, err := j.read(ctx, t, now, false)
	if err != nil {
		return err
	}
	alert, err := reports.AlertAt(in.Estate, file, line)
	if err != nil {
		return err
	}
	survey := checks.NewSurvey(in.Estate, &in.Policy.Settings, now)
	if err := reports.WriteAlert(j.stdout, survey, alert, j.terminal()); err != nil {
		return intake.Failed(err)
	}
	return nil
}

// parsePlace takes FILE:LINE and FILE:LINE:COLUMN apart.
func parsePlace(place string) (file string, line int, err error) {
	parts := strings.Split(place, ":")
	for end := len(parts) - 1; end > 0 && end >= len(parts)-2; end-- {
		if n, err := strconv.Atoi(parts[end]); err == nil && n > 0 {
			file, line = strings.Join(parts[:end], ":"), n
		}
	}
	if file == "" {
		return "", 0, fmt.Errorf("%q is no place of a rule. write it as FILE:LINE, as in alerts/checkout.yaml:12", place)
	}
	return file, line, nil
}

// ownChecks stands for the files of a catalog's own checks.
const ownChecks = "checks/*.jsonnet"

func explain(name string, files []string, all []*checks.Check) (string, error) {
	switch {
	case name == "obsready.toml":
		return scorecard.PolicyReference(), nil
	case name == mapping.FileName:
		return mapping.Reference(), nil
	case name == ownChecks:
		return custom.Reference(), nil
	case name == custom.SchemaName:
		return string(custom.Schema()), nil
	case slices.Contains(reports.Documents(), name):
		text, err := reports.Document(name)
		return string(text), err
	case slices.Contains(files, name):
		return entries.Reference(name)
	}
	found, err := checks.Among(all, name)
	if err != nil {
		return "", fmt.Errorf("%w, %s", err, strings.Join(files, ", "))
	}
	return "# " + found[0].ID + "\n\n" + found[0].Explain(), nil
}

// logger gives the log: structured, to stderr, and silent without --verbose.
func (a *app) logger() *slog.Logger {
	if !a.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.stderr, nil))
}

// progress gives a bar for what takes long, on a terminal only.
func (j *job) progress(what string) intake.Progress {
	file, ok := j.stderr.(*os.File)
	if j.quiet || j.verbose || !ok || !term.IsTerminal(int(file.Fd())) {
		return intake.Progress{Add: func(int, int) {}, Done: func() {}}
	}
	bar := &progressBar{file: file, what: what}
	return intake.Progress{Add: bar.add, Done: bar.done}
}

// progressBar is a bar on a terminal. It may be told from many goroutines.
type progressBar struct {
	mu   sync.Mutex
	file *os.File
	what string
	bar  *progressbar.ProgressBar
}

// add says how many more are done, of how many; -1 when nobody knows.
func (p *progressBar) add(done, of int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar == nil || p.bar.GetMax() != of {
		p.bar = progressbar.NewOptions(of, progressbar.OptionSetWriter(p.file), progressbar.OptionSetDescription(p.what),
			progressbar.OptionSetWidth(30), progressbar.OptionShowCount(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	_ = p.bar.Add(done) // a bar that cannot be drawn is no reason to fail
}

// done takes the bar away.
func (p *progressBar) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// terminal says what the standard output can show.
func (a *app) terminal() reports.Options {
	file, ok := a.stdout.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return reports.Options{}
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		width = 0
	}
	dumb := os.Getenv("TERM") == "dumb"
	return reports.Options{Width: width, Color: os.Getenv("NO_COLOR") == "" && !dumb, Blocks: !dumb && os.Getenv("TERM") != "linux" && drawsBlocks()}
}

// drawsBlocks reports whether the terminal's characters are those of Unicode, as its locale says. Terminals of Windows
// have no locale, and draw them.
func drawsBlocks() bool {
	locale := cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_CTYPE"), os.Getenv("LANG"))
	locale = strings.ReplaceAll(strings.ToLower(locale), "-", "")
	return strings.Contains(locale, "utf8") || runtime.GOOS == "windows"
}

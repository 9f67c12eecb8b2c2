// Package remote answers "what is in the other repositories that the catalog names?": it reads what people write as the
// address of a repository, fetches the newest commit of a branch into a cache, bare and without a work tree, and opens
// what it fetched as a [tree.Tree].
//
// The addresses come from the catalog, which a pull request may change, so they are not believed: see [Address] and
// [Rules]. It never runs what a repository holds, follows no redirect to another host, sends credentials to no host but
// the one that they are for, and prints none. It says nothing about what the files mean. What cannot be had is an error
// of the one repository, to be made a gap with [Gap], never a failure of the run.
package remote

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"obsready/catalog/tree"
)

// Options say how repositories are fetched.
type Options struct {
	Rules    Rules
	CacheDir string // where fetched repositories are kept; several runs may share it
	Offline  bool   // take what the cache has, and ask nobody
	// Since asks for the commits since a day instead of the newest one alone, so that pages have dates. It costs what
	// changed since then. A zero Since, or a host that cannot tell, gives the newest commit only: nothing is then known
	// of the age of the repository's files but that it is not shorter than that of the commit.
	Since time.Time
	// Now is the time by the clock, and not the day of a report: copies are marked with it, and old ones are told by it.
	Now time.Time

	Workers  int           // repositories fetched at once; 0 means 4
	Timeout  time.Duration // for each repository; 0 means two minutes
	Budget   time.Duration // for all together; 0 means half an hour
	MaxBytes int64         // for each pack; 0 means 256 MiB

	// Getenv reads the environment: the tokens of hosts (see TokenVariable), SSH_AUTH_SOCK and HOME. nil means none.
	Getenv func(string) string
	// CredentialHelper asks the helper that git is configured with when a host of https wants credentials.
	CredentialHelper bool
	KnownHosts       []string                              // files of ssh; nil means OpenSSH's own
	Proxy            func(*http.Request) (*url.URL, error) // as in http.Transport; nil means none
	RootCAs          *x509.CertPool                        // who certificates are trusted from; nil means the system's

	// Progress is told, from many goroutines, how many repositories are done, of how many.
	Progress func(done, of int)
}

// Result is what became of one repository.
type Result struct {
	// Repository is what was asked for, with branch, folder and name settled: a branch that the repository does not call
	// its own is in the name ("git.example/payments/checkout@feature-x"), so that both can be mounted.
	Repository Repository
	// Tree is the whole repository at the head of the branch, nil when there is an error. Results of the same branch
	// share one: close it once, or give it to a union with Mounts.
	Tree *tree.Tree
	// Fetched is when the copy was last seen to be the newest, zero for a folder of this machine. Offline, it says how old
	// the copy may be.
	Fetched time.Time
	Err     error // a *Failure
}

// Fetch brings the repositories and opens them. Results are in the order of the repositories. One that is named several
// times, with and without ".git", over https and ssh, or by its folders, is fetched once.
//
// A branch whose head is in the cache already is not fetched again. An interrupted fetch leaves the cache as it was, and
// several may use one cache at once. A repository that cannot be reached is an error even when the cache holds an older
// copy: that one is used only when Offline says so.
func Fetch(ctx context.Context, repositories []Repository, o Options) []Result {
	f := newFetcher(o)
	defer f.client.CloseIdleConnections()
	return f.fetch(ctx, repositories)
}

// Mounts gives every tree of the results once, to be mounted in a [tree.Union] at the name of its repository;
// [tree.Tree.Folder] then tells where it is. Results without a tree are left out.
func Mounts(results []Result) []tree.Mount {
	var mounts []tree.Mount
	seen := map[*tree.Tree]bool{}
	for _, r := range results {
		if r.Tree != nil && !seen[r.Tree] {
			seen[r.Tree] = true
			mounts = append(mounts, tree.Mount{Folder: r.Repository.Name, Tree: r.Tree})
		}
	}
	return mounts
}

// fetcher is the state of one Fetch.
type fetcher struct {
	options Options
	cache   cache
	client  *http.Client
	pause   func(ctx context.Context, tries int, asked time.Duration) error

	mu   sync.Mutex
	done int
}

func newFetcher(o Options) *fetcher {
	o.Workers = cmp.Or(o.Workers, 4)
	o.Timeout = cmp.Or(o.Timeout, 2*time.Minute)
	o.Budget = cmp.Or(o.Budget, 30*time.Minute)
	o.MaxBytes = cmp.Or(o.MaxBytes, 256<<20)
	return &fetcher{options: o, cache: cache{dir: o.CacheDir, now: o.Now}, client: newHTTPClient(o), pause: wait}
}

func (f *fetcher) fetch(ctx context.Context, repositories []Repository) []Result {
	results := make([]Result, len(repositories))
	for i, r := range repositories {
		results[i].Repository = r
	}
	ctx, cancel := context.WithTimeoutCause(ctx, f.options.Budget, errBudget)
	defer cancel()
	jobs := group(repositories)
	next := make(chan *job)
	var wg sync.WaitGroup
	for range min(f.options.Workers, len(jobs)) {
		wg.Go(func() {
			for j := range next {
				f.run(ctx, j, results)
				f.progress(len(jobs))
			}
		})
	}
	for _, j := range jobs {
		next <- j
	}
	close(next)
	wg.Wait()
	return results
}

func (f *fetcher) progress(of int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done++
	if f.options.Progress != nil {
		f.options.Progress(f.done, of)
	}
}

// job is one repository with all that is wanted of it.
type job struct {
	ways []location // the addresses that lead to it, in the order in which they are tried
	asks []int      // indices of the repositories
}

// group finds the addresses of the same repository: those with the same host and path, at the scheme's own port.
func group(repositories []Repository) []*job {
	var jobs []*job
	byKey := map[string]*job{}
	for i, r := range repositories {
		key := r.at.key()
		j := byKey[key]
		if j == nil {
			j = &job{}
			byKey[key] = j
			jobs = append(jobs, j)
		}
		j.asks = append(j.asks, i)
		if !slices.Contains(j.ways, r.at) {
			j.ways = append(j.ways, r.at)
		}
	}
	for _, j := range jobs {
		slices.SortFunc(j.ways, func(a, b location) int { return strings.Compare(a.url(), b.url()) })
		slices.SortStableFunc(j.ways, func(a, b location) int {
			return cmp.Compare(slices.Index(schemes, a.scheme), slices.Index(schemes, b.scheme))
		})
	}
	return jobs
}

// key is the same for all addresses of a repository.
func (l location) key() string {
	if l.scheme == "file" {
		return l.url()
	}
	return l.hostPort() + "/" + strings.TrimSuffix(strings.Trim(l.path, "/"), ".git")
}

// run tries one address after the other, until one leads to the repository.
func (f *fetcher) run(ctx context.Context, j *job, results []Result) {
	for _, at := range j.ways {
		if err := f.try(ctx, at, j, results); err == nil || !retryElsewhere(err) {
			return
		}
	}
}

// retryElsewhere reports whether another address of the same repository may do better.
func retryElsewhere(err error) bool {
	var f *Failure
	return errors.As(err, &f) && slices.Contains([]Reason{Refused, Authentication, NotFound, NoNetwork, HostKey, Server}, f.Reason)
}

// try gets what is wanted of a repository from one address, within the time that a repository has. Its error says that
// the address does not lead to the repository.
func (f *fetcher) try(ctx context.Context, at location, j *job, results []Result) error {
	ctx, cancel := context.WithTimeoutCause(ctx, f.options.Timeout, errTimeout)
	defer cancel()
	s, failed := f.source(ctx, at)
	if failed == nil {
		defer s.close()
	}
	opened := map[string]opening{}
	for _, i := range j.asks {
		asked := results[i].Repository
		if failed != nil {
			if results[i].Err == nil || asked.at == at { // what became of the address that was written says most
				results[i].Err = failure(ctx, at, failed, f.options)
			}
			continue
		}
		asked.at, asked.URL = at, at.url()
		var err error
		if results[i], err = one(ctx, s, asked, opened); err != nil {
			results[i] = Result{Repository: asked, Err: failure(ctx, at, err, f.options)}
		}
	}
	for _, o := range opened {
		if o.err == nil && !slices.ContainsFunc(j.asks, func(i int) bool { return results[i].Tree == o.tree }) {
			_ = o.tree.Close() // it has none of the folders that were named
		}
	}
	return failed
}

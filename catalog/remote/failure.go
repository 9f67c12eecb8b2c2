package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"obsready/catalog"
)

// Reason is why a repository is not there to be read.
type Reason string

// The reasons. Their values are words for reports.
const (
	Refused        Reason = "refused"        // the address, by its form or by the rules
	Authentication Reason = "authentication" // credentials are missing, wrong or not enough
	NotFound       Reason = "not found"      // no such repository, branch or folder, or not for these credentials
	Empty          Reason = "empty"          // a repository without commits
	TimedOut       Reason = "time-out"
	NoNetwork      Reason = "no network" // the host could not be reached
	HostKey        Reason = "host key"   // the host of ssh is not the one that is known
	Server         Reason = "server"     // the host answered with an error, or with something else than git
	TooLarge       Reason = "too large"  // more than may be fetched
	Damaged        Reason = "damaged"    // what came is no repository
	NotCached      Reason = "not cached" // offline, and the cache does not have it
	Cancelled      Reason = "cancelled"  // the run was ended
	Cache          Reason = "cache"      // the folder of the cache cannot be written or read
)

// Failure is why a repository is not there to be read, written for the user: the fact, the address without anything
// secret, and the way out.
type Failure struct {
	Reason Reason
	Detail string
}

func (f *Failure) Error() string { return f.Detail }

func failf(reason Reason, format string, args ...any) *Failure {
	return &Failure{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

func refusedf(format string, args ...any) *Failure { return failf(Refused, format, args...) }

// causes are what the reasons are as causes of gaps.
var causes = map[Reason]catalog.Cause{
	Refused: catalog.Refused, Authentication: catalog.Unauthorized, NotFound: catalog.NotFound, Empty: catalog.NotFound, TimedOut: catalog.TimedOut,
	NoNetwork: catalog.NoConnection, HostKey: catalog.NoConnection, Server: catalog.ServerError, TooLarge: catalog.TooLarge, Damaged: catalog.ServerError,
	NotCached: catalog.NotFetched, Cancelled: catalog.NotFetched, Cache: catalog.NotFetched,
}

// Gap makes a gap of the error of [Address] or of a [Result]. Any evidence may be hidden in a repository that is not
// there. The place is where the repository is named.
func Gap(err error, at catalog.Place) catalog.Gap {
	g := catalog.Gap{Kinds: catalog.Kinds, At: at, Cause: catalog.Unreachable, Detail: err.Error()}
	var f *Failure
	if errors.As(err, &f) {
		g.Cause = causes[f.Reason]
	}
	return g
}

// failure turns what went wrong on the way to a repository into a Failure.
func failure(ctx context.Context, at location, err error, o Options) *Failure {
	var f *Failure
	var large *tooLargeError
	name := at.url()
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		return failf(TimedOut, "the repository %q was not fetched within %v. try again, or allow more with repositories.timeout in obsready.toml", name, o.Timeout)
	case errors.Is(context.Cause(ctx), errBudget):
		return failf(TimedOut, "the repository %q was not fetched, because all of them together took longer than %v. try again, or allow more with repositories.budget in obsready.toml", name, o.Budget)
	case ctx.Err() != nil:
		return failf(Cancelled, "the repository %q was not fetched because the run was ended", name)
	case errors.As(err, &f):
		return f
	case errors.As(err, &large):
		return failf(TooLarge, "the repository %q has %v", name, large)
	case errors.Is(err, errDamaged):
		return failf(Damaged, "what came of the repository %q is damaged: %s. try again; see git fsck on its host", name, plain(err))
	}
	return failf(NoNetwork, "the repository %q cannot be reached: %s. look at the address and the network, or run offline with what is cached", name, plain(err))
}

// The causes by which a context ends: one repository took too long, or all together did.
var (
	errTimeout = errors.New("time-out")
	errBudget  = errors.New("time-out of all")
)

// plain gives an error's text without what cannot be printed: much of it was written by servers.
func plain(err error) string {
	text := strings.Map(func(r rune) rune {
		if r != ' ' && unprintable(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(err.Error(), "?"))
	return shorten(strings.Join(strings.Fields(text), " "))
}

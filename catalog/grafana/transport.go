package grafana

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"obsready/catalog"
)

// Limits of what is read and waited for.
const (
	maxBody  = 64 << 20         // bytes of one reply
	maxWait  = time.Minute      // between two tries; who asks for more is not asked again
	maxLost  = 8                // tries in a row without a connection, after which no more are made
	firstGap = time.Second / 2  // before the first retry without Retry-After; doubled for each later one
	keepIdle = 90 * time.Second // idle connections
)

// polite sends requests to one host: with the token, few at once, at a bounded rate. It reads each reply to its end within the
// time of a try, so that a reply that breaks off is tried again like one that never came.
//
// It retries what changes nothing: GET after 429, 5xx and lost connections, and other methods after 429 alone. All else that is
// sent here (POST to /api/ds/query) only asks, too, but may be hard work for a data source.
type polite struct {
	next    http.RoundTripper
	host    string
	token   Token
	org     int64
	limiter *rate.Limiter
	slots   chan struct{}
	timeout time.Duration
	retries int
	left    atomic.Int64 // retries of the whole run
	lost    atomic.Int64 // tries in a row that found no connection
	wait    func(ctx context.Context, d time.Duration) error

	mu       sync.Mutex // guards the calls of progress
	answered int
	progress func(requests int)
}

// once is the key in the context of a request whose 5xx replies speak of a data source: they are not retried.
type once struct{}

// RoundTrip implements [http.RoundTripper]. Its errors are of type *failure, those of a context or net/http's own.
func (p *polite) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if req.URL.Host != p.host {
		closeBody(req)
		return nil, &failure{cause: catalog.Redirected, detail: "a request for another host was not sent"}
	}
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	select {
	case p.slots <- struct{}{}: // held while waiting for a retry, so that a busy Grafana gets fewer requests from everybody
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	for try := 0; ; try++ {
		if p.lost.Load() >= maxLost {
			return nil, &failure{cause: catalog.NoConnection, detail: "the requests before this one found none, so that it was not sent"}
		}
		resp, err := p.try(req, body)
		p.note(resp, err)
		pause, again := p.again(req, resp, err, try)
		if !again {
			return resp, err
		}
		if err := p.wait(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// try sends the request once.
func (p *polite) try(req *http.Request, body []byte) (*http.Response, error) {
	if err := p.limiter.Wait(req.Context()); err != nil {
		if cause := context.Cause(req.Context()); cause != nil {
			return nil, cause
		}
		return nil, errBudget // the limiter sees that the deadline comes before the request's turn
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), p.timeout, errTimeout)
	defer cancel()
	out := req.Clone(ctx)
	if body != nil {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	out.Header.Set("Authorization", "Bearer "+string(p.token))
	out.Header.Set("User-Agent", "obsready")
	if p.org != 0 {
		out.Header.Set("X-Grafana-Org-Id", strconv.FormatInt(p.org, 10))
	}
	resp, err := p.next.RoundTrip(out)
	if err != nil {
		return nil, causeOr(ctx, err)
	}
	return buffered(ctx, resp, p.token)
}

// buffered gives the response with its whole body read, and without the token, which whatever stands before Grafana may send back.
func buffered(ctx context.Context, resp *http.Response, token Token) (*http.Response, error) {
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, causeOr(ctx, err)
	case len(data) > maxBody:
		return nil, &failure{cause: catalog.TooLarge, status: resp.StatusCode, detail: "the reply is over " + strconv.Itoa(maxBody>>20) + " MiB"}
	}
	if bytes.Contains(data, []byte(token)) {
		data = bytes.ReplaceAll(data, []byte(token), []byte(hidden))
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	return resp, nil
}

// causeOr gives why a context ended, or the error when it has not.
func causeOr(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// note counts replies, and lost connections in a row.
func (p *polite) note(resp *http.Response, err error) {
	if err != nil {
		if troubleOf(err).Cause == catalog.NoConnection {
			p.lost.Add(1)
		}
		return
	}
	p.lost.Store(0)
	if p.progress != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.answered++
		p.progress(p.answered)
	}
}

// again says whether to send the request once more, and after what pause.
func (p *polite) again(req *http.Request, resp *http.Response, err error, try int) (time.Duration, bool) {
	if try >= p.retries || req.Context().Err() != nil || !worthIt(req, resp, err) {
		return 0, false
	}
	pause := firstGap << min(try, 10)
	if resp != nil {
		if asked, ok := retryAfter(resp.Header); ok {
			pause = asked
		}
	}
	if deadline, ok := req.Context().Deadline(); pause > maxWait || ok && time.Until(deadline) < pause {
		return 0, false
	}
	return pause, p.left.Add(-1) >= 0
}

// worthIt reports whether another try can help and does no harm.
func worthIt(req *http.Request, resp *http.Response, err error) bool {
	if err != nil {
		var f *failure
		return req.Method == http.MethodGet && !errors.As(err, &f) && !errors.Is(err, errBudget) && !isCertificate(err)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		return true
	}
	return resp.StatusCode >= 500 && resp.StatusCode != http.StatusNotImplemented && req.Method == http.MethodGet && req.Context().Value(once{}) == nil
}

// retryAfter gives the pause that a server asks for: seconds, or a time, which is compared with the server's own clock.
func retryAfter(h http.Header) (time.Duration, bool) {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1<<30)) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0, false
	}
	return max(0, at.Sub(now)), true
}

// sleep waits, or gives why the context ended.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// readBody gives the whole body of a request, nil when it has none.
func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	defer closeBody(req)
	return io.ReadAll(req.Body)
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // it was only read
	}
}

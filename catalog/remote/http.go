package remote

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
)

const (
	maxRefsBytes = 64 << 20 // of a list of branches: some 600,000 of them
	maxRedirects = 5
	maxTries     = 3
	maxPause     = 30 * time.Second
	userAgent    = "git/2.0 (obsready)" // some hosts answer others than git with a web page
)

// newHTTPClient makes the client of one Fetch. Redirects are followed on the same host only, because a catalog names
// whom it trusts, and never for the request that asks for objects.
func newHTTPClient(o Options) *http.Client {
	direct := &http.Transport{
		DialContext:           o.Rules.dialer().DialContext,
		TLSClientConfig:       &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:   15 * time.Second,
		MaxIdleConnsPerHost:   o.Workers,
		IdleConnTimeout:       30 * time.Second,
		ForceAttemptHTTP2:     true,
		ExpectContinueTimeout: time.Second,
	}
	proxied := direct.Clone()
	proxied.Proxy, proxied.DialContext = o.Proxy, nil
	return &http.Client{Transport: &route{direct: direct, proxied: proxied, proxy: o.Proxy}, CheckRedirect: checkRedirect}
}

// route sends requests through the proxy when there is one for them. The proxy makes the connection then, so there is no
// address to be looked at.
type route struct {
	direct, proxied *http.Transport
	proxy           func(*http.Request) (*url.URL, error)
}

func (r *route) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.proxy != nil {
		if u, err := r.proxy(req); err != nil || u != nil {
			return r.proxied.RoundTrip(req)
		}
	}
	return r.direct.RoundTrip(req)
}

func (r *route) CloseIdleConnections() {
	r.direct.CloseIdleConnections()
	r.proxied.CloseIdleConnections()
}

func checkRedirect(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	switch {
	case via[0].Method != http.MethodGet || len(via) > maxRedirects:
		return errRedirect
	case req.URL.Host != first.Host || req.URL.Scheme != first.Scheme, req.URL.User != nil:
		return &elsewhereError{scheme: req.URL.Scheme, host: req.URL.Host}
	}
	return nil
}

var errRedirect = errors.New("redirected where git is not")

// elsewhereError is a redirect that leads to another host.
type elsewhereError struct{ scheme, host string }

func (e *elsewhereError) Error() string { return "redirected to another host" }

// httpSession speaks git's smart HTTP with one repository.
type httpSession struct {
	client *http.Client
	repo   Repository
	base   string // the URL that the repository is at, after redirects
	login  *login // nil to begin with when only a helper may know one
	ask    func(ctx context.Context) *login
	pause  func(ctx context.Context, tries int, asked time.Duration) error
}

func (s *httpSession) Close() error { return nil }

// advertised gives what branches there are.
func (s *httpSession) advertised(ctx context.Context) (*packp.AdvRefs, error) {
	res, err := s.do(ctx, http.MethodGet, s.base+"/info/refs?service="+transport.UploadPackServiceName, nil)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if err := s.checkType(res, "advertisement"); err != nil {
		return nil, err
	}
	final := *res.Request.URL
	final.RawQuery = ""
	base, ok := strings.CutSuffix(final.String(), "/info/refs")
	if !ok {
		return nil, failf(Server, "the repository %q is redirected to an address that is no repository's. correct the address", s.repo.URL)
	}
	s.base = base
	refs, err := decodeRefs(res.Body, s.repo)
	if errors.Is(err, packp.ErrEmptyInput) {
		err = failf(Server, "the host answers nothing for %q. try again later", s.repo.URL)
	}
	return refs, err
}

// pack asks for objects and gives the answer, which the caller closes.
func (s *httpSession) pack(ctx context.Context, req *packp.UploadPackRequest) (io.ReadCloser, error) {
	var body bytes.Buffer
	if err := encodeRequest(&body, req); err != nil {
		return nil, err
	}
	res, err := s.do(ctx, http.MethodPost, s.base+"/"+transport.UploadPackServiceName, body.Bytes())
	if err != nil {
		return nil, err
	}
	if err := s.checkType(res, "result"); err != nil {
		res.Body.Close()
		return nil, err
	}
	return res.Body, nil
}

// do sends a request, again after a while when the host is busy, and again with the helper's login when it wants one.
func (s *httpSession) do(ctx context.Context, method, address string, body []byte) (*http.Response, error) {
	for tries := 1; ; tries++ {
		res, err := s.send(ctx, method, address, body)
		switch {
		case err != nil && (!transient(err) || tries == maxTries):
			return nil, s.explain(err)
		case err == nil && res.StatusCode == http.StatusUnauthorized && s.ask != nil:
			res.Body.Close()
			s.login, s.ask = s.ask(ctx), nil
			if s.login == nil {
				return nil, s.refused(res)
			}
			tries = 0
			continue
		case err == nil && (!busy(res.StatusCode) || tries == maxTries):
			if res.StatusCode == http.StatusOK {
				return res, nil
			}
			res.Body.Close()
			return nil, s.refused(res)
		}
		var asked time.Duration
		if err == nil {
			res.Body.Close()
			if asked = retryAfter(res); tooLong(ctx, asked) {
				return nil, s.refused(res)
			}
		}
		if err := s.pause(ctx, tries, asked); err != nil {
			return nil, err
		}
	}
}

func (s *httpSession) send(ctx context.Context, method, address string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", userAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/x-"+transport.UploadPackServiceName+"-request")
		req.Header.Set("Accept", "application/x-"+transport.UploadPackServiceName+"-result")
	}
	if s.login != nil {
		req.SetBasicAuth(s.login.user, s.login.secret)
	}
	return s.client.Do(req)
}

// busy reports whether a host may answer better after a while.
func busy(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// transient reports whether another try may reach the host.
func transient(err error) bool {
	var elsewhere *elsewhereError
	var unknown *tls.CertificateVerificationError
	var name *net.DNSError
	if errors.As(err, &name) && name.IsNotFound {
		return false
	}
	return !errors.As(err, &elsewhere) && !errors.As(err, &unknown) && !errors.Is(err, errRedirect) && !errors.Is(err, errInternal) &&
		!errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

// retryAfter gives how long the host wants to be left alone, zero when it does not say.
func retryAfter(res *http.Response) time.Duration {
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(min(seconds, int(maxPause/time.Second)+1)) * time.Second
}

// tooLong reports whether a host wants to be left alone for longer than it is waited for.
func tooLong(ctx context.Context, asked time.Duration) bool {
	deadline, limited := ctx.Deadline()
	return asked > maxPause || limited && time.Until(deadline) < asked
}

// wait waits before another try: as long as the host asked for, else longer from try to try.
func wait(ctx context.Context, tries int, asked time.Duration) error {
	timer := time.NewTimer(cmp.Or(asked, time.Duration(tries*tries)*time.Second))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// explain makes failures of errors that say more than that the network failed.
func (s *httpSession) explain(err error) error {
	var elsewhere *elsewhereError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &elsewhere):
		return failf(Refused, "the repository %q is redirected to the host %q, which is not followed. write the new address", s.repo.URL, shorten(elsewhere.scheme+"://"+elsewhere.host))
	case errors.Is(err, errRedirect):
		return failf(Server, "the repository %q is redirected too often, or where git is not. write the address that git clones from", s.repo.URL)
	case errors.Is(err, errInternal):
		return refusedInternal(s.repo.URL)
	case errors.As(err, &certificate):
		return failf(NoNetwork, "the certificate of the host of %q is not trusted: %s. add its authority to those of this machine", s.repo.URL, plain(certificate.Err))
	}
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err // without the address that was asked
	}
	return err
}

// refused says what an answer other than 200 means.
func (s *httpSession) refused(res *http.Response) error {
	way := "set " + TokenVariable(s.repo) + ", or configure a git credential helper"
	if TokenVariable(s.repo) == "" {
		way = "write an https address, because credentials are sent over no other"
	}
	if s.login != nil {
		way = "look at what the credentials for the host may read, and whether they have expired"
	}
	switch status := res.StatusCode; {
	case status == http.StatusUnauthorized:
		return failf(Authentication, "the host wants credentials for %q (401). %s", s.repo.URL, way)
	case status == http.StatusForbidden:
		return failf(Authentication, "the host does not let %q be read (403). %s", s.repo.URL, way)
	case status == http.StatusNotFound || status == http.StatusGone:
		return failf(NotFound, "the host has no repository %q, or hides it (%d). correct the address; if the repository is private, %s", s.repo.URL, status, way)
	case status == http.StatusTooManyRequests:
		return failf(Server, "the host of %q wants fewer requests (429). try again later, or with a lower repositories.in_flight in obsready.toml", s.repo.URL)
	default:
		return failf(Server, "the host answers %d for %q. try again later", status, s.repo.URL)
	}
}

// checkType tells git's own answers from web pages: of a proxy, a login or a code host's error.
func (s *httpSession) checkType(res *http.Response, kind string) error {
	got, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if want := fmt.Sprintf("application/x-%s-%s", transport.UploadPackServiceName, kind); got != want {
		return failf(Server, "what answers at %q is no git host: it sent %q. correct the address, or look whether a login page is in between", s.repo.URL, shorten(got))
	}
	return nil
}

package grafana

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"

	"github.com/go-openapi/runtime"
	httptransport "github.com/go-openapi/runtime/client"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"obsready/catalog"
)

// client asks one Grafana. The generated sub-clients of grafana-openapi-client-go go over the strict transport; what they do
// not have, or lose replies of, goes over plain HTTP with the same bounds.
type client struct {
	options Options
	base    *url.URL
	polite  *polite
	http    *http.Client            // for what is not in the generated client
	api     runtime.ClientTransport // for what is
	idle    *http.Transport
}

func newClient(o Options) (*client, error) {
	base, err := o.base()
	if err != nil {
		return nil, err
	}
	config, err := o.TLS.config()
	if err != nil {
		return nil, err
	}
	idle := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		TLSClientConfig:        config,
		ForceAttemptHTTP2:      true,
		MaxConnsPerHost:        o.InFlight,
		MaxIdleConnsPerHost:    o.InFlight,
		IdleConnTimeout:        keepIdle,
		TLSHandshakeTimeout:    o.Timeout,
		MaxResponseHeaderBytes: 64 << 10,
	}
	c := &client{options: o, base: base, idle: idle, polite: &polite{
		next: idle, host: base.Host, token: o.Token, org: o.OrgID, limiter: rate.NewLimiter(rate.Limit(o.Rate), o.InFlight),
		slots: make(chan struct{}, o.InFlight), timeout: o.Timeout, retries: o.Retries, wait: sleep, progress: o.Progress,
	}}
	c.polite.left.Store(int64(o.AllRetries))
	c.http = &http.Client{Transport: c.polite, CheckRedirect: stay}
	c.api = httptransport.NewWithClient(base.Host, base.Path+"/api", []string{base.Scheme}, &http.Client{Transport: strict{c.polite}, CheckRedirect: stay})
	return c, nil
}

// stay keeps a redirect from being followed: it is a reply like any other.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (c *client) close() { c.idle.CloseIdleConnections() }

func (c *client) url() string { return c.base.String() }

// trouble says what an error comes to.
func (c *client) trouble(err error) *catalog.Trouble {
	t := *troubleOf(err)
	t.Detail = clean(t.Detail, c.options.Token)
	return &t
}

func (c *client) clean(text string) string { return clean(text, c.options.Token) }
func (c *client) line(text string) string  { return line(text, c.options.Token) }

// get decodes the reply to GET of a path with a query.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	resp, body, err := c.send(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return err
	}
	if f := failed(resp, body); f != nil {
		return f
	}
	return json.Unmarshal(body, into)
}

// send gives the reply to a request, whatever its status. Path elements that hold a UID are escaped by the caller.
func (c *client) send(ctx context.Context, method, path string, query url.Values, content any) (*http.Response, []byte, error) {
	var body io.Reader
	if content != nil {
		text, err := json.Marshal(content)
		if err != nil {
			return nil, nil, err
		}
		body = bytes.NewReader(text)
	}
	address := c.base.Scheme + "://" + c.base.Host + c.base.EscapedPath() + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Accept", acceptOf(ctx))
	if content != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(resp.Body) // it is in memory
	return resp, reply, err
}

// accept is the key in a context of what a request accepts instead of plain JSON.
type accept struct{}

func acceptOf(ctx context.Context) string {
	if kind, ok := ctx.Value(accept{}).(string); ok {
		return kind
	}
	return "application/json"
}

// each calls do for 0 to n-1, no more of them at once than requests may be, and waits. Whoever is called writes to an index of
// its own, so that no order depends on timing.
func (c *client) each(n int, do func(i int)) {
	var group errgroup.Group
	group.SetLimit(c.options.InFlight)
	for i := range n {
		group.Go(func() error {
			do(i)
			return nil
		})
	}
	_ = group.Wait() // no call gives an error
}

// passedOn gives a context for a request that Grafana passes on to a data source, whose failures are not worth another try.
func passedOn(ctx context.Context) context.Context { return context.WithValue(ctx, once{}, true) }

package grafana

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"obsready/catalog"
)

// failure is a request without a usable reply. Its detail is free of addresses with queries and of tokens.
type failure struct {
	cause  catalog.Cause
	status int
	detail string
}

func (f *failure) Error() string {
	return (&catalog.Trouble{Cause: f.cause, Status: f.status, Detail: f.detail}).String()
}

var errTimeout = errors.New("no reply in time")

// troubleOf says what an error of a request comes to. It never quotes an error of net/http, which names the address.
func troubleOf(err error) *catalog.Trouble {
	var f *failure
	var op *net.OpError
	var dns *net.DNSError
	switch {
	case errors.As(err, &f):
		return &catalog.Trouble{Cause: f.cause, Status: f.status, Detail: f.detail}
	case errors.Is(err, errBudget):
		return &catalog.Trouble{Cause: catalog.TimedOut, Detail: errBudget.Error() + ". allow more, or ask for less"}
	case errors.Is(err, errTimeout), errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return &catalog.Trouble{Cause: catalog.TimedOut, Detail: "no reply within the time of a request. see whether Grafana or its data source is overloaded"}
	case errors.Is(err, context.Canceled):
		return &catalog.Trouble{Cause: catalog.TimedOut, Detail: "the run was stopped"}
	case isCertificate(err):
		return &catalog.Trouble{Cause: catalog.NoConnection, Detail: "the certificate is not trusted. name the file of its authority, or the server's name in it"}
	case errors.As(err, &dns):
		return &catalog.Trouble{Cause: catalog.NoConnection, Detail: fmt.Sprintf("host %q has no address. see whether the address of Grafana is right", dns.Name)}
	case errors.As(err, &op):
		return &catalog.Trouble{Cause: catalog.NoConnection, Detail: reason(op) + ". see whether Grafana runs and is reached from here"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &catalog.Trouble{Cause: catalog.NoConnection, Detail: "the connection ended before the reply did"}
	}
	if syntax := badJSON(err); syntax != "" {
		return &catalog.Trouble{Cause: catalog.NotJSON, Detail: syntax}
	}
	var address *url.Error
	if errors.As(err, &address) {
		return &catalog.Trouble{Cause: catalog.NoConnection, Detail: "the request could not be sent, or its reply is no HTTP"}
	}
	return &catalog.Trouble{Cause: catalog.NotJSON, Detail: "the reply is not what this version of Grafana's interface promises"}
}

// reason gives the innermost error of a connection, as in "connection refused", without addresses.
func reason(op *net.OpError) string {
	var err error = op
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err.Error()
		}
		err = inner
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &host) || errors.As(err, &record) || errors.As(err, &alert)
}

// badJSON says what is wrong with a JSON text that did not decode, "" when the error is another one.
func badJSON(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("the reply stops being JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("the reply has %q where another kind of value is expected", kind.Value)
	}
	return ""
}

// strict turns every reply that is not JSON with a status of success into a failure, so that the generated client, which
// knows only some of them, never sees one. It is for requests whose other replies say nothing but what went wrong.
type strict struct{ next http.RoundTripper }

func (s strict) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body) // it is in memory
	if err != nil {
		return nil, err
	}
	if f := failed(resp, body); f != nil {
		return nil, f
	}
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	return resp, nil
}

// failed says why a reply is of no use, nil when it is JSON with a status of success.
func failed(resp *http.Response, body []byte) *failure {
	status := resp.StatusCode
	message, isJSON := messageOf(resp, body)
	f := &failure{status: status, detail: message}
	switch {
	case status >= 200 && status < 300 && isJSON:
		return nil
	case status >= 300 && status < 400:
		f.cause = catalog.Redirected
		f.detail = fmt.Sprintf("sent to %q. give the address that Grafana itself is served at, and a token that is valid", target(resp))
	case status == http.StatusUnauthorized:
		f.cause = catalog.Unauthorized
		f.detail = or(message, "the token is not taken") + ". make a new token of the service account, and see that it is of this organisation"
	case status == http.StatusForbidden:
		f.cause = catalog.NoPermission
		f.detail = or(message, "the token may not do this")
	case status == http.StatusTooManyRequests:
		f.cause = catalog.RateLimited
		f.detail = or(message, "too many requests") + ". lower the rate"
	case status >= 500:
		f.cause = catalog.ServerError
		f.detail = or(message, http.StatusText(status))
	case !isJSON && len(body) > 0: // Grafana's pages for what it does not serve, and those of whatever stands before it
		f.cause = catalog.NotJSON
		f.detail = "a page came instead of JSON. see whether the address of Grafana is right, with the path it is served below"
	case status == http.StatusNotFound:
		f.cause = catalog.NotFound
		f.detail = or(message, "not found")
	case status >= 200 && status < 300:
		f.cause = catalog.NotJSON
		f.detail = "an empty reply"
	default:
		f.cause = catalog.Refused
		f.detail = or(message, http.StatusText(status))
	}
	return f
}

// messageOf gives the message of an error reply, and whether the reply is JSON by what it says and how it begins.
func messageOf(resp *http.Response, body []byte) (message string, isJSON bool) {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if kind != "" && kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return "", false
	}
	text := strings.TrimSpace(string(body[:min(len(body), 64)]))
	if text == "" || !strings.ContainsRune(`{["0123456789-tfn`, rune(text[0])) {
		return "", false
	}
	if resp.StatusCode < 300 {
		return "", true
	}
	var reply struct{ Message, Error string }
	_ = json.Unmarshal(body, &reply) // a reply without a message is one
	return line(or(reply.Message, reply.Error), ""), true
}

// target gives where a redirect leads, without its query, which may hold a secret.
func target(resp *http.Response) string {
	u, err := resp.Location()
	if err != nil {
		return ""
	}
	return clean((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String(), "")
}

func quote(s string) string { return strconv.Quote(s) }

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

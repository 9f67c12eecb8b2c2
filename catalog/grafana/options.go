package grafana

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// check reports the first option that cannot work.
func (o Options) check() error {
	switch {
	case o.Rate <= 0:
		return fmt.Errorf("rate %g of requests to Grafana is not above 0", o.Rate)
	case o.InFlight < 1:
		return fmt.Errorf("%d requests to Grafana at once are none. allow 1 or more", o.InFlight)
	case o.Timeout <= 0 || o.Budget <= 0:
		return errors.New("the time-out and the budget of Grafana need to be above 0")
	case o.Now.IsZero():
		return errors.New("no time of fetching is given")
	case o.Token == "":
		return errors.New("there is no token for Grafana. set the environment variable or the file that the policy names")
	case strings.ContainsFunc(string(o.Token), func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the token for Grafana holds blanks, line breaks or characters outside ASCII. give it as Grafana showed it")
	}
	_, err := o.base()
	return err
}

// base gives the address that paths are added to, without a slash at its end.
func (o Options) base() (*url.URL, error) {
	u, err := url.Parse(o.URL)
	if err != nil { // its message quotes the address, which may hold a password
		return nil, errors.New("the address of Grafana does not parse. write it as in https://grafana.example.org")
	}
	switch {
	case u.User != nil:
		return nil, errors.New("the address of Grafana holds a user. leave it out: a token of a service account is all that is needed")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("address %q of Grafana is none. write it as in https://grafana.example.org", o.URL)
	case u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("address %q of Grafana has more than a path. leave out what stands after it", u.Scheme+"://"+u.Host+u.Path)
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

// config gives the TLS configuration. Errors name the file that is wrong.
func (t TLS) config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName, InsecureSkipVerify: t.Insecure}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, fmt.Errorf("could not read the authorities to trust for Grafana: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("file %q holds no certificate in PEM form", t.CAFile)
		}
	}
	if (t.CertFile == "") != (t.KeyFile == "") {
		return nil, errors.New("a client certificate for Grafana needs both its file and that of its key")
	}
	if t.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(t.CertFile, t.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("could not read the client certificate %q for Grafana: %w", t.CertFile, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

package intake

import (
	"context"
	"fmt"
	"os"
	"strings"

	"obsready/catalog"
	"obsready/catalog/grafana"
)

// TokenVariable is the environment variable that holds the token for Grafana.
const TokenVariable = "OBSREADY_GRAFANA_TOKEN"

func (in *Input) asksGrafana() bool {
	g := in.options.Grafana
	return g.Ask && g.File == "" && g.Snapshot == nil && in.Policy.Grafana != nil && !in.options.Offline
}

// token gives the token for Grafana: that of the file, else that of the environment.
func (g Grafana) token() (string, error) {
	token := os.Getenv(TokenVariable)
	if g.TokenFile != "" {
		data, err := os.ReadFile(g.TokenFile)
		if err != nil {
			return "", fmt.Errorf("could not read the token for Grafana: %w", err)
		}
		token = string(data)
	}
	if token = strings.TrimSpace(token); token == "" {
		return "", fmt.Errorf("the policy names a Grafana, and there is no token for it. set %s or --grafana-token-file, or leave it out of this run with --offline", TokenVariable)
	}
	return token, nil
}

// attachLive brings what a Grafana shows into the estate: from a file, or from Grafana itself.
func (in *Input) attachLive(ctx context.Context, token string) (err error) {
	var live *catalog.Live
	switch g := in.options.Grafana; {
	case g.File != "":
		live, err = readLive(ctx, g.File)
	case g.Snapshot != nil:
		if live, err = grafana.ReadSnapshot(g.Snapshot); err != nil {
			err = Failed(err)
		}
	case in.asksGrafana():
		live, err = in.askGrafana(ctx, token)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	grafana.Attach(in.Estate, live)
	return nil
}

// readLive reads a live.json, which takes seconds when it is of thousands of dashboards: no longer than until ctx is cancelled.
func readLive(ctx context.Context, file string) (*catalog.Live, error) {
	var live *catalog.Live
	var err error
	done := make(chan struct{})
	go func() {
		live, err = openLive(file)
		close(done)
	}()
	select {
	case <-done:
		return live, err
	case <-ctx.Done():
		return nil, Failed(fmt.Errorf("reading %s was stopped: %w", file, ctx.Err()))
	}
}

func openLive(file string) (*catalog.Live, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("could not read what Grafana showed: %w", err)
	}
	defer f.Close()
	live, err := grafana.ReadSnapshot(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return live, nil
}

// askGrafana asks for what the policy and the estate name. What the previous answers have unchanged is not asked for
// again.
func (in *Input) askGrafana(ctx context.Context, token string) (*catalog.Live, error) {
	o := in.Policy.Grafana.Options
	o.Now, o.Token = in.options.Now, grafana.Token(token)
	if file := in.options.Grafana.Previous; file != "" {
		if previous, err := readLive(ctx, file); err == nil {
			o.Previous = previous
		}
	}
	bar := in.options.Progress("asking Grafana")
	defer bar.Done()
	o.Progress = func(int) { bar.Add(1, -1) }
	live, err := grafana.Fetch(ctx, o, grafana.Wants(in.Estate, o.URL, in.Policy.Grafana.Want))
	if err != nil && ctx.Err() != nil {
		return nil, Failed(err)
	}
	return live, err
}

package scorecard

import (
	"time"

	"obsready/catalog/remote"
)

// repositoriesSection says how the repositories that services name are read. What only this machine may allow, such as
// folders of its own and where credentials are, is no part of a policy, which a pull request may change.
type repositoriesSection struct {
	Read     *bool     `toml:"read" doc:"read the evidence in the repositories that services name, beside that in the catalog" example:"false"`
	Hosts    *[]string `toml:"hosts" doc:"the only hosts to fetch from, \"*.acme.example\" for all below it. none stated, or an empty list, means every host" example:"[]"`
	InFlight *int      `toml:"in_flight" min:"1" max:"64" doc:"repositories fetched at once" example:"4"`
	Timeout  *duration `toml:"timeout" doc:"of one repository" example:"\"2m\""`
	Budget   *duration `toml:"budget" doc:"of all together. what is not had by then is unknown" example:"\"30m\""`
	MaxBytes *int64    `toml:"max_bytes" min:"1024" doc:"a repository that sends more is not read" example:"268435456"`
}

// policy gives how repositories are fetched, nil when they are not read.
func (s *repositoriesSection) policy() *remote.Options {
	if s.Read == nil || !*s.Read {
		return nil
	}
	o := &remote.Options{}
	override(&o.Rules.Hosts, s.Hosts)
	override(&o.Workers, s.InFlight)
	override(&o.Timeout, (*time.Duration)(s.Timeout))
	override(&o.Budget, (*time.Duration)(s.Budget))
	override(&o.MaxBytes, s.MaxBytes)
	return o
}

func (v *validation) repositories(s *repositoriesSection) {
	if v.flawed("repositories") {
		return
	}
	if s.Hosts != nil {
		for i, host := range *s.Hosts {
			if err := (remote.Rules{Hosts: []string{host}}).Validate(); err != nil {
				v.problemf(v.At("repositories", "hosts", i), "repositories.hosts: %v", err)
			}
		}
	}
	v.positive("repositories", map[string]*duration{"timeout": s.Timeout, "budget": s.Budget})
}

// positive finds durations within which nothing can be had.
func (v *validation) positive(section string, durations map[string]*duration) {
	for key, d := range durations {
		if d != nil && *d == 0 {
			v.problemf(v.At(section, key), "%s.%s is 0, within which nothing can be had. write it as in \"30s\"", section, key)
		}
	}
}

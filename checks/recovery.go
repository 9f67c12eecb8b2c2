package checks

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"obsready/catalog"
	"obsready/catalog/recovery"
)

// recoveryWanted reports whether how the service comes back has to be agreed beforehand; when not it says why. It has to
// be for the critical tiers, which are those that need an SLO, for services that keep data that cannot be made again, and for
// those whose entry states anything about it.
func recoveryWanted(in *Inspection, things string) bool {
	svc := in.Service
	if notOperated(in, things) {
		return false
	}
	tier, stated := svc.TierNumber(), svc.Recovery
	keeps, _ := keepsData(svc)
	if tier <= in.Settings.SLOTiers || keeps.state == dataKept || stated.RTO.Value+stated.RPO.Value+stated.Plan.Value != "" {
		return true
	}
	in.NotApplicablef("the service is of tier %d, from which no %s is required, and nothing says that it keeps data", tier, things)
	return false
}

// dataState says whether a service keeps data that cannot be made again.
type dataState int

const (
	dataUnstated dataState = iota
	dataKept
	dataNotKept
)

// durability is whether a service keeps data, in words and where that is stated.
type durability struct {
	state dataState
	why   string
	at    catalog.Place
}

// keepsData tells whether the service keeps data that cannot be made again: as its entry states (durable), or else because it
// handles data that is not public. What runs in the user's browser keeps none. Second is the text that says neither yes nor no.
func keepsData(svc *catalog.Service) (durability, catalog.Text) {
	durable := svc.Recovery.Durable
	switch strings.ToLower(strings.TrimSpace(durable.Value)) {
	case "true", "yes":
		return durability{dataKept, "its entry says so", durable.At}, catalog.Text{}
	case "false", "no":
		return durability{dataNotKept, "its entry says that it keeps no data that cannot be made again", durable.At}, catalog.Text{}
	}
	if svc.KindName() == "frontend" {
		return durability{dataNotKept, "a service of kind \"frontend\" keeps no data", svc.Kind.At}, durable
	}
	none := len(svc.Data) > 0
	for _, d := range svc.Data {
		switch strings.ToLower(strings.TrimSpace(d.Value)) {
		case "none", "no", "n/a":
		case "public", "":
			none = false
		default:
			return durability{dataKept, fmt.Sprintf("it handles data of class %q", d.Value), d.At}, durable
		}
	}
	if none {
		return durability{dataNotKept, fmt.Sprintf("its data is %q", svc.Data[0].Value), svc.Data[0].At}, durable
	}
	return durability{}, durable
}

// planElsewhere reports whether the entry names a recovery plan that this run does not read.
func planElsewhere(svc *catalog.Service) bool {
	ref := strings.TrimSpace(svc.Recovery.Plan.Value)
	return isWebAddress(ref) && !slices.ContainsFunc(svc.RecoveryPlans, func(p catalog.Linked[catalog.RecoveryPlan]) bool { return p.By.Rung == catalog.ByName })
}

// statePlanElsewhere says that something is not known because the recovery plan is not read.
func statePlanElsewhere(in *Inspection, what string) {
	ref := in.Service.Recovery.Plan
	in.Undecidedf(ref.At, "%s is not known: the recovery plan %q is at %s, which this run does not read. map the site to its folder with [[site]], or keep the plan in the catalog", what, ref.Value, hostOf(ref.Value)).
		Because("recovery plans at "+hostOf(ref.Value), "recovery plans are at %s, which this run does not read", hostOf(ref.Value))
}

// planTitle names a recovery plan in a message.
func planTitle(p *catalog.RecoveryPlan) string {
	if p.Title.Value != "" {
		return beginning(p.Title.Value)
	}
	return path.Base(p.At.File)
}

// objectiveOf gives the objective that holds for the service: its entry's, or else that of its surest plan that states one, a
// number before words. by says whose it is. What only keeps a place ("TBD") states none.
func objectiveOf(svc *catalog.Service, own catalog.Text, of func(*catalog.RecoveryPlan) catalog.Text) (text catalog.Text, by string) {
	if Says(own.Value) {
		return own, "its entry"
	}
	for _, p := range svc.RecoveryPlans {
		t := of(p.Item)
		_, number := recovery.Objective(t.Value)
		if number || t.Value != "" && text.Value == "" {
			text, by = t, fmt.Sprintf("plan %q", planTitle(p.Item))
		}
		if number {
			break
		}
	}
	return text, by
}

// Objectives takes a service and gives its recovery objectives, those of its entry or else of its plans, as far as they are
// lengths of time: how long it may be away, and how much of the newest data may be lost. What is not stated is zero.
func Objectives(svc *catalog.Service) (rto, rpo catalog.Text) {
	measured := func(t catalog.Text, _ string) catalog.Text {
		if _, ok := recovery.Objective(t.Value); !ok {
			return catalog.Text{}
		}
		return t
	}
	return measured(rtoOf(svc)), measured(rpoOf(svc))
}

func rtoOf(svc *catalog.Service) (catalog.Text, string) {
	return objectiveOf(svc, svc.Recovery.RTO, func(p *catalog.RecoveryPlan) catalog.Text { return p.RTO })
}

func rpoOf(svc *catalog.Service) (catalog.Text, string) {
	return objectiveOf(svc, svc.Recovery.RPO, func(p *catalog.RecoveryPlan) catalog.Text { return p.RPO })
}

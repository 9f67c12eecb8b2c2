package checks

import (
	"fmt"

	"obsready/catalog"
)

var dataClassified = &Check{
	ID:       "data-classified",
	Title:    "The service's entry says which classes of data it handles",
	Why:      "What is at stake in an incident or a breach follows from the data, and so does how much protection is worth. Nobody finds that out while it burns.",
	Fix:      "Set `data` to the classes of data that the service handles, as in `data = [\"payment\", \"pii\"]`; `data = [\"none\"]` says that it handles none. In a Backstage entity write a label or annotation `data`, with a prefix of your own: `acme.io/data: pii`.",
	Source:   "ISO/IEC 27001 Annex A 5.12 (classification of information); GDPR articles 4 and 9, PCI DSS and HIPAA for the classes.",
	Pillar:   Threats,
	Question: Protect,
	Severity: Medium,
	Level:    Bronze,
	Needs:    []catalog.Kind{catalog.Services},
	Run: func(in *Inspection) {
		svc := in.Service
		if !svc.Operated() {
			in.NotApplicablef("a library handles the data of the services that it is built into")
			return
		}
		if len(svc.Data) == 0 {
			in.Missingf(svc.At, "service %q does not state which classes of data it handles. %s", svc.Name.Value, dataWayOut(svc)).
				Because("data not stated", "entries do not state which classes of data their services handle")
		}
		for _, d := range svc.Data {
			requireClass(in, d)
		}
	},
}

func requireClass(in *Inspection, d catalog.Text) {
	switch class := classOf(d.Value); {
	case vagueClass(d.Value):
		in.Unmetf(d.At, "data class %q is a placeholder. name the class, or write none when the service handles no data", d.Value)
	case class.name == "":
		in.Metf(d.At, "it handles data of class %q, a class of your own", d.Value)
	case class.sensitive:
		in.Metf(d.At, "it handles data of class %q, which calls for a threat model", d.Value)
	default:
		in.Metf(d.At, "it handles data of class %q", d.Value)
	}
}

func dataWayOut(svc *catalog.Service) string {
	if svc.Format == "backstage" {
		return "add a label or annotation, as in acme.io/data: pii"
	}
	return fmt.Sprintf("set data, as in data = [%q], or data = [%q]", "pii", "none")
}

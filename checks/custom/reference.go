package custom

import (
	"strings"

	"obsready/catalog/tomldoc"
)

// Reference gives the written reference of an own check: its keys, its function and what that gives.
func Reference() string {
	return `checks/*.jsonnet of a catalog are its own checks, one in each file: an object with these keys and a function, check.

` + tomldoc.ObjectReference(definition{}, nil) + `
check(service):: […] gets a service with its facts, check(service, estate):: […] also the rest of the catalog. The native
functions of catalog.jsonnet are there too. "obsready explain ` + SchemaName + `" prints the JSON Schema of the facts.
The function gives null or an empty array when there is nothing to judge, {notApplicable: "why"}, or an array of requirements:

` + tomldoc.ObjectReference(requirement{}, nil) + `
Example:

` + indent(example)
}

// example is an own check that works.
const example = `{
  id: 'acme-cost-centre',
  title: 'The service states its cost centre',
  why: 'Costs that belong to nobody are not looked at.',
  fix: 'Add the label ` + "`acme.example/cost-centre`" + ` to the workloads of the service.',
  severity: 'low',
  level: 'silver',
  pillar: 'ownership',
  needs: ['workloads'],
  check(service)::
    local label = 'acme.example/cost-centre';
    if service.kind.value == 'library' then {notApplicable: 'a library runs nowhere'}
    else if service.workloads == [] then [{state: 'missing', message: 'no workload was found. add its manifests'}]
    else [
      if std.objectHas(w.labels, label)
      then {state: 'met', at: w.labels[label].at, message: 'cost centre %s' % w.labels[label].value}
      else {state: 'unmet', at: w.at, message: '%s "%s" has no label %s. add it' % [w.kind, w.name.value, label]}
      for w in service.workloads
    ],
}
`

func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return "  " + strings.Join(lines, "\n  ") + "\n"
}

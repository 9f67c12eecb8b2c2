package mapping

import (
	"strings"

	"obsready/catalog/entries"
	"obsready/catalog/jsonnet"
)

// Reference gives the written reference of catalog.jsonnet, as "obsready explain catalog.jsonnet" prints it.
func Reference() string {
	return `catalog.jsonnet at the root of a catalog reads services, teams and journeys from files of the organisation's own layout.
It is evaluated without network and with bounded time and memory, and can read nothing but the files of the commit.
An example, for a folder per service with its owner in Helm values:

` + indent(example) + `
Native functions, as in local glob = std.native("glob"). Paths are relative to the catalog's root:

` + indent(jsonnet.Natives) + `
The program returns an object with these keys. A value may be written as {value: "…", at: "file:line:col"}, and an entry may
have at: findings then point at the organisation's own file. parsePlaced and place give such places.

` + entries.MappedReference()
}

const example = `local glob = std.native('glob'), parsePlaced = std.native('parsePlaced');
local folder(path) = std.join('/', std.split(path, '/')[:-1]);
{
  services: [
    local values = parsePlaced(path);
    {
      name: values.service.name,
      owner: values.service.owner,
      tier: values.service.tier,
      at: values.service['@place'],
      folder: folder(path),
      evidence: {alert_labels: ['app=' + values.service.name]},
    }
    for path in glob('services/*/values.yaml')
  ],
}
`

func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ") + "\n"
}

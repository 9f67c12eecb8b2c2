// A service is a folder below services/ whose Helm values have a block "owner". Evidence needs no naming: what stands in
// the folder of a service is the service's.
local parse = std.native('parsePlaced');
local folder(path) = std.substr(path, 0, std.length(path) - std.length('/values.yaml'));
local base(path) = std.split(path, '/')[1];

local service(path, values) =
  local owner = values.owner;
  local logs = std.get(values, 'logs', {});
  {
    name: base(path),
    folder: folder(path),
    description: owner.summary,
    owner: owner.squad,
    tier: owner.tier,
    kind: std.get(owner, 'kind', 'request'),
    lifecycle: 'production',
    exposure: std.get(owner, 'exposed', 'internal'),
    data: std.get(owner, 'data', []),
    depends_on: std.get(owner, 'needs', []),
    signals: if values.metrics.enabled then {
      metrics: '{job="%s"}' % values.metrics.job,
      logs: '{app="%s"}' % base(path),
    } else {},
    logging: { format: std.get(logs, 'format'), correlation: std.get(logs, 'traceField') },
    at: owner['@place'],
  };

local squads = parse('platform/squads.toml').squads;

{
  services: [
    service(path, values)
    for path in std.native('glob')('services/*/values.yaml')
    for values in [parse(path)]
    if std.objectHas(values, 'owner')
  ],
  teams: [
    {
      name: name,
      description: squads[name].about,
      contact: squads[name].channel,
      oncall: std.get(squads[name], 'rota'),
      escalation: std.get(squads[name], 'second', []),
      at: squads[name]['@place'],
    }
    for name in std.objectFields(squads)
    if name != '@place'
  ],
}

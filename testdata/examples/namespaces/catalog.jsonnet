// Every Deployment, StatefulSet and CronJob of a namespace is a service. Who owns it, and how critical it is, stands in
// the annotations of the namespace; a workload may say it differently for itself.
local parseAll = std.native('parseAllPlaced');
local glob = std.native('glob');

local prefix = 'pebble.example/';
local kinds = { Deployment: 'request', StatefulSet: 'request', CronJob: 'batch' };
local dir(path) = std.join('/', std.split(path, '/')[0:3]);
local words(text) = std.filter(function(w) w != '', std.split(text, ','));

local service(path, namespace, workload) =
  local own = std.get(workload.metadata, 'annotations', {});
  local shared = std.get(namespace.metadata, 'annotations', {});
  // An annotation of the workload, else of the namespace. Each stands where it was found.
  local annotation(key) =
    local from = if std.objectHas(own, prefix + key) then own else shared;
    { value: std.get(from, prefix + key), at: std.get(from, '@place', namespace.metadata['@place']) };
  local tier = annotation('tier');
  local name = workload.metadata.name;
  {
    name: name,
    aliases: [namespace.metadata.name + '/' + name],
    description: annotation('about'),
    owner: annotation('owner'),
    tier: tier { value: if super.value == null then null else std.parseInt(super.value) },
    kind: kinds[workload.kind],
    lifecycle: 'production',
    exposure: annotation('exposure'),
    data: words(std.get(own, prefix + 'data', std.get(shared, prefix + 'data', ''))),
    depends_on: words(std.get(own, prefix + 'needs', '')),
    signals: {
      metrics: '{namespace="%s", job="%s"}' % [namespace.metadata.name, name],
      logs: '{namespace="%s", app="%s"}' % [namespace.metadata.name, name],
    },
    at: workload.metadata['@place'],
  };

{
  services: [
    service(path, namespace, workload)
    for home in glob('clusters/prod/*/namespace.yaml')
    for namespace in parseAll(home)
    for path in glob(dir(home) + '/*.yaml')
    for workload in parseAll(path)
    if std.objectHas(kinds, workload.kind)
  ],
  teams: [
    { name: t.team, title: t.title, contact: t.mail, oncall: t.oncall, escalation: t.next, at: t['@place'] }
    for t in std.native('parsePlaced')('teams/people.json')
  ],
}

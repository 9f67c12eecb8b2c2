// Turns services.yaml and teams.yaml into the catalog that obsready reads.
//
// parsePlaced adds to every map the place where it begins. An entry that hands it on as "at" is told at its own line of
// services.yaml, and so is every value that was copied from there.
local parse = std.native('parsePlaced');
local list = parse('services.yaml');
local squads = parse('teams.yaml').squads;

local tiers = { high: 1, medium: 2, low: 3 };
local kinds = { http: 'request', cron: 'batch', web: 'frontend' };

// A value with its own place, for what was translated and so cannot be found again.
local translated(s, i, key, words) = {
  value: std.get(words, s[key], s[key]),
  at: std.native('place')('services.yaml', ['services', i, key]),
};

local service(i, s) = {
  name: s.id,
  description: s.summary,
  owner: s.squad,
  tier: translated(s, i, 'criticality', tiers),
  kind: translated(s, i, 'type', kinds),
  lifecycle: { live: 'production', trial: 'experimental' }[std.get(s, 'stage', list.defaults.stage)],
  exposure: if std.get(s, 'public', false) then 'internet' else 'internal',
  data: std.get(s, 'stores', []),
  depends_on: s.needs,
  repository: std.get(s, 'repo'),
  signals: { metrics: '{job="%s"}' % s.id, logs: '{app="%s"}' % s.id, traces: s.id },
  evidence: {
    alerts: ['monitoring/alerts/%s.yaml' % s.id],
    dashboard_tags: [s.id],
    runbooks: ['runbooks/%s*.md' % s.id],
  },
  slo: if std.objectHas(s, 'slo') then [{
    name: s.id + '-availability',
    objective: s.slo.availability,
    window: '30d',
    good: 'sum(rate(http_requests_total{job="%s", code!~"5.."}[5m]))' % s.id,
    total: 'sum(rate(http_requests_total{job="%s"}[5m]))' % s.id,
    budget_policy: '/error-budgets.md',
  }] else [],
  at: s['@place'],
};

local team(id, s) = {
  name: id,
  title: s.name,
  contact: s.slack,
  oncall: s.pager,
  escalation: s['then'],
  members: s.people,
  aliases: [s.github],
  at: s['@place'],
};

{
  services: std.mapWithIndex(service, list.services),
  teams: [team(id, squads[id]) for id in std.objectFields(squads) if id != '@place'],
  journeys: [
    {
      name: 'Buy a ticket',
      description: 'From the choice of a train to the ticket in the app',
      owner: 'sales',
      sli: 'tickets issued / attempts to pay',
      slo: 'booking-availability',
      dashboard: 'booking',
      services: ['booking', 'seatmap'],
    },
  ],
}

// An own check of Northrail: what wakes people must know of the freeze before public holidays.
{
  id: 'northrail-change-calendar',
  title: 'Every runbook of the service points to the change calendar',
  why: 'Half of our rollbacks in 2025 undid a change that another squad was waiting for.',
  fix: 'Link the change calendar, `/runbooks/change-calendar.md`, where the runbook rolls back.',
  severity: 'medium',
  level: 'silver',
  pillar: 'runbooks',
  needs: ['runbooks'],
  check(service)::
    local calendar(page) = [l for l in page.links if std.endsWith(l.value, 'change-calendar.md')];
    if service.tier.value > 1 then { notApplicable: 'only services of criticality high are in the calendar' }
    else if service.runbooks == [] then [{ state: 'missing', message: 'the service has no runbook. write one below runbooks/' }]
    else [
      local found = calendar(page);
      if found != [] then { state: 'met', at: found[0].at, message: 'links %s' % found[0].value }
      else { state: 'unmet', at: page.title.at, message: '"%s" does not say when not to roll back. link the change calendar' % page.title.value }
      for page in service.runbooks
    ],
}

import { describe, expect, it } from 'vitest';
import { parseRoute, printRoute, type Route } from './router.ts';

const runId = '0123456789abcdef0123456789abcdef';
const routes: Route[] = [
  { view: 'fleet', filter: '', node: null },
  { view: 'fleet', filter: 'os.name=Debian and (role=web or not role="a & b?#")', node: 'web1.example.com' },
  { view: 'fleet', filter: '', node: null, group: 'Web & mail' },
  { view: 'compose' },
  { view: 'run', runId, node: null },
  { view: 'run', runId, node: 'db1' },
  { view: 'history', search: 'rpcutil 50%' },
  {
    view: 'history',
    search: '',
    filter: { action: 'puppet.runonce', person: 'bob', node: 'web1', period: '7d', end: 'open', failures: true },
  },
  { view: 'history', search: '', filter: { from: '2026-11-01', to: '2026-11-20', pinned: true } },
  { view: 'comparison', before: runId, after: runId, node: null },
  { view: 'comparison', before: runId, after: runId, node: 'web1' },
  { view: 'node', identity: 'web1.example.com', tab: null, other: null },
  { view: 'node', identity: 'web1', tab: 'compare', other: 'web2' },
  { view: 'puppet', filter: 'role=web', node: 'web01.example.com' },
  { view: 'runalls' },
  { view: 'runall', runallId: runId },
  { view: 'software', kind: 'package', name: '', type: '', runId: null, filter: '' },
  { view: 'software', kind: 'resource', name: '/etc/motd', type: 'file', runId, filter: 'role=web' },
  { view: 'schedule' },
  { view: 'security', tab: null },
  { view: 'security', tab: 'join-requests' },
  { view: 'settings', tab: null },
  { view: 'settings', tab: 'shortcuts' },
  { view: 'catalogue', subject: null, version: null },
  { view: 'catalogue', subject: { kind: 'agent', name: 'puppet' }, version: '2.0.0-rc.1+5' },
  { view: 'catalogue', subject: { kind: 'agent', name: 'data' }, version: null },
  { view: 'catalogue', subject: { kind: 'data', name: 'puppet' }, version: null },
];

describe('routes', () => {
  it.each(routes)('survive the address bar: $view', (route) => expect(parseRoute(printRoute(route))).toEqual(route));
  it.each([
    '',
    '#',
    '#/nothing',
    '#/runs/zz',
    '#/puppet/runalls/zz',
    '#/nodes/',
    '#/nodes/a b',
    '#/catalogue/No/Such',
    '#/security/A',
  ])('fall back to the fleet from "%s"', (hash) =>
    expect(parseRoute(hash)).toEqual({ view: 'fleet', filter: '', node: null }),
  );
});

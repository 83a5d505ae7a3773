import { describe, expect, it } from 'vitest';
import { parseRoute, printRoute, type Route } from './router.ts';

const runId = '0123456789abcdef0123456789abcdef';
const routes: Route[] = [
  { view: 'fleet', filter: '', node: null },
  { view: 'fleet', filter: 'os.name=Debian and (role=web or not role="a & b?#")', node: 'web1.example.com' },
  { view: 'compose' },
  { view: 'run', runId, node: null },
  { view: 'run', runId, node: 'db1' },
  { view: 'history', search: 'rpcutil 50%' },
  { view: 'puppet', filter: 'role=web', node: 'web01.example.com' },
  { view: 'runalls' },
  { view: 'runall', runallId: runId },
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
  it.each(['', '#', '#/nothing', '#/runs/zz', '#/puppet/runalls/zz', '#/catalogue/No/Such', '#/security/A'])(
    'fall back to the fleet from "%s"',
    (hash) => expect(parseRoute(hash)).toEqual({ view: 'fleet', filter: '', node: null }),
  );
});

import { expect, it } from 'vitest';
import { deepLink } from './deep-link.ts';

it('is there for runs, nodes and the fleet', () => {
  const runId = '0123456789abcdef0123456789abcdef';
  expect(deepLink({ view: 'run', runId, node: 'web01' }, null)).toBe(`muster://run/${runId}`);
  expect(deepLink({ view: 'fleet', filter: 'os=linux', node: 'web01' }, null)).toBe('muster://node/web01');
  expect(deepLink({ view: 'fleet', filter: 'os.name="a & b#"', node: null }, null)).toBe(
    'muster://fleet?filter=os.name%3D%22a%20%26%20b%23%22',
  );
  expect(deepLink({ view: 'fleet', filter: '', node: null }, null)).toBe('muster://fleet');
  expect(deepLink({ view: 'history', search: '' }, null)).toBeNull();
  expect(deepLink({ view: 'run', runId, node: null }, 'staging')).toBe(`muster://run/${runId}?profile=staging`);
  expect(deepLink({ view: 'fleet', filter: 'a=1', node: null }, 'staging')).toBe(
    'muster://fleet?filter=a%3D1&profile=staging',
  );
  expect(deepLink({ view: 'history', search: '' }, 'staging')).toBeNull();
});

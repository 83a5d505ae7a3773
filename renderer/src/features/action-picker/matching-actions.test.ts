import { describe, expect, it } from 'vitest';
import { fakeAgents, fakeNodes } from '../../../test/fake-fleet.ts';
import { matchingActions } from './matching-actions.ts';

const found = (search: string) =>
  matchingActions(fakeAgents(fakeNodes(3, 7, 0)), search).flatMap(({ actions }) =>
    actions.map(({ agent, action, index }) => [agent, action.name, index]),
  );

describe('matchingActions', () => {
  it('lists all for nothing', () => expect(found('')).toHaveLength(12));
  it('takes words in any order, of names and descriptions', () => {
    expect(found('restart serv')).toEqual([['service', 'restart', 0]]);
    expect(found('service.purge')).toEqual([['service', 'purge', 0]]);
    expect(found('VALUE of')).toEqual([['rpcutil', 'get_fact', 0]]);
    expect(found('nothing')).toEqual([]);
  });
});

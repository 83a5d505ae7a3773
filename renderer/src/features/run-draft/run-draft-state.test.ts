import { expect, it } from 'vitest';
import { plainRollout } from '../rollout/rollout-draft.ts';
import { RunDraftState, type RunDraft } from './run-draft-state.svelte.ts';

const run: RunDraft = {
  agent: 'web',
  action: 'publish',
  typed: { site: 'main' },
  target: { kind: 'group', name: 'web' },
  timeoutSeconds: '',
  rollout: plainRollout,
  recipe: { name: 'Publish', description: '', prompts: [] },
};

it('takes another run in place of what was composed, and tells that all begins anew', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const draft = new RunDraftState(storage);
  draft.pick('web', 'publish');
  expect(draft.taken).toBe(0);
  draft.take(run);
  expect([draft.draft, draft.taken]).toEqual([run, 1]);
  draft.take(run);
  expect(draft.taken).toBe(2);
  expect(new RunDraftState(storage).draft).toEqual(run);
});

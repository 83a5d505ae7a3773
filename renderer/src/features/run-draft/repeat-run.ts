import type { RunSummary } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { rolloutDraftOf } from '../rollout/rollout-draft.ts';
import type { RunDraftState } from './run-draft-state.svelte.ts';

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Fills the composer with what a run was. `action` is how it was described then; null when that is not known. */
export function repeatRun(draft: RunDraftState, run: RunSummary, action: ActionDefinition | null): void {
  draft.change({
    agent: run.agent,
    action: run.action,
    // What was a secret is not known any more.
    typed: Object.fromEntries(
      Object.entries(run.inputs)
        .filter(([key]) => action?.inputs[key]?.sensitive !== true)
        .map(([key, value]) => [key, asText(value)]),
    ),
    target: run.target,
    rollout: rolloutDraftOf(run),
    recipe: null,
  });
}

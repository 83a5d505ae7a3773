import type { Recipe, RecipeDraft } from '@muster/protocol/bridge';
import type { RunDraft } from '../run-draft/run-draft-state.svelte.ts';
import { rolloutDraftOf } from '../rollout/rollout-draft.ts';

/** What a run that is being composed knows of the recipe that it comes from. */
export type RecipeInUse = NonNullable<RunDraft['recipe']>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const inSeconds = (ms: number): string => `${ms / 1000} s`;

/** What a person types into the inputs: what is always the same, and what prompts have at first. */
function typedOf({ inputs, prompts }: Pick<RecipeDraft, 'inputs' | 'prompts'>): Readonly<Record<string, string>> {
  const defaults = prompts.flatMap(({ input, default: value }) =>
    value === undefined ? [] : [[input, value] as const],
  );
  return Object.fromEntries([...Object.entries(inputs), ...defaults].map(([input, value]) => [input, asText(value)]));
}

/** A recipe as a run to be composed, in which only what it asks for is left to be filled in. */
export function runOfRecipe(recipe: Recipe): RunDraft {
  const { name, description, agent, action, prompts, target, options } = recipe;
  const { timeoutMs, deliveryMs, waitMs } = options;
  return {
    agent,
    action,
    typed: typedOf(recipe),
    target,
    timeoutSeconds: timeoutMs === undefined ? '' : String(timeoutMs / 1000),
    rollout: {
      ...rolloutDraftOf(options),
      ...(deliveryMs === undefined ? {} : { delivery: inSeconds(deliveryMs) }),
      ...(waitMs === undefined ? {} : { away: 'while', awayFor: inSeconds(waitMs) }),
    },
    recipe: { name, description, prompts: prompts.map(({ input, label }) => ({ input, label })) },
  };
}

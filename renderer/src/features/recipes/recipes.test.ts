import type { RecipeDraft } from '@muster/protocol/bridge';
import { actionSchema } from '@muster/protocol/ddl';
import { expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { ActionFormState } from '../action-form/action-form-state.svelte.ts';
import { RecipeFormState } from './recipe-form-state.svelte.ts';
import { runOfRecipe } from './recipe-run.ts';
import { recipeDraft, RecipesState } from './recipes-state.svelte.ts';

const input = (more: object) => ({
  prompt: 'Site',
  description: '',
  type: 'string',
  validation: '.',
  maxlength: 90,
  ...more,
});
const action = actionSchema.parse({
  name: 'publish',
  description: '',
  effect: 'write',
  inputs: {
    site: input({ optional: false }),
    count: { prompt: 'Copies', description: '', type: 'integer', optional: true },
    password: input({ prompt: 'Password', optional: false, sensitive: true }),
  },
  outputs: {},
});
const rest = { agent: 'web', action: 'publish', target: { kind: 'filter', filter: '' }, options: {} } as const;
const naming = { name: 'Publish', description: '', tags: ['weekly'] };

it('RecipeFormState asks for secrets always, and for what is missing unless told otherwise', () => {
  const form = new ActionFormState(action, { count: '3', password: 'hunter2' });
  const recipe = new RecipeFormState(form, naming, null);
  expect(recipe.inputs.map(({ key, isAsked }) => [key, isAsked])).toEqual([
    ['site', true],
    ['count', false],
    ['password', true],
  ]);
  recipe.call('site', 'Which site?');
  const draft = recipe.draft(rest);
  expect(draft).toEqual({
    ok: true,
    value: {
      ...naming,
      ...rest,
      inputs: { count: 3 },
      prompts: [
        { input: 'site', label: 'Which site?' },
        { input: 'password', label: 'Password' },
      ],
    },
  });
  expect(JSON.stringify([draft, recipe.inputs])).not.toContain('hunter2');
  recipe.ask('site', false);
  expect(recipe.draft(rest)).toMatchObject({ ok: false, error: { code: 'recipe.invalid' } });
  form.type('site', 'main');
  recipe.ask('count', true);
  expect(recipe.draft(rest)).toMatchObject({
    value: { inputs: { site: 'main' }, prompts: [{ input: 'count', default: 3 }, { input: 'password' }] },
  });
  form.type('count', 'many');
  expect(recipe.draft(rest)).toMatchObject({ ok: false, error: { code: 'recipe.invalid' } });
});

it('a recipe becomes a run in which only what it asks for is left to be filled in', () => {
  const recipe: RecipeDraft = {
    ...naming,
    agent: 'web',
    action: 'publish',
    inputs: { site: 'main' },
    prompts: [{ input: 'count', label: 'How many', default: 3 }],
    target: { kind: 'group', name: 'web' },
    options: {
      timeoutMs: 5000,
      deliveryMs: 2000,
      waitMs: 60_000,
      rollout: { concurrency: { unit: 'nodes', amount: 4 } },
    },
  };
  expect(runOfRecipe({ ...recipe, createdAtMs: 1, updatedAtMs: 1 })).toMatchObject({
    typed: { site: 'main', count: '3' },
    target: recipe.target,
    timeoutSeconds: '5',
    rollout: { pace: 'window', windowSize: '4', delivery: '2 s', away: 'while', awayFor: '60 s' },
    recipe: { name: 'Publish', prompts: [{ input: 'count', label: 'How many' }] },
  });
});

it('RecipesState saves, renames, deletes and brings back', async () => {
  const rig = createWindowRig();
  const recipes = new RecipesState(rig.bridge);
  await rig.settled();
  expect(recipes.recipes).toEqual([]);
  const draft: RecipeDraft = {
    ...naming,
    agent: 'web',
    action: 'publish',
    inputs: {},
    prompts: [],
    target: rest.target,
    options: {},
  };
  expect((await recipes.save(draft, null)).ok).toBe(true);
  expect(await recipes.save(draft, null)).toMatchObject({ error: { code: 'recipe.taken' } });
  await recipes.save({ ...draft, name: 'Deploy' }, 'Publish');
  const [stored] = recipes.recipes ?? [];
  if (stored === undefined) throw new Error('nothing was stored');
  expect(recipeDraft(stored)).toEqual({ ...draft, name: 'Deploy' });
  await recipes.remove(stored);
  expect(recipes.recipes).toEqual([]);
  expect(recipes.removed?.name).toBe('Deploy');
  await recipes.restore();
  expect(recipes.recipes?.map(({ name }) => name)).toEqual(['Deploy']);
  expect(await recipes.imported('{', 'keep')).toMatchObject({ error: { code: 'recipe.malformed' } });
  recipes.dispose();
});

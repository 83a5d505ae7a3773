import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecipeDraft } from '@muster/protocol/bridge';
import { agentDdlSchema } from '@muster/protocol/ddl';
import { ok, unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { openStorage, type Storage } from '../storage/index.ts';
import { filledInputs } from './fill-recipe.ts';
import { createRecipes } from './recipes.ts';

const ddl = agentDdlSchema.parse({
  kind: 'agent',
  name: 'web',
  description: '',
  author: 'a',
  license: 'Apache-2.0',
  url: 'https://example.com',
  version: '1.0.0',
  timeout: 10,
  actions: [
    {
      name: 'publish',
      description: '',
      effect: 'write',
      inputs: {
        site: { prompt: 'Site', description: '', type: 'string', validation: '.', maxlength: 90, optional: false },
        password: {
          prompt: 'Password',
          description: '',
          type: 'string',
          validation: '.',
          maxlength: 90,
          optional: true,
          sensitive: true,
        },
      },
      outputs: {},
    },
  ],
});

const recipe: RecipeDraft = {
  name: ' Publish ',
  description: 'the site',
  tags: ['weekly', 'Weekly'],
  agent: 'web',
  action: 'publish',
  inputs: {},
  prompts: [{ input: 'site', label: 'Which site', default: 'main' }],
  target: { kind: 'preset', name: 'web', filter: 'os.name=Debian' },
  options: { timeoutMs: 5000, rollout: { maxErrors: { unit: 'nodes', amount: 2 } }, waitMs: 60_000 },
};

let folder: string;
let storage: Storage;
let told = 0;
const open = () =>
  createRecipes({
    storage: {
      ...storage,
      agents: () => Promise.resolve(ok([{ ddl, nodes: 1, versions: [{ version: '1.0.0', nodes: 1 }] }])),
    },
    clock: () => 1000,
    tell() {
      told += 1;
      return Promise.resolve();
    },
  });

beforeEach(async () => {
  told = 0;
  folder = await mkdtemp(join(tmpdir(), 'muster recipes test '));
  const logger = createLogger({ name: 'test', level: 'silent', destination: { write: () => undefined } });
  storage = unwrap(await openStorage({ file: join(folder, 'muster.db'), clock: () => 1000, logger }));
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

describe('recipes', () => {
  it('are kept by name, whatever its case, and renamed', async () => {
    const recipes = open();
    const saved = unwrap(await recipes.save({ recipe }));
    expect(saved).toEqual({ ...recipe, name: 'Publish', tags: ['weekly'], createdAtMs: 1000, updatedAtMs: 1000 });
    expect(await recipes.save({ recipe })).toMatchObject({ error: { code: 'recipe.taken' } });
    unwrap(await recipes.save({ recipe: { ...recipe, name: 'Deploy' }, previousName: 'publish' }));
    expect(unwrap(await recipes.list()).map(({ name }) => name)).toEqual(['Deploy']);
    expect(await recipes.get('Publish')).toMatchObject({ error: { code: 'recipe.unknown' } });
    expect(unwrap(await recipes.get('DEPLOY')).options).toEqual(recipe.options);
    expect(await recipes.save({ recipe, previousName: 'nosuch' })).toMatchObject({ error: { code: 'recipe.unknown' } });
    unwrap(await recipes.remove('deploy'));
    expect(await recipes.remove('deploy')).toMatchObject({ error: { code: 'recipe.unknown' } });
    expect(told).toBe(3);
  });

  it.each([
    ['a secret', { inputs: { password: 'hunter2' } }],
    ['the default of a secret', { prompts: [{ input: 'password', label: '', default: 'hunter2' }] }],
    ['an input that is given and asked for', { inputs: { site: 'main' } }],
    ['an input twice', { prompts: [...recipe.prompts, ...recipe.prompts] }],
    ['no name', { name: ' ' }],
  ])('do not keep %s', async (_what, more) => {
    const refused = await open().save({ recipe: { ...recipe, ...more } });
    expect(refused).toMatchObject({ error: { code: 'recipe.invalid' } });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
    expect(unwrap(await open().list())).toEqual([]);
  });

  it('are refused with a filter that cannot be read', async () => {
    const target = { kind: 'filter', filter: 'os=(' } as const;
    const refused = await open().save({ recipe: { ...recipe, target } });
    expect(refused.ok ? '' : refused.error.code).toMatch(/^filter\./);
  });

  it('travel as a document, all of them or none', async () => {
    const recipes = open();
    unwrap(await recipes.save({ recipe }));
    const document = unwrap(await recipes.export());
    expect(document).toEqual({
      protocol: 'muster.recipes.v1',
      recipes: [{ ...recipe, name: 'Publish', tags: ['weekly'] }],
    });
    expect(unwrap(await recipes.import(document, 'keep'))).toEqual({ added: 0, replaced: 0, kept: 1 });
    expect(unwrap(await recipes.import(document, 'replace'))).toEqual({ added: 0, replaced: 1, kept: 0 });
    const secret = { ...recipe, name: 'second', inputs: { password: 'hunter2' } };
    const refused = await recipes.import({ ...document, recipes: [{ ...recipe, name: 'first' }, secret] }, 'keep');
    expect(refused).toMatchObject({ error: { code: 'recipe.malformed' } });
    expect(refused.ok ? '' : refused.error.message).toContain('recipes[1] "second"');
    expect(unwrap(await recipes.list())).toHaveLength(1);
    expect(await recipes.import({ presets: [] }, 'keep')).toMatchObject({ error: { code: 'recipe.malformed' } });
    const nameless = await recipes.import({ ...document, recipes: [{ ...recipe, agent: 7 }] }, 'keep');
    expect(nameless.ok ? '' : nameless.error.message).toContain('recipes[0] " Publish ", agent');
  });
});

describe('one use of a recipe', () => {
  const stored = { ...recipe, inputs: { always: 1 } };
  it('has what is always the same, answers, and defaults of what was not answered', () => {
    expect(unwrap(filledInputs(stored, {}))).toEqual({ always: 1, site: 'main' });
    expect(unwrap(filledInputs(stored, { site: 'test' }))).toEqual({ always: 1, site: 'test' });
  });
  it('takes no answer to what is not asked for', () => {
    expect(filledInputs(stored, { always: 2 })).toMatchObject({ error: { code: 'request.invalid_input' } });
  });
});

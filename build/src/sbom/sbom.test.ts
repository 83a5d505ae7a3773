import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from '../fleet/index.ts';
import { makeSbom, shippedWorkspaces } from './make-sbom.ts';

const sbomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  components: z.array(z.object({ group: z.string().optional(), name: z.string(), purl: z.string() })),
});
const manifestSchema = z.object({ dependencies: z.record(z.string(), z.string()) });

let folder: string;
let text: string;
let names: ReadonlySet<string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-sbom-'));
  const file = join(folder, 'deep', 'muster.cdx.json');
  await makeSbom(file);
  text = await readFile(file, 'utf8');
  const { components } = sbomSchema.parse(JSON.parse(text));
  names = new Set(components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`)));
});
afterAll(() => rm(folder, { recursive: true }));

it.each(shippedWorkspaces)('names %s and all that it asks for', async (workspace) => {
  const manifest: unknown = JSON.parse(await readFile(join(repositoryRoot, workspace, 'package.json'), 'utf8'));
  const wanted = Object.keys(manifestSchema.parse(manifest).dependencies);
  expect([...names]).toEqual(expect.arrayContaining([`@muster/${workspace}`, ...wanted]));
});

it('names nothing that only builds or tests', () => {
  for (const tool of ['vitest', 'vite', 'webdriverio', 'eslint', '@muster/test']) expect(names).not.toContain(tool);
});

it('is the same for the same lock file', async () => {
  const again = join(folder, 'again.cdx.json');
  await makeSbom(again);
  expect(await readFile(again, 'utf8')).toBe(text);
});

import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importsOf, root, type Import } from './imports.ts';

const rulesSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      workspaces: z.array(z.string()),
      libraries: z.union([z.array(z.string()), z.literal('any')]),
      node: z.boolean(),
      denied: z.array(z.string()).optional(),
    }),
  ),
  only: z.array(z.object({ library: z.string(), under: z.string() })),
  layers: z.array(z.object({ folder: z.string(), denied: z.array(z.string()) })),
});
type Rules = z.infer<typeof rulesSchema>;

const rules = rulesSchema.parse(JSON.parse(await readFile(join(root, 'house-rules.json'), 'utf8')));

const libraryOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** What is wrong with an import, and how to mend it; null when nothing is. */
function breach(owner: string, { file, specifier }: Import, { packages, only, layers }: Rules): string | null {
  const rule = packages[owner];
  if (rule === undefined) return `${file}: the package "${owner}" has no rule; give it one in house-rules.json`;
  const mend = (what: string) => `${file} imports "${specifier}": ${what}`;
  if (rule.denied?.includes(specifier))
    return mend(`${owner} must do without it; move what you need to where both may look`);
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    if (!target.startsWith(`${owner}/`)) return mend(`reach other packages by name (@muster/…), never by path`);
    const layer = layers.find(({ folder }) => file.startsWith(`${folder}/`));
    const above = layer?.denied.find((name) => target.startsWith(`renderer/src/${name}/`));
    return above === undefined ? null : mend(`${layer?.folder ?? ''} must not know ${above}; hand it in as a property`);
  }
  if (specifier.startsWith('@muster/')) {
    const workspace = specifier.split('/')[1] ?? '';
    return rule.workspaces.includes(workspace)
      ? null
      : mend(`${owner} may import ${rule.workspaces.join(', ') || 'no other package'}`);
  }
  if (isBuiltin(specifier)) {
    if (!rule.node) return mend(`${owner} runs without Node; take it as a parameter`);
    return specifier.startsWith('node:') ? null : mend('write it with the node: prefix');
  }
  const library = libraryOf(specifier);
  const place = only.find((entry) => entry.library === library);
  if (place !== undefined && !file.startsWith(`${place.under}/`))
    return mend(`only ${place.under} may; put a host interface between`);
  if (rule.libraries !== 'any' && !rule.libraries.includes(library))
    return mend(`${owner} does not use ${library}; if it should, add it to house-rules.json and docs/dependencies.md`);
  return null;
}

describe('the rules of the house', () => {
  it.each(Object.keys(rules.packages))('hold for the imports of %s', async (owner) => {
    const imports = await importsOf(owner);
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.map((entry) => breach(owner, entry, rules)).filter((found) => found !== null)).toEqual([]);
  });

  it('find each kind of breach', () => {
    const found = (file: string, specifier: string) => breach(file.split('/')[0] ?? '', { file, specifier }, rules);
    expect(found('protocol/src/a/b.ts', 'node:fs')).toMatch('without Node');
    expect(found('agent/src/a.ts', '@muster/client/engine')).toMatch('may import protocol, runtime');
    expect(found('agent/src/a.ts', '@muster/protocol/bridge')).toMatch('must do without');
    expect(found('client/src/a.ts', '../../agent/src/b.ts')).toMatch('by name');
    expect(found('client/src/a.ts', 'fs')).toMatch('prefix');
    expect(found('client/src/a.ts', 'lodash')).toMatch('does not use');
    expect(found('electron/src/browser-host/a.ts', 'electron')).toMatch('only electron/src/shell');
    expect(found('renderer/src/ui/a.ts', '../features/b.ts')).toMatch('must not know');
    expect(found('renderer/src/features/x/a.ts', '../../views/b.ts')).toMatch('must not know');
    expect(found('renderer/src/views/x/a.ts', '../../ui/b.ts')).toBeNull();
  });
});

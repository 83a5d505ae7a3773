import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { parseYaml, readSmallFile } from '@muster/runtime/config';
import { z } from 'zod';

/** What a file in `plugin.d` says to Muster itself; all else in it is the agent's own. */
const common = z.looseObject({
  /** Whether the node has the agent, whatever the agent itself thinks. */
  activate: z.boolean().optional(),
  /** Actions of the agent that run at the same time. */
  concurrent_actions: z.int().min(1).max(1000).optional(),
});

/** The settings of one agent or data plugin. */
export interface PluginSettings {
  readonly activate?: boolean;
  readonly concurrentActions?: number;
  /** Its own settings, as they are written. */
  readonly own: Readonly<Record<string, unknown>>;
}

export const noSettings: PluginSettings = { own: {} };

/** `key = value` lines as MCollective and Choria have them: texts, blank lines and `#` lines left out. */
function parseCfg(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const match = /^\s*([\w.-]+)\s*=\s*(.*?)\s*$/.exec(line);
      return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
    }),
  );
}

const truths = new Map(
  [
    ['1', 'yes', 'y', 'true', 't'].map((word) => [word, true] as const),
    ['0', 'no', 'n', 'false', 'f'].map((word) => [word, false] as const),
  ].flat(),
);

function fromCfg(file: string, text: string): Result<PluginSettings> {
  const { activate_agent: activate, ...own } = parseCfg(text);
  if (activate === undefined) return ok({ own });
  const wish = truths.get(activate.toLowerCase());
  return wish === undefined
    ? fail('config.invalid', `${file}: "activate_agent" is neither true nor false`)
    : ok({ activate: wish, own });
}

function fromYaml(file: string, text: string): Result<PluginSettings> {
  const parsed = parseYaml(text, file, common);
  if (!parsed.ok) return parsed;
  const { activate, concurrent_actions: concurrentActions, ...own } = parsed.value;
  return ok({
    ...(activate === undefined ? {} : { activate }),
    ...(concurrentActions === undefined ? {} : { concurrentActions }),
    own,
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/**
 * The settings of each plugin that has some: `NAME.yaml`, or `NAME.cfg` as MCollective and Choria write it. A plugin with a
 * broken file has a fault in place of settings.
 */
export async function readPluginSettings(folder: string): Promise<ReadonlyMap<string, Result<PluginSettings>>> {
  const settings = new Map<string, Result<PluginSettings>>();
  for (const entry of [...(await namesIn(folder))].sort()) {
    const [, name, kind] = /^([a-z][a-z0-9_]*)\.(yaml|cfg)$/.exec(entry) ?? [];
    if (name === undefined) continue;
    const file = join(folder, entry);
    const text = await readSmallFile(file);
    settings.set(name, !text.ok ? text : kind === 'cfg' ? fromCfg(file, text.value) : fromYaml(file, text.value));
  }
  return settings;
}

/** Settings as `key = value` lines, for programs that expect them so. */
export const toCfg = (own: Readonly<Record<string, unknown>>): string =>
  Object.entries(own)
    .map(([key, value]) => `${key} = ${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
    .join('');

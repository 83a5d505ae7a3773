import { extname, join } from 'node:path';
import { readdir } from 'node:fs/promises';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import { watchFile, type WatchedFile } from '../files/watched-file.ts';
import { builtinFacts, type System } from './builtin/index.ts';
import { factFileBytes, factFileEndings, parseFacts } from './parse-facts.ts';
import { mergeFacts, type Facts } from './value.ts';

export interface FactSources {
  /** Whether Muster's own facts come first. */
  readonly builtin: boolean;
  /** How long built-in facts are believed, in milliseconds. */
  readonly builtinMaxAgeMs: number;
  /** Files, merged in this order after the built-in facts. */
  readonly files: readonly string[];
  /** Folder whose files are merged last, by name; undefined for none. */
  readonly directory: string | undefined;
}

/** The facts of a node, always as fresh as their sources. */
export interface FactStore {
  /** All facts as of now. The same object as before when nothing has changed. */
  current(): Promise<Facts>;
  /** The same, with everything collected anew. */
  reload(): Promise<Facts>;
}

/** Most files of the folder that are read. */
const filesPerDirectory = 200;

/** How long an answer is good without asking the file system again, in milliseconds. */
const checkEveryMs = 1000;

const sameElements = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  left.length === right.length && left.every((element, index) => element === right[index]);

/** Facts from a node's sources. A source that breaks is logged once and keeps its last good facts. */
export function createFactStore(
  sources: FactSources,
  effects: { readonly clock: Clock; readonly logger: Logger; readonly system: System },
): FactStore {
  const { clock, logger, system } = effects;
  const watched = new Map<string, WatchedFile<Facts>>();
  let builtin: { facts: Facts; atMs: number } | undefined;
  let parts: readonly Facts[] = [];
  let merged: Facts = {};
  let checkedAtMs = -Infinity;
  let running: Promise<Facts> | undefined;

  function fileAt(path: string): WatchedFile<Facts> {
    const known = watched.get(path);
    if (known !== undefined) return known;
    const file = watchFile({
      path,
      maxBytes: factFileBytes,
      parse: (text) => parseFacts(path, text),
      onFault: (fault) => {
        logger.warn(
          { event: 'facts.unreadable', file: path, reason: fault.message },
          'a fact source is broken; its last good facts are kept',
        );
      },
    });
    watched.set(path, file);
    return file;
  }

  async function directoryFiles(): Promise<readonly string[]> {
    const { directory } = sources;
    if (directory === undefined) return [];
    try {
      const names = (await readdir(directory)).filter(
        (name) => !name.startsWith('.') && factFileEndings.includes(extname(name)),
      );
      return names
        .sort()
        .slice(0, filesPerDirectory)
        .map((name) => join(directory, name));
    } catch {
      // A folder for facts is an offer: without it there are none.
      return [];
    }
  }

  async function builtinPart(): Promise<readonly Facts[]> {
    if (!sources.builtin) return [];
    const nowMs = clock();
    if (builtin === undefined || nowMs - builtin.atMs >= sources.builtinMaxAgeMs) {
      builtin = { facts: await builtinFacts(system, clock), atMs: nowMs };
    }
    return [builtin.facts];
  }

  async function check(): Promise<Facts> {
    const paths = [...sources.files, ...(await directoryFiles())];
    for (const path of watched.keys()) if (!paths.includes(path)) watched.delete(path);
    const found = await Promise.all(paths.map((path) => fileAt(path).refresh()));
    const next = [...(await builtinPart()), ...found.filter((facts) => facts !== undefined)];
    if (!sameElements(parts, next)) {
      parts = next;
      merged = mergeFacts(next);
    }
    checkedAtMs = clock();
    return merged;
  }

  const refresh = (): Promise<Facts> =>
    (running ??= check().finally(() => {
      running = undefined;
    }));

  return {
    async current() {
      const ageMs = clock() - checkedAtMs;
      return ageMs >= 0 && ageMs < checkEveryMs ? merged : refresh();
    },
    async reload() {
      await running;
      builtin = undefined;
      watched.clear();
      return refresh();
    },
  };
}

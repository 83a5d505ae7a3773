import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import {
  defaultPolicyName,
  groupsName,
  policyNameOf,
  policySettingsName,
  readPolicies,
  type Policies,
  type PolicyFault,
  type PolicySettings,
} from '@muster/protocol/policy';
import type { Clock } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';
import { policyFileStamp, readPolicyFile } from '@muster/runtime/policies';
import { hasCode } from '@muster/runtime/files';

/** The policies of a node, always as their files are. */
export interface PolicyStore {
  /** What decides about an agent, as of now or later. Never rejects: what cannot be read denies what it governs. */
  forAgent(agent: string): Promise<Policies>;
}

export interface PolicyStoreOptions {
  /** May be a link, which is then followed anew each time, so that a whole set of policies can be exchanged at once. */
  readonly folder: string;
  /** Settings that count before those of `settings.json`. */
  readonly settings: Partial<PolicySettings>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Lets time pass until files that have just changed are believed; 100 ms by default. */
  readonly pause?: () => Promise<unknown>;
}

/** How long a file must have been left alone before it is believed, in milliseconds: it may be half written. */
const quietMs = 100;
/** After so many looks at files that keep changing they count as unreadable. */
const mostLooks = 50;

/** Files as they were read together. */
interface Reading {
  readonly stamp: string;
  readonly changedAtMs: number;
  readonly sources: ReadonlyMap<string, Result<string>>;
}

interface Known {
  readonly stamp: string;
  readonly policies: Policies;
}

/** The file that a link leads to; undefined where there is nothing. Errors: `policy.unreadable`. */
async function followLinks(path: string): Promise<Result<string | undefined>> {
  try {
    return ok(await realpath(path));
  } catch (thrown) {
    const isThere = await lstat(path).then(
      () => true,
      (why: unknown) => !hasCode(why, 'ENOENT'),
    );
    return isThere ? fail('policy.unreadable', `${path} cannot be read: ${faultFrom(thrown).message}`) : ok(undefined);
  }
}

const namesFor = (agent: string): readonly string[] => [
  policyNameOf(agent),
  defaultPolicyName,
  groupsName,
  policySettingsName,
];

const allUnreadable = (names: readonly string[], fault: Result<never>): Reading['sources'] =>
  new Map(names.map((name) => [name, fault]));

/** Looks at the files without reading them. */
async function look(folder: string, names: readonly string[]): Promise<Omit<Reading, 'sources'>> {
  const root = await followLinks(folder);
  if (!root.ok) return { stamp: root.error.message, changedAtMs: 0 };
  if (root.value === undefined) return { stamp: 'no folder', changedAtMs: 0 };
  const { value } = root;
  const found = await Promise.all([value, ...names.map((name) => join(value, name))].map(policyFileStamp));
  // Of the folder itself only its mode matters: other files in it come and go.
  const [own, ...files] = found.map(({ stamp }) => stamp);
  const mode = own?.split(':', 3).join(':');
  return {
    stamp: JSON.stringify([mode, files]),
    changedAtMs: Math.max(...found.slice(1).map((one) => one.changedAtMs)),
  };
}

const writableByAll = (stamp: string): boolean => {
  const [, , mode] = stamp.split(':');
  return /^\d+$/.test(mode ?? '') && (Number(mode) & 0o002) !== 0;
};

const refuseOpen = (path: string) =>
  fail('policy.unreadable', `Everybody may write to ${path}`, { mend: `Run: chmod o-w "${path}"` });

/** Reads the files, whatever they are. */
async function read(folder: string, names: readonly string[]): Promise<Reading['sources']> {
  const root = await followLinks(folder);
  if (!root.ok) return allUnreadable(names, root);
  if (root.value === undefined) return new Map();
  const { value } = root;
  if (writableByAll((await policyFileStamp(value)).stamp)) return allUnreadable(names, refuseOpen(folder));
  const found = await Promise.all(
    names.map(async (name) => {
      const { stamp, source } = await readPolicyFile(join(value, name));
      return [name, source?.ok === true && writableByAll(stamp) ? refuseOpen(join(folder, name)) : source] as const;
    }),
  );
  return new Map(found.flatMap(([name, source]) => (source === undefined ? [] : [[name, source] as const])));
}

/** Keeps what the files of policies say, for each agent that is asked about. */
export function createPolicyStore(options: PolicyStoreOptions): PolicyStore {
  const { folder, settings, clock, logger, pause = () => wait(quietMs) } = options;
  const known = new Map<string, Known>();
  const said = new Map<string, string>();
  const running = new Map<string, { current: Promise<Policies>; next?: Promise<Policies> }>();

  function complain(name: string, faults: readonly PolicyFault[]): void {
    const text = JSON.stringify(faults);
    const before = said.get(name) ?? '[]';
    if (before === text) return;
    said.set(name, text);
    const file = join(folder, name);
    for (const { fault, line } of faults.slice(0, 10)) {
      logger.error(
        { event: 'policy.broken', file, line, code: fault.code, reason: fault.message },
        'a policy is broken and denies what it governs',
      );
    }
    if (faults.length === 0) logger.info({ event: 'policy.mended', file }, 'a policy can be used again');
  }

  function take(agent: string, stamp: string, sources: Reading['sources']): Policies {
    const policies = readPolicies(sources, settings);
    const { files, groups, settingsFaults } = policies;
    complain(groupsName, groups.faults);
    complain(policySettingsName, settingsFaults);
    for (const name of [policyNameOf(agent), defaultPolicyName]) complain(name, files.get(name)?.faults ?? []);
    if (known.has(agent)) {
      logger.info({ event: 'policy.changed', agent, files: [...sources.keys()] }, 'policies have changed');
    }
    known.set(agent, { stamp, policies });
    return policies;
  }

  /** Whether what was seen may still be in the making. */
  function isFresh(agent: string, changedAtMs: number): boolean {
    const ageMs = clock() - changedAtMs;
    return known.has(agent) || ageMs < quietMs;
  }

  async function refresh(agent: string): Promise<Policies> {
    const names = namesFor(agent);
    let seen = await look(folder, names);
    const before = known.get(agent);
    if (before?.stamp === seen.stamp) return before.policies;
    for (let looks = 0; looks < mostLooks; looks++) {
      if (looks > 0 || isFresh(agent, seen.changedAtMs)) await pause();
      const sources = await read(folder, names);
      const now = await look(folder, names);
      if (now.stamp === seen.stamp) return take(agent, now.stamp, sources);
      seen = now;
    }
    const fault = fail('policy.unreadable', `${folder} keeps changing`);
    return take(agent, 'keeps changing', allUnreadable(names, fault));
  }

  /** Whoever comes while files are being looked at waits for the next look: theirs must not be older than their question. */
  function start(agent: string): Promise<Policies> {
    const current = refresh(agent).finally(() => {
      if (running.get(agent)?.next === undefined) running.delete(agent);
    });
    running.set(agent, { current });
    return current;
  }

  return {
    forAgent(agent) {
      const turn = running.get(agent);
      if (turn === undefined) return start(agent);
      turn.next ??= turn.current.then(
        () => start(agent),
        () => start(agent),
      );
      return turn.next;
    },
  };
}

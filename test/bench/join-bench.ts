import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { unwrap } from '@muster/protocol/errors';
import { connectBus } from '@muster/runtime/bus';
import { randomBytes } from '@muster/runtime/crypto';
import { joinFleet, readJoinFile, whenBusUp, type JoinFile } from '@muster/runtime/enrolment';
import { startEnrolmentWorld, type EnrolmentWorld } from '../support/enrolment-world.ts';
import { duration, noise, timingOf } from './measure.ts';

export interface JoinBenchOptions {
  /** How many nodes join with one invitation; 1 to 5,000. */
  readonly joins: number;
  /** How many at once; 1 to 500. */
  readonly atOnce: number;
  readonly say: (line: string) => void;
}

/** All joins together take no longer; those that are not done by then are counted as that. */
const limitMs = 600_000;

/** An invitation for all of them, in a fleet that nobody has joined yet. */
async function invitationIn(world: EnrolmentWorld, joins: number): Promise<JoinFile> {
  const flags = ['node', 'node*.example.com', '--at-once', '--uses', String(joins)];
  return unwrap(readJoinFile(await readFile(await world.invite('bench', ...flags), 'utf8')));
}

/** What one node went through, in milliseconds. */
interface Joined {
  /** Until it had its certificate. */
  readonly joinMs: number;
  /** From then on until the broker let it in. */
  readonly firstConnectionMs: number;
}

async function joinOne(
  world: EnrolmentWorld,
  { invitation, name, signal }: { readonly invitation: JoinFile; readonly name: string; readonly signal: AbortSignal },
): Promise<Joined | undefined> {
  const files = { certificate: world.at(`${name}.pem`), key: world.at(`${name}.key`) };
  const startedAt = performance.now();
  const joined = await joinFleet({
    invitation,
    name,
    files,
    onNews: () => undefined,
    signal,
    clock: Date.now,
    randomBytes,
  });
  if (!joined.ok) return undefined;
  const joinedAt = performance.now();
  const [certificate, key] = [await readFile(files.certificate, 'utf8'), await readFile(files.key, 'utf8')];
  const settings = { urls: [world.broker.url], ca: invitation.ca, certificate, key, connectionName: name };
  const bus = connectBus(settings, { clock: Date.now, randomBytes });
  const isUp = await whenBusUp(bus, { signal });
  const connectedAt = performance.now();
  await bus.close();
  return isUp ? { joinMs: joinedAt - startedAt, firstConnectionMs: connectedAt - joinedAt } : undefined;
}

/** How many nodes a minute get their first certificate over a broker, and are let in with it. */
export async function joinBench(options: JoinBenchOptions) {
  const { joins, atOnce, say } = options;
  const before = await noise();
  const world = await startEnrolmentWorld({ approvers: [] });
  try {
    const invitation = await invitationIn(world, joins);
    const limit = AbortSignal.timeout(limitMs);
    const names = Array.from({ length: joins }, (_unused, at) => `node${at}.example.com`).values();
    const done: Joined[] = [];
    const loadBefore = loadavg();
    const totalMs = await duration(() =>
      Promise.all(
        Array.from({ length: Math.min(atOnce, joins) }, async () => {
          // All of them take from the same names.
          for (const name of names) {
            const joined = limit.aborted ? undefined : await joinOne(world, { invitation, name, signal: limit });
            if (joined === undefined) continue;
            done.push(joined);
            if (done.length % 100 === 0) say(`${done.length} of ${joins} have joined`);
          }
        }),
      ),
    );
    return {
      benchmark: 'joins',
      joins,
      atOnce,
      completed: done.length,
      seconds: Math.round(totalMs / 1000),
      joinsPerMinute: Math.round((done.length * 60_000) / totalMs),
      joinMs: timingOf(done.map(({ joinMs }) => joinMs)),
      firstConnectionMs: timingOf(done.map(({ firstConnectionMs }) => firstConnectionMs)),
      machine: { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, load: loadBefore },
      noise: { before, after: await noise() },
    };
  } finally {
    await world.stop();
  }
}

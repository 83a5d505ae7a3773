import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StartTimer } from '@muster/protocol/bridge';
import type { Verifier } from '@muster/protocol/envelope';
import { unwrap } from '@muster/protocol/errors';
import { createMemoryBroker, type Bus, type MemoryBroker } from '@muster/runtime/bus';
import {
  compressor,
  createSigner,
  createVault,
  createVerifier,
  randomBytes,
  randomId,
  vaultSecret,
} from '@muster/runtime/crypto';
import { createLogger } from '@muster/runtime/logging';
import { createAuthority, issueCertificate, type Authority } from '@muster/runtime/pki';
import { createEngine } from '../../../client/src/engine/create-engine.ts';
import { plainDiscovery, type DiscoverySettings } from '../../../client/src/discovery/index.ts';
import type { Engine } from '../../../client/src/engine/engine.ts';
import { readGuardSettings } from '../../../client/src/guard/index.ts';
import type { RunallTiming } from '../../../client/src/puppet/index.ts';
import type { NotifyTargetSettings } from '../../../client/src/notify/index.ts';
import type { HistorySettings } from '../../../client/src/retention/index.ts';
import { openStorage, type Storage } from '../../../client/src/storage/index.ts';
import { createFakeFleet, type FakeFleet } from './fake-fleet.ts';

/** Engines and fake nodes on a broker in memory, with a real database. */
export interface EngineBench {
  readonly broker: MemoryBroker;
  readonly authority: Authority;
  readonly fleet: FakeFleet;
  /** The bus that the fake nodes share. */
  readonly nodeBus: Bus;
  readonly file: string;
  readonly log: readonly Readonly<Record<string, unknown>>[];
  open(options?: BenchEngineOptions): Promise<Engine>;
  openStorage(): Promise<Storage>;
  close(): Promise<void>;
}

export interface BenchEngineOptions {
  readonly followFleet?: boolean;
  readonly adoptRuns?: boolean;
  readonly serveSchedules?: boolean;
  readonly serveNotifications?: boolean;
  readonly notify?: readonly NotifyTargetSettings[];
  readonly discoveryTimeoutMs?: number;
  readonly discovery?: Partial<DiscoverySettings>;
  readonly history?: Partial<HistorySettings>;
  readonly isReadOnly?: boolean;
  readonly startTimer?: StartTimer;
  /** The engine's clock; that of the system when absent. */
  readonly clock?: () => number;
  readonly runallTiming?: RunallTiming;
  readonly storage?: (storage: Storage) => Storage;
  readonly bus?: (bus: Bus) => Bus;
  readonly collectives?: readonly [string, ...string[]];
  readonly verifier?: (verifier: Verifier) => Verifier;
}

export const startTimer: StartTimer = (afterMs, run) => {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
};

export async function createEngineBench(): Promise<EngineBench> {
  const folder = await mkdtemp(join(tmpdir(), 'muster engine test '));
  const file = join(folder, 'data', 'muster.db');
  const clock = Date.now;
  const authority = await createAuthority({ name: 'Test authority', clock });
  const broker = createMemoryBroker({ collectives: ['muster', 'eu'], clock });
  const nodeBus = broker.connect();
  await Promise.resolve();
  const log: Readonly<Record<string, unknown>>[] = [];
  // Every line of the logger is a JSON object.
  const destination = { write: (line: string) => log.push(JSON.parse(line) as Readonly<Record<string, unknown>>) };
  const logger = createLogger({ name: 'test', level: 'info', destination });
  const engines = new Set<Engine>();
  const storages = new Set<Storage>();
  const person = await issueCertificate(authority, { role: 'person', name: 'alice', validDays: 30 });
  const signer = unwrap(await createSigner(person));
  const verifier = createVerifier({ caPem: authority.certificatePem });

  return {
    broker,
    authority,
    nodeBus,
    file,
    log,
    fleet: createFakeFleet(authority, nodeBus, clock),
    async openStorage() {
      const storage = unwrap(await openStorage({ file, clock, logger }));
      storages.add(storage);
      return storage;
    },
    async open(options = {}) {
      const storage = unwrap(await openStorage({ file, clock, logger }));
      const connected = broker.connect();
      const bus = options.bus?.(connected) ?? connected;
      await Promise.resolve();
      const engine = createEngine({
        configuration: {
          home: folder,
          person: 'alice',
          collectives: options.collectives ?? ['muster'],
          brokerUrls: [],
          proxy: null,
          dataFolder: join(folder, 'data'),
          discoveryTimeoutMs: options.discoveryTimeoutMs ?? 400,
          discovery: { ...plainDiscovery(folder), ...options.discovery },
          guard: { ...readGuardSettings(), isReadOnly: options.isReadOnly ?? false },
          notify: options.notify ?? [],
          history: { keepMs: null, evidence: true, archive: join(folder, 'archive'), ...options.history },
        },
        consoleId: randomId(randomBytes),
        effects: {
          bus,
          signer,
          verifier: options.verifier?.(verifier) ?? verifier,
          compressor,
          vault: createVault(await vaultSecret(signer), randomBytes),
          clock: options.clock ?? clock,
          randomBytes,
          startTimer: options.startTimer ?? startTimer,
          logger,
        },
        storage: options.storage?.(storage) ?? storage,
        followFleet: options.followFleet ?? false,
        adoptRuns: options.adoptRuns ?? false,
        serveSchedules: options.serveSchedules ?? false,
        serveNotifications: options.serveNotifications ?? false,
        ...(options.runallTiming === undefined ? {} : { runallTiming: options.runallTiming }),
      });
      engines.add(engine);
      return engine;
    },
    async close() {
      await Promise.all([...engines].map((engine) => engine.close()));
      await Promise.all([...storages].map((storage) => storage.close()));
      await nodeBus.close();
      await rm(folder, { recursive: true });
    },
  };
}

import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { StartTimer } from '@muster/protocol/bridge';
import type { Signer } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { connectBus, createClosedBus } from '@muster/runtime/bus';
import {
  compressor,
  createOwnSigner,
  createVault,
  randomBytes as systemRandomBytes,
  randomId,
  vaultSecret,
  type Vault,
} from '@muster/runtime/crypto';
import type { RandomBytes } from '@muster/runtime/effects';
import { createLogger, type Logger } from '@muster/runtime/logging';
import { auditFolder, createConsoleAudit, noAudit } from '../audit/index.ts';
import { readConfiguration } from '../configuration/index.ts';
import { ReadOnly } from '../guard/read-only.ts';
import { keepCertificate } from '../keys/index.ts';
import { openStorage } from '../storage/index.ts';
import { createEngine } from './create-engine.ts';
import type { Engine, EngineOptions } from './engine.ts';

const startTimer: StartTimer = (afterMs, run) => {
  const timer = setTimeout(run, afterMs);
  return () => clearTimeout(timer);
};

async function openLog(dataFolder: string): Promise<Result<WriteStream>> {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    const log = createWriteStream(join(dataFolder, 'console.log'), { flags: 'a', mode: 0o600 });
    await new Promise<void>((resolve, reject) => {
      log.once('open', () => resolve());
      log.once('error', reject);
    });
    // A log that cannot be written any more must not end the engine.
    log.on('error', () => undefined);
    return ok(log);
  } catch (thrown) {
    return fail(
      'storage.failed',
      `${dataFolder} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** The caller's logger, or a file in the data folder that is closed with the engine. */
async function chooseLogger(
  options: EngineOptions,
  dataFolder: string,
): Promise<Result<{ logger: Logger; close: () => Promise<void> }>> {
  if (options.logger !== undefined) return ok({ logger: options.logger, close: () => Promise.resolve() });
  const log = await openLog(dataFolder);
  if (!log.ok) return log;
  return ok({
    logger: createLogger({ name: 'console', level: 'warn', destination: log.value }),
    async close() {
      log.value.end();
      await finished(log.value).catch(() => undefined);
    },
  });
}

/** Of an engine that has no key. */
const shutVault: Vault = {
  seal() {
    throw new Error('Nothing can be sealed without the private key');
  },
  open: () => null,
};

async function openVault(signer: Signer, randomBytes: RandomBytes): Promise<Result<Vault>> {
  try {
    return ok(createVault(await vaultSecret(signer), randomBytes));
  } catch (thrown) {
    return fail('key.agent', `The private key does not sign: ${faultFrom(thrown).message}`);
  }
}

/**
 * Opens the console of the person whose home it is: reads the configuration, opens the database, begins to connect. It does
 * not wait for the broker.
 *
 * Errors: those of `readConfiguration`, `key.agent`, `storage.corrupt`, `storage.failed`, `storage.full`.
 */
export async function openEngine(options: EngineOptions): Promise<Result<Engine>> {
  const {
    home,
    clock = Date.now,
    randomBytes = systemRandomBytes,
    connectionName,
    followFleet = true,
    adoptRuns = followFleet,
    serveSchedules = followFleet,
    serveNotifications = serveSchedules,
    offline = false,
  } = options;
  const read = await readConfiguration(home, {
    clock,
    keyless: offline,
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    ...(options.askPassphrase === undefined ? {} : { askPassphrase: options.askPassphrase }),
    ...(connectionName === undefined ? {} : { connectionName }),
  });
  if (!read.ok) return read;
  const { configuration, credentials } = read.value;
  const log = await chooseLogger(options, configuration.dataFolder);
  if (!log.ok) return log;
  const { logger } = log.value;
  const { broker, signer, verifier } = credentials;
  const vault = offline ? ok(shutVault) : await openVault(signer, randomBytes);
  if (!vault.ok) {
    await log.value.close();
    return vault;
  }
  const storage = await openStorage({ file: join(configuration.dataFolder, 'muster.db'), clock, logger });
  if (!storage.ok) {
    await log.value.close();
    return storage;
  }
  credentials.revocations?.onFault(({ code, message }) => logger.warn({ code }, message));
  const bus = offline ? createClosedBus(clock()) : connectBus(broker, { clock, randomBytes });
  const own = createOwnSigner(signer);
  const effects = {
    bus,
    signer: own,
    verifier,
    compressor,
    vault: vault.value,
    clock,
    randomBytes,
    startTimer,
    logger,
  };
  const audit = offline ? noAudit : createConsoleAudit({ folder: auditFolder(home), signer, clock, logger });
  const certificate = offline
    ? undefined
    : keepCertificate({ read: read.value, signer: own, effects, audit, stays: followFleet });
  return ok(
    createEngine({
      configuration,
      consoleId: randomId(randomBytes),
      effects,
      storage: storage.value,
      audit,
      ...(certificate === undefined ? {} : { certificate }),
      followFleet,
      adoptRuns,
      serveSchedules: serveSchedules && !offline,
      serveNotifications: serveNotifications && !offline,
      ...(broker.proxy === undefined ? {} : { proxy: broker.proxy }),
      readOnly: new ReadOnly(options.readOnly === true || configuration.guard.isReadOnly),
      onClosed: log.value.close,
    }),
  );
}

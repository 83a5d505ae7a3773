import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verifier } from '@muster/protocol/envelope';
import { faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import { authorityExchange, authorityQueue, authorityQueueName } from '@muster/protocol/topology';
import { openAuditTrail, type AuditTrail } from '../audit/index.ts';
import { shareAuthority, type AuthorityFolder, type SharedAuthority } from '../authority/index.ts';
import { connectBus, type BrokerSettings, type Bus, type Delivery } from '../bus/index.ts';
import { loadCredentials, readYamlFile } from '../config/index.ts';
import {
  compressor,
  createOwnSigner,
  createSigner,
  createVerifier,
  revocationKey,
  type OwnSigner,
} from '../crypto/index.ts';
import type { Clock, RandomBytes } from '../effects/index.ts';
import { whenBusUp } from '../enrolment/when-bus-up.ts';
import { lockFolder } from '../files/index.ts';
import type { Logger } from '../logging/index.ts';
import { createAdmission, type Admission } from './admission.ts';
import { Counter, isFirstCertificate, type Reply } from './counter.ts';
import { keepServiceCertificate, serviceFiles } from './service-certificate.ts';
import { authoritySettings, type AuthoritySettings } from './settings.ts';

export interface ServeOptions {
  readonly folder: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Default: one on AMQP. */
  readonly connect?: (settings: BrokerSettings) => Bus;
  /** How often it is looked whether the service needs its next certificate, in milliseconds. Default: an hour. */
  readonly lookEveryMs?: number;
}

/** An authority that answers over the broker. It listens nowhere. */
export interface RunningAuthority {
  /** Resolves when it can be asked; false when it was stopped before. */
  readonly ready: Promise<boolean>;
  stop(): Promise<void>;
}

/** How long a command that works in the folder is waited for, in milliseconds. */
const patienceMs = 30_000;

/** Messages that are decided while the folder is kept from other commands. */
const batchSize = 50;

const hourMs = 3_600_000;

/** Pause before a folder that could not be opened is tried again, in milliseconds. */
const retryMs = 1000;

const mend = {
  inUse: 'Stop the other muster ca serve first.',
  unusable: 'Correct the rights of that folder: it is for its owner alone.',
};

/** The settings of an authority. Errors: `config.unreadable`, `config.syntax`, `config.invalid`. */
export const readAuthoritySettings = (folder: string): Promise<Result<AuthoritySettings>> =>
  readYamlFile(join(folder, 'authority.yaml'), authoritySettings);

/** Believes what the register says now of a certificate, whatever list was published. */
function verifierFor(caPem: string, current: () => AuthorityFolder | undefined): Verifier {
  const own = new X509Certificate(caPem);
  const prefix = revocationKey(own, '');
  return createVerifier({
    caPem,
    revocations: {
      refresh: () => Promise.resolve(),
      has(key) {
        const record = current()?.register.bySerial(key.slice(prefix.length));
        return record !== undefined && record.revoked !== null;
      },
    },
  });
}

/** Takes messages one batch after the other, each with the folder open. */
class Batches {
  readonly #authority: SharedAuthority;
  readonly #counter: Counter;
  readonly #admission: Admission;
  readonly #logger: Logger;
  readonly #waiting: Delivery[] = [];
  /** Answers that wait until the broker knows whom they are for. */
  readonly #held = new Set<Promise<void>>();
  #working: Promise<void> | undefined;
  #isStopped = false;
  current: AuthorityFolder | undefined;

  constructor(
    authority: SharedAuthority,
    makeCounter: (batches: Batches) => Counter,
    { admission, logger }: { readonly admission: Admission; readonly logger: Logger },
  ) {
    this.#authority = authority;
    this.#counter = makeCounter(this);
    this.#admission = admission;
    this.#logger = logger;
  }

  take(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#working;
    this.#admission.stop();
    await Promise.all(this.#held);
  }

  /** Sends a reply; a first certificate once its holder is let in with it, for which nobody waits here. */
  async #send(reply: Reply, registerBytes: number): Promise<void> {
    if (!isFirstCertificate(reply)) return this.#counter.send(reply);
    const sent = this.#admission
      .until(registerBytes)
      .then(() => this.#counter.send(reply))
      .finally(() => this.#held.delete(sent));
    this.#held.add(sent);
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isStopped) {
      const opened = await this.#authority.open();
      if (!opened.ok) {
        this.#logger.error({ event: opened.error.code }, opened.error.message);
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        continue;
      }
      const batch = this.#waiting.splice(0, batchSize);
      this.current = opened.value;
      const replies = await this.#serve(opened.value, batch);
      const registerBytes = opened.value.register.bytes;
      this.current = undefined;
      // What was decided is on record: lost answers are asked for again, and answered the same.
      for (const delivery of batch) delivery.ack();
      await Promise.all(replies.map((reply) => this.#send(reply, registerBytes)));
    }
  }

  /** Answers a batch and closes the authority, whatever comes of it. */
  async #serve(authority: AuthorityFolder, batch: readonly Delivery[]): Promise<readonly Reply[]> {
    try {
      return await this.#counter.serve(
        authority,
        batch.map(({ body }) => body),
      );
    } finally {
      await authority.close();
    }
  }
}

/** Has its queue as soon as there is a broker. False when the bus was closed before. */
async function subscribe(bus: Bus, batches: Batches, logger: Logger): Promise<boolean> {
  const onDown = (fault: Fault) => logger.warn({ event: fault.code }, `no connection to the broker: ${fault.message}`);
  while (await whenBusUp(bus, { onDown })) {
    const subscribed = await bus.subscribe({
      queue: { name: authorityQueueName, declaration: authorityQueue(bus.queueType) },
      bindings: [{ exchange: authorityExchange, routingKey: authorityQueueName }],
      prefetch: 2 * batchSize,
      exclusive: true,
      onDelivery: (delivery) => batches.take(delivery),
      onFault: (fault) => logger.error({ event: fault.code }, `the queue of the authority was lost: ${fault.message}`),
    });
    if (subscribed.ok) return true;
    const { code, message } = subscribed.error;
    logger.error({ event: code }, `the queue of the authority cannot be used: ${message}`);
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
  return false;
}

/** Signs and connects with the certificate that was made for the service last. Errors: `certificate.untrusted`. */
async function useRenewed(
  folder: string,
  { signer, trail, bus }: { readonly signer: OwnSigner; readonly trail: AuditTrail; readonly bus: Bus },
): Promise<Result<void>> {
  const files = serviceFiles(folder);
  const [certificate, key] = [await readFile(files.certificate, 'utf8'), await readFile(files.key, 'utf8')];
  const next = await createSigner({ certificatePem: certificate, keyPem: key });
  if (!next.ok) return next;
  signer.use(next.value);
  trail.useSigner(next.value);
  await bus.useCertificate({ certificate, key });
  return ok(undefined);
}

/** All that a service works with, put together. */
async function start(settings: AuthoritySettings, { folder, logger, clock, randomBytes, connect }: ServeOptions) {
  const authority = shareAuthority(folder, clock, { patienceMs });
  const certified = await keepServiceCertificate(folder, authority, clock);
  if (!certified.ok) return certified;
  const credentials = await loadCredentials({
    file: join(folder, 'authority.yaml'),
    broker: settings.broker,
    trust: { ca: 'ca.pem', ...serviceFiles(folder) },
    connectionName: 'muster authority',
    clock,
  });
  if (!credentials.ok) return credentials;
  const { broker } = credentials.value;
  const signer = createOwnSigner(credentials.value.signer);
  const opened = await openAuditTrail({
    file: join(folder, 'audit.log'),
    signer: credentials.value.signer,
    clock,
    onFault: (fault) => logger.error({ event: fault.code }, fault.message),
  });
  if (!opened.ok) return opened;
  const connected = connect?.(broker) ?? connectBus(broker, { clock, randomBytes });
  const made = new Batches(
    authority,
    (own) =>
      new Counter({
        bus: connected,
        signer,
        verifier: verifierFor(broker.ca, () => own.current),
        compressor,
        clock,
        randomBytes,
        trail: opened.value,
        approvers: settings.approvers,
      }),
    { admission: createAdmission(join(folder, 'register.jsonl')), logger },
  );
  const trail = opened.value;

  /** Sees to the next certificate of the service in time, and uses it at once. */
  async function keepCertificate(): Promise<void> {
    const made = await keepServiceCertificate(folder, authority, clock);
    if (made.ok && !made.value) return;
    const used = made.ok ? await useRenewed(folder, { signer, trail, bus: connected }) : made;
    if (used.ok) logger.info({ event: 'certificate.renewed' }, 'another certificate is used from now on');
    else logger.error({ event: used.error.code }, `the certificate of the service: ${used.error.message}`);
  }
  return ok({ bus: connected, trail, batches: made, keepCertificate });
}

/**
 * Serves the authority in a folder. It works beside other commands on that folder, but for another service.
 *
 * Errors: those of the settings (`authority.yaml`) and of the folder; `home.in_use` when another service works with it.
 */
export async function serveAuthority(options: ServeOptions): Promise<Result<RunningAuthority>> {
  const { folder, logger } = options;
  const settings = await readAuthoritySettings(folder);
  if (!settings.ok) return settings;
  const lock = await lockFolder(join(folder, 'service'), mend);
  if (!lock.ok) return lock;
  const started = await start(settings.value, options);
  if (!started.ok) {
    await lock.value.release();
    return started;
  }
  const { bus, trail, batches, keepCertificate } = started.value;
  const ready = subscribe(bus, batches, logger).then((isReady) => {
    if (isReady) logger.info({ event: 'ready' }, 'the authority can be asked');
    return isReady;
  });
  let keeping: Promise<void> = Promise.resolve();
  const kept = setInterval(() => {
    keeping = keeping.then(keepCertificate).catch((thrown: unknown) => {
      const { code, message } = faultFrom(thrown);
      logger.error({ event: code }, `the certificate of the service: ${message}`);
    });
  }, options.lookEveryMs ?? hourMs).unref();
  return ok({
    ready,
    async stop() {
      clearInterval(kept);
      await keeping;
      await batches.stop();
      await bus.close();
      await ready;
      await trail.close();
      await lock.value.release();
    },
  });
}

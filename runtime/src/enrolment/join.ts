import { setTimeout as pause } from 'node:timers/promises';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { Answer } from '@muster/protocol/enrolment';
import { connectBus, type Bus, type BrokerSettings } from '../bus/index.ts';
import { compressor, createSigner, createVerifier, fingerprintOf, readCertificates } from '../crypto/index.ts';
import type { Clock, RandomBytes } from '../effects/index.ts';
import { isThere } from '../files/index.ts';
import { requestFor } from '../pki/index.ts';
import type { ProxySettings } from '../proxy/index.ts';
import { openAuthorityLine, silent, unlessRefused, type AuthorityLine } from './authority-line.ts';
import type { JoinFile } from './join-file.ts';
import { dropWaitingKey, finishInstalling, install, waitingKey, type KeyFiles } from './key-files.ts';
import { checkOwnCertificate, fingerprintOfKey, publicKeyOf } from './own-certificate.ts';
import { whenBusUp } from './when-bus-up.ts';

/** What whoever joins is told while it waits. */
export type JoinNews =
  /** The key is there; people compare its fingerprint before they approve it. */
  | { readonly kind: 'key'; readonly fingerprint: string }
  /** A person has to approve. */
  | { readonly kind: 'held' }
  /** It cannot ask just now, and goes on trying. */
  | { readonly kind: 'trouble'; readonly fault: Fault };

export interface JoinOrder {
  readonly invitation: JoinFile;
  readonly name: string;
  /** Where certificate and key go. */
  readonly files: KeyFiles;
  /** Whether files that are there are replaced; they are refused when absent. */
  readonly replaceFiles?: boolean;
  /** The proxy to the broker; directly when absent. */
  readonly proxy?: ProxySettings;
  readonly onNews: (news: JoinNews) => void;
  /** Gives up the waiting. The key stays, so that asking again goes on where this ended. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Default: one on AMQP. */
  readonly connect?: (settings: BrokerSettings) => Bus;
}

/** How long an answer is waited for, and how often is asked again while a person has to approve, in milliseconds. */
const answerWithinMs = 10_000;
const askAgainMs = 15_000;

const givenUp = (): Result<never> =>
  fail('run.interrupted', 'The waiting was given up', { mend: 'Run the same command again to go on: the key stays.' });

/** What is worth another attempt, for it may go away by itself: the broker does not know a new invitation at once, for one. */
const mayPass: readonly Fault['code'][] = [
  'authority.silent',
  'broker.closed',
  'broker.rejected',
  'broker.unconfirmed',
  'broker.unreachable',
  'join.full',
];

/** Asks until there is a certificate, or none to be had. */
async function askForCertificate(
  line: AuthorityLine,
  request: string,
  { onNews, signal }: Pick<JoinOrder, 'onNews' | 'signal'>,
): Promise<Result<string>> {
  let wasHeld = false;
  const take = (answer: Answer | undefined): Result<string> | undefined => {
    if (answer === undefined) return undefined;
    const given = unlessRefused(answer);
    if (!given.ok) return mayPass.includes(given.error.code) ? undefined : given;
    if (given.value.kind === 'certificate') return ok(given.value.certificate);
    if (given.value.kind === 'held' && !wasHeld) {
      wasHeld = true;
      onNews({ kind: 'held' });
    }
    return undefined;
  };
  const isGivenUp = (): boolean => signal.aborted;
  while (!isGivenUp()) {
    const asked = await line.send({ kind: 'join', request });
    if (!asked.ok && !mayPass.includes(asked.error.code)) return asked;
    const answer = asked.ok ? await asked.value.next(answerWithinMs, signal) : undefined;
    const outcome = take(answer);
    if (outcome !== undefined) return outcome;
    const trouble = troubleIn(asked, answer);
    if (trouble !== undefined && !isGivenUp()) onNews({ kind: 'trouble', fault: trouble });
    const later = asked.ok ? await asked.value.next(askAgainMs, signal) : undefined;
    if (!asked.ok) await pause(askAgainMs, undefined, { signal }).catch(() => undefined);
    const decided = take(later);
    if (decided !== undefined) return decided;
  }
  return givenUp();
}

/** Why there is no answer that says how it stands; undefined when there is one. */
function troubleIn(asked: Result<unknown>, answer: Answer | undefined): Fault | undefined {
  if (!asked.ok) return asked.error;
  const given = answer === undefined ? silent() : unlessRefused(answer);
  return given.ok ? undefined : given.error;
}

/** Makes a key that never leaves this machine, asks for its certificate, and puts both in place. */
export async function joinFleet(order: JoinOrder): Promise<Result<void>> {
  const { invitation, name, files, onNews, signal, clock, randomBytes } = order;
  const { role, ca: caPem } = invitation;
  const finished = await finishInstalling(files);
  if (!finished.ok) return finished;
  if (order.replaceFiles !== true && ((await isThere(files.key)) || (await isThere(files.certificate)))) {
    return fail('file.unwritable', `${files.key} or ${files.certificate} is there already`, {
      mend: 'Say --replace to put others in their place.',
    });
  }
  if (Date.parse(invitation.expires) < clock()) {
    return fail('certificate.expired', `The invitation was good until ${invitation.expires}`, {
      mend: 'Have another one made: muster ca invite.',
    });
  }
  const key = await waitingKey(files);
  if (!key.ok) return key;
  onNews({ kind: 'key', fingerprint: fingerprintOfKey(key.value) });
  const signer = await createSigner({ certificatePem: invitation.certificate, keyPem: invitation.key });
  if (!signer.ok) return signer;
  const authorities = readCertificates(caPem);
  if (!authorities.ok) return authorities;
  const [certificate] = unlessUnread(invitation.certificate);
  if (certificate === undefined) return fail('join.unreadable', 'The invitation has no certificate');
  const settings = brokerSettings(invitation, order.proxy);
  const bus = order.connect?.(settings) ?? connectBus(settings, { clock, randomBytes });
  try {
    const up = await whenBusUp(bus, { signal, onDown: (fault) => onNews({ kind: 'trouble', fault }) });
    if (!up) return givenUp();
    const line = await openAuthorityLine(
      { role: 'join', name: invitation.invitation, fingerprint: fingerprintOf(certificate) },
      {
        bus,
        signer: signer.value,
        verifier: createVerifier({ caPem }),
        compressor,
        clock,
        randomBytes,
        onFault: (fault) => onNews({ kind: 'trouble', fault }),
      },
    );
    if (!line.ok) return line;
    const got = await askForCertificate(line.value, await requestFor(key.value, { role, name }), order);
    await line.value.close();
    if (!got.ok) {
      // It will never be certified; who tries again begins with another.
      if (got.error.code === 'join.rejected' || got.error.code === 'join.key_known') await dropWaitingKey(files);
      return got;
    }
    const checked = checkOwnCertificate(got.value, { role, name, publicKey: publicKeyOf(key.value), caPem }, clock());
    return checked.ok ? await install(files, got.value) : checked;
  } finally {
    await bus.close();
  }
}

function unlessUnread(pem: string) {
  const read = readCertificates(pem);
  return read.ok ? read.value : [];
}

/** How the holder of an invitation reaches the broker. */
function brokerSettings(
  { broker, ca, certificate, key, invitation }: JoinFile,
  proxy: ProxySettings | undefined,
): BrokerSettings {
  return {
    urls: broker.urls,
    ...(broker.serverName === undefined ? {} : { serverName: broker.serverName }),
    ...(proxy === undefined ? {} : { proxy }),
    ca,
    certificate,
    key,
    connectionName: `muster join ${invitation}`,
  };
}

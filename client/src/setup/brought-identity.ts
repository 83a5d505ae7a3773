import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BroughtField, NamedProxy } from '@muster/protocol/bridge';
import { fail, ok, type Fault, type Result } from '@muster/protocol/errors';
import { connectBus, type BrokerSettings, type Bus } from '@muster/runtime/bus';
import { readSmallFile } from '@muster/runtime/config';
import { randomBytes, readCertificates, readTrusted } from '@muster/runtime/crypto';
import type { Clock } from '@muster/runtime/effects';
import { firstConfiguration, whenBusUp } from '@muster/runtime/enrolment';
import { isThere } from '@muster/runtime/files';
import { openKeyFile, readSecretFile, replaceSecretFile } from '@muster/runtime/keys';
import { givenPath } from './given-path.ts';
import { checkProxy, type CheckedProxy } from './named-proxy.ts';

/** What a person has already. Paths as they were typed. */
export interface Brought {
  readonly urls: readonly string[];
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly proxy?: NamedProxy | undefined;
}

/** What is wrong, and in which field. */
export interface Problem {
  readonly field: BroughtField;
  readonly fault: Fault;
}

/** An identity whose parts fit together. */
export interface CheckedIdentity {
  readonly person: string;
  readonly urls: readonly string[];
  readonly ca: string;
  readonly certificate: string;
  /** As the file has it: protected, where it is. */
  readonly keyFile: string;
  /** Null where a passphrase protects it. */
  readonly key: string | null;
  /** Undefined where the broker is reached directly. */
  readonly proxy: CheckedProxy | undefined;
}

/** How long a broker may take to let somebody in, in milliseconds. */
const connectWithinMs = 15_000;

type Checked<T> = { readonly value: T } | { readonly problem: Problem };

const problem = (field: BroughtField, fault: Fault): { readonly problem: Problem } => ({ problem: { field, fault } });

/** Whether it is a URL of a broker, over TLS. */
function isBrokerUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'amqps:';
}

async function readPem(file: string): Promise<Result<readonly X509Certificate[]>> {
  const text = await readSmallFile(givenPath(file));
  return text.ok ? readCertificates(text.value) : text;
}

/** Whose the certificate is. */
function personIn(der: Uint8Array, authorities: readonly X509Certificate[], nowMs: number): Result<string> {
  const trusted = readTrusted(der, authorities);
  if (!trusted.ok) return trusted;
  const { principal, notBeforeMs, notAfterMs } = trusted.value;
  if (principal.role !== 'person') {
    return fail('certificate.role', `It is the certificate of ${principal.role} "${principal.name}", not of a person`);
  }
  if (nowMs >= notBeforeMs && nowMs <= notAfterMs) return ok(principal.name);
  return fail('certificate.expired', 'The certificate is not valid at this time');
}

async function openKey(file: string, certificate: X509Certificate): Promise<Result<string | null>> {
  const opened = await openKeyFile(file);
  if (!opened.ok) return opened.error.code === 'key.locked' ? ok(null) : opened;
  try {
    if (certificate.checkPrivateKey(createPrivateKey(opened.value.pem))) return ok(opened.value.pem);
  } catch {
    return fail('config.invalid', `${file} has no private key in PEM`);
  }
  return fail('certificate.untrusted', 'The key is not the one of the certificate');
}

/** Looks whether files and addresses fit together, without any traffic. */
export async function checkBrought(brought: Brought, clock: Clock): Promise<Checked<CheckedIdentity>> {
  const urls = brought.urls.map((url) => url.trim()).filter((url) => url !== '');
  if (urls.length === 0 || !urls.every(isBrokerUrl)) {
    return problem('urls', {
      code: 'config.invalid',
      message: 'A broker is given as amqps://HOST:PORT',
      mend: 'Its port is 5671 as a rule.',
    });
  }
  const authorities = await readPem(brought.ca);
  if (!authorities.ok) return problem('ca', authorities.error);
  const certificates = await readPem(brought.certificate);
  if (!certificates.ok) return problem('certificate', certificates.error);
  const [certificate] = certificates.value;
  if (certificate === undefined) {
    return problem('certificate', { code: 'certificate.untrusted', message: 'There is no certificate in PEM' });
  }
  const person = personIn(certificate.raw, authorities.value, clock());
  if (!person.ok) return problem('certificate', person.error);
  const keyFile = givenPath(brought.key);
  const key = await openKey(keyFile, certificate);
  if (!key.ok) return problem('key', key.error);
  const proxy = await checkProxy(brought.proxy);
  if (!proxy.ok) return problem('proxy', proxy.error);
  return {
    value: {
      person: person.value,
      urls,
      ca: authorities.value.map(String).join(''),
      certificate: certificates.value.map(String).join(''),
      keyFile,
      key: key.value,
      proxy: proxy.value,
    },
  };
}

/** Whether the broker lets its holder in; a protected key is not tried. Errors: those of the connection. */
export async function tryBroker(
  { person, urls, ca, certificate, key, proxy }: CheckedIdentity,
  { clock, connect }: { readonly clock: Clock; readonly connect?: (settings: BrokerSettings) => Bus },
): Promise<Result<void>> {
  if (key === null) return ok(undefined);
  const settings = {
    urls,
    ca,
    certificate,
    key,
    ...(proxy === undefined ? {} : { proxy: proxy.settings }),
    connectionName: `muster setup ${person}`,
  };
  const bus = connect?.(settings) ?? connectBus(settings, { clock, randomBytes });
  let why: Fault = { code: 'broker.unreachable', message: `No broker answered within ${connectWithinMs / 1000} s` };
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), connectWithinMs);
  try {
    const isUp = await whenBusUp(bus, {
      signal: giveUp.signal,
      onDown(fault) {
        why = fault;
        giveUp.abort();
      },
    });
    return isUp ? ok(undefined) : { ok: false, error: why };
  } finally {
    clearTimeout(timer);
    await bus.close();
  }
}

/** Puts copies into a home, and a configuration beside them. Errors: `file.unwritable`; `config.unreadable`, `config.invalid` of the key. */
export async function settle(home: string, identity: CheckedIdentity): Promise<Result<void>> {
  const { person, urls, ca, certificate, keyFile, proxy } = identity;
  const key = await readSecretFile(keyFile);
  if (!key.ok) return key;
  await mkdir(home, { recursive: true, mode: 0o700 });
  const configuration = firstConfiguration({ role: 'person', name: person, urls, proxy: proxy?.section });
  const files: readonly (readonly [string, string])[] = [
    ['ca.pem', ca],
    [`${person}.pem`, certificate],
    [`${person}.key`, key.value],
    // Last, for it makes the home one.
    ['console.yaml', configuration],
  ];
  for (const [name, text] of files) {
    const file = join(home, name);
    // Who brings the files that lie there already keeps them.
    if (name.endsWith('.key') && file !== keyFile && (await isThere(file))) {
      return fail('file.unwritable', `${file} is there already`, { mend: 'Move it away, or bring that key.' });
    }
    const written = await replaceSecretFile(file, text);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

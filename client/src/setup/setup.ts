import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { EndpointParams, EndpointResult, Invitation, SetupState } from '@muster/protocol/bridge';
import { fail, faultFrom, ok, type Fault, type Result } from '@muster/protocol/errors';
import type { BrokerSettings, Bus } from '@muster/runtime/bus';
import { readSmallFile } from '@muster/runtime/config';
import { fingerprintOf, readCertificates } from '@muster/runtime/crypto';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import { readJoinFile, setUp, type JoinFile, type JoinNews } from '@muster/runtime/enrolment';
import { checkBrought, settle, tryBroker } from './brought-identity.ts';
import { givenPath } from './given-path.ts';
import { dropInvitation, keepInvitation, keptInvitation, type KeptInvitation } from './kept-invitation.ts';
import { checkProxy } from './named-proxy.ts';

export interface SetupOptions {
  /** The folder that becomes a home. */
  readonly home: string;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Opens the console once the home is one. */
  readonly openConsole: () => Promise<Result<void>>;
  /** Where programs are looked for, as `PATH` has it. */
  readonly path: string;
  /** Default: a connection over AMQP. */
  readonly connect?: (settings: BrokerSettings) => Bus;
}

type Joining = NonNullable<SetupState['joining']>;

/** Makes a home out of a folder that is none: by an invitation, or with an identity that a person has already. */
export class Setup {
  readonly #options: SetupOptions;
  readonly #listeners = new Set<(state: SetupState) => void>();
  #state: SetupState;
  #waiting: AbortController | null = null;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(options: SetupOptions, hasBroker: boolean) {
    this.#options = options;
    this.#state = { stage: 'asking', home: options.home, joining: null, fault: null, hasBroker };
  }

  /** Goes on waiting where it ended before a restart. */
  static async open(options: SetupOptions): Promise<Setup> {
    const setup = new Setup(options, await isInstalled('rabbitmq-server', options.path));
    const kept = await keptInvitation(options.home);
    if (kept !== null) setup.#begin(kept);
    return setup;
  }

  get state(): SetupState {
    return this.#state;
  }

  /** Calls `listener` on each change, not at once. */
  onChange(listener: (state: SetupState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** See `setup.read` of the window's contract. */
  async read(file: string): Promise<Result<Invitation>> {
    const read = await readInvitation(file);
    return read.ok ? aboutInvitation(read.value.invitation) : read;
  }

  /** See `setup.join`. */
  async join({ file, name, proxy }: EndpointParams<'setup.join'>): Promise<Result<EndpointResult<'setup.join'>>> {
    if (this.#state.stage !== 'asking') return alreadyBegun();
    const read = await readInvitation(file);
    if (!read.ok) return read;
    const through = await checkProxy(proxy);
    if (!through.ok) return ok({ proxyFault: through.error });
    const order = { name, proxy: through.value?.section };
    const kept = await keepInvitation(this.#options.home, read.value.text, order);
    if (!kept.ok) return kept;
    this.#begin({ invitation: read.value.invitation, ...order });
    return ok({ proxyFault: null });
  }

  /** See `setup.leave`. */
  async leave(): Promise<Result<void>> {
    this.#waiting?.abort();
    await this.#work;
    return ok(undefined);
  }

  /** See `setup.bring`. */
  async bring(params: EndpointParams<'setup.bring'>): Promise<Result<EndpointResult<'setup.bring'>>> {
    if (this.#state.stage !== 'asking') return alreadyBegun();
    const { clock, connect, home } = this.#options;
    const checked = await checkBrought(params, clock);
    if ('problem' in checked) return ok(checked);
    const tried = params.evenUnreachable
      ? ok(undefined)
      : await tryBroker(checked.value, { clock, ...(connect === undefined ? {} : { connect }) });
    if (!tried.ok) return ok({ problem: { field: 'urls', fault: tried.error } });
    const settled = await settle(home, checked.value);
    if (!settled.ok) return ok({ problem: { field: 'key', fault: settled.error } });
    await this.#openConsole();
    return ok({ problem: null });
  }

  /** Ends the waiting; it goes on when the folder is opened again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting?.abort();
    await this.#work;
  }

  #begin({ invitation, name, proxy }: KeptInvitation): void {
    const { home, clock, randomBytes, connect } = this.#options;
    const waiting = new AbortController();
    this.#waiting = waiting;
    const joining = { name: name ?? invitation.names, urls: invitation.broker.urls };
    this.#take({ stage: 'joining', joining: { ...joining, key: null, isHeld: false, trouble: null }, fault: null });
    const joined = setUp({
      invitation,
      folder: home,
      configuration: 'console.yaml',
      proxy,
      ...(name === undefined ? {} : { name }),
      onNews: (news) => this.#hear(news),
      signal: waiting.signal,
      clock,
      randomBytes,
      ...(connect === undefined ? {} : { connect }),
    });
    this.#work = joined.then(
      (done) => this.#end(done.ok ? null : done.error),
      (thrown: unknown) => this.#end(faultFrom(thrown)),
    );
  }

  #hear(news: JoinNews): void {
    const { joining } = this.#state;
    if (joining === null) return;
    this.#take({ joining: { ...joining, ...heard(news) } });
  }

  /** The invitation is of no use any more, unless the waiting is to go on at another time. */
  async #end(fault: Fault | null): Promise<void> {
    this.#waiting = null;
    if (this.#isClosed && fault?.code === 'run.interrupted') return;
    await dropInvitation(this.#options.home);
    if (fault === null) await this.#openConsole();
    else this.#take({ stage: 'asking', joining: null, fault: fault.code === 'run.interrupted' ? null : fault });
  }

  async #openConsole(): Promise<void> {
    this.#take({ stage: 'opening', joining: null, fault: null });
    const opened = await this.#options.openConsole();
    this.#take(opened.ok ? { stage: 'open' } : { stage: 'asking', fault: opened.error });
  }

  #take(change: Partial<SetupState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

const alreadyBegun = (): Result<never> => fail('usage.invalid', 'This console is being set up already');

function heard(news: JoinNews): Partial<Joining> {
  switch (news.kind) {
    case 'key':
      return { key: news.fingerprint };
    case 'held':
      return { isHeld: true, trouble: null };
    case 'trouble':
      return { trouble: news.fault };
  }
}

/** Errors: `config.unreadable`, `join.unreadable`, `join.not_invited` when it is for a node. */
async function readInvitation(file: string): Promise<Result<{ text: string; invitation: JoinFile }>> {
  const text = await readSmallFile(givenPath(file));
  if (!text.ok) return text;
  const invitation = readJoinFile(text.value);
  if (!invitation.ok) return invitation;
  if (invitation.value.role === 'person') return ok({ text: text.value, invitation: invitation.value });
  return fail('join.not_invited', 'The invitation is for a node', { mend: 'On the node: muster-agent join FILE' });
}

function aboutInvitation({ names, collectives, broker, ca, expires }: JoinFile): Result<Invitation> {
  const authorities = readCertificates(ca);
  if (!authorities.ok) return authorities;
  const [authority] = authorities.value;
  if (authority === undefined) return fail('join.unreadable', 'The invitation names no authority');
  const commonName = /^CN=(.*)$/m.exec(authority.subject)?.[1] ?? authority.subject;
  return ok({
    names,
    collectives,
    urls: broker.urls,
    authority: { name: commonName, fingerprint: fingerprintOf(authority) },
    expiresMs: Date.parse(expires),
  });
}

async function isInstalled(program: string, path: string): Promise<boolean> {
  // Debian's package puts it where only root looks.
  const folders = [...path.split(delimiter), '/usr/sbin', '/usr/lib/rabbitmq/bin'];
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

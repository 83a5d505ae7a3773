import type { BridgeClient, BroughtField, Invitation, SetupState } from '@muster/protocol/bridge';
import { namedProxy, noProxy, type ProxyDraft } from './proxy-draft.ts';

/** What went wrong, as the console tells it. */
export type SetupFault = NonNullable<SetupState['fault']>;

/** What a person brings along, as it stands in the fields. */
export interface BroughtDraft {
  readonly urls: string;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** The first run of a console: how far it is, what was asked, and what is wrong where. */
export class SetupWatch {
  #state = $state.raw<SetupState | null>(null);
  #fault = $state.raw<SetupFault | null>(null);
  #file = $state.raw('');
  #name = $state.raw('');
  #invitation = $state.raw<Invitation | null>(null);
  #draft = $state.raw<BroughtDraft>({ urls: '', ca: '', certificate: '', key: '' });
  #proxy = $state.raw<ProxyDraft>(noProxy);
  #problem = $state.raw<{ readonly field: BroughtField; readonly fault: SetupFault } | null>(null);
  #isBusy = $state.raw(false);
  readonly #bridge: BridgeClient;
  readonly #stopFollowing: () => void;

  /** `onOpen` is called once the console is there. */
  constructor(bridge: BridgeClient, onOpen: () => void) {
    this.#bridge = bridge;
    this.#stopFollowing = bridge.follow(
      'setup.changes',
      {},
      (state) => {
        this.#state = state;
        this.#fault = state.fault;
        if (state.stage === 'open') onOpen();
      },
      (fault) => (this.#fault = fault),
    );
  }

  /** Null until it was told. */
  get state(): SetupState | null {
    return this.#state;
  }
  /** What went wrong last, of an invitation or as a whole. */
  get fault(): SetupFault | null {
    return this.#fault;
  }
  get file(): string {
    return this.#file;
  }
  get name(): string {
    return this.#name;
  }
  /** What the invitation in the field is for; null until it was read. */
  get invitation(): Invitation | null {
    return this.#invitation;
  }
  /** Whether the invitation leaves the name open. */
  get needsName(): boolean {
    return /[*?[]/.test(this.#invitation?.names ?? '');
  }
  get draft(): BroughtDraft {
    return this.#draft;
  }
  /** What is said of the proxy, for either way. */
  get proxy(): ProxyDraft {
    return this.#proxy;
  }
  /** What is wrong with what was brought, or said of the proxy, and in which field. */
  get problem(): { readonly field: BroughtField; readonly fault: SetupFault } | null {
    return this.#problem;
  }
  /** Whether an answer is waited for. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  typeFile(file: string): void {
    this.#file = file;
    this.#invitation = null;
    this.#fault = null;
  }

  typeName(name: string): void {
    this.#name = name;
  }

  change(change: Partial<BroughtDraft>): void {
    this.#draft = { ...this.#draft, ...change };
    if (this.#problem !== null && this.#problem.field in change) this.#problem = null;
  }

  changeProxy(change: Partial<ProxyDraft>): void {
    this.#proxy = { ...this.#proxy, ...change };
    if (this.#problem?.field === 'proxy') this.#problem = null;
  }

  /** Looks what the invitation is for. */
  async read(): Promise<void> {
    this.#isBusy = true;
    const answer = await this.#bridge.call('setup.read', { file: this.#file.trim() });
    this.#invitation = answer.ok ? answer.value : null;
    this.#fault = answer.ok ? null : answer.error;
    this.#isBusy = false;
  }

  async join(): Promise<void> {
    this.#isBusy = true;
    const name = this.needsName ? { name: this.#name.trim() } : {};
    const answer = await this.#bridge.call('setup.join', { file: this.#file.trim(), ...name, ...this.#through() });
    const proxyFault = answer.ok ? answer.value.proxyFault : null;
    this.#problem = proxyFault === null ? null : { field: 'proxy', fault: proxyFault };
    this.#fault = answer.ok ? null : answer.error;
    this.#isBusy = false;
  }

  async leave(): Promise<void> {
    await this.#bridge.call('setup.leave', {});
  }

  /** Has what was brought checked and taken; `evenUnreachable` when no broker lets its holder in. */
  async bring(evenUnreachable: boolean): Promise<void> {
    this.#isBusy = true;
    const { urls, ca, certificate, key } = this.#draft;
    const answer = await this.#bridge.call('setup.bring', {
      urls: urls.split(/[\s,]+/).filter((url) => url !== ''),
      ca,
      certificate,
      key,
      ...this.#through(),
      evenUnreachable,
    });
    this.#problem = answer.ok ? answer.value.problem : null;
    this.#fault = answer.ok ? null : answer.error;
    this.#isBusy = false;
  }

  /** The proxy, where one is named. */
  #through() {
    const proxy = namedProxy(this.#proxy);
    return proxy === undefined ? {} : { proxy };
  }

  dispose(): void {
    this.#stopFollowing();
  }
}

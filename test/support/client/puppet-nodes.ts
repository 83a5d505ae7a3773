import type { AgentDdl } from '@muster/protocol/ddl';
import type { Reply, Request } from '@muster/protocol/messages';
import { fakeAgents, type FakeNodeOptions } from './fake-fleet.ts';

const action = (name: string, effect: 'read' | 'write', inputs: AgentDdl['actions'][number]['inputs'] = {}) => ({
  name,
  description: 'For tests',
  display: 'always' as const,
  inputs,
  outputs: {},
  aggregates: [],
  effect,
  idempotent: false,
});

const text = (validation: string) => ({
  type: 'string' as const,
  prompt: 'p',
  description: 'd',
  optional: true,
  sensitive: false,
  maxlength: 120,
  validation,
});
const flag = { type: 'boolean' as const, prompt: 'p', description: 'd', optional: true, sensitive: false };

/** The agent `puppet`, as far as fake nodes have it. */
export const fakePuppetDdl: AgentDdl = {
  kind: 'agent',
  name: 'puppet',
  description: 'For tests',
  author: 'Muster',
  license: 'Apache-2.0',
  version: '1.0.0',
  url: 'https://example.com',
  timeout: 5,
  actions: [
    action('status', 'read'),
    action('last_run_summary', 'read'),
    action('enable', 'write'),
    action('disable', 'write', { message: text('^.*$') }),
    action('resource', 'write', {
      type: { ...text('^.+$'), optional: false },
      name: { ...text('^.+$'), optional: false },
      environment: text('^\\w+$'),
      properties: { type: 'hash', prompt: 'p', description: 'd', optional: true, sensitive: false },
    }),
    action('runonce', 'write', {
      force: flag,
      noop: flag,
      splay: flag,
      use_cached_catalog: flag,
      ignoreschedules: flag,
      tags: text('^[\\w:,]+$'),
      skip_tags: text('^[\\w:,]+$'),
      environment: text('^\\w+$'),
      server: text('^[\\w.:]+$'),
      splaylimit: { type: 'number', prompt: 'p', description: 'd', optional: true, sensitive: false },
    }),
  ],
};

/** Puppet on a fake node: it runs for some time by the clock, and tells as the real agent does. */
export class FakePuppetNode {
  /** How long a run takes, in milliseconds. */
  takesMs: number;
  /** Resources that fail and that change in each run. */
  failed: number;
  changed = 0;
  disabled: string | null = null;
  /** What it was asked to make of a resource. */
  readonly resources: Request['inputs'][] = [];
  /** Orders to run that it obeyed. */
  readonly orders: Request['inputs'][] = [];
  readonly #clock: () => number;
  #startedAtMs: number | null = null;
  #lastRun = 0;

  constructor(clock: () => number, options: { takesMs?: number; failed?: number } = {}) {
    this.#clock = clock;
    this.takesMs = options.takesMs ?? 50;
    this.failed = options.failed ?? 0;
  }

  get applying(): boolean {
    this.#settle();
    return this.#startedAtMs !== null;
  }

  /** What a fake node needs to have Puppet. */
  get options(): FakeNodeOptions {
    return {
      agents: [...fakeAgents, fakePuppetDdl],
      answer: (request, usual) => (request.agent === 'puppet' ? { ...usual, ...this.#answer(request) } : usual),
    };
  }

  /** Begins a run as a person or a daemon on the node would. */
  run(): void {
    this.#startedAtMs = this.#clock();
  }

  #settle(): void {
    if (this.#startedAtMs === null || this.#clock() < this.#startedAtMs + this.takesMs) return;
    // Real runs take longer than a second, which is what the node's clock counts in.
    this.#lastRun = Math.ceil((this.#startedAtMs + this.takesMs) / 1000);
    this.#startedAtMs = null;
  }

  #answer({ action: name, inputs }: Request): Partial<Reply> {
    this.#settle();
    const refuse = (statusMessage: string) => ({ outcome: 'failed' as const, statusCode: 1, statusMessage });
    switch (name) {
      case 'status':
        return {
          data: {
            applying: this.applying,
            idling: false,
            enabled: this.disabled === null,
            daemon_present: false,
            lastrun: this.#lastRun,
            disable_message: this.disabled ?? '',
            status: this.disabled === null ? 'stopped' : 'disabled',
            message: `Currently ${this.disabled === null ? 'stopped' : 'disabled'}`,
          },
        };
      case 'last_run_summary':
        return {
          data: {
            failed_resources: this.failed,
            changed_resources: this.changed,
            total_resources: 9,
            total_time: 1.5,
            lastrun: this.#lastRun,
            config_version: '17',
          },
        };
      case 'resource':
        this.resources.push(inputs);
        return { data: { result: 'no output produced', changed: false } };
      case 'enable':
        this.disabled = null;
        return { data: { enabled: true } };
      case 'disable':
        this.disabled = typeof inputs['message'] === 'string' ? inputs['message'] : '';
        return { data: { enabled: false } };
      case 'runonce':
        if (this.disabled !== null) return refuse(`Puppet is disabled: '${this.disabled}'`);
        if (this.applying) return refuse('Puppet is currently applying a catalog, cannot run now');
        this.orders.push(inputs);
        this.run();
        return { data: { summary: 'Started', initiated_at: Math.floor(this.#clock() / 1000) } };
      default:
        return {};
    }
  }
}

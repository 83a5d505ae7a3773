import type { NodeDetail, ResultDetail, RunOrder, RunSummary } from '@muster/protocol/bridge';
import type { NodeState } from '@muster/protocol/run';
import { seededRandom } from './fake-fleet.ts';

/** What Puppet logs in a run that changes and fails something. */
const fakeLog = (nowMs: number) =>
  [
    ['info', 'Puppet', 'Using environment production'],
    ['info', 'Puppet', "Applying configuration version '1764000600'"],
    [
      'notice',
      '/Stage[main]/Nginx/File[/etc/nginx/nginx.conf]/content',
      "content changed '{sha256}2c1f0a' to '{sha256}9b07d3'",
    ],
    ['notice', '/Stage[main]/Nginx/Service[nginx]', "Triggered 'refresh' from 1 event"],
    ['warning', 'Puppet', 'The hiera key ntp::servers is deprecated'],
    [
      'err',
      '/Stage[main]/App/Package[app]/ensure',
      'change from 1.2 to 1.3 failed: Could not update: no candidate version found',
    ],
    ['notice', 'Puppet', 'Applied catalog in 12.41 seconds'],
  ].map(([level = '', source = '', msg = ''], index) => ({
    level,
    source,
    msg,
    time_utc: Math.floor(nowMs / 1000) - 240 + index,
    time: '',
  }));

/** A run of the fake engine; `advance` lets answers arrive. */
export class FakeRun {
  readonly results: ResultDetail[];
  readonly runId: string;
  readonly order: RunOrder;
  finishedAtMs: number | null = null;
  readonly #startedAtMs: number;
  readonly #nodes: readonly NodeDetail[];
  readonly #random: () => number;

  constructor(runId: string, order: RunOrder, nodes: readonly NodeDetail[], startedAtMs: number) {
    this.runId = runId;
    this.order = order;
    this.#nodes = nodes;
    this.#startedAtMs = startedAtMs;
    this.#random = seededRandom(Number.parseInt(runId.slice(0, 6), 16));
    this.results = nodes.map(({ identity }) => ({
      identity,
      state: 'sent',
      arrival: null,
      statusCode: null,
      statusMessage: '',
      data: {},
      elapsedMs: null,
      outcome: null,
      arrivedAtMs: null,
      timings: null,
      signedBy: null,
    }));
  }

  /** Lets up to `count` nodes answer; the run ends when all have had their turn. */
  advance(count: number, nowMs: number): void {
    const waiting = this.results.flatMap((result, index) => (result.state === 'sent' ? [index] : []));
    for (const index of waiting.slice(0, count)) this.#answer(index, nowMs);
    if (waiting.length <= count) this.finishedAtMs ??= nowMs;
  }

  get summary(): RunSummary {
    const states: Partial<Record<NodeState, number>> = {};
    for (const { state } of this.results) states[state] = (states[state] ?? 0) + 1;
    return {
      runId: this.runId,
      person: 'alice',
      collective: 'muster',
      agent: this.order.agent,
      action: this.order.action,
      inputs: this.order.inputs,
      target: this.#target(),
      state: this.finishedAtMs === null ? 'running' : 'finished',
      hold: null,
      isConducted: false,
      fault: null,
      startedAtMs: this.#startedAtMs,
      sentAtMs: this.#startedAtMs + 40,
      finishedAtMs: this.finishedAtMs,
      discoveryMs: 38,
      timeoutMs: 12_000,
      deliveryMs: 4,
      executionMs: 4,
      ttlMs: 60_000,
      expected: this.results.length,
      responses: this.results.filter(({ arrivedAtMs }) => arrivedAtMs !== null).length,
      states,
      unexpected: 0,
    };
  }

  #target(): RunSummary['target'] {
    const { target } = this.order;
    if (target.kind === 'preset') return { ...target, resolved: { filter: '' } };
    if (target.kind !== 'group') return target;
    return { ...target, resolved: { identities: this.#nodes.map(({ identity }) => identity), filter: null } };
  }

  #answer(index: number, nowMs: number): void {
    const result = this.results[index];
    const node = this.#nodes[index];
    if (result === undefined || node === undefined) return;
    // Packages are looked up without fail: who differs is what matters.
    const luck = this.#random() * (this.order.agent === 'package' ? 0.9 : 1);
    if (luck > 0.97) {
      this.results[index] = { ...result, state: 'no_answer' };
      return;
    }
    const fails = luck > 0.92;
    this.results[index] = {
      ...result,
      state: fails ? 'failed' : 'ok',
      arrival: 'on_time',
      statusCode: fails ? 1 : 0,
      statusMessage: fails ? 'The unit did not become active within 5 s' : 'OK',
      data: fails ? {} : this.#data(node, index, nowMs),
      outcome: fails ? 'failed' : 'ok',
      elapsedMs: Math.round(12 + this.#random() * 160),
      arrivedAtMs: nowMs,
      timings: { receivedAtMs: nowMs - 30, startedAtMs: nowMs - 28, finishedAtMs: nowMs - 9 },
      signedBy: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    };
  }

  #data(node: NodeDetail, index: number, nowMs: number): ResultDetail['data'] {
    switch (this.order.action) {
      case 'ping':
        return { pong: Math.floor(nowMs / 1000) };
      case 'get_fact':
        return {
          ...this.order.inputs,
          value: node.facts[JSON.stringify(this.order.inputs['fact']).slice(1, -1)] ?? null,
        };
      case 'status':
        return packageStatus(index);
      case 'last_run_summary':
        return { logs: fakeLog(nowMs) };
      case 'restart':
        return { status: 'running' };
      default:
        return { agents: node.agents.map(({ name }) => name), facts: node.facts, version: node.agentVersion };
    }
  }
}

/** Two nodes have an older version, and lack something that the new one needs. */
function packageStatus(index: number): ResultDetail['data'] {
  const isOld = index === 3 || index === 17;
  return {
    ensure: isOld ? '1.22.1-9' : '1.22.1-9+deb12u1',
    name: 'nginx',
    version: '1.22.1',
    release: isOld ? '9' : '9+deb12u1',
    arch: 'amd64',
    epoch: 0,
    held: isOld,
    size: isOld ? 1284 : 1362,
    depends: ['libc6 (>= 2.34)', ...(isOld ? [] : ['libcrypt1 (>= 1:4.1.0)']), 'nginx-common', 'zlib1g (>= 1:1.1.4)'],
    provider: 'apt',
  };
}

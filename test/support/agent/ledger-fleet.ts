import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { eventually } from '../eventually.ts';
import { startAgentProcess, type AgentProcess } from './agent-process.ts';
import type { TestHome } from './test-home.ts';

const plugins = fileURLToPath(new URL('plugins', import.meta.url));
const longMs = 90_000;

/** Nodes with real agents, one process each, whose agent `ledger` writes down what it does and ends when a test lets it; `strongbox` takes secrets. */
export class LedgerFleet {
  readonly #home: TestHome;
  readonly #agents = new Map<string, AgentProcess>();

  constructor(home: TestHome) {
    this.#home = home;
  }

  /** Writes the files of a node that connects there; its actions run one at a time. */
  async add(node: string, url: string): Promise<void> {
    const config = await this.#home.addNode(node, {
      broker: url,
      yaml: 'plugins: { folders: [plugins], activate: false }\nlimits: { concurrent_actions: 1 }\nregistration: { interval: 10 }',
      pluginSettings: { ledger: 'activate: true', strongbox: 'activate: true', rpcutil: 'activate: true' },
    });
    const folder = join(dirname(config), 'plugins');
    await mkdir(folder);
    for (const file of ['ledger.json', 'ledger.mjs', 'strongbox.json', 'strongbox.mjs'])
      await cp(join(plugins, file), join(folder, file));
  }

  /** Starts the node's agent and waits until it is ready. */
  async start(node: string): Promise<void> {
    this.#agents.set(node, await startAgentProcess(join(this.#folderOf(node), 'agent.yaml')));
  }

  /** Starts all agents that are not running. */
  async startFallen(): Promise<void> {
    for (const [node, agent] of this.#agents) if (agent.hasEnded()) await this.start(node);
  }

  /** Ends the node's agent as a power cut does. */
  async kill(node: string): Promise<void> {
    await this.#agents.get(node)?.kill();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#agents.keys()].map((node) => this.kill(node)));
  }

  /** What the node wrote down under this name. */
  async lines(node: string, name: string): Promise<readonly string[]> {
    const text = await readFile(this.#stateOf(node, 'ledger'), 'utf8').catch(() => '');
    return text.split('\n').filter((line) => line.endsWith(` ${name}`));
  }

  /** Waits until the nodes have begun, and not ended. */
  begins(name: string, on: readonly string[]): Promise<void> {
    return eventually(async () => {
      for (const node of on) expect(await this.lines(node, name), node).toEqual([`begin ${name}`]);
    }, longMs);
  }

  /** Lets the nodes end what they do, or will do, under this name. */
  async letEnd(name: string, on: readonly string[]): Promise<void> {
    for (const node of on) {
      const file = this.#stateOf(node, name);
      // A node that has not acted yet has no such folder.
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, '');
    }
  }

  async ranOnce(name: string, on: readonly string[]): Promise<void> {
    for (const node of on) expect(await this.lines(node, name), node).toEqual([`begin ${name}`, `end ${name}`]);
  }

  #folderOf(node: string): string {
    return join(this.#home.folder, 'nodes', node);
  }

  #stateOf(node: string, name: string): string {
    return join(this.#folderOf(node), 'state', 'agents', 'ledger', name);
  }
}

import type { AgentDdl } from '@muster/protocol/ddl';
import type { Registration } from '@muster/protocol/messages';
import type { Facts } from '../facts/index.ts';
import type { DataPlugin } from '../plugins/index.ts';
import type { Cancelled, CancelWish } from '../requests/index.ts';
import type { Counters } from './statistics.ts';

/** A node as its plugins see it: what it is, what it can do, how it fares. */
export interface NodeView {
  readonly identity: string;
  readonly version: string;
  /** The first is the main one. */
  readonly collectives: readonly [string, ...string[]];
  readonly startedAtMs: number;
  /** To what sensitive inputs for this node are sealed: `age1…`. */
  readonly recipient: string;
  readonly configFile: string;
  /** The configuration without its secrets. */
  readonly settings: Facts;
  facts(): Promise<Facts>;
  classes(): Promise<readonly string[]>;
  /** Digests of facts, classes, agents and collectives: a console asks again for what changed. */
  digests(): Promise<Registration['digests']>;
  /** By name; another map whenever agents or data plugins have changed. */
  readonly agents: ReadonlyMap<string, AgentDdl>;
  readonly dataPlugins: ReadonlyMap<string, DataPlugin>;
  /** What `plugin.d` says of an agent or a data plugin. */
  pluginSettings(name: string): Readonly<Record<string, unknown>>;
  /** The folder for what an agent must remember, made when it is missing. */
  stateFolder(agent: string): Promise<string>;
  readonly counters: Readonly<Counters>;
  /** `agent#action` of what runs now. */
  running(): readonly string[];
  /** Cancels a request that the node has, or may get. */
  cancelRequest(wish: CancelWish): Promise<Cancelled>;
}

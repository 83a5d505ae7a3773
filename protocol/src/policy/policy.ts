import type { Fault } from '../errors/index.ts';
import type { CompiledFilter, DataQuery, FilterExpression, RegexMatcher } from '../filter/index.ts';
import type { Constraint } from './constraints.ts';

export type Effect = 'allow' | 'deny';

/** What is wrong with a file of policies, and where; lines and columns count from 1. `fault.position` is in the file's text. */
export interface PolicyFault {
  readonly fault: Fault;
  /** Null when the file as a whole is at fault: it cannot be read, or is too long. */
  readonly line: number | null;
  readonly column: number | null;
}

/** Whom a word in the column of callers means. */
export type CallerMatcher =
  | { readonly kind: 'exact'; readonly caller: string }
  | { readonly kind: 'regex'; readonly matcher: RegexMatcher; readonly fits: (caller: string) => boolean }
  | { readonly kind: 'group'; readonly name: string };

/** What a rule asks of the node. */
export interface NodeCondition {
  readonly filter: FilterExpression;
  readonly matches: CompiledFilter;
  readonly queries: readonly DataQuery[];
}

/** One line of a policy that allows or denies. Null in place of a list, and of the node's condition, is `*`. */
export interface PolicyRule {
  readonly line: number;
  readonly effect: Effect;
  readonly callers: readonly CallerMatcher[] | null;
  readonly agents: readonly string[] | null;
  readonly actions: readonly string[] | null;
  readonly node: NodeCondition | null;
  /** All of them must hold. */
  readonly constraints: readonly Constraint[];
}

/** A line `policy default X`. */
export interface PolicyDefault {
  readonly line: number;
  /** Every word but `allow` denies. */
  readonly effect: Effect;
  readonly word: string;
}

/** `AGENT.policy` or `default.policy`, read as far as it could be. */
export interface PolicyFile {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** The last one counts. */
  readonly defaults: readonly PolicyDefault[];
  /** A file with any fault denies everything that it governs. */
  readonly faults: readonly PolicyFault[];
}

export interface PolicyGroup {
  readonly line: number;
  readonly members: readonly Exclude<CallerMatcher, { kind: 'group' }>[];
}

/** The file `groups`. With any fault, nobody can tell who is in any group. */
export interface PolicyGroups {
  readonly groups: ReadonlyMap<string, PolicyGroup>;
  readonly faults: readonly PolicyFault[];
}

export interface PolicySettings {
  /** What holds where no file governs, or where no line fits and the file has no default. Default: false, which denies. */
  readonly allowUnconfigured: boolean;
  /** Whether `default.policy` governs the agents that have no file of their own. Default: false. */
  readonly enableDefault: boolean;
}

/** All that decides on a node who may do what. */
export interface Policies {
  /** By name: `service.policy`, `default.policy`. */
  readonly files: ReadonlyMap<string, PolicyFile>;
  readonly groups: PolicyGroups;
  readonly settings: PolicySettings;
  /** Of `settings.json`; with any, both settings of it are false. */
  readonly settingsFaults: readonly PolicyFault[];
}

export const defaultPolicyName = 'default.policy';
export const groupsName = 'groups';
export const policySettingsName = 'settings.json';

/** The file that governs an agent, where there is one. */
export const policyNameOf = (agent: string): string => `${agent}.policy`;

/** Files of a folder that are read; the agent is missing for what is not an agent's policy. */
export function policyFileKind(name: string): 'policy' | 'groups' | 'settings' | undefined {
  if (name === groupsName) return 'groups';
  if (name === policySettingsName) return 'settings';
  return /^[a-z][a-z0-9_]{0,63}\.policy$/.test(name) ? 'policy' : undefined;
}

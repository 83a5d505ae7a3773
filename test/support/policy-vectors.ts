import { readFileSync } from 'node:fs';

/** A question about policies, and what is to be answered. */
export interface PolicyCase {
  readonly name?: string;
  /** The text of `AGENT.policy`; null for no such file. */
  readonly policy: string | null;
  readonly default_policy?: string;
  readonly groups?: string;
  /** `settings.json`. */
  readonly options?: object;
  readonly caller: string;
  readonly agent: string;
  readonly action: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly expect: 'allow' | 'deny';
  /** `FILE:LINE`. */
  readonly rule?: string | null;
  readonly reason?: string;
  /** Whether it takes the DDL to get the inputs of the command line right. */
  readonly typed?: true;
}

/** Cases about one node, as `node.json` describes it. */
export interface PolicyVectors<Node = object> {
  readonly node: Node;
  readonly cases: readonly PolicyCase[];
}

/** The reference's cases, or ours. The files are ours and have this shape. */
export const policyVectors = <Node = object>(name: 'policy-vectors' | 'policy-cases'): PolicyVectors<Node> =>
  JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')) as PolicyVectors<Node>;

/** The files of a case's folder of policies, by their names. */
export function policyFilesOf({
  agent,
  policy,
  default_policy,
  groups,
  options,
}: PolicyCase): ReadonlyMap<string, string> {
  const texts = {
    [`${agent}.policy`]: policy,
    'default.policy': default_policy,
    groups,
    'settings.json': options && JSON.stringify(options),
  };
  return new Map(Object.entries(texts).flatMap(([name, text]) => (text == null ? [] : [[name, text] as const])));
}

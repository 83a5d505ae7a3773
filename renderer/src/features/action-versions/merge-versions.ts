import type { AgentVersions } from '@muster/protocol/bridge';
import type { ActionDefinition, AgentDdl, InputDefinition } from '@muster/protocol/ddl';

type Versions = AgentVersions['versions'];

/** An input that only some of the versions know. */
export interface PartialInput {
  readonly versions: readonly string[];
  /** How many nodes have one of these versions. */
  readonly nodes: number;
}

/** An action as the nodes of a target have it, in one version or several. */
export interface VersionedAction {
  /** Of the version that most of the nodes that have the action have. */
  readonly agent: AgentDdl;
  /** Of that version, with the inputs that only others know added as optional. */
  readonly action: ActionDefinition;
  readonly partial: ReadonlyMap<string, PartialInput>;
  /** Versions whose nodes do not have the action at all. */
  readonly lacking: PartialInput;
}

interface Having {
  readonly agent: AgentDdl;
  readonly nodes: number;
  readonly action: ActionDefinition;
}

const partOf = (having: readonly { readonly version: string; readonly nodes: number }[]): PartialInput => ({
  versions: having.map(({ version }) => version),
  nodes: having.reduce((sum, { nodes }) => sum + nodes, 0),
});

/** One action out of what several versions of an agent say of it; null when none has it. `versions` come with those of most nodes first. */
export function mergeVersions(versions: Versions, actionName: string): VersionedAction | null {
  const having = versions.flatMap(({ ddl, nodes }): Having[] => {
    const action = ddl.actions.find(({ name }) => name === actionName);
    return action === undefined ? [] : [{ agent: ddl, nodes, action }];
  });
  const [first, ...others] = having;
  if (first === undefined) return null;
  const inputs: Record<string, InputDefinition> = { ...first.action.inputs };
  for (const { action } of others) {
    for (const [key, input] of Object.entries(action.inputs)) {
      const known = inputs[key];
      if (known === undefined) inputs[key] = { ...input, optional: true };
      // What any version takes for a secret is one.
      else if (input.sensitive && !known.sensitive) inputs[key] = { ...known, sensitive: true };
    }
  }
  const partial = new Map(
    Object.keys(inputs).flatMap((key): [string, PartialInput][] => {
      const knowing = having.filter(({ action }) => Object.hasOwn(action.inputs, key));
      if (knowing.length === having.length) return [];
      return [[key, partOf(knowing.map(({ agent, nodes }) => ({ version: agent.version, nodes })))]];
    }),
  );
  const lacking = versions
    .filter(({ ddl }) => having.every(({ agent }) => agent !== ddl))
    .map(({ ddl, nodes }) => ({ version: ddl.version, nodes }));
  return { agent: first.agent, action: { ...first.action, inputs }, partial, lacking: partOf(lacking) };
}

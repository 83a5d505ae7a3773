import type { BridgeClient, FleetAgent } from '@muster/protocol/bridge';
import { texts } from '../../texts/texts.ts';
import type { ComboboxOption } from '../../ui/combobox/combobox-state.svelte.ts';

/** How many names of nodes are proposed; to see others, a person types more. */
const namesProposed = 100;

/** Nodes of the inventory whose names contain a text; all where no name can contain it. */
export async function proposeNodes(bridge: BridgeClient, text: string): Promise<readonly ComboboxOption[]> {
  const typed = text.trim();
  const answer = await bridge.call('fleet.list', {
    filter: /^[\w.-]{1,200}$/.test(typed) ? `@identity=*${typed}*` : '',
    columns: [],
    sort: { by: 'identity', descending: false },
    offset: 0,
    limit: namesProposed,
  });
  return answer.ok ? answer.value.rows.map(({ identity }) => ({ value: identity })) : [];
}

export const proposeAgents = (agents: readonly FleetAgent[]): readonly ComboboxOption[] =>
  agents.map(({ ddl, nodes }) => ({ value: ddl.name, detail: texts.nodes(nodes) }));

/** The actions of an agent, with what they do to a node. */
export const proposeActions = (agents: readonly FleetAgent[], agent: string): readonly ComboboxOption[] =>
  (agents.find(({ ddl }) => ddl.name === agent.trim())?.ddl.actions ?? []).map(({ name, effect }) => ({
    value: name,
    detail: texts.compose.effects[effect],
  }));

import type { FleetAgent } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';

export interface ListedAction {
  readonly agent: string;
  readonly action: ActionDefinition;
  /** Its place in the whole list. */
  readonly index: number;
}

export interface ListedAgent {
  readonly name: string;
  readonly description: string;
  readonly nodes: number;
  readonly actions: readonly ListedAction[];
}

/** The actions that hold every word of a search in their agent's name, their own or their description. */
export function matchingActions(agents: readonly FleetAgent[], search: string): readonly ListedAgent[] {
  const words = search
    .toLowerCase()
    .split(/[\s.]+/)
    .filter(Boolean);
  let index = 0;
  return agents.flatMap(({ ddl, nodes }) => {
    const fits = (action: ActionDefinition) => {
      const text = `${ddl.name} ${action.name} ${action.description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const actions = ddl.actions.filter(fits).map((action) => ({ agent: ddl.name, action, index: index++ }));
    return actions.length === 0 ? [] : [{ name: ddl.name, description: ddl.description, nodes, actions }];
  });
}

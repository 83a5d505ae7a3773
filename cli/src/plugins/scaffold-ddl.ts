import type { AgentDdl } from '@muster/protocol/ddl';

/** What a person says of an agent that is to be begun. */
export interface AgentIdea {
  readonly name: string;
  readonly actions: readonly string[];
  readonly description: string;
  readonly author: string;
  readonly license: string;
  readonly url: string;
}

/** A DDL to begin with: each action takes a text and gives one back. */
export const scaffoldDdl = ({ actions, ...about }: AgentIdea): AgentDdl => ({
  kind: 'agent',
  ...about,
  version: '0.1.0',
  timeout: 20,
  actions: actions.map((action) => ({
    name: action,
    description: `The action ${action}`,
    display: 'always',
    // The safe choice: consoles ask before they run it on everything. Change it where the action only looks.
    effect: 'write',
    idempotent: false,
    inputs: {
      text: {
        type: 'string',
        prompt: 'Text',
        description: 'A text to give back',
        optional: true,
        sensitive: false,
        validation: 'shellsafe',
        maxlength: 120,
      },
    },
    outputs: { text: { description: 'The text that was given', display_as: 'Text', type: 'string', default: '' } },
    aggregates: [],
  })),
});

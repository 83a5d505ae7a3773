import { agentDdlSchema, type AgentDdl } from '@muster/protocol/ddl';
import type { z } from 'zod';

/** What a shipped agent may look at when it decides whether it is of use on this node. */
export interface ShippedActivation {
  /** The agent's own settings, checked. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The absolute path of a program, where the node has it. */
  readonly findProgram: (name: string) => Promise<string | undefined>;
}

/** An agent that comes with Muster and whose actions run in a process of their own. */
export interface ShippedAgent {
  readonly ddl: AgentDdl;
  /** URL of the module whose default export is an `AgentModule`. */
  readonly module: string;
  /** Whose `plugin.d/NAME.yaml` and state folder it uses: its own, or those of an agent that it belongs to. */
  readonly settingsName: string;
  /** What that file may say. */
  readonly settings: z.ZodType<Readonly<Record<string, unknown>>>;
  /** Whether a node has it when its settings do not say. It must neither take long nor change anything. */
  readonly activate: (call: ShippedActivation) => boolean | Promise<boolean>;
}

/** Puts a shipped agent together. Throws when its description is broken. */
export const shippedAgent = (
  parts: Omit<ShippedAgent, 'ddl' | 'activate' | 'settingsName'> & {
    readonly ddl: z.input<typeof agentDdlSchema>;
    readonly activate?: ShippedAgent['activate'];
    readonly settingsName?: string;
  },
): ShippedAgent => ({
  activate: () => true,
  settingsName: parts.ddl.name,
  ...parts,
  ddl: agentDdlSchema.parse(parts.ddl),
});

import { dataDdlSchema, type DataDdl } from '@muster/protocol/ddl';
import type { Clock } from '@muster/runtime/effects';
import type { z } from 'zod';
import type { NodeView } from '../node/index.ts';
import type { RunCommand } from '../processes/index.ts';

/** What a data plugin says. An output that is left out is unknown: no comparison with it holds. */
export type DataOutputs = Readonly<Record<string, string | number | boolean>>;

export interface DataContext {
  readonly node: NodeView;
  readonly clock: Clock;
  /** Runs a program without a shell, within the time limit. */
  readonly run: RunCommand;
  /** What `plugin.d` says under the plugin's `settingsName`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The folder for what the agent of that name must remember, made when it is missing. */
  readonly stateFolder: () => Promise<string>;
  /** Aborted when the time limit is over. */
  readonly signal: AbortSignal;
}

/** What a data plugin may look at when it decides whether it is of use on this node. */
export interface DataActivation {
  readonly settings: Readonly<Record<string, unknown>>;
  /** The absolute path of a program, where the node has it. */
  readonly findProgram: (name: string) => Promise<string | undefined>;
}

/** Answers a question about the node, in filters and for `rpcutil get_data`. The question has been validated. */
export interface DataPlugin {
  readonly ddl: DataDdl;
  /** `argument` is empty for plugins without a question. */
  readonly query: (argument: string, context: DataContext) => DataOutputs | Promise<DataOutputs>;
  /** Whose settings it has: its own, or those of the agent that it belongs to. */
  readonly settingsName: string;
  /**
   * Whether a node has it when the settings do not say. It must neither take long nor change anything. Absent: every node has it.
   */
  readonly activate?: (call: DataActivation) => boolean | Promise<boolean>;
}

/** Puts a data plugin together. Throws when its description is broken. */
export function defineData(
  ddl: z.input<typeof dataDdlSchema>,
  query: DataPlugin['query'],
  more: Partial<Pick<DataPlugin, 'settingsName' | 'activate'>> = {},
): DataPlugin {
  const parsed = dataDdlSchema.parse(ddl);
  return { ddl: parsed, query, settingsName: parsed.name, ...more };
}

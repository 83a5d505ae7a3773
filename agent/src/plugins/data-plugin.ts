import { dataDdlSchema, type DataDdl } from '@muster/protocol/ddl';
import type { Clock } from '@muster/runtime/effects';
import type { z } from 'zod';
import type { NodeView } from '../node/index.ts';

/** What a data plugin says. An output that is left out is unknown: no comparison with it holds. */
export type DataOutputs = Readonly<Record<string, string | number | boolean>>;

export interface DataContext {
  readonly node: NodeView;
  readonly clock: Clock;
  /** Aborted when the time limit is over. */
  readonly signal: AbortSignal;
}

/** Answers a question about the node, in filters and for `rpcutil get_data`. The question has been validated. */
export interface DataPlugin {
  readonly ddl: DataDdl;
  /** `argument` is empty for plugins without a question. */
  readonly query: (argument: string, context: DataContext) => DataOutputs | Promise<DataOutputs>;
}

/** Puts a data plugin together. Throws when its description is broken. */
export const defineData = (ddl: z.input<typeof dataDdlSchema>, query: DataPlugin['query']): DataPlugin => ({
  ddl: dataDdlSchema.parse(ddl),
  query,
});

import type { RunSummary } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';

/** The run that is shown, as far as it is here. */
export interface RunInView {
  /** Null until it is here. */
  readonly summary: RunSummary | null;
  /** Null until it is here, and where nobody knows it. */
  readonly action: ActionDefinition | null;
}

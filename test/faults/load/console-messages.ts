import type { RunOrder, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';

/** What a console in a process of its own is asked. */
export type ToConsole =
  | { readonly id: number; readonly kind: 'start'; readonly order: RunOrder }
  | { readonly id: number; readonly kind: 'pause' | 'resume' | 'stop' | 'cancel'; readonly runId: string }
  | { readonly id: number; readonly kind: 'refresh' };

/** What it says: the answer to a question, or what happens to its runs. */
export type FromConsole =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: string; readonly fault?: Fault }
  | {
      readonly kind: 'change';
      readonly runId: string;
      readonly run: Pick<RunSummary, 'state' | 'responses' | 'expected'>;
    };

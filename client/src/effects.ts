import type { StartTimer } from '@muster/protocol/bridge';
import type { Compressor, Signer, Verifier } from '@muster/protocol/envelope';
import type { Bus } from '@muster/runtime/bus';
import type { Vault } from '@muster/runtime/crypto';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { Logger } from '@muster/runtime/logging';

/** The outer world as the engine's parts see it. */
export interface Effects {
  readonly bus: Bus;
  readonly signer: Signer;
  readonly verifier: Verifier;
  readonly compressor: Compressor;
  /** For what only this person may read again. */
  readonly vault: Vault;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly startTimer: StartTimer;
  readonly logger: Logger;
}

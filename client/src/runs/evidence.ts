import type { SignedMessage } from '../storage/index.ts';

/** What was signed, when it `isKept`: in a buffer of its own, for the broker's library cuts messages out of larger ones. */
export const evidence = (
  isKept: boolean,
  kind: SignedMessage['kind'],
  identity: string | null,
  frame: Uint8Array,
): readonly SignedMessage[] => (isKept ? [{ kind, identity, frame: new Uint8Array(frame) }] : []);

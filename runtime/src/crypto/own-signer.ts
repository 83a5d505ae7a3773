import type { Signer } from '@muster/protocol/envelope';

/** A signer whose certificate and key may be followed by others while it is used. */
export interface OwnSigner extends Signer {
  /** Signs with another from now on. */
  use(next: Signer): void;
}

export function createOwnSigner(first: Signer): OwnSigner {
  let current = first;
  return {
    get certificate() {
      return current.certificate;
    },
    get signatureBytes() {
      return current.signatureBytes;
    },
    sign: (bytes) => current.sign(bytes),
    use(next) {
      current = next;
    },
  };
}

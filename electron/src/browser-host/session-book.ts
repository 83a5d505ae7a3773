import { createHash, timingSafeEqual } from 'node:crypto';

const secretBytes = 32;

interface Session {
  readonly digest: Buffer;
  readonly peer: string;
}

/**
 * Who may call: a token is handed out in a link and exchanged once for a session's secret. Only digests are kept, and they
 * are compared in constant time and without stopping at the first that fits, so that time tells nothing of a secret.
 */
export class SessionBook {
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #sessions: Session[] = [];
  #unusedToken: Buffer | null = null;

  constructor(randomBytes: (count: number) => Uint8Array) {
    this.#randomBytes = randomBytes;
  }

  /** A new token of 256 bits; the one before is void if nobody has used it. */
  issueToken(): string {
    const token = this.#newSecret();
    this.#unusedToken = digestOf(token);
    return token;
  }

  /** The secret of a new session, or null when this is not the token, or no longer. */
  exchange(token: string): string | null {
    if (this.#unusedToken === null || !timingSafeEqual(this.#unusedToken, digestOf(token))) return null;
    this.#unusedToken = null;
    return this.open().secret;
  }

  /** A new session without a token, for somebody who has one already. */
  open(): { readonly secret: string; readonly peer: string } {
    const secret = this.#newSecret();
    const peer = `browser-${this.#sessions.length + 1}`;
    this.#sessions.push({ digest: digestOf(secret), peer });
    return { secret, peer };
  }

  /** The peer that a secret stands for, as the dispatcher knows it; null for a wrong secret. */
  peerOf(secret: string): string | null {
    const digest = digestOf(secret);
    let peer: string | null = null;
    for (const session of this.#sessions) {
      if (timingSafeEqual(session.digest, digest)) peer = session.peer;
    }
    return peer;
  }

  peers(): string[] {
    return this.#sessions.map((session) => session.peer);
  }

  #newSecret(): string {
    return Buffer.from(this.#randomBytes(secretBytes)).toString('base64url');
  }
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

import type { RegisterLine } from './register-lines.ts';

export type Invitation = Omit<Extract<RegisterLine, { kind: 'invited' }>, 'kind'>;
export type JoinRequest = Omit<Extract<RegisterLine, { kind: 'requested' }>, 'kind'>;

/** What became of a key that asked to join. */
export type JoinState =
  | { readonly state: 'waiting'; readonly request: JoinRequest }
  | { readonly state: 'rejected'; readonly request: JoinRequest; readonly by: string }
  /** Serial number of the last certificate for it. */
  | { readonly state: 'issued'; readonly serial: string };

/** Who was invited, who waits for approval, and which keys were certified: what a register tells of enrolment. */
export class Enrolments {
  readonly #invitations = new Map<string, Invitation>();
  readonly #keys = new Map<string, JoinState>();
  readonly #waiting = new Map<string, JoinRequest>();
  /** How often each invitation was used or is asked to be. */
  readonly #uses = new Map<string, number>();

  get invitations(): readonly Invitation[] {
    return [...this.#invitations.values()];
  }

  invitation(id: string): Invitation | undefined {
    return this.#invitations.get(id);
  }

  /** Uses of an invitation that are taken: certificates, and requests that wait. */
  usesOf(id: string): number {
    return this.#uses.get(id) ?? 0;
  }

  /** What became of a key, by its fingerprint. */
  key(fingerprint: string): JoinState | undefined {
    return this.#keys.get(fingerprint);
  }

  /** Oldest first. */
  get waiting(): readonly JoinRequest[] {
    return [...this.#waiting.values()];
  }

  apply(line: Exclude<RegisterLine, { kind: 'listed' | 'revoked' }>): void {
    switch (line.kind) {
      case 'invited':
        this.#invitations.set(line.invitation, line);
        return;
      case 'requested':
        this.#keys.set(line.key, { state: 'waiting', request: line });
        this.#waiting.set(line.key, line);
        this.#count(line.invitation, 1);
        return;
      case 'rejected': {
        const request = this.#takeFromWaiting(line.key);
        if (request !== undefined) this.#keys.set(line.key, { state: 'rejected', request, by: line.by });
        return;
      }
      case 'issued':
        if (line.key === undefined) return;
        this.#takeFromWaiting(line.key);
        this.#keys.set(line.key, { state: 'issued', serial: line.serial });
        if (line.invitation !== undefined) this.#count(line.invitation, 1);
    }
  }

  /** Who waits no longer gives its use back. */
  #takeFromWaiting(key: string): JoinRequest | undefined {
    const request = this.#waiting.get(key);
    if (request === undefined) return undefined;
    this.#waiting.delete(key);
    this.#count(request.invitation, -1);
    return request;
  }

  #count(invitation: string, change: number): void {
    this.#uses.set(invitation, this.usesOf(invitation) + change);
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FetchableReport } from '@muster/client/reports';
import type { ReportHost } from '@muster/client/window';
import type { StartTimer } from '@muster/protocol/bridge';

const secretBytes = 32;

/** How long an address is good, in milliseconds: the page opens it at once. */
const goodForMs = 60_000;

/** The most that are good at once; the oldest goes when there are more. */
const mostTickets = 100;

interface Ticket {
  readonly digest: Buffer;
  readonly stopTimer: () => void;
  readonly report: FetchableReport;
}

/** Where reports are fetched from. */
export const reportPath = '/report/';

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * Addresses from which a browser fetches reports: a download carries no secret of a session, so its address is one itself. Only who has a
 * session gets one, from a call; it has 256 bits, is good once, and for a minute. Digests are kept, and compared in constant time.
 */
export class ReportTickets implements ReportHost {
  /** The browser asks, or saves where it always does. */
  readonly choosePlace = null;
  readonly #randomBytes: (count: number) => Uint8Array;
  readonly #startTimer: StartTimer;
  readonly #tickets = new Set<Ticket>();

  constructor(randomBytes: (count: number) => Uint8Array, startTimer: StartTimer) {
    this.#randomBytes = randomBytes;
    this.#startTimer = startTimer;
  }

  handOver(report: FetchableReport): string {
    const secret = Buffer.from(this.#randomBytes(secretBytes)).toString('base64url');
    const stopTimer = this.#startTimer(goodForMs, () => this.#tickets.delete(ticket));
    const ticket: Ticket = { digest: digestOf(secret), report, stopTimer };
    this.#tickets.add(ticket);
    const [oldest] = this.#tickets;
    if (this.#tickets.size > mostTickets && oldest !== undefined) this.#void(oldest);
    return `${reportPath}${secret}`;
  }

  /** The report that an address is of, once; null for a wrong one. */
  redeem(path: string): FetchableReport | null {
    const digest = digestOf(path.slice(reportPath.length));
    let found: Ticket | null = null;
    for (const ticket of this.#tickets) if (timingSafeEqual(ticket.digest, digest)) found = ticket;
    if (found === null) return null;
    this.#void(found);
    return found.report;
  }

  #void(ticket: Ticket): void {
    ticket.stopTimer();
    this.#tickets.delete(ticket);
  }
}

import { join } from 'node:path';
import type { Signer } from '@muster/protocol/envelope';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import { openAuditTrail, type AuditDetails, type AuditTrail } from '@muster/runtime/audit';
import type { Clock } from '@muster/runtime/effects';
import { lockFirstFree, type NumberedLock } from '@muster/runtime/files';
import { FloodGate } from '@muster/runtime/limits';
import type { Logger } from '@muster/runtime/logging';

/** What a console writes down. */
export type ConsoleAuditKind =
  /** Nodes are going to be asked to do something. */
  | 'request'
  /** Nodes are asked something that changes nothing and that no history keeps. */
  | 'question'
  /** This process goes on with a run that another left. */
  | 'takeover'
  | 'pause'
  | 'resume'
  | 'stop'
  | 'cancel'
  /** Nodes are going to have Puppet run on them, a few at a time; each is a `request` besides. */
  | 'runall'
  /** A schedule was kept, changed, paused or removed, or its time has come or was missed. What it starts is a `request` besides. */
  | 'schedule'
  /** Somebody who asks to join the fleet is going to be let in, or turned away. */
  | 'join'
  /** What came of it. */
  | 'outcome'
  /** Runs that had been taken out of the history are gone for good. */
  | 'delete'
  /** Old runs left the database for the archive. */
  | 'archive'
  /** How long runs stay was changed. */
  | 'retention'
  /** Archived runs came back into the database. */
  | 'import'
  /** Something was written out of the console. */
  | 'export'
  /** A receiver outside was told of a run. */
  | 'notify'
  /** Runs were taken out of the history, or put back. */
  | 'remove'
  | 'restore'
  /** A message that is not believed. */
  | 'rejected'
  | 'unlock'
  | 'lock';

/** Where what a person does with a console is written down. One for each engine. */
export interface ConsoleAudit {
  /** Resolves when it is in the file. Errors: `storage.full`, `storage.failed`, `home.in_use`. */
  note(kind: ConsoleAuditKind, details: AuditDetails): Promise<Result<void>>;
  /** As {@link note}, where many may come: no more than 100 of a kind in a minute, the others are counted in `passedOver`. */
  noteSome(kind: 'question' | 'rejected', details: AuditDetails): void;
  /** Signs with another certificate from the next record on, which says so. */
  useSigner(signer: ConsoleAuditOptions['signer']): void;
  close(): Promise<void>;
}

export interface ConsoleAuditOptions {
  /** Folder for the files of all processes that work on the home. */
  readonly folder: string;
  readonly signer: Pick<Signer, 'certificate' | 'sign'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/** The most processes that write at once. */
const mostChains = 1000;
const mostInMinute = 100;

/** Files are `audit-N.log`. */
export const chainPrefix = 'audit-';

interface OpenChain {
  readonly lock: NumberedLock;
  readonly trail: AuditTrail;
}

/**
 * The audit of one process: the first chain that no other writes, taken with the first record, so that a command that does nothing of note
 * leaves no trace.
 */
export function createConsoleAudit(options: ConsoleAuditOptions): ConsoleAudit {
  const { folder, clock, logger } = options;
  let { signer } = options;
  const gates = { question: new FloodGate(mostInMinute), rejected: new FloodGate(mostInMinute) };
  const under = new Set<Promise<unknown>>();
  let opening: Promise<Result<OpenChain>> | null = null;

  const warn = ({ code, message }: Fault): void => logger.warn({ code }, message);

  async function open(): Promise<Result<OpenChain>> {
    const prefix = join(folder, chainPrefix);
    const lock = await lockFirstFree(prefix, mostChains);
    if (!lock.ok) return lock;
    const trail = await openAuditTrail({ file: `${prefix}${lock.value.number}.log`, signer, clock, onFault: warn });
    if (trail.ok) return ok({ lock: lock.value, trail: trail.value });
    await lock.value.release();
    return trail;
  }

  async function append(kind: ConsoleAuditKind, details: AuditDetails): Promise<Result<void>> {
    opening ??= open();
    const chain = await opening;
    if (chain.ok) return chain.value.trail.append(kind, details);
    // It may be possible the next time.
    opening = null;
    warn(chain.error);
    return chain;
  }

  function note(kind: ConsoleAuditKind, details: AuditDetails): Promise<Result<void>> {
    const written = append(kind, details);
    under.add(written);
    void written.finally(() => under.delete(written));
    return written;
  }

  return {
    note,
    noteSome(kind, details) {
      const passedOver = gates[kind].take(clock());
      if (passedOver !== undefined) void note(kind, passedOver === 0 ? details : { ...details, passedOver });
    },
    useSigner(next) {
      signer = next;
      // One that is being opened may have begun with the one before.
      void opening?.then((chain) => {
        if (chain.ok) chain.value.trail.useSigner(next);
      });
    },
    async close() {
      await Promise.allSettled(under);
      const chain = await opening;
      if (chain?.ok !== true) return;
      await chain.value.trail.close();
      await chain.value.lock.release();
    },
  };
}

/** Of an engine that has no key, and so asks nobody anything. */
export const noAudit: ConsoleAudit = {
  note: () => Promise.resolve(ok(undefined)),
  noteSome: () => undefined,
  useSigner: () => undefined,
  close: () => Promise.resolve(),
};

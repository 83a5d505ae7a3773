import { parentPort, workerData } from 'node:worker_threads';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import { createCalls, type CallName } from './calls.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './messages.ts';
import { openDatabase } from './open-database.ts';
import { markSuspect } from './safety/damage.ts';
import { storageFault } from './storage-fault.ts';

const port = parentPort;
if (port === null) throw new Error('The storage worker runs as a worker thread');

// `openStorage` alone starts this file, and with these options.
const { file, nowMs, slowFromMs } = workerData as WorkerOptions;
const send = (message: FromWorker): void => port.postMessage(message);

const opened = openDatabase(file, nowMs);
if (opened.ok) {
  const { db, close } = opened.value;
  const calls: Readonly<Record<CallName, (...args: never[]) => Result<unknown>>> = createCalls(db);
  /** Set once damage was met: nothing is read or written from then on, so that it does not grow. */
  let damage: Fault | null = null;

  const answer = (message: Extract<ToWorker, { kind: 'call' }>): Result<unknown> => {
    if (damage !== null) return { ok: false, error: damage };
    try {
      // The link pairs each name with its own arguments, which the compiler cannot follow through a union of names.
      const call = calls[message.name] as (...args: readonly unknown[]) => Result<unknown>;
      return call(...message.args);
    } catch (thrown) {
      const fault = storageFault(thrown, file);
      if (fault.code === 'storage.corrupt') {
        damage = fault;
        markSuspect(file);
      }
      return { ok: false, error: fault };
    }
  };

  port.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      close();
      port.close();
      return;
    }
    const startedAt = performance.now();
    send({ kind: 'answer', id: message.id, result: answer(message) });
    const durationMs = performance.now() - startedAt;
    if (durationMs >= slowFromMs) send({ kind: 'slow', name: message.name, durationMs });
  });
  send({ kind: 'opened', result: ok(null) });
} else {
  send({ kind: 'opened', result: opened });
}

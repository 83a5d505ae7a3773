import { Worker } from 'node:worker_threads';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { CallName, Calls } from './worker/calls.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './worker/messages.ts';

/** The worker's file: TypeScript when this module is run from its source, else what it was compiled to. */
function startWorker(options: WorkerOptions): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  return new Worker(new URL(isSource ? './worker/worker.ts' : './worker/worker.js', import.meta.url), {
    workerData: options,
    ...(isSource ? { execArgv: ['--conditions=muster-source', '--disable-warning=ExperimentalWarning'] } : {}),
  });
}

export interface LinkListeners {
  readonly onSlow: (name: CallName, durationMs: number) => void;
  readonly onAnswer: (name: CallName, result: Result<unknown>) => void;
}

interface WaitingCall {
  readonly name: CallName;
  readonly resolve: (result: Result<unknown>) => void;
}

/** Typed calls to the storage worker, answered in order. */
export class WorkerLink {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, WaitingCall>();
  readonly #listeners: LinkListeners;
  readonly #gone: Promise<void>;
  #opened: ((result: Result<null>) => void) | null = null;
  #isClosed = false;
  #nextId = 1;

  private constructor(options: WorkerOptions, listeners: LinkListeners) {
    this.#listeners = listeners;
    this.#worker = startWorker(options);
    this.#worker.on('message', (message: FromWorker) => this.#take(message));
    this.#worker.on('error', (thrown: unknown) =>
      this.#failAll(thrown instanceof Error ? thrown.message : String(thrown)),
    );
    this.#gone = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#failAll('it has ended');
        resolve();
      });
    });
  }

  /** Starts the worker and lets it open the file. Errors: `storage.*`. */
  static async open(options: WorkerOptions, listeners: LinkListeners): Promise<Result<WorkerLink>> {
    const link = new WorkerLink(options, listeners);
    const opened = await new Promise<Result<null>>((resolve) => {
      link.#opened = resolve;
    });
    if (opened.ok) return ok(link);
    await link.#worker.terminate();
    return opened;
  }

  async call<N extends CallName>(name: N, ...args: Parameters<Calls[N]>): Promise<ReturnType<Calls[N]>> {
    const result = await new Promise<Result<unknown>>((resolve) => {
      if (this.#isClosed) {
        resolve(fail('storage.failed', 'The database is closed'));
        return;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { name, resolve });
      this.#send({ kind: 'call', id, name, args });
    });
    // The worker answers with what the function of this name returned.
    return result as ReturnType<Calls[N]>;
  }

  /** Lets the worker finish what it was asked, close the file and end. */
  async close(): Promise<void> {
    if (!this.#isClosed) this.#send({ kind: 'close' });
    this.#isClosed = true;
    await this.#gone;
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case 'opened':
        this.#opened?.(message.result);
        break;
      case 'answer':
        this.#answer(message.id, message.result);
        break;
      case 'slow':
        this.#listeners.onSlow(message.name, message.durationMs);
    }
  }

  #answer(id: number, result: Result<unknown>): void {
    const call = this.#waiting.get(id);
    if (call === undefined) return;
    this.#waiting.delete(id);
    this.#listeners.onAnswer(call.name, result);
    call.resolve(result);
  }

  #failAll(reason: string): void {
    this.#isClosed = true;
    const fault = fail('storage.failed', `The storage worker is gone: ${reason}`);
    this.#opened?.(fault);
    for (const { resolve } of this.#waiting.values()) resolve(fault);
    this.#waiting.clear();
  }
}

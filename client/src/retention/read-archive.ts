import type { ResultDetail, RunAction, RunSummary } from '@muster/protocol/bridge';
import {
  readArchiveLine,
  type ArchivedMessage,
  type ArchivedNote,
  type ArchivedRun,
  type ArchiveLine,
} from './archived-run.ts';

/** Something in an archive that cannot be read. */
export interface ArchiveDamage {
  /** From 1; the line after the last one where something is missing at the end. */
  readonly line: number;
  readonly problem: string;
}

/** One run of an archive. */
export interface ArchivePart {
  /** With the nodes that can be read; null where the run itself cannot. */
  readonly run: ArchivedRun | null;
  readonly damage: readonly ArchiveDamage[];
}

/** The run's own line. */
interface Head {
  readonly summary: RunSummary;
  readonly described: RunAction | null;
}

/** A part while its lines come. */
class OpenPart {
  readonly #head: Head | null;
  readonly #nodes = new Map<string, ResultDetail>();
  readonly #certificates = new Map<string, Uint8Array>();
  readonly #signed: ArchivedRun['signed'][number][] = [];
  readonly #notes: ArchivedNote[] = [];
  readonly #damage: ArchiveDamage[] = [];

  constructor(head: Head | null) {
    this.#head = head;
  }

  spoil(line: number, problem: string): void {
    this.#damage.push({ line, problem });
  }

  take(line: number, said: Exclude<ArchiveLine, { kind: 'run' }>): void {
    switch (said.kind) {
      case 'damaged':
        this.spoil(line, said.problem);
        break;
      case 'node':
        this.#addNode(line, said.runId, said.node);
        break;
      case 'note':
        if (this.#owns(line, said.runId)) this.#notes.push(said.note);
        break;
      case 'certificate':
        if (this.#owns(line, said.runId)) this.#certificates.set(said.fingerprint, said.der);
        break;
      case 'message':
        this.#addMessage(line, said.runId, said.message);
    }
  }

  #addNode(line: number, runId: string, node: ResultDetail): void {
    if (!this.#owns(line, runId)) return;
    if (this.#nodes.has(node.identity)) this.spoil(line, `the run has ${node.identity} already`);
    else this.#nodes.set(node.identity, node);
  }

  #addMessage(line: number, runId: string, message: ArchivedMessage): void {
    if (!this.#owns(line, runId)) return;
    const certificate = this.#certificates.get(message.signedBy);
    if (certificate === undefined) this.spoil(line, `the certificate ${message.signedBy} is missing`);
    else this.#signed.push({ ...message, certificate });
  }

  /** Whether a line belongs to this part. */
  #owns(line: number, runId: string): boolean {
    if (this.#head === null) this.spoil(line, 'it belongs to no run that can be read');
    else if (this.#head.summary.runId !== runId) this.spoil(line, `it belongs to another run, ${runId}`);
    else return true;
    return false;
  }

  /** `line` is where something else begins, or nothing comes any more. */
  close(line: number): ArchivePart {
    const head = this.#head;
    if (head === null) return { run: null, damage: this.#damage };
    const missing = Object.values(head.summary.states).reduce((sum, count) => sum + count, 0) - this.#nodes.size;
    if (missing > 0 && this.#damage.length === 0)
      this.spoil(line, `${missing} nodes of run ${head.summary.runId} are missing`);
    return {
      run: { ...head, nodes: [...this.#nodes.values()], notes: this.#notes, signed: this.#signed },
      damage: this.#damage,
    };
  }

  get isEmpty(): boolean {
    return this.#head === null && this.#damage.length === 0;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readLine(bytes: Uint8Array): ArchiveLine | null {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { kind: 'damaged', problem: 'it is not UTF-8' };
  }
  return text.trim() === '' ? null : readArchiveLine(text);
}

/** Reads the lines of an archive, run by run, in memory for one run at a time. Where the bytes themselves break off, the rest is damaged. */
export async function* readArchive(lines: AsyncIterable<Uint8Array>): AsyncGenerator<ArchivePart> {
  let part = new OpenPart(null);
  let number = 0;
  try {
    for await (const bytes of lines) {
      number += 1;
      const line = readLine(bytes);
      if (line !== null && line.kind !== 'run') part.take(number, line);
      if (line?.kind !== 'run') continue;
      if (!part.isEmpty) yield part.close(number);
      part = new OpenPart(line);
    }
  } catch (thrown) {
    number += 1;
    part.spoil(number, `it cannot be read from here on: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  if (number === 0) part.spoil(1, 'there is nothing in it');
  if (!part.isEmpty) yield part.close(number + 1);
}

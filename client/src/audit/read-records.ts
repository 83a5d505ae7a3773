import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AuditPage, AuditRow } from '@muster/protocol/bridge';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { maxLineBytes, readRecord } from '@muster/runtime/audit';
import { readLines } from '@muster/runtime/files';
import { findChains } from './chains.ts';

/** The most records that can be looked at; those before are in the files. */
const mostRecords = 50_000;

/** The longest text of a record that is shown, in characters. */
const longestText = 4000;

/** Where a record stands. */
interface Place {
  readonly chain: string;
  readonly file: string;
  readonly line: number;
  readonly timeMs: number;
  readonly offset: number;
  readonly length: number;
}

interface Index {
  readonly search: string;
  readonly stamp: string;
  readonly total: number;
  /** The newest first. */
  readonly places: readonly Place[];
}

/** What is said first of a record, in this order: what it is about. */
const toldFirst = ['agent', 'action', 'inputs', 'code', 'reason'];

/** What is there for the chain, and says nothing about what happened. */
const ofTheChain = new Set(['seq', 'time', 'previous', 'kind', 'certificate', 'fingerprint', 'signature']);

export interface RecordsQuery {
  /** Only records with this text, whatever its case; empty for all. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** Reads what the audits of a folder say, unverified, the newest records first. Where they stand is remembered until a file changes. */
export class RecordReader {
  readonly #folder: string;
  #index: Index | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Errors: `audit.unreadable`. */
  async read({ search, offset, limit }: RecordsQuery): Promise<Result<AuditPage>> {
    try {
      const index = await this.#find(search.toLowerCase());
      const rows: AuditRow[] = [];
      for (const place of index.places.slice(offset, offset + limit)) rows.push(await rowAt(place));
      return ok({ total: index.total, shown: index.places.length, rows });
    } catch (thrown) {
      return fail('audit.unreadable', `The audit cannot be read: ${faultFrom(thrown).message}`);
    }
  }

  async #find(search: string): Promise<Index> {
    const chains = await findChains(this.#folder);
    const files = chains.flatMap(({ name, files: all }) => all.map((file) => ({ chain: name, file })));
    const stamps = await Promise.all(files.map(({ file }) => stampOf(file)));
    const stamp = stamps.join('\n');
    if (this.#index?.stamp === stamp && this.#index.search === search) return this.#index;
    const places: Place[] = [];
    for (const { chain, file } of files) for await (const place of placesIn(chain, file, search)) places.push(place);
    places.sort((one, other) => other.timeMs - one.timeMs || other.line - one.line);
    this.#index = { search, stamp, total: places.length, places: places.slice(0, mostRecords) };
    return this.#index;
  }
}

async function stampOf(file: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(file);
  return `${file}:${ino}:${size}:${mtimeMs}`;
}

async function* placesIn(chain: string, file: string, search: string): AsyncGenerator<Place> {
  let offset = 0;
  for await (const { number, bytes, endOffset } of readLines(file, maxLineBytes)) {
    const place = { chain, file, line: number, offset, length: bytes?.length ?? 0 };
    offset = endOffset;
    if (bytes === null || (search !== '' && !bytes.toString('utf8').toLowerCase().includes(search))) continue;
    const record = readRecord(bytes);
    if (record.ok) yield { ...place, timeMs: Date.parse(record.value.time) };
  }
}

async function rowAt({ chain, file, line, offset, length }: Place): Promise<AuditRow> {
  await using handle = await open(file, 'r');
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
  const record = readRecord(buffer);
  if (!record.ok) throw new Error(`${basename(file)}:${line} was changed just now`);
  const places = [...toldFirst, ...Object.keys(record.value)];
  const details = Object.entries(record.value)
    .filter(([name]) => !ofTheChain.has(name))
    .sort(([one], [other]) => places.indexOf(one) - places.indexOf(other));
  const text = details.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const { seq, time, kind } = record.value;
  return {
    chain,
    file: basename(file),
    line,
    seq,
    timeMs: Date.parse(time),
    kind,
    text: text.join('  ').slice(0, longestText),
  };
}

import type { Signer } from '@muster/protocol/envelope';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Clock } from '@muster/runtime/effects';
import { isThere } from '@muster/runtime/files';
import type { EvidenceReader, KeptMessage, RunReader } from '../storage/index.ts';
import { consoleVersion } from '../version.ts';
import { alreadyThere, unwritable } from '../whole-file/index.ts';
import { EvidenceFile } from './evidence-file.ts';
import { bytesText, evidenceFormat } from './format.ts';
import { fingerprintOfDer } from './fingerprint.ts';

export interface ExportOrder {
  readonly runId: string;
  readonly file: string;
  /** Write over a file that is there. */
  readonly replace: boolean;
  readonly signal?: AbortSignal;
}

/** What a file of evidence has. */
export interface ExportedEvidence {
  readonly requests: number;
  readonly nodes: number;
  readonly replies: number;
  readonly bytes: number;
}

export interface ExportTools {
  readonly storage: EvidenceReader & Pick<RunReader, 'getRun' | 'getRunAction'>;
  /** Signs the whole file. */
  readonly signer: Pick<Signer, 'certificate' | 'sign'>;
  readonly clock: Clock;
}

/** How many messages are in memory at once: each may have a MiB. */
const pageSize = 64;

interface Counts {
  requests: number;
  nodes: number;
  replies: number;
}

/** Writes the lines between head and seal. */
class Contents {
  readonly #file: EvidenceFile;
  readonly #tools: ExportTools;
  readonly #order: ExportOrder;
  readonly #written = new Set<string>();
  readonly counts: Counts = { requests: 0, nodes: 0, replies: 0 };

  constructor(file: EvidenceFile, tools: ExportTools, order: ExportOrder) {
    this.#file = file;
    this.#tools = tools;
    this.#order = order;
  }

  async write(): Promise<Result<void>> {
    await this.#addCertificate(fingerprintOfDer(this.#tools.signer.certificate), this.#tools.signer.certificate);
    const requests = await this.#writeRequests();
    return requests.ok ? this.#writeRows() : requests;
  }

  async #writeRequests(): Promise<Result<void>> {
    let after: string | null = null;
    for (;;) {
      const page: Result<KeptMessage[]> = await this.#tools.storage.evidenceRequests(
        this.#order.runId,
        after,
        pageSize,
      );
      if (!page.ok) return page;
      const ready = await this.#addCertificatesOf(page.value);
      if (!ready.ok) return ready;
      for (const { identity, signedBy, rest } of page.value) {
        await this.#file.add({ kind: 'request', identity, signedBy, rest: bytesText(rest) });
        after = identity ?? '';
      }
      this.counts.requests += page.value.length;
      if (page.value.length < pageSize) return ok(undefined);
    }
  }

  async #writeRows(): Promise<Result<void>> {
    let after = '';
    for (;;) {
      const page = await this.#tools.storage.evidenceRows(this.#order.runId, after, pageSize);
      if (!page.ok) return page;
      const ready = await this.#addCertificatesOf(page.value.flatMap(({ reply }) => reply ?? []));
      if (!ready.ok) return ready;
      for (const { row, reply } of page.value) {
        const signed = reply === null ? null : { signedBy: reply.signedBy, rest: bytesText(reply.rest) };
        await this.#file.add({ kind: 'node', row, reply: signed });
        after = row.identity;
        if (reply !== null) this.counts.replies += 1;
      }
      this.counts.nodes += page.value.length;
      if (page.value.length < pageSize) return ok(undefined);
    }
  }

  /** Certificates come before what they signed. */
  async #addCertificatesOf(messages: readonly KeptMessage[]): Promise<Result<void>> {
    if (this.#order.signal?.aborted === true) return fail('run.interrupted', 'Interrupted while evidence was written');
    const missing = new Set(messages.map(({ signedBy }) => signedBy).filter((name) => !this.#written.has(name)));
    if (missing.size === 0) return ok(undefined);
    const found = await this.#tools.storage.evidenceCertificates([...missing]);
    if (!found.ok) return found;
    for (const { fingerprint, der } of found.value) await this.#addCertificate(fingerprint, der);
    return ok(undefined);
  }

  async #addCertificate(fingerprint: string, der: Uint8Array): Promise<void> {
    this.#written.add(fingerprint);
    await this.#file.add({ kind: 'certificate', fingerprint, der: bytesText(der) });
  }
}

/**
 * Writes all that is known of a run that has ended, with what was signed, into one file that proves itself: see
 * docs/guide/evidence.md. In memory for a few nodes at a time; the file is whole or not there.
 *
 * Errors: `run.unknown`, `evidence.missing` while the run goes on and when nothing of it was kept, `file.unwritable`, `storage.*`.
 */
export async function exportEvidence(order: ExportOrder, tools: ExportTools): Promise<Result<ExportedEvidence>> {
  const { runId, file: path, replace } = order;
  const { storage, signer, clock } = tools;
  const summary = await storage.getRun(runId);
  if (!summary.ok) return summary;
  if (summary.value.finishedAtMs === null)
    return fail('evidence.missing', `Run ${runId} goes on: what it comes to can be proven when it has ended`);
  const described = await storage.getRunAction(runId);
  if (!described.ok) return described;
  if (!replace && (await isThere(path))) return alreadyThere(path);
  let file: EvidenceFile;
  try {
    file = await EvidenceFile.begin(path);
  } catch (thrown) {
    return unwritable(path, thrown);
  }
  try {
    const head = { kind: 'evidence', format: evidenceFormat, exportedAtMs: clock(), version: consoleVersion };
    await file.add({ ...head, summary: summary.value, described: described.value });
    const contents = new Contents(file, tools, order);
    const written = await contents.write();
    if (!written.ok) return written;
    const { counts } = contents;
    if (counts.requests === 0 && counts.replies === 0)
      return fail('evidence.missing', `Nothing of run ${runId} was kept as it was signed`, {
        mend: 'It is from before that was done, or console.yaml says history: { evidence: false }.',
      });
    const sealed = await file.seal(signer, fingerprintOfDer(signer.certificate), replace);
    return sealed.ok ? ok({ ...counts, bytes: file.bytes }) : sealed;
  } catch (thrown) {
    return unwritable(path, thrown);
  } finally {
    await file.dispose();
  }
}

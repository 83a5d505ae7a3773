import { createHash, verify } from 'node:crypto';
import { decodeJson } from '@muster/protocol/envelope';
import { fail, ok, type ErrorCode, type Fault, type Result } from '@muster/protocol/errors';
import type { Principal } from '@muster/protocol/identity';
import { parseReply, parseRequest, type Outcome, type Reply, type Request } from '@muster/protocol/messages';
import { digestFor } from '@muster/runtime/crypto';
import type { RawLine } from '@muster/runtime/files';
import { Findings, keptFindings, type EvidenceDamageKind, type EvidenceGapKind } from './findings.ts';
import { fingerprintOfDer } from './fingerprint.ts';
import { lineShape, sealedBytes, type EvidenceHead, type EvidenceLine, type EvidenceSeal } from './format.ts';
import { MessageCheck, type EvidenceTrust, type SignedBody } from './message-check.ts';
import { differenceOf, inputsDiffer } from './same.ts';

/** How deep a line nests: a body, and what is around it. */
const deepestLine = 80;

type Line<Kind extends EvidenceLine['kind']> = Extract<EvidenceLine, { kind: Kind }>;

/** What was asked, as it was signed. */
export interface Asked extends Pick<Request, 'collective' | 'agent' | 'action' | 'inputs' | 'issuedAtMs'> {
  readonly by: Principal;
  /** Of a request to all that a filter matches; null where each node was asked by name. */
  readonly filter: string | null;
}

/** Which sort of damage an error is. */
function damageOf(code: ErrorCode): EvidenceDamageKind {
  if (code === 'signature.invalid') return 'signature';
  if (code === 'sender.mismatch' || code === 'certificate.role') return 'sender';
  return code.startsWith('certificate.') ? 'certificate' : 'unreadable';
}

function readLine(bytes: Uint8Array): Result<EvidenceLine> {
  const json = decodeJson(bytes, deepestLine);
  if (!json.ok) return json;
  const read = lineShape.safeParse(json.value);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  return fail(
    'evidence.unreadable',
    `it is no line of evidence: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** Checks a file of evidence line by line; what it keeps grows with the nodes that were asked, not with what they said. */
export class EvidenceCheck {
  readonly damage = new Findings<EvidenceDamageKind>();
  readonly gaps = new Findings<EvidenceGapKind>();
  readonly outcomes: Partial<Record<Outcome, number>> = {};
  /** Nodes that were asked and of which no answer is there; the first of them. */
  readonly silent: string[] = [];
  silentCount = 0;
  requests = 0;
  nodes = 0;
  replies = 0;
  head: EvidenceHead | undefined;
  asked: Asked | undefined;
  sealedBy: Principal | undefined;
  readonly #check: MessageCheck;
  readonly #hash = createHash('sha256');
  readonly #directed = new Set<string>();
  readonly #nonces = new Set<string>();
  #hasBroadcast = false;
  #lastRequest: string | undefined;
  #lastNode = '';
  #line = 0;
  #isSealed = false;

  constructor(trust: EvidenceTrust) {
    this.#check = new MessageCheck(trust);
  }

  async take({ number, bytes, isEnded }: RawLine): Promise<void> {
    this.#line = number;
    if (this.#isSealed) {
      this.#blame('inserted', null, 'it stands behind the end');
      return;
    }
    if (!isEnded) this.#blame('removed', null, 'the file ends in the middle of a line');
    const line = bytes === null ? fail('evidence.unreadable', 'it is too long') : readLine(bytes);
    if (!line.ok) this.#blame('unreadable', null, line.error.message);
    else await this.#takeLine(line.value, number);
    if (bytes !== null) this.#hash.update(bytes).update('\n');
  }

  /** Says what is missing, once there are no more lines. */
  finish(): void {
    this.#line = 0;
    if (this.head === undefined) this.#blame('removed', null, 'there is no line that says which run it is about');
    if (!this.#isSealed) this.#blame('removed', null, 'there is no seal: the end is missing');
    for (const identity of this.#directed)
      this.#blame('removed', identity, 'it was asked, and what became of it is missing');
    if (this.requests === 0) this.#miss('request_missing', null, 'no request is there as it was signed');
  }

  #blame(kind: EvidenceDamageKind, identity: string | null, message: string): void {
    this.damage.add({ line: this.#line === 0 ? null : this.#line, identity, kind, message });
  }

  #blameFault(identity: string | null, { code, message }: Fault): void {
    this.#blame(damageOf(code), identity, message);
  }

  #miss(kind: EvidenceGapKind, identity: string | null, message: string): void {
    this.gaps.add({ line: this.#line === 0 ? null : this.#line, identity, kind, message });
  }

  async #takeLine(line: EvidenceLine, number: number): Promise<void> {
    if ((line.kind === 'evidence') !== (number === 1)) {
      this.#blame('inserted', null, 'only the first line says which run it is about');
      return;
    }
    switch (line.kind) {
      case 'evidence':
        this.head = line;
        break;
      case 'certificate': {
        const learned = this.#check.learn(line.fingerprint, line.der, fingerprintOfDer(line.der));
        if (!learned.ok) this.#blame('certificate', null, learned.error.message);
        break;
      }
      case 'request':
        await this.#takeRequest(line);
        break;
      case 'node':
        await this.#takeNode(line);
        break;
      case 'seal':
        this.#takeSeal(line);
    }
  }

  async #takeRequest({ identity, signedBy, rest }: Line<'request'>): Promise<void> {
    this.requests += 1;
    // A request to all comes first.
    const name = identity ?? '';
    if (this.nodes > 0 || (this.#lastRequest !== undefined && name <= this.#lastRequest))
      this.#blame('inserted', identity, 'the request is there twice, or out of order');
    this.#lastRequest = name;
    if (identity !== null) this.#directed.add(identity);
    else this.#hasBroadcast = true;
    const opened = await this.#check.open(signedBy, rest);
    const request = opened.ok ? parseRequest(opened.value) : opened;
    if (!opened.ok || !request.ok) {
      if (!request.ok) this.#blameFault(identity, request.error);
      return;
    }
    const good = this.#check.wasGood(opened.value.certificate, request.value.issuedAtMs);
    if (!good.ok) this.#blameFault(identity, good.error);
    this.#compareRequest(request.value, identity, opened.value);
  }

  #compareRequest(request: Request, identity: string | null, { principal }: SignedBody): void {
    const { requestId, target, filter, nonce } = request;
    const blame = (message: string) => this.#blame('request', identity, message);
    if (target !== identity) blame('it was for another node');
    if (this.#nonces.has(nonce)) blame('another request has its nonce');
    this.#nonces.add(nonce);
    if (this.head !== undefined) {
      const { summary } = this.head;
      const { runId, person, collective, agent, action } = summary;
      const shown = { requestId: runId, sender: person, collective, agent, action };
      const difference = differenceOf(shown, { ...request, requestId });
      if (difference !== null)
        this.#blame('row', identity, `the run is shown with another ${difference} than was asked`);
      if (inputsDiffer(summary.inputs, request))
        this.#blame('row', identity, 'the run is shown with other inputs than were asked');
    }
    const { collective, agent, action, inputs, issuedAtMs } = request;
    this.asked ??= { by: principal, collective, agent, action, inputs, issuedAtMs, filter: null };
    if (identity === null) this.asked = { ...this.asked, filter };
  }

  async #takeNode({ row, reply }: Line<'node'>): Promise<void> {
    const { identity } = row;
    this.nodes += 1;
    if (identity <= this.#lastNode) this.#blame('inserted', identity, 'the node is there twice, or out of order');
    this.#lastNode = identity;
    const wasAsked = this.#directed.delete(identity);
    if (reply === null) {
      this.#takeSilence(row, wasAsked);
      return;
    }
    this.replies += 1;
    // That the node was asked by name is proven by itself; one that was not expected has nobody who asked it.
    if (!wasAsked && !this.#hasBroadcast && this.requests > 0 && row.arrival !== 'unexpected')
      this.#miss('request_missing', identity, 'it answered, and no request to it is there');
    const opened = await this.#check.open(reply.signedBy, reply.rest);
    const said = opened.ok ? parseReply(opened.value) : opened;
    if (!opened.ok || !said.ok) {
      if (!said.ok) this.#blameFault(identity, said.error);
      return;
    }
    for (const atMs of new Set([said.value.issuedAtMs, row.arrivedAtMs ?? said.value.issuedAtMs])) {
      const good = this.#check.wasGood(opened.value.certificate, atMs);
      if (!good.ok) this.#blameFault(identity, good.error);
    }
    this.#compareReply(said.value, row, reply.signedBy);
  }

  /** A row without an answer. */
  #takeSilence(row: Line<'node'>['row'], wasAsked: boolean): void {
    const { identity } = row;
    if (row.outcome !== null || row.statusCode !== null || row.signedBy !== null)
      this.#miss(
        'reply_missing',
        identity,
        'it is said to have answered, and its answer is not there as it was signed',
      );
    else if (wasAsked || (this.#hasBroadcast && row.arrival === null)) {
      this.silentCount += 1;
      if (this.silent.length < keptFindings) this.silent.push(identity);
    }
  }

  #compareReply(reply: Reply, row: Line<'node'>['row'], signedBy: string): void {
    const { identity } = row;
    if (reply.sender !== identity) this.#blame('sender', identity, `the answer is from ${reply.sender}`);
    if (this.head !== undefined) {
      const { runId, collective, agent, action } = this.head.summary;
      const difference = differenceOf({ requestId: runId, collective, agent, action }, reply);
      if (difference !== null) this.#blame('request', identity, `it answers to another ${difference}`);
    }
    const { outcome, statusCode, statusMessage, data, timings } = reply;
    const signed = { state: outcome, outcome, statusCode, statusMessage, data, timings, signedBy };
    const difference = differenceOf(signed, row);
    if (difference === null) this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1;
    else this.#blame('row', identity, `it is shown with another ${difference} than the node signed`);
  }

  #takeSeal(seal: EvidenceSeal): void {
    this.#isSealed = true;
    if (seal.lines !== this.#line - 1) this.#blame('seal', null, `it was set behind ${seal.lines} lines`);
    if (seal.sha256 !== this.#hash.copy().digest('hex'))
      this.#blame('seal', null, 'something before it was changed, removed or put in');
    const certificate = this.#check.certificateOf(seal.signedBy);
    if (!certificate.ok) {
      this.#blameFault(null, certificate.error);
      return;
    }
    const { principal, publicKey } = certificate.value;
    if (principal.role !== 'person') this.#blame('sender', null, `a ${principal.role} set the seal, not a person`);
    if (!verify(digestFor(publicKey), sealedBytes(seal), publicKey, seal.signature)) {
      this.#blame('signature', null, 'the signature of the seal does not fit');
      return;
    }
    this.sealedBy = principal;
    const good = this.#check.wasGood(certificate.value, this.head?.exportedAtMs ?? 0);
    if (!good.ok) this.#blameFault(null, good.error);
  }
}

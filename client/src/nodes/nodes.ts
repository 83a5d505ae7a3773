import { X509Certificate } from 'node:crypto';
import type {
  EndpointResult,
  FactDifference,
  NodeCertificate,
  NodeComparison,
  ResultDetail,
} from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import type { Engine } from '../engine/engine.ts';
import type { FactHistory, SignedAnswer } from '../storage/index.ts';

/** What is known of one node beside the inventory's own. */
export interface Nodes {
  /** Changes of its facts, as far as they are kept. */
  factChanges(identity: string): Promise<Result<EndpointResult<'nodes.factChanges'>>>;
  /** Facts that had another value at the first time than at the second. */
  factDifference(identity: string, fromMs: number, toMs: number): Promise<Result<readonly FactDifference[]>>;
  /** Where two nodes of the inventory differ. Errors: `node.unknown`. */
  compare(first: string, second: string): Promise<Result<NodeComparison>>;
  /** The certificate of its last answer in a run that is here; null when there is none. */
  certificate(identity: string): Promise<Result<NodeCertificate | null>>;
  /** Asks the node how its agent fares. Errors: `node.unknown` when it does not answer, `request.denied`, `broker.*`. */
  statistics(identity: string): Promise<Result<ResultDetail['data']>>;
}

/** How long a node may take to tell how it fares, in milliseconds. */
const statisticsTimeoutMs = 10_000;

const commonName = (subject: string): string => /(?:^|\n)CN=(.*)/.exec(subject)?.[1] ?? subject;

function contentOf(der: Uint8Array): NodeCertificate['certificate'] {
  try {
    const certificate = new X509Certificate(der);
    return {
      name: commonName(certificate.subject),
      issuer: commonName(certificate.issuer),
      notBeforeMs: certificate.validFromDate.getTime(),
      notAfterMs: certificate.validToDate.getTime(),
    };
  } catch {
    // What cannot be read is as good as not kept.
    return null;
  }
}

const shown = ({ fingerprint, seenAtMs, der }: SignedAnswer): NodeCertificate => ({
  fingerprint,
  seenAtMs,
  certificate: der === null ? null : contentOf(der),
});

export function createNodes(storage: FactHistory, ask: Engine['ask']): Nodes {
  return {
    factChanges: (identity) => storage.factChanges(identity),
    factDifference: (identity, fromMs, toMs) => storage.factDifference(identity, fromMs, toMs),
    compare: (first, second) => storage.compareNodes(first, second),
    async certificate(identity) {
      const signed = await storage.lastSignedBy(identity);
      return signed.ok ? ok(signed.value === null ? null : shown(signed.value)) : signed;
    },
    async statistics(identity) {
      let answer: Pick<ResultDetail, 'statusCode' | 'statusMessage' | 'data'> | undefined;
      const asked = await ask({
        agent: 'rpcutil',
        action: 'daemon_stats',
        inputs: {},
        identities: [identity],
        timeoutMs: statisticsTimeoutMs,
        onAnswer: (given) => (answer = given),
      });
      if (!asked.ok) return asked;
      if (answer === undefined) return fail('node.unknown', `${identity} did not answer`);
      if (answer.statusCode !== 0) return fail('request.denied', `${identity} refused: ${answer.statusMessage}`);
      return ok(answer.data);
    },
  };
}

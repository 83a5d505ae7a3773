import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { NodeDetail } from '@muster/protocol/bridge';
import { jsonColumn, namesColumn } from './json-column.ts';

/** What was read of one node, but for its version and digests. */
export interface NodeDetails {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly classes: readonly string[];
  readonly agents: readonly string[];
  readonly collectives: readonly string[];
}

/** The same as the database has it. */
export interface StoredDetails {
  readonly facts: Buffer;
  readonly classes: string;
  readonly agents: string;
  readonly collectives: string;
}

const facts = jsonColumn<NodeDetail['facts']>();

/** Facts of one node are much like each other and nobody waits for them: the quickest level takes them to a quarter. */
const level = 1;

export const readStoredFacts = (stored: Buffer): NodeDetail['facts'] => facts.read(inflateRawSync(stored).toString());

/** What was read of a node, its facts as JSON. */
export const readStoredDetails = (stored: StoredDetails): NodeDetails & Pick<NodeDetail, 'facts'> => ({
  facts: readStoredFacts(stored.facts),
  classes: namesColumn.read(stored.classes),
  agents: namesColumn.read(stored.agents),
  collectives: namesColumn.read(stored.collectives),
});

export const writeStoredDetails = (details: NodeDetails): StoredDetails => ({
  facts: deflateRawSync(JSON.stringify(details.facts), { level }),
  classes: namesColumn.write(details.classes),
  agents: namesColumn.write(details.agents),
  collectives: namesColumn.write(details.collectives),
});

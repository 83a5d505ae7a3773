import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { eventually } from '../support/eventually.ts';
import type { Certificates } from './certificates.ts';

export interface Address {
  readonly url: string;
  readonly certificates: Certificates;
}

/** One request with the client's certificate. */
export async function ask(
  { url, certificates }: Address,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: string }> {
  const { ca, client } = certificates;
  const outgoing = request(new URL(path, url), {
    method,
    ca: await readFile(ca),
    cert: await readFile(client.certificate),
    key: await readFile(client.key),
    headers: { 'content-type': 'application/json' },
    agent: false,
    signal: AbortSignal.timeout(60_000),
  });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]; // what a client's `response` carries
  return { status: response.statusCode ?? 0, body: await text(response) };
}

/** One request that must succeed; the text of the answer. */
export async function send(address: Address, method: string, path: string, body?: unknown): Promise<string> {
  const answer = await ask(address, method, path, body);
  if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
  return answer.body;
}

/** What Puppet would have told PuppetDB of a node. */
export interface PuppetNode {
  readonly certname: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** As Puppet titles them: `Role::Web`. */
  readonly classes: readonly string[];
}

const environment = 'production';

async function command(address: Address, name: string, version: number, certname: string, payload: object) {
  const producedAt = new Date().toISOString();
  const query = new URLSearchParams({
    command: name,
    version: String(version),
    certname,
    'producer-timestamp': producedAt,
  });
  await send(address, 'POST', `/pdb/cmd/v1?${query.toString()}`, {
    ...payload,
    certname,
    producer_timestamp: producedAt,
  });
}

const resource = (title: string) => ({
  type: 'Class',
  title,
  exported: false,
  file: null,
  line: null,
  tags: ['class', title.toLowerCase()],
  parameters: {},
});

/** Submits facts and a catalog for each node, and waits until queries see them all. */
export async function submitNodes(address: Address, nodes: readonly PuppetNode[]): Promise<void> {
  for (const { certname, facts, classes } of nodes) {
    await command(address, 'replace_facts', 5, certname, { environment, producer: 'test', values: facts });
    await command(address, 'replace_catalog', 9, certname, {
      version: '1',
      environment,
      transaction_uuid: randomUUID(),
      catalog_uuid: randomUUID(),
      code_id: null,
      job_id: null,
      producer: 'test',
      resources: ['Settings', ...classes].map(resource),
      edges: [],
    });
  }
  await eventually(async () => {
    for (const query of ['["from","factsets",["extract","certname"]]', '["from","catalogs",["extract","certname"]]']) {
      const rows = JSON.parse(await send(address, 'POST', '/pdb/query/v4', { query })) as unknown[];
      if (rows.length !== nodes.length) throw new Error(`${rows.length} of ${nodes.length} are stored`);
    }
  }, 60_000);
}

/** Tells PuppetDB that a node is gone, and waits until it says so. */
export async function deactivate(address: Address, certname: string): Promise<void> {
  await command(address, 'deactivate_node', 3, certname, {});
  await eventually(async () => {
    const query = `["from","nodes",["and",["=","node_state","inactive"],["=","certname","${certname}"]]]`;
    const rows = JSON.parse(await send(address, 'POST', '/pdb/query/v4', { query })) as unknown[];
    if (rows.length === 0) throw new Error(`${certname} is active`);
  }, 60_000);
}

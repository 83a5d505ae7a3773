import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { ask, type Address } from './puppetdb-client.ts';
import type { RecordedAnswer } from './recording.ts';

/** Stands before a PuppetDB, hands queries on to it, and notes what it answers. */
export interface Recorder {
  readonly url: string;
  readonly answers: readonly RecordedAnswer[];
  stop(): Promise<void>;
}

export async function startRecorder(address: Address): Promise<Recorder> {
  const { ca, server } = address.certificates;
  const answers = new Map<string, RecordedAnswer>();
  const listener = createServer(
    {
      ca: await readFile(ca),
      cert: await readFile(server.certificate),
      key: await readFile(server.key),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      void (async () => {
        const { query } = JSON.parse(await text(request)) as { query: string }; // as our client writes it
        const { status, body } = await ask(address, 'POST', '/pdb/query/v4', { query });
        answers.set(query, { query, status, body });
        response.writeHead(status).end(body);
      })();
    },
  );
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const bound = listener.address();
  if (bound === null || typeof bound === 'string') throw new Error('A listening socket has a port');
  return {
    url: `https://127.0.0.1:${bound.port}`,
    get answers() {
      return [...answers.values()];
    },
    async stop() {
      listener.closeAllConnections();
      listener.close();
      await once(listener, 'close');
    },
  };
}

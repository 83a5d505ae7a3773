import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { issueCertificate } from '@muster/runtime/pki';
import type { TestHome } from './agent/test-home.ts';

/** An HTTPS server that has tasks and answers as Puppet Server does, to clients with a certificate of the home's authority. */
export interface TaskServer {
  readonly url: string;
  /** Files by which a client proves who it is. */
  readonly client: { readonly certificate: string; readonly key: string; readonly ca: string };
  /** How often files were asked for. */
  contentRequests(): number;
  /** Names in the certificates of those who asked. */
  callers(): readonly string[];
  close(): Promise<void>;
}

const hello = '#!/bin/sh\necho hello\n';
const digest = createHash('sha256').update(hello).digest('hex');

const detail = (task: string, sha256: string) => ({
  name: `remote::${task}`,
  metadata: { description: 'Says hello' },
  files: [
    {
      filename: 'hello.sh',
      sha256,
      size_bytes: hello.length,
      uri: { path: `/puppet/v3/file_content/tasks/remote/${task}.sh`, params: { environment: 'production' } },
    },
  ],
});

const answers: Readonly<Record<string, string>> = {
  '/puppet/v3/tasks?environment=production': JSON.stringify([
    { name: 'remote::hello', private: false, description: 'Says hello' },
    { name: 'remote::hidden', private: true },
  ]),
  '/puppet/v3/tasks/remote/hello?environment=production': JSON.stringify(detail('hello', digest)),
  '/puppet/v3/tasks/remote/changed?environment=production': JSON.stringify(detail('changed', '0'.repeat(64))),
  '/puppet/v3/file_content/tasks/remote/hello.sh?environment=production': hello,
  '/puppet/v3/file_content/tasks/remote/changed.sh?environment=production': 'changed',
  '/puppet/v3/tasks?environment=other': '[]',
};

export async function startTaskServer(home: TestHome): Promise<TaskServer> {
  const ca = home.authority.certificatePem;
  const own = await issueCertificate(home.authority, { role: 'broker', name: 'localhost', validDays: 1 });
  const client = await issueCertificate(home.authority, { role: 'node', name: 'node.example.com', validDays: 1 });
  const folder = join(home.folder, 'puppet');
  const files = { certificate: join(folder, 'node.pem'), key: join(folder, 'node.key'), ca: join(folder, 'ca.pem') };
  await mkdir(folder);
  await writeFile(files.certificate, client.certificatePem);
  await writeFile(files.key, client.keyPem, { mode: 0o600 });
  await writeFile(files.ca, ca);
  const callers = new Set<string>();
  let contentRequests = 0;
  const options = { cert: own.certificatePem, key: own.keyPem, ca, requestCert: true, rejectUnauthorized: true };
  const server = createServer(options, ({ url = '', socket }, response) => {
    callers.add(socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject.CN) : 'nobody');
    if (url.includes('/file_content/')) contentRequests++;
    const answer = answers[url];
    response.writeHead(answer === undefined ? 404 : 200).end(answer ?? 'Not Found');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `https://localhost:${port}`,
    client: files,
    contentRequests: () => contentRequests,
    callers: () => [...callers],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

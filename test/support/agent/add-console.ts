import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrokerSettings } from '@muster/runtime/bus';
import type { TestHome } from './test-home.ts';

/** Writes what the console of the person `demo` needs in a home. */
export async function addConsole(home: TestHome, settings: BrokerSettings): Promise<void> {
  const { urls, ca, certificate, key } = settings;
  const files = { 'ca.pem': ca, 'demo.pem': certificate, 'demo.key': key };
  for (const [name, text] of Object.entries(files)) await writeFile(join(home.folder, name), text, { mode: 0o600 });
  await writeFile(
    join(home.folder, 'console.yaml'),
    `person: demo
collectives: [muster]
broker: { urls: ${JSON.stringify(urls)} }
trust: { ca: ca.pem, certificate: demo.pem, key: demo.key }
data: data
`,
    { mode: 0o600 },
  );
}

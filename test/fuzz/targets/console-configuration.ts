import assert from 'node:assert/strict';
import { readDiscoverySettings } from '@muster/client/discovery';
import { consoleSchema } from '../../../client/src/configuration/schema.ts';
import { settingsTarget } from '../material/settings.ts';

const short = `person: alice
broker: { urls: ['amqps://127.0.0.1:5671'], username: person.alice, password_file: alice.password }
trust: { ca: ca.pem, certificate: alice.pem, key: alice.key }
`;

const discovery = `collectives: [eu, muster]
data: data
discovery:
  method: puppetdb
  timeout: 0.5
  options: { pql: 'nodes{}', ast: [a, b] }
  puppetdb: { url: 'https://127.0.0.1:8081', ca: puppet/ca.pem, certificate: a.pem, key: a.key, timeout: 1.5 }
  external:
    command: [/bin/nodes, --all]
    protocol: choria
    timeout: 3
`;

export const openTarget = () =>
  settingsTarget({
    about: 'console.yaml: read or refused with its line; its section about discovery is made use of.',
    schema: consoleSchema,
    starts: [short, short + discovery],
    use({ discovery, trust }) {
      const settings = readDiscoverySettings(discovery, '/home/alice/console.yaml', trust);
      assert.ok(settings.external.timeoutMs > 0 && settings.folder.startsWith('/'));
    },
  });

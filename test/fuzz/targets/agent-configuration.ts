import assert from 'node:assert/strict';
import { agentSchema, publicSettings } from '@muster/agent/configuration';
import { settingsTarget } from '../material/settings.ts';

const short = `identity: web01.example.com
broker: { urls: ['amqps://broker.example.com:5671'], username: node.web01, password_file: password }
trust: { ca: ca.pem, certificate: node.pem, key: node.key }
`;

const long = `# All there is.
identity: "web01.example.com"
collectives:
  - eu
  - muster
broker:
  urls: [ "amqps://a:5671", "amqps://user:secret@b" ]
  username: node
  password_file: |
    password
  server_name: broker
trust: &trust
  ca: ca.pem
  certificate: node.pem
  key: node.key
facts: { builtin: false, refresh: 60, files: [a.yaml], directory: facts.d }
classes_file: classes.txt
state: /var/lib/muster
log: { level: debug, file: log }
registration: { interval: 60, splay: false }
plugins: { folders: [/opt/plugins], settings: plugin.d, activate: true }
limits: { concurrent_actions: 4, waiting_requests: 20, stop_grace: 2.5 }
`;

export const openTarget = () =>
  settingsTarget({
    about: 'agent.yaml: read or refused with its line; what may be told of it holds no secret.',
    schema: agentSchema,
    starts: [short, long],
    use(settings) {
      const told = JSON.stringify(publicSettings(settings));
      assert.ok(!told.includes('"password_file"') && !told.includes('"key"'), 'a secret is told');
    },
  });

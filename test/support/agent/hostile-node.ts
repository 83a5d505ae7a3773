import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentDdl } from '@muster/protocol/ddl';
import { stringify } from 'yaml';
import { eventually } from '../eventually.ts';
import { startTestBroker } from '../test-broker.ts';
import { escapes, formulas, markup, pollution } from './hostile-texts.ts';
import { addConsole } from './add-console.ts';
import { createTestHome } from './test-home.ts';

const main = fileURLToPath(new URL('../../../agent/bin/muster-agent.mjs', import.meta.url));
const plugin = fileURLToPath(new URL('plugins/hostile.mjs', import.meta.url));

/** The node's name; names are checked where they come in, so that this cannot be hostile itself. */
export const hostileIdentity = 'hostile.example.com';

const outputNamed = (name: string) => ({
  description: `${markup} ${name}`,
  display_as: name === 'markup' ? markup : escapes,
});

/** A description that says what it may, and nothing that is meant well. */
const ddl: AgentDdl = {
  kind: 'agent',
  name: 'hostile',
  description: `${markup} ${escapes}`,
  author: markup,
  license: markup,
  version: '1.0.0',
  url: `javascript:globalThis.owned=true//${markup}`,
  timeout: 10,
  usage: `${markup}\n[click](javascript:globalThis.owned=true)`,
  actions: [
    {
      name: 'answer',
      description: `${markup} ${escapes}`,
      effect: 'read',
      display: 'always',
      idempotent: true,
      inputs: {
        text: {
          type: 'string',
          prompt: `${markup}${escapes}`,
          description: `${markup} ${escapes}`,
          validation: '.*',
          maxlength: 1000,
          optional: true,
          sensitive: false,
        },
      },
      outputs: Object.fromEntries(
        ['markup', 'escapes', 'formulas', 'pollution', 'echo'].map((name) => [
          name,
          { ...outputNamed(name), type: 'any' as const },
        ]),
      ),
      aggregates: [{ function: 'summary', output: 'markup', format: `${escapes} %s ${markup}: %d` }],
    },
    {
      name: 'refuse',
      description: markup,
      effect: 'read',
      display: 'always',
      idempotent: true,
      inputs: {},
      outputs: {},
      aggregates: [],
    },
  ],
};

const facts = {
  os: { name: markup, family: escapes },
  [markup]: markup,
  [escapes]: escapes,
  formulas,
  rack: formulas[0],
};

/** The facts as the node keeps them, with the names that reach for prototypes. */
const factsYaml = `${stringify(facts)}\n"__proto__": { owned: true }\nconstructor: { prototype: { owned: true } }\n`;

const settings = {
  answer: {
    markup: JSON.stringify(markup),
    escapes: JSON.stringify(escapes),
    formulas: JSON.stringify(formulas),
    pollution,
  },
  refusal: `${markup} ${escapes}`,
};

/** A real broker with one real agent on it whose every word is hostile, and the home of a console for it. */
export interface HostileFleet {
  /** Folder of the console. */
  readonly home: string;
  stop(): Promise<void>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Starts it, and waits until the node is ready. */
export async function startHostileFleet(): Promise<HostileFleet> {
  const broker = await startTestBroker({ nodes: [hostileIdentity] });
  const home = await createTestHome(broker.authority);
  const config = await home.addNode(hostileIdentity, {
    broker: broker.url,
    yaml: 'plugins: { folders: [plugins] }\nregistration: { interval: 10 }',
    facts: factsYaml,
    classes: [markup.slice(0, 60), 'base'],
    pluginSettings: { hostile: stringify(settings) },
  });
  const plugins = join(dirname(config), 'plugins');
  await mkdir(plugins);
  await cp(plugin, join(plugins, 'hostile.mjs'));
  await writeFile(join(plugins, 'hostile.json'), JSON.stringify(ddl));
  await addConsole(home, await broker.personSettings('demo'));
  const agent = spawn(process.execPath, [main, '--config', config], { stdio: ['ignore', 'pipe', 'inherit'] });
  let log = '';
  agent.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));
  await eventually(() => {
    if (!log.includes('"event":"ready"')) throw new Error(`The node is not ready: ${log}`);
  }, 90_000);
  return {
    home: home.folder,
    async stop() {
      await end(agent);
      await broker.stop();
      await home.remove();
    },
  };
}

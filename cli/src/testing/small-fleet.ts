import type { agentDdlSchema } from '@muster/protocol/ddl';
import { scriptedEngine, type ScriptedEngine } from './scripted-engine.ts';
import type { ScriptedNode } from './scripted-runs.ts';

type Ddl = Parameters<typeof agentDdlSchema.parse>[0];

const metadata = { author: 'Muster', license: 'Apache-2.0', version: '1.0.0', url: 'https://example.com', timeout: 5 };
const text = (display_as: string) => ({ description: display_as, display_as });

const rpcutil: Ddl = {
  kind: 'agent',
  name: 'rpcutil',
  description: 'Tells about nodes',
  ...metadata,
  actions: [
    { name: 'ping', description: 'Answers', display: 'always', effect: 'read', outputs: { pong: text('Timestamp') } },
    {
      name: 'get_fact',
      description: 'One fact',
      display: 'always',
      effect: 'read',
      inputs: { fact: { type: 'string', prompt: 'Fact', description: 'Fact', validation: '^[\\w.]+$', maxlength: 40 } },
      outputs: { fact: text('Fact'), value: text('Value') },
      aggregates: [{ function: 'summary', output: 'value' }],
    },
    { name: 'collective_info', description: 'Collectives', effect: 'read' },
    { name: 'daemon_stats', description: 'Figures', effect: 'read' },
    { name: 'inventory', description: 'Everything', effect: 'read' },
  ],
};

const service: Ddl = {
  kind: 'agent',
  name: 'service',
  description: 'Services',
  ...metadata,
  actions: [
    {
      name: 'restart',
      description: 'Restarts',
      effect: 'write',
      inputs: {
        service: {
          type: 'string',
          prompt: 'Service',
          description: 'Service',
          validation: 'service_name',
          maxlength: 90,
        },
        wait: { type: 'number', prompt: 'Wait', description: 'Seconds', optional: true },
        force: { type: 'boolean', prompt: 'Force', description: 'Force', default: false },
      },
    },
    {
      name: 'destroy',
      description: 'Destroys',
      effect: 'destructive',
    },
    {
      name: 'login',
      description: 'Logs in',
      effect: 'read',
      inputs: {
        token: {
          type: 'string',
          prompt: 'Token',
          description: 'Token',
          validation: '^\\S+$',
          maxlength: 90,
          sensitive: true,
        },
        rights: { type: 'array', prompt: 'Rights', description: 'Rights', optional: true },
        pin: { type: 'integer', prompt: 'PIN', description: 'PIN', optional: true, sensitive: true },
      },
    },
  ],
};

export function node(identity: string, facts: Record<string, string>, answer?: ScriptedNode['answer']): ScriptedNode {
  const standard: ScriptedNode['answer'] = ({ action, inputs }) => {
    const { fact } = inputs;
    if (action === 'get_fact' && typeof fact === 'string') return { data: { fact, value: facts[fact] ?? null } };
    if (action === 'collective_info') return { data: { collectives: ['muster'], main_collective: 'muster' } };
    return { data: { pong: 1_700_000_000 } };
  };
  return {
    identity,
    collectives: ['muster'],
    facts,
    classes: [],
    agents: ['discovery', 'rpcutil', 'service'],
    answer: answer ?? standard,
  };
}

export const smallFleet = (more: Partial<Parameters<typeof scriptedEngine>[0]> = {}): ScriptedEngine =>
  scriptedEngine({
    nodes: [node('web2', { os: 'Debian' }), node('web1', { os: 'Debian' }), node('db1', { os: 'RedHat' })],
    ddls: [rpcutil, service],
    ...more,
  });

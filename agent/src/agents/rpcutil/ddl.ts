import type { agentDdlSchema } from '@muster/protocol/ddl';
import type { z } from 'zod';
import { ownPlugin } from '../metadata.ts';

type Ddl = z.input<typeof agentDdlSchema>;
type ActionDdl = Ddl['actions'][number];
type Output = NonNullable<ActionDdl['outputs']>[string];

const output = (display_as: string, description: string, type: Output['type'] = 'any'): Output => ({
  display_as,
  description,
  type,
});

/** All actions of rpcutil only read, and their answers are always shown. */
const reading = (name: string, description: string, more: Partial<ActionDdl> = {}): ActionDdl => ({
  name,
  description,
  display: 'always',
  effect: 'read',
  idempotent: true,
  ...more,
});

const collectiveOutputs = {
  main_collective: output('Main Collective', 'The first collective of the node', 'string'),
  collectives: output('All Collectives', 'All collectives that the node is in', 'array'),
};

const summaryOf = (name: string) => ({ function: 'summary' as const, output: name });

export const rpcutilDdl: Ddl = {
  kind: 'agent',
  name: 'rpcutil',
  description: 'Tells about a node: its facts, classes, agents, collectives, settings and how it fares',
  ...ownPlugin,
  timeout: 10,
  actions: [
    reading('collective_info', 'The main collective and all others', {
      outputs: collectiveOutputs,
      aggregates: [summaryOf('collectives')],
    }),
    reading('inventory', 'Everything that the node says of itself', {
      outputs: {
        agents: output('Agents', 'Names of the agents', 'array'),
        facts: output('Facts', 'All facts with their values', 'hash'),
        classes: output('Classes', 'Names of the classes', 'array'),
        version: output('Version', 'Version of Muster on the node', 'string'),
        ...collectiveOutputs,
        data_plugins: output('Data Plugins', 'Names of the data plugins', 'array'),
        digests: output('Digests', 'Digests of facts, classes, plugins and collectives', 'hash'),
      },
    }),
    reading('get_fact', 'One fact', {
      inputs: {
        fact: {
          type: 'string',
          prompt: 'Fact',
          description: 'Name of the fact, or a dotted path into a structured one',
          validation: '^[\\w\\-.:/]+$',
          maxlength: 256,
        },
      },
      outputs: {
        fact: output('Fact', 'Name of the fact', 'string'),
        value: output('Value', 'Its value; null where the node has no such fact'),
      },
      aggregates: [summaryOf('value')],
    }),
    reading('get_facts', 'Several facts', {
      inputs: {
        facts: {
          type: 'string',
          prompt: 'Facts',
          description: 'Names or dotted paths with commas between them',
          validation: '^\\s*[\\w\\-.:/]+(\\s*,\\s*[\\w\\-.:/]+)*\\s*$',
          maxlength: 4096,
        },
      },
      outputs: { values: output('Values', 'The facts and their values; null where the node has no such fact', 'hash') },
    }),
    reading('daemon_stats', 'How the agent fares', {
      outputs: {
        threads: output('Threads', 'What runs now, as agent#action', 'array'),
        agents: output('Agents', 'Names of the agents', 'array'),
        pid: output('PID', 'Process id of the agent', 'integer'),
        times: output('Times', 'Processor time that the agent has used, in seconds', 'hash'),
        memory: output('Memory', 'Resident memory of the agent, in bytes', 'integer'),
        validated: output('Security Validated', 'Messages whose signature, caller and form were right', 'integer'),
        unvalidated: output('Failed Security', 'Messages whose signature, caller or form was wrong', 'integer'),
        passed: output('Passed Filter', 'Requests that meant this node', 'integer'),
        filtered: output('Failed Filter', 'Requests that did not mean this node', 'integer'),
        starttime: output('Start Time', 'When the agent started, in seconds since the epoch', 'integer'),
        total: output('Total Messages', 'Messages received', 'integer'),
        replies: output('Replies', 'Answers sent', 'integer'),
        configfile: output('Config File', 'The configuration that the agent runs with', 'string'),
        version: output('Version', 'Version of Muster on the node', 'string'),
        ttlexpired: output('TTL Expired', 'Requests that came too late', 'integer'),
        skewed: output('Clock Skew', 'Requests that came from the future', 'integer'),
        replayed: output('Replayed', 'Requests that had been seen before', 'integer'),
        refused: output('Refused', 'Requests refused for what they asked or who asked', 'integer'),
      },
      aggregates: [summaryOf('version'), summaryOf('agents')],
    }),
    reading('agent_inventory', 'All agents and data plugins of the node', {
      outputs: {
        agents: output('Agents', 'Description of each agent, with its whole DDL', 'array'),
        data_plugins: output('Data Plugins', 'The DDL of each data plugin', 'array'),
      },
    }),
    reading('get_config_item', 'One setting of the agent', {
      inputs: {
        item: {
          type: 'string',
          prompt: 'Configuration item',
          description: 'Name of the setting, dotted inside sections; secrets are not given out',
          validation: '^.+$',
          maxlength: 50,
        },
      },
      outputs: {
        item: output('Property', 'Name of the setting', 'string'),
        value: output('Value', 'The value in force'),
      },
      aggregates: [summaryOf('value')],
    }),
    reading('get_data', 'What a data plugin says', {
      inputs: {
        source: {
          type: 'string',
          prompt: 'Data Source',
          description: 'Name of the data plugin',
          validation: '^\\w+$',
          maxlength: 50,
        },
        query: {
          type: 'string',
          prompt: 'Query',
          description: 'What to ask it',
          optional: true,
          validation: '^.+$',
          maxlength: 200,
        },
      },
    }),
    reading('ping', 'Answers with the time', {
      outputs: { pong: output('Timestamp', "The node's time, in seconds since the epoch", 'integer') },
    }),
  ],
};

import type { ActionDefinition } from '@muster/protocol/ddl';

const metadata = { author: 'Muster', license: 'Apache-2.0', version: '1.0.0', url: 'https://example.com', timeout: 5 };
const string = { type: 'string', prompt: 'Text', description: 'Text', validation: '.', maxlength: 1000 } as const;

const action = (name: string, effect: ActionDefinition['effect'], inputs: Readonly<Record<string, object>> = {}) => ({
  name,
  effect,
  inputs,
  description: name,
});

const agent = (name: string, actions: readonly ReturnType<typeof action>[]) => ({
  kind: 'agent',
  name,
  description: name,
  ...metadata,
  actions,
});

const optional = { ...string, optional: true };
const number = { type: 'integer', prompt: 'Number', description: 'Number', optional: true } as const;
const ofPackage = { package: string };
const ofService = { service: string };

/** Agents with the actions and inputs that the applications call. */
export const applicationDdls = [
  agent('package', [
    action('install', 'write', { ...ofPackage, version: optional }),
    ...['update', 'uninstall', 'purge'].map((name) => action(name, 'destructive', ofPackage)),
    ...['status', 'search'].map((name) => action(name, 'read', ofPackage)),
    ...['count', 'md5', 'checkupdates', 'apt_checkupdates', 'yum_checkupdates'].map((name) => action(name, 'read')),
    ...['refresh', 'apt_update'].map((name) => action(name, 'write')),
    action('yum_clean', 'write', { mode: optional }),
  ]),
  agent('service', [
    ...['start', 'stop', 'restart', 'enable', 'disable'].map((name) => action(name, 'write', ofService)),
    action('status', 'read', ofService),
  ]),
  agent('filemgr', [
    action('touch', 'write', { file: optional }),
    action('remove', 'destructive', { file: optional }),
    action('status', 'read', { file: optional }),
  ]),
  agent('nettest', [
    action('ping', 'read', { fqdn: string }),
    action('connect', 'read', { fqdn: string, port: { ...string, type: 'integer' } }),
  ]),
  agent('shell', [
    action('run', 'destructive', { command: string, user: optional, timeout: { ...number, type: 'float' } }),
    action('start', 'destructive', { command: string, user: optional }),
    action('status', 'read', { handle: string, stdout_offset: number, stderr_offset: number }),
    action('list', 'read'),
    action('kill', 'destructive', { handle: string }),
  ]),
  agent('tasks', [
    action('metadata', 'read', { task: optional }),
    ...['run_and_wait', 'run_no_wait'].map((name) =>
      action(name, 'destructive', { task: string, files: string, input: string, run_as: optional }),
    ),
    action('list', 'read'),
    action('task_status', 'read', { task_id: string }),
  ]),
  agent('process', [
    action('list', 'read', {
      pattern: optional,
      user: optional,
      just_zombies: { type: 'boolean', prompt: 'Zombies', description: 'Zombies', optional: true },
    }),
  ]),
];

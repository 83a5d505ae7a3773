import type { AnswerGroup } from '@muster/protocol/bridge';
import { isSame, questionOf, type Order, type Subject } from './subject.ts';

/** What can be done to the nodes of a group. */
export type ActName =
  | 'install'
  | 'installVersion'
  | 'update'
  | 'uninstall'
  | 'purge'
  | 'start'
  | 'stop'
  | 'restart'
  | 'enable'
  | 'disable'
  | 'runonce'
  | 'again';

export interface GroupAct extends Order {
  readonly name: ActName;
  /** The version to install, for `installVersion`. */
  readonly version?: string;
}

type Data = AnswerGroup['data'];

/** The version or state that a group has in common; null where its nodes did not say. */
export function stateOf({ kind }: Subject, { state, data }: Pick<AnswerGroup, 'state' | 'data'>): string | null {
  if (state !== 'ok') return null;
  const parameters = data['parameters'];
  const isHash = typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters);
  const byKind = {
    package: data['ensure'],
    service: data['status'],
    resource: isHash ? (parameters as Data)['ensure'] : undefined, // checked above
    updates: undefined,
  } as const;
  const value = byKind[kind];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Whether a package is not there, whatever the words of who says so. */
export const isAbsent = (ensure: string | null): boolean => ensure === 'absent' || ensure === 'purged';

function packageActs(name: string, ensure: string | null, usual: string | null): readonly GroupAct[] {
  const act = (action: ActName): GroupAct => ({
    name: action,
    agent: 'package',
    action,
    inputs: { package: name },
  });
  const level: readonly GroupAct[] =
    usual === null || isAbsent(usual) || usual === ensure
      ? []
      : [{ ...act('install'), name: 'installVersion', version: usual, inputs: { package: name, version: usual } }];
  return isAbsent(ensure) ? [act('install'), ...level] : [act('update'), ...level, act('uninstall'), act('purge')];
}

function serviceActs(name: string, status: string | null): readonly GroupAct[] {
  const names: readonly ActName[] =
    status === 'running' ? ['restart', 'stop', 'enable', 'disable'] : ['start', 'restart', 'enable', 'disable'];
  return names.map((action) => ({ name: action, agent: 'service', action, inputs: { service: name } }));
}

/** What Puppet calls versions: words such as `present` are none. */
const asVersion = (ensure: string | null): string | null => (ensure !== null && /^\d/.test(ensure) ? ensure : null);

/**
 * What can be done to the nodes of a group, the likeliest first. Where they did not answer `ok`, they can only be asked again: nobody knows what
 * is the matter with them. `usual` is the state of most nodes.
 */
export function actsOn(subject: Subject, group: AnswerGroup, usual: AnswerGroup | null): readonly GroupAct[] {
  const again: GroupAct = { name: 'again', ...questionOf(subject) };
  if (group.state !== 'ok') return [again];
  const here = stateOf(subject, group);
  const most = usual === null ? null : stateOf(subject, usual);
  const { kind, name } = subject;
  if (kind === 'package') return [...packageActs(name, here, most), again];
  if (kind === 'service') return [...serviceActs(name, here), again];
  const is = (type: string) => isSame({ ...subject, type }, subject);
  const own = is('package') ? packageActs(name, here, asVersion(most)) : is('service') ? serviceActs(name, here) : [];
  return [...own, { name: 'runonce', agent: 'puppet', action: 'runonce', inputs: {} }, again];
}

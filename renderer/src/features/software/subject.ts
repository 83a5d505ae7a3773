import type { RunSummary } from '@muster/protocol/bridge';

/** What the page asks the fleet about; `updates` are all packages that could be newer. */
export const subjectKinds = ['package', 'service', 'resource', 'updates'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** One thing that nodes are asked about. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Of the package or service, or the title of the resource; empty for updates. */
  readonly name: string;
  /** Of the resource; empty for all others. */
  readonly type: string;
}

/** An action with its inputs, as a run is ordered. */
export interface Order {
  readonly agent: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** The actions that ask, each of one kind. */
export const questions: Readonly<Record<SubjectKind, Pick<Order, 'agent' | 'action'>>> = {
  package: { agent: 'package', action: 'status' },
  service: { agent: 'service', action: 'status' },
  resource: { agent: 'puppetral', action: 'find' },
  updates: { agent: 'package', action: 'checkupdates' },
};

/** Outputs that say in which group a node belongs; all others tell more about it and make no group of their own. */
export const tellingOutputs: Readonly<Record<SubjectKind, readonly string[]>> = {
  package: ['ensure'],
  service: ['status'],
  resource: ['parameters', 'managed'],
  updates: ['outdated_packages'],
};

/** Whether there is enough to ask for. */
export const isComplete = ({ kind, name, type }: Subject): boolean =>
  kind === 'updates' || (name !== '' && (kind !== 'resource' || type !== ''));

export function questionOf(subject: Subject): Order {
  const { kind, name, type } = subject;
  const inputs: Readonly<Record<SubjectKind, Order['inputs']>> = {
    package: { package: name },
    service: { service: name },
    resource: { type, title: name },
    updates: {},
  };
  return { ...questions[kind], inputs: inputs[kind] };
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What a run asked about; null for runs that asked something else. */
export function subjectOf({ agent, action, inputs }: Pick<RunSummary, 'agent' | 'action' | 'inputs'>): Subject | null {
  const kind = subjectKinds.find((one) => questions[one].agent === agent && questions[one].action === action);
  if (kind === undefined) return null;
  const name = asText(kind === 'resource' ? inputs['title'] : inputs[kind]);
  const subject = { kind, name, type: kind === 'resource' ? asText(inputs['type']) : '' };
  return isComplete(subject) ? subject : null;
}

export const isSame = (one: Subject, other: Subject): boolean =>
  one.kind === other.kind && one.name === other.name && one.type.toLowerCase() === other.type.toLowerCase();

/** What Puppet calls it: `Package[nginx]`. */
export const titleOf = ({ kind, name, type }: Subject): string =>
  kind === 'resource' ? `${type.charAt(0).toUpperCase()}${type.slice(1)}[${name}]` : name;

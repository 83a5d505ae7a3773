import type { AnswerGroup } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { texts } from '../../texts/texts.ts';
import { differences, type Difference } from './json-difference.ts';

/** An output of an answer, as a person calls it. */
export interface GroupField {
  readonly output: string;
  readonly title: string;
  readonly value: unknown;
}

/** One place in which a group differs from the majority. */
export interface FieldDifference extends Difference {
  /** Name of the output, or of what the node said. */
  readonly title: string;
  /** Where inside the output, as text; empty for the output itself. */
  readonly inside: string;
}

export const fieldTitle = (action: ActionDefinition | null, output: string): string =>
  action?.outputs[output]?.display_as ?? output;

const isIndex = (part: string | number): part is number => typeof part === 'number';
const pathText = (path: Difference['path']): string =>
  path
    .map((part) => (isIndex(part) ? `[${part + 1}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');

/** The outputs of an answer: those that the action describes first, in its order. */
export function groupFields({ data }: AnswerGroup, action: ActionDefinition | null): readonly GroupField[] {
  const described = Object.keys(action?.outputs ?? {}).filter((output) => Object.hasOwn(data, output));
  const others = Object.keys(data).filter((output) => !described.includes(output));
  return [...described, ...others].map((output) => ({
    output,
    title: fieldTitle(action, output),
    value: data[output],
  }));
}

/** Where a group differs from the majority, in the order of its fields. */
export function groupDifferences(
  majority: Pick<AnswerGroup, 'data' | 'statusMessage'>,
  group: Pick<AnswerGroup, 'data' | 'statusMessage'>,
  action: ActionDefinition | null,
): readonly FieldDifference[] {
  const order = [
    ...new Set([...Object.keys(action?.outputs ?? {}), ...Object.keys(majority.data), ...Object.keys(group.data)]),
  ];
  const found = order.flatMap((output) =>
    differences(majority.data[output], group.data[output], [output]).map((difference) => ({
      ...difference,
      title: fieldTitle(action, output),
      inside: pathText(difference.path.slice(1)),
    })),
  );
  if (majority.statusMessage === group.statusMessage) return found;
  const message = {
    path: ['@message'],
    title: texts.run.message,
    inside: '',
    usual: majority.statusMessage,
    here: group.statusMessage,
  };
  return [message, ...found];
}

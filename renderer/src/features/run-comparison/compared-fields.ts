import { codeField, messageField, type ComparedNode } from '@muster/protocol/bridge';
import type { ActionDefinition } from '@muster/protocol/ddl';
import { texts } from '../../texts/texts.ts';
import { fieldTitle, groupDifferences, type FieldDifference } from '../answer-groups/group-fields.ts';

/** What a person calls an output, or what stands beside the outputs. */
export function comparedTitle(action: ActionDefinition | null, field: string): string {
  if (field === messageField) return texts.run.message;
  return field === codeField ? texts.comparison.code : fieldTitle(action, field);
}

/** Where a node's two answers differ, the state first; empty for a node of one run only. What is ignored is left out. */
export function nodeDifferences(
  { before, after }: Pick<ComparedNode, 'before' | 'after'>,
  action: ActionDefinition | null,
  ignored: ReadonlySet<string>,
): readonly FieldDifference[] {
  if (before === null || after === null) return [];
  const plain = (path: string, title: string, usual: unknown, here: unknown): readonly FieldDifference[] =>
    usual === here || ignored.has(path) ? [] : [{ path: [path], title, inside: '', usual, here }];
  return [
    ...plain('@state', texts.comparison.state, texts.nodeStates[before.state], texts.nodeStates[after.state]),
    ...plain(codeField, texts.comparison.code, before.statusCode, after.statusCode),
    ...groupDifferences(before, after, action).filter(({ path }) => !ignored.has(String(path[0]))),
  ];
}

import type { FactDifference } from '@muster/protocol/bridge';
import type { FieldDifference } from '../answer-groups/group-fields.ts';

/** A fact that differs, as the table of differences shows it. */
export const asFieldDifference = ({ path, before, after }: FactDifference): FieldDifference => ({
  path: [path],
  title: path,
  inside: '',
  usual: before,
  here: after,
});

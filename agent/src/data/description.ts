import type { InputDefinition, OutputDefinition } from '@muster/protocol/ddl';
import { ownPlugin } from '../agents/metadata.ts';

/** What Muster's own data plugins have in common; time limit 1 s. */
export const dataPluginBase = (name: string, description: string) =>
  ({ kind: 'data', name, description, ...ownPlugin, timeout: 1 }) as const;

/** The one question that a data plugin is asked. */
export const question = (
  prompt: string,
  description: string,
  bounds: { readonly validation: string; readonly maxlength: number },
): InputDefinition => ({ type: 'string', prompt, description, optional: false, sensitive: false, ...bounds });

export const text = (
  display_as: string,
  description: string,
  type: OutputDefinition['type'] = 'string',
): OutputDefinition => ({
  display_as,
  description,
  type,
});

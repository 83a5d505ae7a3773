import type { agentDdlSchema } from '@muster/protocol/ddl';
import type { z } from 'zod';

/** A description as it is written down, with what has a default left out. */
export type AgentParts = z.input<typeof agentDdlSchema>;
export type ActionParts = AgentParts['actions'][number];
type Output = NonNullable<ActionParts['outputs']>[string];
type Input = NonNullable<ActionParts['inputs']>[string];

/** An output of an action. */
export const output = (
  display_as: string,
  description: string,
  type: Output['type'] = 'string',
  more: Pick<Output, 'default'> = {},
): Output => ({ display_as, description, type, ...more });

/** An input that is a string. */
export const textInput = (
  prompt: string,
  description: string,
  bounds: { readonly validation: string; readonly maxlength: number },
  more: Partial<Input> = {},
): Input => ({ type: 'string', prompt, description, ...bounds, ...more });

/** An input of another type, without a default. */
export const input = (
  type: 'integer' | 'number' | 'boolean' | 'array' | 'hash',
  prompt: string,
  description: string,
  more: Partial<Input> = {},
): Input => ({ type, prompt, description, ...more });

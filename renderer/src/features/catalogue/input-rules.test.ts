import { inputSchema } from '@muster/protocol/ddl';
import type { z } from 'zod';
import { expect, it } from 'vitest';
import { inputRules } from './input-rules.ts';

const rules = (input: Partial<z.input<typeof inputSchema>>) =>
  inputRules(
    inputSchema.parse({ type: 'string', prompt: '', description: '', validation: '.', maxlength: 0, ...input }),
  );

it('says in words what an input must be', () => {
  expect(rules({})).toEqual([]);
  expect(rules({ validation: 'hostname', maxlength: 90 })).toEqual(['must be a host name', 'at most 90 characters']);
  expect(rules({ validation: '^a+$' })).toEqual(['must match ^a+$']);
  expect(rules({ type: 'list', list: ['hard', 'soft'], default: 'soft' })).toEqual([
    'one of hard, soft',
    'soft unless given',
  ]);
  // Names that objects have by themselves are no validators.
  expect(rules({ validation: 'constructor' })).toEqual(['must match constructor']);
});

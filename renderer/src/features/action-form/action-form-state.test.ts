import { actionSchema } from '@muster/protocol/ddl';
import { describe, expect, it } from 'vitest';
import { ActionFormState } from './action-form-state.svelte.ts';

const action = actionSchema.parse({
  name: 'restart',
  description: 'Restarts a service',
  effect: 'write',
  inputs: {
    service: { type: 'string', prompt: 'Service', description: '', validation: 'service_name', maxlength: 20 },
    tries: { type: 'integer', prompt: 'Tries', description: '', default: 3 },
    mode: { type: 'list', prompt: 'Mode', description: '', list: ['soft', 'hard'], optional: true, default: 'soft' },
    force: { type: 'boolean', prompt: 'Force', description: '', optional: true },
    options: { type: 'hash', prompt: 'Options', description: '', optional: true },
    secret: {
      type: 'string',
      prompt: 'Secret',
      description: '',
      validation: '.',
      maxlength: 9,
      optional: true,
      sensitive: true,
    },
  },
});

const complaints = (form: ActionFormState) =>
  form.fields.flatMap(({ key, complaint }) => (complaint === null ? [] : [key, complaint]));

describe('ActionFormState', () => {
  it('begins with the defaults of what is required and complains about nothing yet', () => {
    const form = new ActionFormState(action);
    expect(form.fields.map(({ typed }) => typed)).toEqual(['', '3', '', '', '', '']);
    expect(complaints(form)).toEqual([]);
    expect(form.inputs.ok).toBe(false);
  });

  it('complains about what is missing once it was visited', () => {
    const form = new ActionFormState(action);
    form.visit('service');
    expect(complaints(form)).toEqual(['service', 'Needed']);
  });

  it('reads each type and leaves out what is not given', () => {
    const form = new ActionFormState(action);
    form.type('service', 'nginx');
    form.type('force', 'false');
    form.type('options', '{"a":[1]}');
    expect(form.inputs).toEqual({ ok: true, value: { service: 'nginx', tries: 3, force: false, options: { a: [1] } } });
  });

  it('says what is wrong without naming the input', () => {
    const form = new ActionFormState(action);
    form.type('service', '-rf');
    form.type('tries', '1.5');
    form.type('options', '{');
    expect(complaints(form)).toEqual([
      'service',
      'Must be a service name',
      'tries',
      'Must be an integer',
      'options',
      'Not JSON yet: it ends too early',
    ]);
  });

  it('says where a text stops being JSON', () => {
    const form = new ActionFormState(action);
    form.type('options', '{"a": 1,\n  b: 2}');
    expect(complaints(form)).toEqual(['options', 'Not JSON: b in line 2, column 3']);
    form.type('options', '[1]');
    expect(complaints(form)).toEqual(['options', 'Must be a hash']);
  });

  it('never gives secrets away for keeping', () => {
    const form = new ActionFormState(action, { service: 'a', secret: 'x' });
    expect(form.keptText).toEqual({ service: 'a', tries: '3', mode: '', force: '', options: '' });
  });
});

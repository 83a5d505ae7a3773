// @vitest-environment jsdom
import '../../../test/components/dom.ts';
import { agentDdlSchema } from '@muster/protocol/ddl';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import FormBench from '../../../test/components/FormBench.svelte';
import { ActionFormState } from './action-form-state.svelte.ts';

const given = { description: 'What it is for' };
const restart = {
  name: 'restart',
  description: 'Restarts a service',
  effect: 'write',
  inputs: {
    service: { ...given, type: 'string', prompt: 'Service', validation: 'service_name', maxlength: 20 },
    tries: { ...given, type: 'integer', prompt: 'Tries', default: 3 },
    force: { ...given, type: 'boolean', prompt: 'Force', optional: true },
    mode: { ...given, type: 'list', prompt: 'Mode', list: ['soft', 'hard'], optional: true },
    secret: {
      ...given,
      type: 'string',
      prompt: 'Secret',
      validation: '.',
      maxlength: 9,
      optional: true,
      sensitive: true,
    },
  },
  outputs: { state: { description: 'How it is now', display_as: 'State' } },
};
const agent = agentDdlSchema.parse({
  kind: 'agent',
  name: 'service',
  description: 'Services of a node',
  author: 'Muster',
  license: 'Apache-2.0',
  version: '1.2.0',
  url: 'https://example.com',
  timeout: 10,
  actions: [restart],
});

function showForm() {
  const [action] = agent.actions;
  if (action === undefined) throw new Error('The agent has no action');
  const form = new ActionFormState(action);
  const onChange = vi.fn();
  render(FormBench, { chosen: { agent, action, nodes: 40 }, form, onChange });
  const field = (name: string) => screen.getByLabelText<HTMLInputElement>((label) => label.startsWith(name));
  const explained = (input: HTMLElement) =>
    document.getElementById(input.getAttribute('aria-describedby') ?? '')?.textContent.trim();
  const type = (name: string, value: string) => fireEvent.input(field(name), { target: { value } });
  return { form, onChange, field, explained, type };
}

describe('the form of an action', () => {
  it('says what the action does, to how many, and what it answers', () => {
    showForm();
    expect(screen.getByRole('heading', { name: 'service restart' })).toBeDefined();
    expect(screen.getByTestId('action-effect').textContent).toContain('Changes something on the nodes');
    expect(screen.getByText('1.2.0, on 40 nodes')).toBeDefined();
    expect(screen.getByText('The newest version')).toBeDefined();
    expect(screen.getByText('How it is now')).toBeDefined();
  });

  it('has the right control for each type, named and explained', () => {
    const { field, explained } = showForm();
    expect(field('Service').getAttribute('aria-required')).toBe('true');
    expect(explained(field('Service'))).toContain('What it is for');
    expect(field('Tries').inputMode).toBe('decimal');
    expect(field('Tries').value).toBe('3');
    const yesOrNo = screen.getByRole('group', { name: 'Force' });
    expect([...yesOrNo.querySelectorAll('button')].map(({ textContent }) => textContent.trim())).toEqual([
      'Not set',
      'Yes',
      'No',
    ]);
    expect(screen.getByRole('combobox', { name: 'Mode' }).textContent).toContain('Not set');
    expect(field('Secret').type).toBe('password');
    expect(explained(field('Secret'))).toContain('Not stored, not shown');
  });

  it('gives what is typed and chosen to the run', async () => {
    const { form, onChange, type } = showForm();
    await type('Service', 'nginx');
    await type('Tries', '5');
    await fireEvent.click(screen.getByRole('button', { name: 'No' }));
    expect(form.inputs).toEqual({ ok: true, value: { service: 'nginx', tries: 5, force: false } });
    expect(onChange).toHaveBeenCalledTimes(3);
  });

  it('complains at the input once somebody was there, and stops when it fits', async () => {
    const { field, explained, type } = showForm();
    expect(field('Service').getAttribute('aria-invalid')).toBe('false');
    await fireEvent.blur(field('Service'));
    expect(field('Service').getAttribute('aria-invalid')).toBe('true');
    expect(explained(field('Service'))).toBe('Needed');
    await type('Service', '-rf');
    expect(explained(field('Service'))).toBe('Must be a service name');
    await type('Service', 'nginx');
    expect(field('Service').getAttribute('aria-invalid')).toBe('false');
    expect(explained(field('Service'))).toContain('What it is for');
    await type('Tries', '1.5');
    expect(screen.getByTestId('input-tries-complaint').textContent).not.toBe('');
  });

  it('shows a secret only while that is asked for, and keeps it nowhere', async () => {
    const { form, field, type } = showForm();
    await type('Secret', 'hunter2');
    await fireEvent.click(screen.getByRole('button', { name: 'Show what is typed' }));
    expect(field('Secret').type).toBe('text');
    await fireEvent.click(screen.getByRole('button', { name: 'Hide what is typed' }));
    expect(field('Secret').type).toBe('password');
    expect(form.keptText).not.toHaveProperty('secret');
    expect(form.inputs.ok).toBe(false);
  });
});

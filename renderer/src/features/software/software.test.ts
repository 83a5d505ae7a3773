import type { AnswerGroup } from '@muster/protocol/bridge';
import { describe, expect, it } from 'vitest';
import { createWindowRig } from '../../../test/window-rig.ts';
import { actsOn, stateOf } from './group-acts.ts';
import { toneOf } from './group-look.ts';
import { SoftwareState } from './software-state.svelte.ts';
import { isComplete, questionOf, subjectKinds, subjectOf, titleOf, type Subject } from './subject.ts';
import { UpdatesState } from './updates-state.svelte.ts';

const nginx: Subject = { kind: 'package', name: 'nginx', type: '' };
const ssh: Subject = { kind: 'service', name: 'ssh', type: '' };
const motd: Subject = { kind: 'resource', name: '/etc/motd', type: 'file' };
const updates: Subject = { kind: 'updates', name: '', type: '' };

const group = (data: AnswerGroup['data'], more: Partial<AnswerGroup> = {}): AnswerGroup => ({
  key: JSON.stringify(data),
  state: 'ok',
  statusCode: 0,
  statusMessage: 'OK',
  data,
  nodes: 1,
  identities: ['web1'],
  ...more,
});
const namesOf = (subject: Subject, here: AnswerGroup, usual: AnswerGroup | null = null) =>
  actsOn(subject, here, usual).map(({ name }) => name);

describe('what the fleet is asked about', () => {
  it.each([nginx, ssh, motd, updates])('is found again in the run that asks: $kind', (subject) => {
    expect(subjectOf(questionOf(subject))).toEqual(subject);
  });

  it('is nothing in runs that ask something else, or have lost their inputs', () => {
    expect(subjectOf({ agent: 'package', action: 'install', inputs: { package: 'nginx' } })).toBeNull();
    expect(subjectOf({ agent: 'package', action: 'status', inputs: {} })).toBeNull();
    expect(subjectOf({ agent: 'service', action: 'status', inputs: { service: 7 } })).toBeNull();
  });

  it('has to be named, all but updates', () => {
    expect(subjectKinds.filter((kind) => isComplete({ kind, name: '', type: '' }))).toEqual(['updates']);
    expect(isComplete({ ...motd, type: '' })).toBe(false);
    expect(titleOf(motd)).toBe('File[/etc/motd]');
  });
});

describe('what can be done to a group', () => {
  const newer = group({ ensure: '1.24.0-1' });
  const older = group({ ensure: '1:1.22.1-9' });
  const absent = group({ ensure: 'absent' });

  it('brings packages to the newest version, or to that of most nodes', () => {
    expect(namesOf(nginx, newer, newer)).toEqual(['update', 'uninstall', 'purge', 'again']);
    expect(namesOf(nginx, older, newer)).toEqual(['update', 'installVersion', 'uninstall', 'purge', 'again']);
    expect(actsOn(nginx, older, newer)[1]).toEqual({
      name: 'installVersion',
      agent: 'package',
      action: 'install',
      version: '1.24.0-1',
      inputs: { package: 'nginx', version: '1.24.0-1' },
    });
    expect(namesOf(nginx, absent, newer)).toEqual(['install', 'installVersion', 'again']);
    expect(namesOf(nginx, newer, absent)).toEqual(['update', 'uninstall', 'purge', 'again']);
  });

  it('fits the state of services', () => {
    expect(namesOf(ssh, group({ status: 'running' }))).toEqual(['restart', 'stop', 'enable', 'disable', 'again']);
    expect(namesOf(ssh, group({ status: 'stopped' }))[0]).toBe('start');
  });

  it('of resources is what their type can do, and Puppet', () => {
    expect(namesOf(motd, group({ parameters: { ensure: 'file' } }))).toEqual(['runonce', 'again']);
    const resource = { ...motd, type: 'Package', name: 'nginx' };
    const present = group({ parameters: { ensure: 'present' } });
    expect(namesOf(resource, group({ parameters: { ensure: '1.22' } }), present)).toEqual([
      ...['update', 'uninstall', 'purge', 'runonce', 'again'],
    ]);
  });

  it('is to ask again where nodes did not answer, or failed', () => {
    const silent = group({}, { state: 'no_answer', statusCode: null });
    expect(namesOf(nginx, silent, newer)).toEqual(['again']);
    expect(stateOf(nginx, silent)).toBeNull();
  });

  it('shows by its colour what needs a look', () => {
    expect([newer, older, absent].map((one) => toneOf(nginx, one, newer))).toEqual(['ok', 'warn', 'idle']);
    const [running, stopped] = [group({ status: 'running' }), group({ status: 'stopped' })];
    expect([running, stopped].map((one) => toneOf(ssh, one, stopped))).toEqual(['ok', 'warn']);
  });
});

describe('SoftwareState', () => {
  it('asks by an ordinary run, and knows it afterwards', async () => {
    const { bridge, engine, settled } = createWindowRig(12);
    const software = new SoftwareState(bridge);
    await settled();
    expect(software.recent).toEqual([]);
    const runId = await software.ask(nginx, 'role=web');
    expect(engine.runs[0]?.order).toMatchObject({
      agent: 'package',
      action: 'status',
      inputs: { package: 'nginx' },
      target: { kind: 'filter', filter: 'role=web' },
    });
    await settled();
    expect(software.recent?.map(({ subject }) => subject)).toEqual([nginx]);
    expect(software.lastRun(nginx)?.runId).toBe(runId);
    expect(software.lastRun(ssh)).toBeNull();
  });

  it('says why nothing was asked', async () => {
    const { bridge, engine, settled } = createWindowRig(3);
    const software = new SoftwareState(bridge);
    await settled();
    engine.isGone = true;
    expect(await software.ask(nginx, '')).toBeNull();
    expect(software.fault?.code).toBe('bridge.unreachable');
    expect(software.isAsking).toBe(false);
  });
});

describe('UpdatesState', () => {
  it('turns the answers round: packages with their nodes', async () => {
    const { bridge, clock, engine, settled } = createWindowRig(12);
    const runId = (await new SoftwareState(bridge).ask(updates, '')) ?? '';
    engine.runs[0]?.advance(12, clock.now());
    const state = new UpdatesState(bridge, clock, runId);
    await settled();
    expect(state.found?.updates.map((one) => [one.package, one.nodes])).toEqual([
      ['curl', 4],
      ['openssl', 2],
    ]);
    expect(state.found).toMatchObject({ answered: 12, current: 8 });
    expect(await state.nodesOf('openssl')).toHaveLength(2);
    expect(state.isComplete).toBe(false);
    state.noteNews({ state: 'finished' });
    await settled();
    expect(state.isComplete).toBe(true);
    state.searchFor('ssl');
    clock.move(1000);
    await settled();
    expect(state.found?.updates.map((one) => one.package)).toEqual(['openssl']);
    state.dispose();
    expect(clock.pending).toBe(0);
  });
});

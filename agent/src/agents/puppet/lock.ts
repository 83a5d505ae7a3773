import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { textOf, type ActionCall } from '../../api/index.ts';
import { puppetHere } from './surroundings.ts';

const two = (number: number): string => String(number).padStart(2, '0');

/** Local time to the minute: `2026-03-09 14:05`. */
function localMinute(nowMs: number): string {
  const at = new Date(nowMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** Puts the lock in place that keeps Puppet from running, as `puppet agent --disable` does. */
export async function disable(call: ActionCall): Promise<void> {
  const { request, reply } = call;
  const { files } = await puppetHere(call);
  const lock = files.agent_disabled_lockfile;
  const message =
    textOf(request.inputs, 'message') ?? `Disabled via Muster by ${request.caller} at ${localMinute(call.clock())}`;
  reply['enabled'] = true;
  try {
    await mkdir(dirname(lock), { recursive: true, mode: 0o750 });
    // Only one may make it: who is second learns that it was there.
    await writeFile(lock, JSON.stringify({ disabled_message: message }), { flag: 'wx', mode: 0o644 });
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') call.fail(`Could not disable Puppet: ${reasonOf(thrown)}`);
    reply['enabled'] = false;
    call.fail('Could not disable Puppet: Already disabled');
  }
  reply['enabled'] = false;
  // Spelt as scripts know it from MCollective.
  reply['status'] = `Succesfully locked the Puppet agent: ${message}`;
}

/** Takes the lock away. */
export async function enable(call: ActionCall): Promise<void> {
  const { reply } = call;
  const { files } = await puppetHere(call);
  try {
    await unlink(files.agent_disabled_lockfile);
  } catch (thrown) {
    const wasEnabled = codeOf(thrown) === 'ENOENT';
    reply['enabled'] = wasEnabled;
    call.fail(`Could not enable Puppet: ${wasEnabled ? 'Already enabled' : reasonOf(thrown)}`);
  }
  reply['enabled'] = true;
  reply['status'] = 'Succesfully enabled the Puppet agent';
}

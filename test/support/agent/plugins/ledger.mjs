import { appendFile, access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

async function write({ stateFolder }, line) {
  await appendFile(join(stateFolder, 'ledger'), `${line}\n`);
}

/** Whether there is a file of that name, at last; false when the action was aborted before. */
async function isToEnd({ stateFolder, signal }, name) {
  while (!signal.aborted) {
    try {
      await access(join(stateFolder, name));
      return true;
    } catch {
      await pause(20);
    }
  }
  return false;
}

async function work(context) {
  const { name } = context.request.inputs;
  await write(context, `begin ${name}`);
  await isToEnd(context, name);
  await write(context, `end ${name}`);
}

async function wait(context) {
  const { name } = context.request.inputs;
  await write(context, `begin ${name}`);
  const ends = await isToEnd(context, name);
  await write(context, `${ends ? 'end' : 'stop'} ${name}`);
  context.signal.throwIfAborted();
}

export default { actions: { work, wait } };

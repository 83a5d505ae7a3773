import { appendFile, access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

async function work({ request, stateFolder, signal }) {
  const { name } = request.inputs;
  const ledger = join(stateFolder, 'ledger');
  await appendFile(ledger, `begin ${name}\n`);
  while (!signal.aborted) {
    try {
      await access(join(stateFolder, name));
      break;
    } catch {
      await pause(20);
    }
  }
  await appendFile(ledger, `end ${name}\n`);
}

export default { actions: { work } };

// Loaded into agents and consoles before their own code (`--import`): writes how much of the heap is in use after a collection,
// to the file `PID` in the folder MUSTER_HEAP_REPORTS, whenever SIGWINCH comes. Nothing of the program under test changes.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGWINCH', () => {
  collect();
  writeFileSync(join(process.env.MUSTER_HEAP_REPORTS, String(process.pid)), String(process.memoryUsage().heapUsed));
});

import { unwrap } from '@muster/protocol/errors';
import { createLogger } from '@muster/runtime/logging';
import { openStorage } from '../../../client/src/storage/index.ts';
import { runIdOf, sampleAnswer, sampleRun } from './storage-samples.ts';

/* A program that stores runs with one answer each for as long as it lives: `storage-writer.ts FILE FIRST`. It prints the number of each that is stored. */

const [file = '', first = '1'] = process.argv.slice(2);
const logger = createLogger({ name: 'writer', level: 'silent', destination: { write: () => undefined } });
const storage = unwrap(await openStorage({ file, clock: Date.now, logger }));
for (let number = Number(first); ; number++) {
  const summary = sampleRun(runIdOf(number));
  unwrap(await storage.insertRun(summary, 'writer'));
  unwrap(await storage.recordRun({ summary, answers: [sampleAnswer('web1', { text: 'z'.repeat(3000) })] }, 'writer'));
  process.stdout.write(`${number}\n`);
}

import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import { openJournal, type Journal } from '@muster/agent/requests';
import { unwrap, type Fault } from '@muster/protocol/errors';
import { answerTo, askedBy, numbered } from '../../support/agent/journal-requests.ts';
import { MemoryFiles } from '../../support/agent/memory-files.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

const file = 'requests.journal';
const nowMs = 1_000_000;

async function open(files: MemoryFiles, faults: Fault[]): Promise<Journal> {
  const onFault = (fault: Fault) => faults.push(fault);
  return unwrap(await openJournal({ file, files, clock: () => nowMs, onFault, ballastBytes: 0 }));
}

/** Lines of JSON with the sums before them that make them records. */
const sealed = (lines: readonly string[]): string =>
  lines.map((json) => `\n${crc32(json).toString(16).padStart(8, '0')} ${json}\n`).join('');

/** The input as lines: the elements of a list in JSON, or what its line ends part. */
function linesOf(text: string): readonly string[] {
  try {
    const json: unknown = JSON.parse(text);
    if (Array.isArray(json)) return json.map((element) => JSON.stringify(element));
  } catch {
    // It is no JSON as a whole.
  }
  return text.split('\n');
}

const ours = numbered(0xffff);

/** What holds for a journal whose file holds anything at all. */
async function assertJournal(content: Buffer): Promise<void> {
  const files = new MemoryFiles();
  files.put(file, content);
  const faults: Fault[] = [];
  const first = await open(files, faults);
  for (const fault of faults) assertFault(fault, { codes: /^storage\.corrupt$/ });
  const unsent = first.unsent();
  const standing = first.meet(ours);
  if (standing.kind === 'new') {
    unwrap(await first.begin(ours, askedBy(ours), nowMs));
    assert.ok(await first.conclude(ours, answerTo(ours), 'durably'), 'an answer is not kept');
    first.sent(`${ours.sender} ${ours.requestId}`);
  }
  await first.close();
  const later: Fault[] = [];
  const second = await open(files, later);
  assert.deepEqual(later, [], 'what was found damaged is damaged again');
  assert.deepEqual(second.unsent(), unsent, 'an answer was lost or changed');
  assert.notEqual(second.meet(ours).kind, 'new', 'a request that was met is new again');
  await second.close();
}

/** A journal as an agent leaves it. */
async function written(): Promise<Buffer> {
  const files = new MemoryFiles();
  const journal = await open(files, []);
  for (const request of [numbered(1), numbered(2), numbered(3, { replyTo: null })]) {
    journal.meet(request);
    unwrap(await journal.begin(request, askedBy(request), nowMs));
  }
  await journal.conclude(numbered(1), answerTo(numbered(1)), 'durably');
  journal.sent(`alice ${numbered(1).requestId}`);
  await journal.cancelAhead(`alice ${numbered(4).requestId}`, 'cert=alice');
  await journal.close();
  return files.content(file) ?? Buffer.alloc(0);
}

export const openTarget = async (): Promise<FuzzTarget> => {
  // Without the zeros that fill the file.
  const good = (await written()).toString('utf8').replace(/\0+$/, '');
  const records = good.split('\n').flatMap((line) => line.slice(9) || []);
  const unsure = `{"kind":"unsure","beforeMs":${nowMs - 1}}`;
  return {
    about:
      'The journal of a node, damaged or made up: opened, repaired, gone on with, and the same when it is opened again.',
    maxBytes: 64 * 1024,
    json: true,
    words: [
      '\n',
      '"kind":"sent"',
      '"kind":"cancelled"',
      '"kind":"unsure","beforeMs":1',
      '"alice 00000000000000000000000000000001"',
    ],
    starts: [good, `[${[unsure, ...records].join(',')}]`, records.join('\n')],
    async run(input) {
      await assertJournal(Buffer.from(input));
      await assertJournal(Buffer.from(sealed(linesOf(toText(input)))));
    },
  };
};

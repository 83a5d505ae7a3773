import type { RunSummary } from '@muster/protocol/bridge';
import { unwrap } from '@muster/protocol/errors';
import type { Storage, StoredAnswer } from '../../../client/src/storage/index.ts';
import { escapes, formulas, markup, pollution } from '../agent/hostile-texts.ts';
import { runIdOf, sampleAnswer, sampleRun } from './storage-samples.ts';

/** What breaks tables: bars, back quotes, line breaks of every kind, links, emphasis, headings. */
export const marks =
  'a|b `c` ``d`` **e** _f_ [g](javascript:h) https://attacker.example www.attacker.example\r\n# h\n| i | j |';

/** An answer of each kind of attack, by the name of the node that gives it. */
export const hostileWords: Readonly<Record<string, string>> = {
  'bars.example.com': marks,
  'escapes.example.com': escapes,
  'markup.example.com': markup,
  ...Object.fromEntries(formulas.map((formula, at) => [`formula${at}.example.com`, formula])),
  'scripts.example.com': 'مرحبا שלום 日本語 🚀 \u0000\u2028\u2029\u200B',
};

const hostileId = runIdOf(0x66);

/** Stores a finished run in which every node says something that somebody would run, break or turn around. */
export async function storeHostileRun(storage: Storage): Promise<string> {
  const names = Object.keys(hostileWords);
  const answers = names.map((identity): StoredAnswer => ({
    ...sampleAnswer(identity),
    state: identity.startsWith('formula') ? 'failed' : 'ok',
    statusMessage: hostileWords[identity] ?? '',
    data: `{"text":${JSON.stringify(hostileWords[identity])},${pollution.slice(1)}`,
  }));
  const summary: RunSummary = sampleRun(hostileId, {
    inputs: { text: markup },
    target: { kind: 'filter', filter: 'os=/<b>x|y/' },
    startedAtMs: Date.UTC(2026, 10, 26, 14, 30),
    sentAtMs: Date.UTC(2026, 10, 26, 14, 30, 2),
    finishedAtMs: Date.UTC(2026, 10, 26, 14, 31),
    expected: answers.length,
    responses: answers.length,
    states: { ok: 4, failed: formulas.length },
  });
  unwrap(await storage.insertRun(summary, 'console'));
  unwrap(await storage.recordRun({ summary, answers }, 'console'));
  return hostileId;
}

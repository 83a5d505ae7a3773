/** The process that fuzzes one target: `node --expose-gc child.ts ORDERS`. What becomes of it is watched by `supervise.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { inputName, readInputs } from '../seeds.ts';
import { openTarget } from '../target.ts';
import { Coverage } from './coverage.ts';
import { CurrentInputWriter } from './current-input.ts';
import { describeThrown, faultKey } from './fault-key.ts';
import { FuzzLoop } from './fuzz-loop.ts';
import type { ChildMessage, ChildOrders, Progress } from './messages.ts';
import { isUnderTest } from './under-test.ts';

/** How often the supervisor hears of it, in milliseconds. */
const progressMs = 2_000;

const orders = JSON.parse(process.argv[2] ?? '') as ChildOrders; // as supervise.ts wrote them

const send = (message: ChildMessage): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(message, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });

const coverage = new Coverage();
coverage.install(isUnderTest);
const target = await openTarget(orders.file);
const current = new CurrentInputWriter(orders.currentFile);
let tried: Uint8Array = new Uint8Array();

const loop = new FuzzLoop({
  target,
  coverage,
  seed: orders.seed,
  seeds: [...(await readInputs(orders.seedFolder)).values()],
  found: [...(await readInputs(orders.corpusFolder)).values()],
  onTry: (number, input) => {
    tried = input;
    current.write(number, input);
  },
  onFound: (input) => writeFileSync(join(orders.corpusFolder, inputName(input)), input),
  onFinding: (finding) => void send({ type: 'finding', finding }),
});

// What is thrown behind the target's back, by work that it did not wait for.
process.on('uncaughtException', (thrown) => {
  const finding = { kind: 'thrown', key: faultKey(thrown), text: describeThrown(thrown), input: tried } as const;
  void send({ type: 'finding', finding });
});

function progress(): Progress {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const { corpus, executions, placesGiven } = loop;
  return {
    executions,
    places: { given: placesGiven, ...coverage.places },
    features: coverage.seen,
    corpus: { inputs: corpus.size, bytes: corpus.bytes },
    memory: { heapBytes: heapUsed + external - corpus.bytes, rssBytes: rss },
  };
}

const beganMs = performance.now();
let toldMs = beganMs;
await loop.begin();
await loop.vary(() => {
  const nowMs = performance.now();
  if (nowMs - toldMs > progressMs) {
    toldMs = nowMs;
    void send({ type: 'progress', progress: progress() });
  }
  return orders.runs === null ? nowMs - beganMs < orders.seconds * 1000 : loop.executions < orders.runs;
});
await target.close?.();
current.close();
await send({ type: 'done', progress: progress(), seeds: loop.corpus.seeds() });
process.disconnect();

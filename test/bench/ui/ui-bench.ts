import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { noise, timingOf, type Timing } from '../measure.ts';
import { withChromium } from './chromium.ts';
import { frameWork, traceCategories, type FrameWork } from './frame-work.ts';
import type { HostOrder } from './host.ts';
import { countSeen, takePaces, timeUntil, watchCount, watchPaces, type Paces } from './watch-page.ts';

export interface UiBenchOptions {
  /** How many nodes the fleet has and the run asks; 100 to 50,000. */
  readonly nodes: number;
  /** How many answers come in a second. */
  readonly perSecond: number;
  /** How often what happens once is measured. */
  readonly rounds: number;
  readonly say: (line: string) => void;
}

const part = (testId: string): string => `[data-testid="${testId}"]`;
const firstRow = (grid: 'fleet' | 'results'): string => part(`${grid}-grid-row`);
const settledCount = '[data-testid="filter-count"][data-settled="true"]';

/** How long the grid is looked at while it is scrolled, in milliseconds. */
const scrollMs = 6_000;
/** How long that is traced. */
const tracedMs = 2_000;
/** One notch of a wheel, in pixels, at each of its turns. */
const notch = 100;
/** Where the pointer is, in pixels: over the rows. */
const pointer = { x: 800, y: 600 };
/** How often a key is pressed among the turns of the wheel. */
const turnsForKey = 4;
/** How often memory is measured after the stream, with a scroll between. */
const memoryLooks = 5;

async function startHost({ nodes, perSecond }: UiBenchOptions) {
  const file = fileURLToPath(new URL('./host.ts', import.meta.url));
  const host: ChildProcess = fork(file, [nodes, perSecond].map(String), { execArgv: [...process.execArgv] });
  const gone = once(host, 'exit').then(() => Promise.reject(new Error('The console of the bench has ended')));
  gone.catch(() => undefined);
  const told = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(host, 'message'), gone])) as [unknown];
    return message;
  };
  const ask = async (order: HostOrder): Promise<string> => {
    const answer = told();
    host.send(order);
    return String(await answer);
  };
  await told();
  return {
    link: () => ask('link'),
    run: () => ask('run'),
    async end() {
      host.send('end' satisfies HostOrder);
      await once(host, 'exit');
    },
  };
}

type Host = Awaited<ReturnType<typeof startHost>>;

/** From a new tab to the first rows of the fleet. */
async function coldStart(browser: Browser, host: Host): Promise<number> {
  const link = await host.link();
  const page = await browser.newPage();
  const taken = await timeUntil(page, firstRow('fleet'), () => page.goto(link));
  await page.close();
  return taken;
}

/** From a key in the filter line to the count that is right for it. Each key leaves a filter that can be read. */
async function keyToCount(page: Page): Promise<number[]> {
  await page.waitForSelector(settledCount);
  await page.click(part('filter-input-box'));
  await page.keyboard.type('role=');
  const durations: number[] = [];
  for (const key of ['w', 'e', 'b', 'Backspace', 'Backspace', 'x'] as const) {
    await watchCount(page);
    await page.keyboard.press(key);
    durations.push(await countSeen(page));
    await pause(100);
  }
  return durations;
}

/** Marks the row under the pointer and goes on to the next by key: the row that has the focus is in sight, as for one who reads there. */
async function markAndMove(page: Page): Promise<void> {
  await page.keyboard.down('Control');
  await page.mouse.click(pointer.x, pointer.y);
  await page.keyboard.up('Control');
  await page.keyboard.press('ArrowDown');
}

/** Turns the wheel over the results and now and then presses a key, as one who reads. */
async function scroll(page: Page, forMs: number): Promise<void> {
  await page.mouse.move(pointer.x, pointer.y);
  const until = performance.now() + forMs;
  for (let turn = 0; performance.now() < until; turn++) {
    await page.mouse.wheel({ deltaY: turn % 200 < 150 ? notch : -notch });
    if (turn % turnsForKey === 0) await markAndMove(page);
    await pause(16);
  }
}

/** Frames and keys while somebody scrolls; then, while it is traced, which costs much itself, the work of the main thread for each frame. */
async function scrolled(
  page: Page,
): Promise<{ readonly frames: Timing; readonly keys: Timing; readonly work: FrameWork }> {
  await takePaces(page);
  await scroll(page, scrollMs);
  const { frames, keys }: Paces = await takePaces(page);
  await page.tracing.start({ categories: traceCategories });
  await scroll(page, tracedMs);
  const trace = await page.tracing.stop();
  return { frames: timingOf(frames), keys: timingOf(keys), work: frameWork(trace ?? new Uint8Array()) };
}

const inMiB = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;

/** What the window holds after its garbage is gone, in MiB. */
async function heapMiB(page: Page): Promise<number> {
  const session = await page.createCDPSession();
  await session.send('HeapProfiler.collectGarbage');
  await session.detach();
  const { JSHeapUsedSize = Number.NaN } = await page.metrics();
  return inMiB(JSHeapUsedSize);
}

const answered = (page: Page): Promise<number> =>
  page.evaluate(() => Number(document.querySelector('[data-testid="run-progress"]')?.getAttribute('data-responses')));

/** The window while a run streams in, and after. */
async function liveRun(page: Page, host: Host, { nodes, perSecond, say }: UiBenchOptions) {
  const runId = await host.run();
  const startedAt = performance.now();
  await page.evaluate((hash) => (window.location.hash = hash), `#/runs/${runId}`);
  await page.waitForSelector(firstRow('results'), { timeout: 300_000 });
  await page.click(part('results-grid'));
  await watchPaces(page);
  while ((await answered(page)) === 0) await pause(50);
  const firstAt = performance.now();
  const heapBefore = await heapMiB(page);
  const atFirst = await answered(page);
  // Beside the scrolling, whose trace takes its time to be read.
  const allIn = (async () => {
    while ((await answered(page)) < nodes) await pause(250);
    return performance.now() - firstAt;
  })();
  const whileStreaming = await scrolled(page);
  const atLast = await answered(page);
  say(`ui: ${atLast - atFirst} answers came while the grid was scrolled`);
  const streamMs = await allIn;
  const afterwards = await scrolled(page);
  const heaps: number[] = [];
  for (let look = 0; look < memoryLooks; look++) {
    await scroll(page, 2000);
    heaps.push(await heapMiB(page));
  }
  return {
    runId,
    live: {
      offeredPerSecond: perSecond,
      shownPerSecond: Math.round((nodes - atFirst) / (streamMs / 1000)),
      answersWhileScrolling: atLast - atFirst,
      toFirstAnswerMs: Math.round(firstAt - startedAt),
      whileStreaming,
      afterwards,
      heapMiB: { atFirst: heapBefore, afterwards: heaps },
    },
  };
}

/** Opens a finished run from the history's address, in a window that shows something else. */
async function openRun(page: Page, runId: string): Promise<number> {
  await page.evaluate(() => (window.location.hash = '#/history'));
  await page.waitForSelector(part('history-view'));
  return timeUntil(page, firstRow('results'), () =>
    page.evaluate((hash) => (window.location.hash = hash), `#/runs/${runId}`),
  );
}

async function times(count: number, once: () => Promise<number>): Promise<Timing> {
  const durations: number[] = [];
  for (let round = 0; round < count; round++) durations.push(await once());
  return timingOf(durations);
}

/**
 * The window on a fleet of this size, in Chromium without a display: cold start, keys in the filter, a run that streams in while it is
 * scrolled, memory after it, and opening it again. Times are milliseconds.
 */
export async function uiBench(options: UiBenchOptions): Promise<unknown> {
  const { nodes, rounds, say } = options;
  const unsteadiness = await noise();
  const host = await startHost(options);
  say(`ui: ${nodes} nodes are in the inventory`);
  try {
    return await withChromium(async (browser) => {
      const coldStarts = await times(rounds, () => coldStart(browser, host));
      say('ui: cold starts are measured');
      const page = await browser.newPage();
      await page.goto(await host.link());
      await page.waitForSelector(firstRow('fleet'));
      const keys: number[] = [];
      for (let round = 0; round < rounds; round++) {
        keys.push(...(await keyToCount(page)));
        await page.evaluate(() => (window.location.hash = '#/fleet'));
        await page.waitForSelector(settledCount);
      }
      say('ui: keys in the filter are measured');
      const { runId, live } = await liveRun(page, host, options);
      const openings = await times(rounds, () => openRun(page, runId));
      return {
        benchmark: 'ui',
        nodes,
        browser: await browser.version(),
        noise: { ...unsteadiness, load: loadavg() },
        coldStart: coldStarts,
        filterKeyToCount: timingOf(keys),
        live,
        openRun: openings,
      };
    });
  } finally {
    await host.end();
  }
}

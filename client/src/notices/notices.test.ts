import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createBridgeClient, type Notice, type StartTimer } from '@muster/protocol/bridge';
import { fail, ok, unwrap, type Result } from '@muster/protocol/errors';
import { createEngineBench, startTimer, type EngineBench } from '../../../test/support/client/engine-bench.ts';
import { openGuard } from '../../../test/support/client/open-guard.ts';
import { browserReports } from '../../../test/support/client/browser-reports.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { NoticeStore, Trouble } from '../storage/index.ts';
import { createWindowBridge } from '../window/index.ts';
import { createNotices } from './index.ts';

const beatMs = 5000;
let bench: EngineBench;
let beats: Set<() => void>;

beforeEach(async () => {
  bench = await createEngineBench();
  beats = new Set();
});
afterEach(() => bench.close());

const byHand: StartTimer = (afterMs, run) => {
  if (afterMs !== beatMs) return startTimer(afterMs, run);
  beats.add(run);
  return () => beats.delete(run);
};

/** Waits until the engine has looked at everything and waits for its next beat. */
const rests = (): Promise<void> => eventually(() => expect(beats.size).toBe(1));

/** Lets the engine look for what other processes did, and waits until it has. */
async function beat(): Promise<void> {
  await rests();
  const due = [...beats];
  beats.clear();
  for (const run of due) run();
  await rests();
}

/** A notice as a process that mended the file leaves it. */
function leaveNotice(message: string): void {
  const db = new Database(bench.file);
  db.prepare("INSERT INTO notices (code, message, mend, at_ms) VALUES ('storage.corrupt', ?, 'Look.', 7)").run(message);
  db.close();
}

it('an engine tells of notices that other processes leave and dismiss', async () => {
  const engine = await bench.open({ startTimer: byHand });
  const heard: (readonly string[])[] = [];
  engine.notices.onChange((notices) => heard.push(notices.map(({ message }) => message)));
  expect(unwrap(await engine.notices.list())).toEqual([]);
  await rests();
  leaveNotice('one');
  await beat();
  expect(heard).toEqual([['one']]);
  const [notice] = unwrap(await engine.notices.list());
  expect(notice).toEqual({ noticeId: 1, code: 'storage.corrupt', message: 'one', mend: 'Look.', atMs: 7 });
  leaveNotice('two');
  unwrap(await engine.notices.dismiss(1));
  expect(heard).toEqual([['one'], ['two']]);
  const other = await bench.openStorage();
  unwrap(await other.dismissNotice(2, 8));
  await beat();
  expect(heard).toEqual([['one'], ['two'], []]);
  // Nothing new is nothing to tell.
  await beat();
  expect(heard).toHaveLength(3);
});

it('a window hears what there is at first, then each change', async () => {
  const engine = await bench.open({ startTimer: byHand });
  leaveNotice('one');
  const defects: unknown[] = [];
  const guard = await openGuard(() => Promise.resolve(ok(engine)));
  const bridge = createWindowBridge(guard, {
    startTimer,
    reports: browserReports,
    onDefect: (_name, thrown) => defects.push(thrown),
  });
  const pause = (ms: number) => new Promise<void>((resolve) => startTimer(ms, resolve));
  const window = createBridgeClient((name, payload) => bridge.dispatch(name, payload, 'window'), pause);
  const heard: (readonly string[])[] = [];
  const stop = window.follow('notices.changes', {}, ({ notices }) => heard.push(notices.map(({ message }) => message)));
  await eventually(() => expect(heard.at(-1)).toEqual(['one']));
  leaveNotice('two');
  await beat();
  await eventually(() => expect(heard.at(-1)).toEqual(['one', 'two']));
  const { notices } = unwrap(await window.call('notices.list', {}));
  for (const { noticeId } of notices) unwrap(await window.call('notices.dismiss', { noticeId: noticeId ?? 0 }));
  await eventually(() => expect(heard.at(-1)).toEqual([]));
  stop();
  bridge.close();
  expect(defects).toEqual([]);
});

it('trouble is a notice that comes and goes by itself, and is told of a database that cannot be read, too', async () => {
  let trouble: Trouble | null = null;
  let change: () => void = () => undefined;
  let listed: Result<Notice[]> = ok([]);
  const storage: NoticeStore = {
    get trouble() {
      return trouble;
    },
    onTrouble(listener) {
      change = listener;
      return () => undefined;
    },
    listNotices: () => Promise.resolve(listed),
    takeUntoldNotices: () => Promise.resolve(ok([])),
    dismissNotice: () => Promise.resolve(ok(undefined)),
  };
  const notices = createNotices({ storage, clock: () => 1 });
  const heard: (readonly Notice[])[] = [];
  notices.onChange((all) => heard.push(all));
  trouble = { fault: { code: 'storage.full', message: 'full', mend: 'Make room.' }, sinceMs: 3 };
  change();
  const full = { noticeId: null, code: 'storage.full', message: 'full', mend: 'Make room.', atMs: 3 };
  expect(heard).toEqual([[full]]);
  listed = fail('storage.corrupt', 'broken');
  expect(await notices.list()).toEqual(ok([full]));
  trouble = null;
  change();
  expect(heard).toEqual([[full], []]);
  expect(await notices.list()).toEqual(listed);
  notices.close();
});

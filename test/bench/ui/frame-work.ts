import { z } from 'zod';
import { timingOf, type Timing } from '../measure.ts';

/** What DevTools has to trace for {@link frameWork}. */
export const traceCategories = ['disabled-by-default-devtools.timeline'];

const traceShape = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.int(),
      tid: z.int(),
      ts: z.number(),
      dur: z.number().optional(),
      tdur: z.number().optional(),
      args: z.looseObject({ name: z.string().optional() }).optional(),
    }),
  ),
});

/** How long the window's main thread was busy for each frame, in milliseconds. A frame that took up to 16.7 was in time. */
export interface FrameWork {
  /** By the clock, which goes on while others have the processor. */
  readonly wall: Timing;
  /** Of the processor. */
  readonly cpu: Timing;
}

/** All tasks of the main thread from one frame's handing over to the next's. `trace`: what DevTools recorded, JSON. */
export function frameWork(trace: Uint8Array): FrameWork {
  // What DevTools writes is JSON; the shape is checked.
  const { traceEvents } = traceShape.parse(JSON.parse(Buffer.from(trace).toString()));
  const commits = traceEvents.filter(({ name }) => name === 'BeginCommitCompositorFrame');
  const threadOf = ({ pid, tid }: { pid: number; tid: number }) => `${pid} ${tid}`;
  const threads = Map.groupBy(commits, threadOf);
  const [main] = [...threads].sort(([, one], [, other]) => other.length - one.length).map(([thread]) => thread);
  const ends = (main === undefined ? [] : (threads.get(main) ?? [])).map(({ ts }) => ts).sort((a, b) => a - b);
  const tasks = traceEvents
    .filter((event) => event.name === 'RunTask' && event.ph === 'X' && threadOf(event) === main)
    .sort((one, other) => one.ts - other.ts);
  const [wall, cpu] = [ends.map(() => 0), ends.map(() => 0)];
  let frame = 0;
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    while ((ends[frame] ?? Infinity) < ts) frame += 1;
    if (frame === ends.length) break;
    wall[frame] = (wall[frame] ?? 0) + dur / 1000;
    cpu[frame] = (cpu[frame] ?? 0) + tdur / 1000;
  }
  return { wall: timingOf(wall), cpu: timingOf(cpu) };
}

import { z } from 'zod';
import { timingOf, type Timing } from '../measure.ts';

/** What DevTools has to trace for {@link frameWork}. */
export const traceCategories = ['toplevel', 'devtools.timeline', '__metadata'];

const traceShape = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.int(),
      tid: z.int(),
      ts: z.number(),
      dur: z.number().optional(),
      args: z.looseObject({ name: z.string().optional() }).optional(),
    }),
  ),
});

/**
 * How long the window's main thread worked for each frame, in milliseconds: all its tasks from one frame's beginning to the next's. A frame
 * that took up to 16.7 ms was in time. `trace`: what DevTools recorded, JSON.
 */
export function frameWork(trace: Uint8Array): Timing {
  // What DevTools writes is JSON; the shape is checked.
  const { traceEvents } = traceShape.parse(JSON.parse(Buffer.from(trace).toString()));
  const begins = traceEvents.filter(({ name }) => name === 'BeginMainThreadFrame');
  const threadOf = ({ pid, tid }: { pid: number; tid: number }) => `${pid} ${tid}`;
  const threads = Map.groupBy(begins, threadOf);
  const [main] = [...threads].sort(([, one], [, other]) => other.length - one.length).map(([thread]) => thread);
  const starts = (main === undefined ? [] : (threads.get(main) ?? [])).map(({ ts }) => ts).sort((a, b) => a - b);
  const tasks = traceEvents
    .filter((event) => event.name.endsWith('RunTask') && event.ph === 'X' && threadOf(event) === main)
    .sort((one, other) => one.ts - other.ts);
  const work = starts.map(() => 0);
  let frame = 0;
  for (const { ts, dur = 0 } of tasks) {
    while (frame + 1 < starts.length && (starts[frame + 1] ?? Infinity) <= ts) frame += 1;
    work[frame] = (work[frame] ?? 0) + dur / 1000;
  }
  return timingOf(work);
}

import type { Engine } from '@muster/client/engine';
import type { RunallSummary } from '@muster/protocol/bridge';
import { ok, type Fault, type Result } from '@muster/protocol/errors';
import { exitCodes } from '../output/exit-code.ts';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { faultText } from '../output/faults.ts';
import { createLiveBlock } from '../output/live-block.ts';
import { createPalette } from '../output/palette.ts';
import { faultJson } from '../output/run-json.ts';
import { runallJson, runallNodeJson } from './runall-json.ts';
import { iterationText, logLine, nodeText, slotLines } from './runall-text.ts';
import type { Surroundings } from '../surroundings.ts';
import { allRunallNodes, RunallNewsReader } from './runall-news.ts';

export interface FollowFlags {
  readonly json?: true;
  readonly progress: boolean;
}

/** Tells what happens in a runall as it happens. */
function createTeller(engine: Engine, runallId: string, flags: FollowFlags, surroundings: Surroundings) {
  const { stdout, now } = surroundings;
  const palette = createPalette(stdout.colours);
  const block = createLiveBlock(stdout);
  const reader = new RunallNewsReader(engine, runallId);
  let state = '';
  let trouble = '';
  const log = (text: string) => block.print(logLine(now(), text));
  return {
    async tell(summary: RunallSummary): Promise<void> {
      const isEnd = summary.finishedAtMs !== null;
      const isSettled = isEnd || summary.state === 'waiting';
      const news = await reader.read(summary.iteration, isSettled);
      if (!news.ok) return;
      for (const { identity } of news.value.started) log(`${identity} has been asked to run Puppet`);
      for (const node of news.value.ended) log(nodeText(node, palette));
      const problem = isEnd ? '' : (summary.fault?.message ?? '');
      if (problem !== '' && problem !== trouble) log(palette.red(cleanLine(problem)));
      trouble = problem;
      if (summary.state !== state && (isSettled || summary.state === 'paused' || summary.state === 'cancelling')) {
        if (summary.state === 'paused' || summary.state === 'cancelling') log(`The runall is ${summary.state}`);
        else if (summary.nodes > 0) log(iterationText(summary));
      }
      state = summary.state;
      if (flags.progress && !isEnd) block.show(slotLines(summary, news.value.slots, now()));
    },
    end: () => block.clear(),
  };
}

const isOver = ({ finishedAtMs, isConducted }: RunallSummary): boolean => finishedAtMs !== null || !isConducted;

/** Follows a runall until it has ended, nobody conducts it any more, or the person interrupts. */
async function watch(
  engine: Engine,
  runallId: string,
  tell: (summary: RunallSummary) => Promise<void>,
  interrupted: AbortSignal,
): Promise<Result<RunallSummary>> {
  const now = await engine.runalls.get(runallId);
  if (!now.ok) return now;
  let latest = now.value;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let telling: Promise<void> | null = null;
  let isStale = true;
  async function tellAll(): Promise<void> {
    while (isStale) {
      isStale = false;
      await tell(latest);
    }
    telling = null;
    if (isOver(latest)) resolve(undefined);
  }
  const stop = engine.runalls.onChange(runallId, (summary) => {
    latest = summary;
    isStale = true;
    telling ??= tellAll();
  });
  const giveUp = () => resolve(undefined);
  interrupted.addEventListener('abort', giveUp, { once: true });
  if (interrupted.aborted) giveUp();
  telling = tellAll();
  await promise;
  stop();
  interrupted.removeEventListener('abort', giveUp);
  await telling;
  return engine.runalls.get(runallId);
}

/** Skipped nodes that are somebody's fault; those that are disabled are meant to be left out. */
const faults = ({ skipped }: RunallSummary): number =>
  Object.entries(skipped).reduce((total, [reason, nodes]) => (reason === 'disabled' ? total : total + nodes), 0);

function exitCodeOf(summary: RunallSummary): number {
  if (summary.state === 'failed') return exitCodes.error;
  const { failed, unknown } = summary.results;
  return failed + unknown + faults(summary) > 0 ? 2 : exitCodes.ok;
}

const interruption = (runallId: string): Fault => ({
  code: 'run.interrupted',
  message: 'Interrupted: no further node is asked to run Puppet; those that run go on',
  mend: `To go on: muster puppet runall --resume ${runallId}`,
});

/**
 * Tells about a runall until its end. The exit code: 0 all is well, 1 it failed as a whole, 2 a node's run failed, or a node was left
 * out for another reason than that Puppet is disabled there, 130 interrupted.
 */
export async function followRunall(
  engine: Engine,
  runallId: string,
  flags: FollowFlags,
  surroundings: Surroundings,
): Promise<Result<number>> {
  const { stdout, stderr, interrupted } = surroundings;
  const teller = createTeller(engine, runallId, flags, surroundings);
  const tell = flags.json === true ? () => Promise.resolve() : (summary: RunallSummary) => teller.tell(summary);
  const ended = await watch(engine, runallId, tell, interrupted);
  teller.end();
  if (!ended.ok) return ended;
  const summary = ended.value;
  const isUnfinished = summary.finishedAtMs === null;
  const fault = isUnfinished ? interruption(runallId) : summary.fault;
  if (flags.json === true) {
    const nodes = await allRunallNodes(engine, runallId);
    if (!nodes.ok) return nodes;
    const error = fault === null ? {} : { error: faultJson(fault) };
    stdout.write(
      `${cleanJson({ runall: runallJson(summary), nodes: nodes.value.map(runallNodeJson), ...error }, 1)}\n`,
    );
  } else if (fault !== null) stderr.write(faultText(fault, undefined, createPalette(stderr.colours).red));
  return ok(isUnfinished ? exitCodes.interrupted : exitCodeOf(summary));
}

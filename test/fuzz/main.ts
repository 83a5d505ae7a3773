import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeThrown } from './engine/fault-key.ts';
import { fuzzTarget } from './fuzz-target.ts';
import { openTarget } from './target.ts';
import { targetFile, targetNames } from './target-files.ts';

const usage = `Usage: npm run fuzz -- [--target NAME] [--seconds 300] [--seed 1] [--keep]
       npm run fuzz -- --target NAME --input FILE

Tries our parsers with inputs that nobody would write. --seconds is for all targets together. What does not hold is put
into out/fuzz/TARGET, and --input tries such a file again. --keep adds inputs that reach more code to test/fuzz/seeds.
Tells how it goes on STDERR, and prints one JSON document on STDOUT at the end. Exit code 1: something does not hold.
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    input: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];

async function fuzz(targets: readonly string[]): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const share = { seed, seconds: seconds / targets.length, keep: values.keep, signal: stop.signal, say };
  const figures: Awaited<ReturnType<typeof fuzzTarget>>[] = [];
  for (const target of targets) {
    if (!stop.signal.aborted) figures.push(await fuzzTarget(target, share));
  }
  process.stdout.write(`${JSON.stringify({ seed, targets: figures }, null, 2)}\n`);
  return figures.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

/** Tries one input as a target does when nobody counts, and says what was thrown. */
async function tryAgain(target: string, file: string): Promise<number> {
  process.setSourceMapsEnabled(true);
  const opened = await openTarget(targetFile(target));
  try {
    await opened.run(await readFile(file));
    say('All holds.');
    return 0;
  } catch (thrown) {
    say(describeThrown(thrown));
    return 1;
  } finally {
    await opened.close?.();
  }
}

const names = await targetNames();
const targets = values.target === undefined ? names : names.filter((name) => name === values.target);
const isUsable = targets.length > 0 && seconds > 0 && Number.isSafeInteger(seed);
if (values.help || !isUsable || (values.input !== undefined && values.target === undefined)) {
  say(`${usage}\nTargets: ${names.join(', ')}`);
  process.exitCode = values.help ? 0 : 2;
} else {
  const [target = ''] = targets;
  process.exitCode = values.input === undefined ? await fuzz(targets) : await tryAgain(target, values.input);
}

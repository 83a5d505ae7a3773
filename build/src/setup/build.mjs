import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout, inCheckout, projectNode } from './checkout.mjs';
import { quietRun } from './quiet-run.mjs';

const programs = ['protocol', 'runtime', 'broker-config', 'agent', 'client', 'electron', 'cli', 'build'];
const bundles = [
  { what: 'the agent', config: 'agent/rolldown.config.mjs', result: 'agent/dist/muster-agent.js' },
  { what: 'the command line', config: 'cli/rolldown.config.mjs', result: 'cli/bundle/main.js' },
];

/** Names and times of all files below some paths of the checkout, as one hash. @param {string[]} paths */
function fingerprint(paths) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const stats = statSync(join(checkout, path), { throwIfNoEntry: false });
    if (stats === undefined) return;
    if (!stats.isDirectory()) {
      if (!path.endsWith('.test.ts')) hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\0`);
      return;
    }
    for (const name of readdirSync(join(checkout, path)).sort()) add(join(path, name));
  };
  paths.forEach(add);
  return hash.digest('hex');
}

/**
 * Does `work` unless its sources are as they were when it was last done.
 *
 * @param {{ stamp: string, sources: string[], results: string[], work: () => Promise<void> }} step
 */
async function unlessCurrent({ stamp, sources, results, work }) {
  const file = inCheckout('out', stamp);
  const current = fingerprint(sources);
  if (
    results.every((path) => existsSync(inCheckout(path))) &&
    existsSync(file) &&
    readFileSync(file, 'utf8') === current
  )
    return;
  await work();
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, current);
}

/** Builds what is older than its sources: all programs, and the window where it is wanted. @param {{ window: boolean }} wanted */
export async function ensureBuild(wanted) {
  const common = ['package-lock.json', 'tsconfig.base.json'];
  const tsc = inCheckout('node_modules', 'typescript', 'bin', 'tsc');
  const rolldown = inCheckout('node_modules', '.bin', 'rolldown');
  await unlessCurrent({
    stamp: 'programs.stamp',
    sources: [
      ...common,
      ...bundles.map(({ config }) => config),
      ...programs.flatMap((name) => [`${name}/src`, `${name}/tsconfig.json`, `${name}/package.json`]),
    ],
    results: [...bundles.map(({ result }) => result), ...programs.map((name) => `${name}/dist/.tsbuildinfo`)],
    async work() {
      await quietRun('Building', projectNode, [tsc, '-b', ...programs.map((name) => inCheckout(name))]);
      for (const { what, config } of bundles)
        await quietRun(`Bundling ${what}`, projectNode, [rolldown, '-c', inCheckout(config)]);
    },
  });
  if (!wanted.window) return;
  await unlessCurrent({
    stamp: 'window.stamp',
    sources: [
      ...common,
      'protocol/src',
      ...readdirSync(inCheckout('renderer'))
        .filter((name) => !['dist', 'node_modules', 'test'].includes(name))
        .map((name) => `renderer/${name}`),
    ],
    results: ['renderer/dist/index.html'],
    work: () =>
      quietRun('Building the window', 'npm', ['run', 'build', '-w', 'renderer'], {
        PATH: `${inCheckout('node_modules', '.bin')}:${process.env.PATH ?? ''}`,
      }),
  });
}

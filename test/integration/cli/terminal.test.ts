import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';

const surroundings = new URL('../../../cli/dist/process-surroundings.js', import.meta.url).href;

/** Asks for a secret on a terminal of its own, and tells how long it is, or that nobody gave one. */
const program = `
  const { processSurroundings } = await import('${surroundings}');
  const { askSecret } = processSurroundings('', new AbortController().signal);
  const secret = await askSecret('Token');
  console.log(secret === null ? 'none' : 'length ' + secret.length);
`;

const hasTerminal = spawnSync('script', ['--version']).status === 0;

/** What the terminal shows when this is typed. */
async function shown(typed: string): Promise<string> {
  const command = `"${process.execPath}" --input-type=module -e "$PROGRAM"`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, PROGRAM: program } });
  let out = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const ended = once(terminal, 'close');
  await eventually(() => expect(out).toContain('Token: '), 60_000);
  terminal.stdin.write(typed);
  await ended;
  return out;
}

it.skipIf(!hasTerminal)('asks for secrets without showing them (needs the program script)', async () => {
  const out = await shown('hunter3\u007f2\r');
  expect(out).toContain('length 7');
  expect(out).not.toContain('hunter');
  expect(out).not.toContain('unter');
});

it.skipIf(!hasTerminal)('takes Ctrl-C for no secret (needs the program script)', async () => {
  expect(await shown('hun\u0003')).toContain('none');
});

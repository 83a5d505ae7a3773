import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLogger } from '@muster/runtime/logging';
import { nextLogLevel, openLogFile } from './log-output.ts';
import { readCommandLine } from './options.ts';

describe('the command line', () => {
  it.each([
    [['--config', 'a.yaml'], { kind: 'run', configFile: 'a.yaml' }],
    [['--config=a b.yaml', '--check'], { kind: 'check', configFile: 'a b.yaml' }],
    [['--help'], { kind: 'help' }],
    [['--version'], { kind: 'version' }],
    [[], { kind: 'wrong', message: 'Name the configuration with --config FILE.' }],
    [['--conf', 'x'], { kind: 'wrong', message: expect.stringMatching(/--conf/) as string }],
    [
      ['join', 'web1.join', '--out', 'etc', '--proxy', 'https://muster@proxy:3129', '--proxy-password-file', '/secret'],
      {
        kind: 'join',
        file: 'web1.join',
        folder: 'etc',
        identity: undefined,
        replace: false,
        proxy: {
          url: 'https://proxy:3129',
          username: 'muster',
          password_file: '/secret',
          except: [],
          allow_http: false,
        },
      },
    ],
    [
      ['join', 'web1.join', '--proxy', 'https://muster:sesame@proxy:3129'],
      {
        kind: 'wrong',
        message: expect.stringMatching(/^(?!.*sesame)[^]*password[^]*--proxy-password-file FILE/) as string,
      },
    ],
    [['extra'], { kind: 'wrong', message: expect.stringMatching(/extra/) as string }],
  ])('%j', (args, expected) => {
    expect(readCommandLine(args)).toEqual(expected);
  });
});

describe('the log', () => {
  it('is opened again after it was moved away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-log-'));
    const path = join(folder, 'agent.log');
    const file = openLogFile(path);
    file.write('one\n');
    await rename(path, `${path}.1`);
    file.write('two\n');
    file.reopen();
    file.write('three\n');
    expect(await readFile(`${path}.1`, 'utf8')).toBe('one\ntwo\n');
    expect(await readFile(path, 'utf8')).toBe('three\n');
    await rm(folder, { recursive: true });
  });

  it('goes through the levels and says which one it is at', () => {
    const lines: string[] = [];
    const logger = createLogger({ name: 'test', level: 'info', destination: { write: (line) => lines.push(line) } });
    const levels = Array.from({ length: 6 }, () => {
      nextLogLevel(logger);
      return logger.level;
    });
    expect(levels).toEqual(['debug', 'trace', 'fatal', 'error', 'warn', 'info']);
    expect(lines).toHaveLength(6);
  });
});

#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { startProgram } from '../../runtime/bin/start-program.mjs';

const { XDG_CACHE_HOME: told = '' } = process.env;
const caches = isAbsolute(told) ? told : join(homedir(), '.cache');
// What Node made of the program at an earlier start, where nobody else can write. The program starts without where it cannot be kept, or where Node is too old
// for it, which is said next.
module.enableCompileCache?.(join(caches, 'muster', 'compiled'));

await startProgram({
  name: 'muster',
  bundled: new URL('../bundle/main.js', import.meta.url),
  compiled: new URL('../dist/main.js', import.meta.url),
  parts: ['protocol', 'runtime', 'client', 'cli'],
});

#!/usr/bin/env node
import { startProgram } from '../../runtime/bin/start-program.mjs';
import { keepCompiled } from './keep-compiled.mjs';

keepCompiled('muster');
await startProgram({
  name: 'muster',
  bundled: new URL('../bundle/main.js', import.meta.url),
  compiled: new URL('../dist/main.js', import.meta.url),
  parts: ['protocol', 'runtime', 'client', 'cli'],
});

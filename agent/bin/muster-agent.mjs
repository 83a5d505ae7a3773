#!/usr/bin/env node
import { startProgram } from '../../runtime/bin/start-program.mjs';

await startProgram({
  name: 'muster-agent',
  bundled: new URL('../dist/muster-agent.js', import.meta.url),
  compiled: new URL('../dist/main.js', import.meta.url),
  parts: ['protocol', 'runtime', 'agent'],
});

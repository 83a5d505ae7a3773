#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/main.js', import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(
    `muster needs Node 22.14 or newer; this is ${process.version}. In a checkout, \`npx muster\` uses the right one.\n`,
  );
  process.exit(1);
}
if (!existsSync(entry)) {
  process.stderr.write('muster is not built yet: run `npm ci && npm run build` in the repository first.\n');
  process.exit(1);
}
await import(entry.href);

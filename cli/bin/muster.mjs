#!/usr/bin/env node
import { existsSync, statSync } from 'node:fs';

/** What is made of all of these in one piece starts sooner; a checkout that was compiled since then has it older than they are. */
const parts = ['protocol', 'runtime', 'client', 'cli'];
const bundled = new URL('../bundle/main.js', import.meta.url);
const compiled = new URL('../dist/main.js', import.meta.url);

/** @param {URL} file */
const changedMs = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const builtMs = changedMs(bundled);
const isCurrent = parts.every(
  (name) => changedMs(new URL(`../../${name}/dist/.tsbuildinfo`, import.meta.url)) <= builtMs,
);
const entry = builtMs > 0 && isCurrent ? bundled : compiled;
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

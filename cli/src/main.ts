import { readFileSync } from 'node:fs';
import { exitCodes } from './output/exit-code.ts';
import { processSurroundings } from './process-surroundings.ts';
import { runMuster } from './program.ts';

const interruption = new AbortController();
const interrupt = () => {
  if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
  interruption.abort();
};
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);

// Whoever reads our output may stop early, as `head` does: that is no failure of ours, and nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.error);
});

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}

const code = await runMuster(process.argv.slice(2), processSurroundings(ownVersion(), interruption.signal));
process.stdout.write('', () => process.exit(code));

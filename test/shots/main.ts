import { fileURLToPath } from 'node:url';
import { Launcher } from '@wdio/cli';

// `npm run shots`: pictures of every view and state, in both themes and two sizes, from a real fleet into `out/shots/`.
const exitCode = await new Launcher(fileURLToPath(new URL('./wdio.conf.ts', import.meta.url)), {}).run();
process.exitCode = exitCode ?? 1;

import { fileURLToPath } from 'node:url';
import { Launcher } from '@wdio/cli';
import { unknownNames } from './scene.ts';
import { stages } from './stages.ts';
import { wantNames } from './wanted-names.ts';

// `npm run shots [-- NAME…]`: pictures of every view and state, or of the named ones alone, in both themes and two
// sizes, from a real fleet into `out/shots/`.
const names = process.argv.slice(2);
const scenes = stages(() => '').flatMap((stage) => stage.scenes);
const unknown = unknownNames(scenes, names);

if (unknown.length > 0) {
  process.stderr.write(
    `There is no scene ${unknown.join(', ')}. There are: ${scenes.map(({ name }) => name).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  wantNames(names);
  const exitCode = await new Launcher(fileURLToPath(new URL('./wdio.conf.ts', import.meta.url)), {}).run();
  process.exitCode = exitCode ?? 1;
}

import assert from 'node:assert/strict';
import { parseYaml } from '@muster/runtime/config';
import type { z } from 'zod';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

/** A target that reads YAML as a configuration of some schema; `use` does what is done with the settings next. */
export const settingsTarget = <T>(kind: {
  readonly about: string;
  readonly schema: z.ZodType<T>;
  readonly starts: readonly string[];
  readonly use: (settings: T) => void;
}): FuzzTarget => ({
  about: kind.about,
  maxBytes: 64 * 1024,
  json: true,
  words: [
    ...Array.from(':-?,[]{}#&*!|>\'"%@`\n '),
    '\n  ',
    '- ',
    ': ',
    '? ',
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
    '!!binary ',
    '---\n',
    '...\n',
  ],
  starts: kind.starts,
  run(input) {
    const settings = parseYaml(toText(input), 'file.yaml', kind.schema);
    if (settings.ok) {
      kind.use(settings.value);
      return;
    }
    assertFault(settings.error, { codes: /^config\.(syntax|invalid)$/ });
    assert.match(settings.error.message, /^file\.yaml:\d+: /, 'a fault names the line');
  },
});

import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { compileFilter, type Condition, type FilterExpression } from '@muster/protocol/filter';
import { singleOption, type NodeSource } from '../node-source.ts';
import { parseNodeList } from './node-list.ts';

/** Largest list, in bytes. */
const largestListBytes = 256 * 1024 * 1024;

/** A list holds names and nothing else. */
export const listConditions: ReadonlySet<Condition['kind']> = new Set(['identity']);

/** Those of a list that a filter over identities selects, in the order of the list. Errors: those of the filter. */
export function selectFromList(identities: readonly string[], filter: FilterExpression): Result<readonly string[]> {
  if (filter.kind === 'all') return ok(identities);
  const matches = compileFilter(filter);
  if (!matches.ok) return matches;
  const selected: string[] = [];
  for (const identity of identities) {
    const match = matches.value({ identity, collectives: [], facts: {}, classes: [], agents: [] });
    if (!match.ok) return match;
    if (match.value) selected.push(identity);
  }
  return ok(selected);
}

async function readList(file: string): Promise<Result<string>> {
  try {
    const { size } = await stat(file);
    if (size > largestListBytes) return fail('list.malformed', `${file} is longer than ${largestListBytes} bytes`);
    return ok(await readFile(file, 'utf8'));
  } catch (thrown) {
    return fail(
      'list.malformed',
      `${file} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}

/** Takes the nodes of a file. Option `file`: its path, relative to `folder`. */
export const createListSource = ({ folder }: { readonly folder: string }): NodeSource => ({
  method: 'list',
  conditions: listConditions,
  options: ['file'],
  async find({ filter, options }) {
    const file = singleOption(options, 'file');
    if (file === undefined || file === '') {
      return fail('discovery.unconfigured', 'The list discovery method needs the option file', {
        mend: 'Name the file with --nodes FILE or --do file=FILE.',
      });
    }
    const path = resolve(folder, file);
    const text = await readList(path);
    if (!text.ok) return text;
    const identities = parseNodeList(text.value, path);
    return identities.ok ? selectFromList(identities.value, filter) : identities;
  },
});

import { realpath, stat } from 'node:fs/promises';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { isCollection, isMap, type Document } from 'yaml';
import type { z } from 'zod';
import { replaceFile } from '../files/replace-file.ts';
import { spliceYaml } from './splice-yaml.ts';
import { parseYaml, readSmallFile } from './yaml-file.ts';
import { readYamlText } from './yaml-text.ts';

/** New values of settings in one section, by name; null takes a setting out. */
export type SectionEdit = Readonly<Record<string, string | number | boolean | null>>;

/** Whether it could be done: a section that is another part of the file under another name is left alone. */
function edit(document: Document, section: string, settings: SectionEdit): boolean {
  if (!isMap(document.contents)) return false;
  const there: unknown = document.get(section, true);
  if (there === undefined) document.set(section, document.createNode({}));
  else if (!isCollection(there)) return false;
  for (const [name, value] of Object.entries(settings)) {
    if (value === null) document.deleteIn([section, name]);
    else document.setIn([section, name], value);
  }
  return true;
}

/** The values of a text, to be compared; null when it is no YAML. */
function meaningOf(text: string, file: string): string | null {
  const yaml = readYamlText(text, file);
  return yaml.ok ? JSON.stringify(yaml.value.value) : null;
}

/**
 * A YAML text with other settings in one section; comments, order and what else there is stay.
 *
 * Errors: `config.syntax`; `config.invalid` where the section cannot be changed, or what comes of it does not fit the schema.
 */
export function editYaml(
  text: string,
  file: string,
  schema: z.ZodType,
  section: string,
  settings: SectionEdit,
): Result<string> {
  const before = parseYaml(text, file, schema);
  if (!before.ok) return before;
  const yaml = readYamlText(text, file);
  if (!yaml.ok) return yaml;
  const { document } = yaml.value;
  const spliced = spliceYaml(text, document, section, settings);
  if (!edit(document, section, settings))
    return fail('config.invalid', `${file}: "${section}" stands for another part of the file, and is left as it is`, {
      mend: 'Change it by hand.',
    });
  // Line by line where that means the same; else all of it is written anew, which may set spaces and quotes otherwise.
  const meant = JSON.stringify(document.toJS());
  const isMeant = spliced !== null && meaningOf(spliced, file) === meant;
  const written = isMeant ? spliced : document.toString({ lineWidth: 0 });
  const fits = parseYaml(written, file, schema);
  return fits.ok ? ok(written) : fits;
}

/**
 * Changes settings of one section in a configuration file, which is replaced at once or not at all, and keeps its mode. A link stays a link.
 *
 * Errors: `config.unreadable`, those of {@link editYaml}, `file.unwritable`.
 */
export async function editYamlFile(
  file: string,
  schema: z.ZodType,
  section: string,
  settings: SectionEdit,
): Promise<Result<void>> {
  const text = await readSmallFile(file);
  if (!text.ok) return text;
  const edited = editYaml(text.value, file, schema, section, settings);
  if (!edited.ok) return edited;
  const target = await realpath(file);
  const { mode } = await stat(target);
  return replaceFile(target, edited.value, mode & 0o777);
}

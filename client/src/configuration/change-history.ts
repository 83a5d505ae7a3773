import { join } from 'node:path';
import type { EndpointParams } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';
import { editYamlFile } from '@muster/runtime/config';
import { fileName } from './read-configuration.ts';
import { consoleSchema } from './schema.ts';

/**
 * Writes into a home's `console.yaml` how long runs stay, and whether what was signed stays with them; comments and all else remain. Errors: those
 * of `editYamlFile`.
 */
export const changeHistory = (
  home: string,
  { keepDays, evidence }: EndpointParams<'console.changeRetention'>,
): Promise<Result<void>> =>
  // What is so without a setting needs none.
  editYamlFile(join(home, fileName), consoleSchema, 'history', { keep: keepDays, evidence: evidence ? null : false });

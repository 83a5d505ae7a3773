import { relative, sep } from 'node:path';
import { repositoryRoot } from '../../../build/src/fleet/repository.ts';

/** Whether the coverage of a module guides the fuzzer: our own code, without what fuzzes and libraries. */
export function isUnderTest(path: string): boolean {
  const parts = relative(repositoryRoot, path).split(sep);
  return parts[0] !== '..' && !parts.includes('node_modules') && !(parts[0] === 'test' && parts[1] === 'fuzz');
}

import { relative, sep } from 'node:path';
import { repositoryRoot } from '../../../build/src/fleet/repository.ts';

/** Whether the coverage of a module guides the fuzzer: our own code, without libraries and tests. */
export function isUnderTest(path: string): boolean {
  const parts = relative(repositoryRoot, path).split(sep);
  if (parts[0] === '..' || parts.includes('node_modules')) return false;
  // The fuzzer's own tests have code that is to be found out, too.
  return parts[0] !== 'test' || (parts[1] === 'support' && parts[2] === 'fuzz');
}

import { fail, ok, type Result } from '@muster/protocol/errors';
import { compileGlob, compileRegex, isGlob, regexMatcher } from '@muster/protocol/filter';
import type { RoleOf } from '../crypto/index.ts';

/** Tells whether a whole name fits. */
type NameTest = (name: string) => boolean;

/** A name as it is, a glob, or a regular expression between slashes, each for the whole name. Errors: those of globs and expressions. */
export function compileCertname(pattern: string): Result<NameTest> {
  const [, source, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(pattern) ?? [];
  if (source !== undefined) return compileRegex(regexMatcher(`^(?:${source})$`, flags));
  if (isGlob(pattern)) return compileGlob(pattern);
  return ok((name) => name === pattern);
}

const compileAll = (patterns: readonly string[]): readonly NameTest[] =>
  patterns.flatMap((pattern) => {
    const compiled = compileCertname(pattern);
    // What the schema of the configuration let pass does compile.
    return compiled.ok ? compiled.value : [];
  });

/** Whether a name fits one of some patterns. */
export function nameTest(patterns: string | readonly string[]): (name: string) => boolean {
  const tests = compileAll([patterns].flat());
  return (name) => tests.some((fits) => fits(name));
}

/** By whom a certificate is, of an authority that writes names and no roles into it. */
export function rolesByName(patterns: {
  readonly people?: string | readonly string[] | undefined;
  readonly nodes?: string | readonly string[] | undefined;
}): RoleOf {
  const [people, nodes] = [compileAll([patterns.people ?? []].flat()), compileAll([patterns.nodes ?? []].flat())];
  return (name) => {
    const [isPerson, isNode] = [people, nodes].map((tests) => tests.some((fits) => fits(name)));
    if (isPerson === true && isNode === true)
      return fail('certificate.role', `"${name}" fits both trust.people and trust.nodes, so it is neither`);
    if (isPerson === true) return ok('person');
    if (isNode === true) return ok('node');
    return fail(
      'certificate.role',
      `The certificate of "${name}" has no role, and its name none of trust.people and trust.nodes`,
    );
  };
}

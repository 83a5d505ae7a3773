import type { z } from 'zod';
import { nestsDeeper } from '../../envelope/index.ts';
import { fail, ok, type Result } from '../../errors/index.ts';
import { ddlDepth } from '../schema.ts';

/** A document as its schema has it, with defaults filled in. Errors: `ddl.malformed`, with the place and the reason of the first fault. */
export function parseDdl<Ddl>(schema: z.ZodType<Ddl>, document: unknown): Result<Ddl> {
  if (nestsDeeper(document, ddlDepth)) return fail('ddl.malformed', `The DDL nests deeper than ${ddlDepth} levels`);
  const parsed = schema.safeParse(document);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'The DDL' : issue.path.map(String).join('.');
  return fail('ddl.malformed', `${place}: ${issue?.message ?? 'does not fit the schema'}`);
}

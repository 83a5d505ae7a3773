import { readFile } from 'node:fs/promises';

/** A record of an audit, with its place in the chain. */
export type AuditLine = Readonly<Record<string, unknown>>;

/** The records of one kind in an audit file. */
export async function readAudit(file: string, kind: string): Promise<readonly AuditLine[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  // Every line is a JSON object.
  return lines.map((line) => JSON.parse(line) as AuditLine).filter((record) => record['kind'] === kind);
}

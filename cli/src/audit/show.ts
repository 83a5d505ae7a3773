import { maxLineBytes, readRecord, type AuditRecord } from '@muster/runtime/audit';
import { readLines } from '@muster/runtime/files';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { cleanJson, cleanLine } from '../output/clean-text.ts';
import { exitCodes } from '../output/exit-code.ts';
import type { Surroundings } from '../surroundings.ts';

export interface ShowFlags {
  readonly kind?: string;
  readonly caller?: string;
  readonly agent?: string;
  readonly action?: string;
  readonly request?: string;
  readonly json?: true;
}

/** What is there for the chain, and says nothing about what happened. */
const ofTheChain = new Set(['seq', 'time', 'previous', 'kind', 'certificate', 'fingerprint', 'signature']);

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function lineOf(record: AuditRecord): string {
  const details = Object.entries(record)
    .filter(([name]) => !ofTheChain.has(name))
    .map(([name, value]) => `${name}=${shown(value)}`);
  return cleanLine([record.time, record.kind, ...details].join('  '));
}

function isWanted(record: AuditRecord, flags: ShowFlags): boolean {
  const wanted = {
    kind: flags.kind,
    caller: flags.caller,
    agent: flags.agent,
    action: flags.action,
    requestId: flags.request,
  };
  return Object.entries(wanted).every(([name, value]) => value === undefined || record[name] === value);
}

/** `muster audit show`: what one file says, unverified. Lines that are no records are told of on STDERR. */
export async function show(file: string, flags: ShowFlags, surroundings: Surroundings): Promise<Result<number>> {
  const { stdout, stderr, interrupted } = surroundings;
  try {
    for await (const { number, bytes } of readLines(file, maxLineBytes)) {
      if (interrupted.aborted) break;
      const record = bytes === null ? undefined : readRecord(bytes);
      if (record?.ok !== true) stderr.write(cleanLine(`${file}:${number} is no record`) + '\n');
      else if (isWanted(record.value, flags))
        stdout.write(`${flags.json === true ? cleanJson(record.value) : lineOf(record.value)}\n`);
    }
    return ok(exitCodes.ok);
  } catch (thrown) {
    return fail('audit.unreadable', `The audit cannot be read: ${faultFrom(thrown).message}`);
  }
}

import type { CopyFormatName, ReportOf } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { ReportsState } from './reports-state.svelte.ts';

/** Puts a report where it can be pasted from; gives how many rows it has. Errors: those of the report. */
export async function copyReport(
  reports: Pick<ReportsState, 'copy'>,
  of: ReportOf,
  format: CopyFormatName,
): Promise<Result<number>> {
  // What is sent is a plain copy: it may be made of the window's own state.
  const text = await reports.copy(structuredClone(of), format);
  if (!text.ok) return text;
  await navigator.clipboard.writeText(text.value.text);
  return ok(text.value.rows);
}

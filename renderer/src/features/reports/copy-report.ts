import type { CopyFormatName, ReportOf } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { ClipboardState } from '../../ui/clipboard/clipboard-state.svelte.ts';
import type { ReportsState } from './reports-state.svelte.ts';

/**
 * Puts a report where it can be pasted from; gives how many rows it has, or null when the clipboard refused it, which the person is told there.
 * Errors: those of the report.
 */
export async function copyReport(
  reports: Pick<ReportsState, 'copy'>,
  clipboard: Pick<ClipboardState, 'copy'>,
  of: ReportOf,
  format: CopyFormatName,
): Promise<Result<number | null>> {
  // What is sent is a plain copy: it may be made of the window's own state.
  const text = await reports.copy(structuredClone(of), format);
  if (!text.ok) return text;
  return ok((await clipboard.copy(text.value.text)) ? text.value.rows : null);
}

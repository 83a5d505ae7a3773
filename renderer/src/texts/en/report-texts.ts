import type { CopyFormatName, ReportFormatName } from '@muster/protocol/bridge';
import { formatBytes, formatNumber } from '../format.ts';

const formats: Readonly<Record<ReportFormatName, { readonly label: string; readonly hint: string }>> = {
  csv: { label: 'CSV', hint: 'A table for spreadsheets; nothing in it runs as a formula' },
  json: { label: 'JSON', hint: 'One document with every value as the node said it' },
  ndjson: { label: 'NDJSON', hint: 'A line of JSON for each row, for pipelines' },
  markdown: { label: 'Markdown', hint: 'For tickets, wikis and chats' },
  html: { label: 'HTML', hint: 'One page with charts, to read, send and print' },
  pdf: { label: 'PDF', hint: 'Pages with charts, to print and file' },
  names: { label: 'Names', hint: 'A list of nodes by state, for the next target' },
  evidence: { label: 'Evidence', hint: 'What was signed, so that others can verify it' },
};

const copyFormats: Readonly<Record<CopyFormatName, string>> = {
  csv: 'CSV',
  markdown: 'Markdown',
  json: 'JSON',
  names: 'Names',
};

/** Texts of reports. */
export const reportTexts = {
  reports: {
    button: 'Export',
    title: 'Export',
    of: 'Which rows',
    all: 'All',
    shown: 'As shown',
    matching: 'Matching',
    selected: 'Selected',
    scope: (label: string, count: number | null) => (count === null ? label : `${label} (${formatNumber(count)})`),
    format: 'As',
    formats,
    start: 'Export',
    asking: 'Asking where to…',
    copy: 'Copy as',
    copyFormats,
    copied: (rows: number) => `Copied: ${formatNumber(rows)} ${rows === 1 ? 'row' : 'rows'}`,
    writing: (name: string, rows: number, total: number | null) =>
      total === null ? `Writing ${name}…` : `Writing ${name}: ${formatNumber(rows)} of ${formatNumber(total)} rows`,
    ready: (rows: number, bytes: number | null) =>
      `${formatNumber(rows)} ${rows === 1 ? 'row' : 'rows'}${bytes === null ? '' : `, ${formatBytes(bytes)}`}`,
    savedAt: 'Saved as',
    downloaded: 'Downloaded',
    failed: (name: string) => `${name} was not written.`,
    cancelled: (name: string) => `${name} was cancelled.`,
    show: 'Show in folder',
    again: 'Download again',
    cancel: 'Cancel',
    dismiss: 'Dismiss',
  },
} as const;

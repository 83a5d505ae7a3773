import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { PuppetFiles } from './files.ts';
import { parsePuppetYaml, partOf } from './yaml-documents.ts';

/** One line of Puppet's log. */
export interface ReportLog {
  /** Seconds since the epoch. */
  readonly time_utc: number;
  /** As Puppet wrote it. */
  readonly time: string;
  readonly level: string;
  readonly source: string;
  readonly msg: string;
}

/** So much of a report is looked through, in bytes. Logs stand near its beginning. */
const largestReportBytes = 64 * 1024 * 1024;
/** So much of the logs is kept, in characters: the last ones, which tell how the run ended. */
const largestLogs = 384 * 1024;

/** Texts of the elements of a report's `logs`, the last ones of a long list. Ruby writes each element from the first column. */
async function logElements(file: string): Promise<readonly string[]> {
  const elements: string[] = [];
  let size = 0;
  let inLogs = false;
  const stream = createReadStream(file, { encoding: 'utf8', end: largestReportBytes - 1 });
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  try {
    for await (const line of lines) {
      if (!inLogs) {
        inLogs = line === 'logs:';
        continue;
      }
      if (/^[a-z_]/.test(line)) break;
      if (line.startsWith('- ')) elements.push(line);
      else if (elements.length > 0) elements.push(`${elements.pop() ?? ''}\n${line}`);
      size += line.length + 1;
      while (size > largestLogs && elements.length > 0) size -= (elements.shift() ?? '').length + 1;
    }
  } finally {
    lines.close();
    stream.destroy();
  }
  return elements;
}

const textAt = (value: unknown, name: string): string => {
  const part = partOf(value, name);
  return typeof part === 'string' ? part : '';
};

function logOf(element: unknown): ReportLog {
  const time = textAt(element, 'time');
  const at = Date.parse(time);
  return {
    time_utc: Number.isNaN(at) ? 0 : Math.floor(at / 1000),
    time,
    level: textAt(element, 'level'),
    source: textAt(element, 'source'),
    msg: textAt(element, 'message'),
  };
}

/** The log of the last run from `last_run_report.yaml`, oldest line first; none when Puppet has kept none. */
export async function readReportLogs({
  lastrunreport,
}: Pick<PuppetFiles, 'lastrunreport'>): Promise<readonly ReportLog[]> {
  try {
    const parsed = parsePuppetYaml((await logElements(lastrunreport)).join('\n'));
    return Array.isArray(parsed) ? parsed.map(logOf) : [];
  } catch {
    return [];
  }
}

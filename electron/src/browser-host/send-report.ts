import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FetchableReport } from '@muster/client/reports';
import { securityHeaders } from '../window-files/index.ts';

/** A report is saved and never shown: what nodes said must not be a page of the window's origin. */
const reportPolicy = "default-src 'none'; sandbox";

/** Sends a report as a file to save; false when it is there no more. A connection that breaks leaves the browser without a file. */
export async function sendReport(
  response: ServerResponse,
  { file, name, mediaType }: FetchableReport,
): Promise<boolean> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    const { size } = await handle.stat();
    response.writeHead(200, {
      ...securityHeaders,
      'content-security-policy': reportPolicy,
      'content-type': mediaType,
      'content-length': size,
      // Names of reports have letters, digits, dots and `-` alone.
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '-')}"`,
    });
    await pipeline(handle.createReadStream({ autoClose: false }), response);
  } catch {
    response.destroy();
  } finally {
    await handle.close();
  }
  return true;
}

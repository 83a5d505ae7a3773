import type { Duplex } from 'node:stream';
import type { Stranger } from './request-guard.ts';

/** What is said to who does not send a request as one is sent, by the code of Node's error; 400 to all others. */
const statuses: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};

/** Ends a connection over which no request came that can be read, or none in time, and tells of it; one that the other end has cut is no matter. */
export function endBroken(
  error: NodeJS.ErrnoException,
  connection: Duplex,
  onStranger: (stranger: Stranger) => void,
): void {
  const { code = '' } = error;
  if (code === 'ECONNRESET' || !connection.writable) {
    connection.destroy();
    return;
  }
  const reason =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 'A request did not arrive in time'
      : 'What arrived cannot be read as a request';
  onStranger({ code: 'bridge.forbidden', reason, method: null, path: null, host: null, origin: null });
  const status = statuses[code] ?? '400 Bad Request';
  connection.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`, () => connection.destroy());
}

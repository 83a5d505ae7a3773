import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { callNames } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { pathOf, securityHeaders, type WindowFile, type WindowFiles } from '../window-files/index.ts';
import type { LeasedCalls } from './leased-calls.ts';
import { readJson } from './read-json.ts';
import { bearerOf, guardCall, guardSource, strangerIn, type Refusal, type Stranger } from './request-guard.ts';
import { reportPath, type ReportTickets } from './report-tickets.ts';
import { sendReport } from './send-report.ts';
import type { SessionBook } from './session-book.ts';

/** What a request listener answers from. */
export interface HostSurface {
  /** `127.0.0.1:PORT`. */
  readonly ownHost: string;
  readonly files: WindowFiles;
  readonly sessions: SessionBook;
  readonly calls: LeasedCalls;
  readonly reports: Pick<ReportTickets, 'redeem'>;
  /** Told of each request that was refused for whom it came from. */
  readonly onStranger: (stranger: Stranger) => void;
}

type Answer = { readonly refusal: Refusal } | { readonly result: Result<unknown> };

const notFound: Refusal = { status: 404, code: 'bridge.unknown_endpoint', message: 'There is nothing at this address' };
const onlyRead: Refusal = { status: 405, code: 'bridge.forbidden', message: 'Files are only read' };
const usedReport: Refusal = {
  status: 403,
  code: 'bridge.forbidden',
  message: 'This address of a report was used already, or is too old',
  mend: 'Save the report from the window again',
};
const usedLink: Refusal = {
  status: 401,
  code: 'bridge.forbidden',
  message: 'This link was used already, or the console behind it was started anew',
  mend: 'Open the link that the console prints when it starts',
};

/** Answers requests: files of the window to whoever asks for our own page, calls to those who have a session. */
export function createRequestListener(surface: HostSurface): RequestListener {
  async function exchangeToken(request: IncomingMessage): Promise<Answer> {
    const body = await readJson(request);
    if ('refusal' in body) return body;
    const session = surface.sessions.exchange(tokenIn(body.value));
    return session === null ? { refusal: usedLink } : { result: ok({ session }) };
  }

  async function call(name: string, request: IncomingMessage, gone: AbortSignal): Promise<Answer> {
    const peer = surface.sessions.peerOf(bearerOf(request));
    if (peer === null) return { refusal: usedLink };
    const body = await readJson(request);
    return 'refusal' in body ? body : { result: await surface.calls.call(name, body.value, peer, gone) };
  }

  function route(path: string, request: IncomingMessage, gone: AbortSignal): Promise<Answer> | Answer {
    const name = callNames.find((known) => path === `/call/${known}`);
    if (name === undefined && path !== '/session') return { refusal: notFound };
    const refusal = guardCall(request);
    if (refusal !== null) return { refusal };
    return name === undefined ? exchangeToken(request) : call(name, request, gone);
  }

  /** Refuses whoever does not come from our own page: an address that was typed, or lies in a history, is nobody's. */
  async function fetchReport(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Refusal | null> {
    if (request.method !== 'GET') return onlyRead;
    if (request.headers['sec-fetch-site'] !== 'same-origin') return usedReport;
    const report = surface.reports.redeem(path);
    if (report === null) return usedReport;
    return (await sendReport(response, report)) ? null : notFound;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request.url ?? '');
    const refusal = guardSource(request, surface.ownHost);
    const file = surface.files.get(path);
    if (refusal === null && file !== undefined) {
      sendFile(request, response, file);
      return;
    }
    if (refusal === null && path.startsWith(reportPath)) {
      const refused = await fetchReport(path, request, response);
      if (refused !== null) refuse(request, response, refused);
      return;
    }
    const given = refusal === null ? await route(path, request, goneSignal(response)) : { refusal };
    if ('refusal' in given) refuse(request, response, given.refusal);
    else sendJson(response, given);
  }

  function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
    const stranger = strangerIn(request, refusal);
    if (stranger !== null) surface.onStranger(stranger);
    sendJson(response, { refusal });
  }

  return (request, response) => {
    // Whatever nobody reads of a refused request is drained, so that the refusal arrives.
    response.once('finish', () => request.resume());
    void answer(request, response);
  };
}

/** Aborted when the connection ends before the answer is sent. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: WindowFile): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendJson(response, { refusal: onlyRead });
    return;
  }
  response.writeHead(200, {
    ...securityHeaders,
    'content-type': file.contentType,
    'content-length': file.body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : file.body);
}

function sendJson(response: ServerResponse, answer: Answer): void {
  const status = 'refusal' in answer ? answer.refusal.status : 200;
  const body = Buffer.from(JSON.stringify('refusal' in answer ? faultOf(answer.refusal) : answer.result));
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function faultOf({ code, message, mend }: Refusal): Result<never> {
  return fail(code, message, mend === undefined ? {} : { mend });
}

function tokenIn(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('token' in body)) return '';
  return typeof body.token === 'string' ? body.token : '';
}

import { fail, type Result } from '@muster/protocol/errors';
import type { Transport } from '@muster/protocol/bridge';
import type { PathKind } from '../ui/field/path-choice.ts';
import type { ExchangeToken } from './session.ts';

/** What Electron's preload offers to the window. */
export interface PreloadBridge {
  call(name: string, payload: unknown): Promise<unknown>;
  /** Puts commands into the menu of the desktop. */
  setMenu(menus: readonly ShellMenu[]): void;
  /** Calls the listener with the id of each command that is chosen there. */
  onCommand(listener: (id: string) => void): void;
  /** Asks a person for a path with the system's own dialog; null when none was chosen. */
  choosePath(kind: PathKind): Promise<string | null>;
}

export interface ShellMenu {
  readonly title: string;
  readonly commands: readonly { readonly id: string; readonly title: string; readonly isAvailable: boolean }[];
}

/** Whatever answers on the other side speaks in results; the shape is checked, the value is the contract's. */
function readAnswer(answer: unknown): Result<unknown> {
  if (typeof answer === 'object' && answer !== null && 'ok' in answer) {
    if (answer.ok === true) return { ok: true, value: 'value' in answer ? answer.value : undefined };
    // The dispatcher is the only one who answers, and its refusals are faults.
    if (answer.ok === false && 'error' in answer) return answer as Result<unknown>;
  }
  return fail('bridge.unreachable', 'The engine gave an answer that is not a result');
}

/** Calls through the preload of the desktop shell. */
export const preloadTransport =
  (bridge: PreloadBridge): Transport =>
  async (name, payload) =>
    readAnswer(await bridge.call(name, payload));

const postJson = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
  cache: 'no-store',
  credentials: 'omit',
});

/** Asks the browser host for a session: `POST /session`. A host that does not answer rejects. */
export const exchangeToken =
  (origin: string, send: typeof fetch): ExchangeToken =>
  async (token) => {
    const response = await send(`${origin}/session`, postJson({ token }));
    return readAnswer(await response.json());
  };

/** Calls to the browser host: `POST /call/NAME` with the session's secret. A host that does not answer rejects. */
export const httpTransport =
  (origin: string, session: () => Promise<Result<string>>, send: typeof fetch): Transport =>
  async (name, payload) => {
    const secret = await session();
    if (!secret.ok) return secret;
    const response = await send(
      `${origin}/call/${name}`,
      postJson(payload, { authorization: `Bearer ${secret.value}` }),
    );
    return readAnswer(await response.json());
  };

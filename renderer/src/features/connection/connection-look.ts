import { errorGuide } from '../../errors/error-guide.ts';
import { texts } from '../../texts/texts.ts';
import type { Tone } from '../../ui/badge/tone.ts';
import type { SessionState } from './session-state.svelte.ts';

export interface ConnectionLook {
  readonly status: 'up' | 'connecting' | 'down' | 'closed' | 'unreachable';
  readonly tone: Tone;
  readonly title: string;
  /** One line more: why, or what happens next. */
  readonly more: string;
}

/** How the connection stands, in words. */
export function connectionLook(session: SessionState): ConnectionLook {
  const words = texts.connection;
  if (session.fault !== null) {
    return { status: 'unreachable', tone: 'bad', title: words.unreachable, more: errorGuide[session.fault.code].mend };
  }
  const { connection } = session;
  switch (connection?.status) {
    case 'up':
      return { status: 'up', tone: 'ok', title: words.up, more: connection.url };
    case 'down':
      return { status: 'down', tone: 'bad', title: words.down, more: words.retryIn(session.retrySeconds ?? 0) };
    case 'closed':
      return { status: 'closed', tone: 'bad', title: words.closed, more: '' };
    case 'connecting':
      return { status: 'connecting', tone: 'busy', title: words.connecting, more: words.attempt(connection.attempt) };
    case undefined:
      return { status: 'connecting', tone: 'busy', title: words.connecting, more: '' };
  }
}

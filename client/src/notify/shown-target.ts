import type { NotifyTarget } from '@muster/protocol/bridge';
import type { NotificationBook } from '../storage/index.ts';
import { mailServer } from './mail/send-mail.ts';
import type { NotifyTargetSettings } from './settings.ts';
import { shownServer } from './webhook/send-webhook.ts';

type Place = Pick<NotifyTarget, 'server' | 'recipients' | 'isEncrypted' | 'isSigned'>;

function placeOf(target: NotifyTargetSettings): Place {
  if (target.kind === 'mail')
    return {
      server: mailServer(target),
      recipients: [...target.to],
      isEncrypted: target.tls !== 'none',
      isSigned: null,
    };
  return {
    server: shownServer(target.url),
    recipients: [],
    isEncrypted: new URL(target.url).protocol === 'https:',
    isSigned: target.secretFile !== null,
  };
}

/** A target without anything secret. */
export function shownTarget(
  target: NotifyTargetSettings,
  { waiting, last }: NotificationBook['entries'][number],
): NotifyTarget {
  const { name, kind, on } = target;
  return { name, kind, ...placeOf(target), on: [...on], waiting, last };
}

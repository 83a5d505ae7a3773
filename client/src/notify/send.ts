import type { Attempt, AttemptOptions, Message } from './attempt.ts';
import { sendMail } from './mail/send-mail.ts';
import type { NotifyTargetSettings } from './settings.ts';
import { sendWebhook } from './webhook/send-webhook.ts';

/** Sends a message to a target once. Never rejects. Errors: those of {@link sendWebhook} and {@link sendMail}. */
export function sendTo(target: NotifyTargetSettings, message: Message, options: AttemptOptions): Promise<Attempt> {
  return target.kind === 'mail' ? sendMail(target, message, options) : sendWebhook(target, message, options);
}

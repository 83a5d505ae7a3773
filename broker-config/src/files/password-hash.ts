import { createHash } from 'node:crypto';
import type { RandomBytes } from '@muster/runtime/effects';

const saltBytes = 4;

/**
 * A password as RabbitMQ stores it: base64 of a salt and the SHA-256 of salt and password.
 *
 * Source: https://www.rabbitmq.com/docs/passwords#computing-password-hash
 */
export function passwordHash(password: string, randomBytes: RandomBytes): string {
  const salt = randomBytes(saltBytes);
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}

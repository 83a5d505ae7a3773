import type { GuardStatus, LockReason } from '@muster/protocol/bridge';

const reasons: Readonly<Record<LockReason, string>> = {
  start: 'The key is protected: open it to begin.',
  person: 'You locked it.',
  idle: 'Nobody used it for a while.',
  sleep: 'The computer slept, or its screen was locked.',
};
const protections: Readonly<Record<GuardStatus['protection'], string>> = {
  none: 'The key is not protected',
  passphrase: 'The key is protected by a passphrase',
  agent: 'An SSH agent holds the key',
};
const protectionsMore: Readonly<Record<GuardStatus['protection'], string>> = {
  none: 'Whoever can read its file can act in your name, on the whole fleet. Without a passphrase this console cannot be locked either.',
  passphrase: 'A stolen file is of no use without it.',
  agent: 'It never comes near this console; every signature is asked for.',
};

/** Texts of the lock, and of what the console may do. */
export const guardTexts = {
  guard: {
    title: 'Muster is locked',
    reasons,
    keyOf: (person: string) => `Key of ${person}`,
    passphrase: 'Passphrase',
    agent: 'The SSH agent of this computer holds the key.',
    remember: 'Remember it on this computer',
    rememberMore: 'In the key store of the desktop, for the next start. A locked console asks all the same.',
    unlock: 'Unlock',
    unlocking: 'Opening the key…',
    conducting: 'Runs go on meanwhile. The key is put away when they have ended.',
    lock: 'Lock',
    lockMore: 'Lock the console: only the passphrase opens it again',
    lockNow: 'Lock now',
    protections,
    protectionsMore,
    locksAfter: (period: string) =>
      `The window locks after ${period} without a hand on it, and when the computer sleeps.`,
    neverLocks: 'The window locks when the computer sleeps.',
    remembered: 'The key store of the desktop remembers it for the next start.',
    forget: 'Forget the passphrase',
    readOnly: 'Read only',
    readOnlyMore: 'Only actions that read are run, until the console is started again.',
    mayChange: 'This console may change nodes',
    mayChangeMore:
      'For looking around without a slip of the hand, let it read only. It stays so until it is started again.',
    turnReadOnly: 'Read only from now on',
  },
} as const;

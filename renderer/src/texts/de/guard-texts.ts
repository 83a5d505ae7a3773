import type { guardTexts as english } from '../en/guard-texts.ts';
import type { Localized } from '../localized.ts';

/** Texts of the lock, and of what the console may do, in German. */
export const guardTexts: Localized<typeof english> = {
  guard: {
    title: 'Muster ist gesperrt',
    reasons: {
      start: 'Der Schlüssel ist geschützt: zum Beginnen entsperren.',
      person: 'Von Hand gesperrt.',
      idle: 'Eine Weile unbenutzt.',
      sleep: 'Der Computer war im Ruhezustand, oder sein Bildschirm war gesperrt.',
    },
    keyOf: (person: string) => `Schlüssel von ${person}`,
    passphrase: 'Passphrase',
    agent: 'Der SSH-Agent dieses Computers hält den Schlüssel.',
    remember: 'Auf diesem Computer merken',
    rememberMore: 'Im Schlüsselspeicher des Desktops, für den nächsten Start. Eine gesperrte Konsole fragt trotzdem.',
    unlock: 'Entsperren',
    unlocking: 'Schlüssel wird geöffnet…',
    conducting: 'Läufe gehen unterdessen weiter. Der Schlüssel wird weggelegt, wenn sie beendet sind.',
    lock: 'Sperren',
    lockMore: 'Konsole sperren: Nur die Passphrase öffnet sie wieder',
    lockNow: 'Jetzt sperren',
    protections: {
      none: 'Der Schlüssel ist nicht geschützt',
      passphrase: 'Der Schlüssel ist durch eine Passphrase geschützt',
      agent: 'Ein SSH-Agent hält den Schlüssel',
    },
    protectionsMore: {
      none: 'Wer seine Datei lesen kann, kann im Namen des Inhabers auf der ganzen Flotte handeln. Ohne Passphrase lässt sich diese Konsole auch nicht sperren.',
      passphrase: 'Eine gestohlene Datei nützt ohne sie nichts.',
      agent: 'Er kommt nie in die Nähe dieser Konsole; jede Signatur wird dort angefragt.',
    },
    locksAfter: (period: string) =>
      `Das Fenster sperrt sich, wenn es ${period} lang unbenutzt bleibt und wenn der Computer ruht.`,
    neverLocks: 'Das Fenster sperrt sich, wenn der Computer ruht.',
    remembered: 'Der Schlüsselspeicher des Desktops merkt sie sich für den nächsten Start.',
    forget: 'Passphrase vergessen',
    readOnly: 'Nur lesen',
    readOnlyMore: 'Bis zum Neustart der Konsole werden nur lesende Aktionen ausgeführt.',
    mayChange: 'Diese Konsole darf Knoten ändern',
    mayChangeMore:
      'Um sich ohne Versehen umzusehen, lässt sie sich auf Lesen beschränken. Das gilt bis zu ihrem Neustart.',
    turnReadOnly: 'Ab jetzt nur lesen',
  },
};

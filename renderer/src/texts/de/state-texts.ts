import type { stateTexts as english } from '../en/state-texts.ts';
import type { Localized } from '../localized.ts';

/** Texts of the states of runs, and of nodes in them, in German. */
export const stateTexts: Localized<typeof english> = {
  nodeStates: {
    queued: 'Eingereiht',
    sent: 'Gesendet',
    waiting: 'Wartet',
    accepted: 'Angenommen',
    running: 'Läuft',
    ok: 'OK',
    failed: 'Fehlgeschlagen',
    refused: 'Abgelehnt',
    invalid: 'Ungültige Eingabe',
    expired: 'Verfallen',
    skewed: 'Uhr weicht ab',
    timed_out: 'Zeit überschritten',
    interrupted: 'Unterbrochen',
    cancelled: 'Abgebrochen',
    unknown_node: 'Unbekannter Knoten',
    undelivered: 'Nicht zugestellt',
    unsealable: 'Kein Siegelschlüssel',
    skipped: 'Übersprungen',
    no_answer: 'Keine Antwort',
  },
  nodeStateHints: {
    queued: 'Der Knoten ist noch nicht an der Reihe.',
    sent: 'Der Broker hat den Auftrag; der Knoten hat sich noch nicht gemeldet.',
    waiting: 'Der Knoten ist abwesend. Er erhält den Auftrag, wenn er vor Ablauf der Frist zurückkehrt.',
    accepted: 'Der Knoten hat den Auftrag und führt ihn aus, sobald er Platz dafür hat.',
    running: 'Die Aktion läuft auf dem Knoten.',
    ok: 'Die Aktion ist gelaufen und meldet Erfolg.',
    failed: 'Die Aktion ist gelaufen und meldet einen Fehler.',
    refused: 'Der Knoten hat sie nicht ausgeführt: Sie ist dort nicht erlaubt, oder die Aktion fehlt dort.',
    invalid: 'Der Knoten hat sie nicht ausgeführt: Eine Eingabe passt nicht.',
    expired: 'Der Auftrag kam zu spät. Der Knoten hat ihn nicht ausgeführt und wird es auch nicht tun.',
    skewed: 'Der Knoten hat sie nicht ausgeführt: Seine Uhr und die dieser Konsole weichen zu stark voneinander ab.',
    timed_out: 'Die Aktion dauerte länger als erlaubt; der Knoten hat sie beendet.',
    interrupted:
      'Der Agent wurde beendet, während die Aktion lief. Wie weit sie kam, ist nicht bekannt; sie wird nicht wiederholt.',
    cancelled:
      'Der Lauf wurde abgebrochen: Dieser Knoten wurde nicht gefragt, hat die Aktion nicht begonnen oder sie vorzeitig beendet.',
    unknown_node: 'Der Broker kennt keinen Knoten dieses Namens; niemand hat den Auftrag erhalten.',
    undelivered: 'Der Broker hat den Auftrag nicht rechtzeitig angenommen; der Knoten hat ihn nie erhalten.',
    unsealable:
      'Der Knoten hat keinen Schlüssel für vertrauliche Eingaben gemeldet und wurde deshalb nicht gefragt. Er meldet einen, wenn sein Agent startet.',
    skipped: 'Der Lauf wurde gestoppt, bevor dieser Knoten gefragt wurde.',
    no_answer:
      'Der Knoten hat sich nicht gemeldet. Ob er die Aktion ausgeführt hat, ist nicht bekannt; eine spätere Antwort wird aufbewahrt.',
  },
  runStates: {
    discovering: 'Sucht Knoten',
    running: 'Läuft',
    paused: 'Angehalten',
    stopping: 'Wird gestoppt',
    finished: 'Abgeschlossen',
    stopped: 'Gestoppt',
    cancelled: 'Abgebrochen',
    failed: 'Fehlgeschlagen',
  },
  runHolds: {
    lock: 'Wartet auf anderen Lauf',
    canary: 'Wartet auf Freigabe',
    sleep: 'Zwischen zwei Schüben',
    broker: 'Wartet auf Broker',
    storage: 'Datenträger voll',
  },
  interruptedRun: 'Unterbrochen',
};

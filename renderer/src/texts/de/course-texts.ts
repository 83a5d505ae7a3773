import type { RunState } from '@muster/protocol/run';
import type { courseTexts as english } from '../en/course-texts.ts';
import { formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

const nodes = (count: number): string => `${formatNumber(count)} Knoten`;
const are = (count: number): string => (count === 1 ? 'ist' : 'sind');
const receive = (count: number): string => (count === 1 ? 'erhält' : 'erhalten');
const away = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'abwesender' : 'abwesende'} Knoten`;

const came = (answers: number): string =>
  answers === 0
    ? 'es kam keine Antwort'
    : answers === 1
      ? 'es kam eine Antwort'
      : `es kamen ${formatNumber(answers)} Antworten`;

const became: Readonly<Record<RunState, string>> = {
  discovering: 'sucht noch Knoten',
  running: 'ist noch im Gang',
  paused: 'ist angehalten',
  stopping: 'wird gestoppt',
  finished: 'ist abgeschlossen',
  stopped: 'wurde gestoppt',
  cancelled: 'wurde abgebrochen',
  failed: 'ist fehlgeschlagen',
};

/** Texts of a run on its way: what it waits for, and what can become of it, in German. */
export const courseTexts: Localized<typeof english> = {
  course: {
    pause: 'Anhalten',
    resume: 'Fortsetzen',
    pickUp: 'Hier fortsetzen',
    stop: 'Stoppen…',
    cancel: 'Abbrechen…',
    goOnWith: (count: number) => `Mit ${nodes(count)} fortfahren`,
    stopHere: 'Hier stoppen',
    stopTitle: 'Diesen Lauf stoppen?',
    stopYes: 'Lauf stoppen',
    cancelTitle: 'Diesen Lauf abbrechen?',
    cancelYes: 'Lauf abbrechen',
    no: 'Weiterlaufen lassen',
    nobodyAtWork: 'Kein Knoten ist in Arbeit.',
    workToEnd: (count: number) =>
      `${nodes(count)} ${are(count)} in Arbeit. ${count === 1 ? 'Er arbeitet zu Ende, und seine Antwort wird' : 'Sie arbeiten zu Ende, und ihre Antworten werden'} aufbewahrt.`,
    workCancelled: (count: number) =>
      `${nodes(count)} ${are(count)} in Arbeit. Wo die Aktion noch nicht begonnen hat, läuft sie nicht; wo sie läuft,`,
    endedMidway: 'wird sie vorzeitig beendet.',
    notEndedMidway: 'läuft sie zu Ende, denn diese Aktion lässt sich nicht vorzeitig beenden.',
    perhapsEndedMidway: 'wird sie vorzeitig beendet, sofern die Aktion das zulässt.',
    notAsked: (count: number) =>
      `${formatNumber(count)} ${count === 1 ? 'weiterer Knoten wird' : 'weitere Knoten werden'} nicht gefragt.`,
    awayLeft: (count: number) =>
      `${away(count)} ${count === 1 ? 'wurde' : 'wurden'} gefragt und ${receive(count)} den Auftrag womöglich noch, bis die Frist endet.`,
    awayDropped: (count: number) => `${away(count)} ${count === 1 ? 'wird' : 'werden'} die Aktion nicht ausführen.`,
    holds: {
      lock: 'Wartet, bis er an der Reihe ist: Ein anderer Lauf dieser Aktion ist im Kollektiv im Gang. Danach geht es von selbst weiter.',
      sleep: 'Pause zwischen zwei Schüben.',
      broker: 'Wartet auf den Broker; es geht von selbst weiter, sobald die Verbindung wieder besteht.',
      storage:
        'Der Datenträger dieser Konsole ist voll: Bis wieder Platz ist, wird kein Knoten gefragt, und Antworten warten.',
    },
    goesOnIn: (left: string, when: string) => `Geht in ${left} von selbst weiter (${when}).`,
    pausedNote: 'Bis zum Fortsetzen wird kein weiterer Knoten gefragt. Knoten in Arbeit machen weiter.',
    stoppingNote: (count: number) => `Kein weiterer Knoten wird gefragt. ${nodes(count)} ${are(count)} noch in Arbeit.`,
    cancellingNote: (count: number) =>
      `Kein weiterer Knoten wird gefragt. ${nodes(count)} in Arbeit ${count === 1 ? 'wird' : 'werden'} zum Abbruch aufgefordert.`,
    canariesOk: (count: number) =>
      count === 1 ? 'Der Canary-Knoten ist OK.' : `${formatNumber(count)} Canary-Knoten sind OK.`,
    canariesMore: (count: number) => `${nodes(count)} ${count === 1 ? 'wartet' : 'warten'} auf Freigabe.`,
    pausedToo: 'Der Lauf ist angehalten; Fortfahren beendet auch das.',
    interrupted: 'Derzeit leitet keine Konsole diesen Lauf.',
    interruptedMore:
      'Nichts ist verloren. Nach dem Fortsetzen geht er dort weiter, wo er war; kein Knoten führt die Aktion zweimal aus.',
    figures: {
      atWork: 'in Arbeit',
      queued: 'noch nicht gefragt',
      canaries: (done: number, total: number) => `${formatNumber(done)} von ${formatNumber(total)} Canary-Knoten`,
      batch: (number: number, total: number) => `Schub ${formatNumber(number)} von ${formatNumber(total)}`,
      failedOf: (allowed: number) =>
        `fehlgeschlagen oder stumm, ${formatNumber(allowed)} ${allowed === 1 ? 'darf' : 'dürfen'}`,
      skipped: 'übersprungen',
      cancelled: 'abgebrochen',
      unexpected: 'ungefragt geantwortet',
    },
    awayUntil: (count: number, when: string, left: string) =>
      `${away(count)} ${receive(count)} den Auftrag bis ${when}, noch ${left} lang`,
    waitsUntil: (when: string) => `Abwesend; erhält den Auftrag bis ${when}`,
    arrivals: {
      late: 'Diese Antwort kam, nachdem der Knoten aufgegeben war.',
      unexpected: 'Dieser Knoten hat geantwortet, ohne gefragt zu sein.',
    },
  },
  notices: { dismiss: 'Hinweis ausblenden' },
  resumedRuns: {
    one: (what: string, answers: number, state: RunState) =>
      `${what} ging weiter, während dieses Fenster geschlossen war: ${came(answers)}, und der Lauf ${became[state]}.`,
    interrupted: (what: string) =>
      `${what} wurde unterbrochen. Nichts ist verloren: Nach dem Fortsetzen geht er dort weiter, wo er war.`,
    several: (runs: number, answers: number) =>
      `${formatNumber(runs)} Läufe gingen weiter, während dieses Fenster geschlossen war: ${came(answers)}.`,
    open: 'Anzeigen',
    dismiss: 'Ausblenden',
  },
};

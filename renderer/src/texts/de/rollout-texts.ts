import type { rolloutTexts as english } from '../en/rollout-texts.ts';
import { formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

const nodes = (count: number): string => `${formatNumber(count)} Knoten`;

/** Texts of how a run goes over the fleet: while it is put together, and as it goes on, in German. */
export const rolloutTexts: Localized<typeof english> = {
  rollout: {
    title: 'Ablauf',
    canary: 'Canary zuerst',
    canarySize: 'Canary-Knoten',
    canarySizeHint: 'Knoten oder %',
    canaryHint: 'Einige Knoten gehen voran. Alle anderen folgen nur, wenn jeder davon OK ist.',
    holds: 'Danach auf meine Freigabe warten',
    pace: 'Tempo',
    paceRest: 'Tempo der übrigen',
    paces: { all: 'Alle zugleich', batches: 'In Schüben', window: 'Gleitend' },
    batchSize: 'Knoten je Schub',
    batchSleep: 'Pause dazwischen',
    windowSize: 'Höchstens gleichzeitig',
    sizeHint: 'Knoten oder %',
    mayFail: 'Dürfen fehlschlagen',
    mayFailHint: 'Knoten oder %; einer mehr stoppt den Lauf',
    mayFailAny: 'beliebig viele',
    lock: 'Nur ein Lauf zur selben Zeit',
    lockHint: 'Wartet, solange im Kollektiv ein anderer solcher Lauf dieser Aktion im Gang ist.',
    away: 'Abwesende Knoten erhalten den Auftrag',
    aways: { soon: '60 s lang', while: 'Länger', until: 'Bis' },
    awayFor: 'Wie lange',
    awayForHint: 'etwa 45 min, 2 h oder 3 d',
    awayUntil: 'Tag und Uhrzeit',
    limits: 'Zeitgrenzen',
    delivery: 'Zustellung',
    deliveryHint: 'bis ein Knoten den Auftrag haben muss',
    deliveryUsual: '15 s (Standard)',
    execution: 'Ausführung',
    executionHint: 'danach beendet der Knoten sie',
    executionOf: (duration: string) => `${duration} (laut Agent)`,
    answers: 'Antworten',
    answersHint: 'Wartezeit insgesamt',
    faults: {
      amount: 'Eine Anzahl Knoten ab 1 oder ein Anteil wie 5 %',
      tolerance: 'Eine Anzahl Knoten oder ein Anteil wie 5 %',
      sleep: 'Eine Dauer wie 30 s oder 5 min, höchstens ein Tag',
      awayFor: 'Eine Dauer wie 45 min, 2 h oder 3 d, höchstens 30 d',
      awayUntil: 'Ein Tag und eine Uhrzeit',
      past: 'Dieser Zeitpunkt ist vorbei',
      far: 'Höchstens 30 Tage im Voraus',
      delivery: 'Eine Dauer wie 15 s oder 2 min, höchstens ein Tag',
    },
    /* Pieces of the sentence that says how a run goes. */
    atOnce: 'Alle Knoten zugleich',
    canaries: (size: string) => `zuerst ${size} Canary-Knoten`,
    canaryShare: (share: string, count: number | null) =>
      count === null ? `zuerst ${share} als Canary-Knoten` : `zuerst ${share} (${nodes(count)}) als Canary`,
    thenWord: 'dann Freigabe abwarten',
    thenAll: 'dann alle übrigen zugleich',
    share: (share: string, count: number | null) => (count === null ? share : `${share} (${formatNumber(count)})`),
    batches: (size: string, pause: string | null) =>
      pause === null ? `jeweils ${size}` : `jeweils ${size} mit ${pause} Pause dazwischen`,
    window: (size: string) => `höchstens ${size} gleichzeitig`,
    then: (what: string) => `dann ${what}`,
    stopsAtFirst: 'stoppt beim ersten Fehlschlag',
    stopsAfter: (size: string) => `stoppt, wenn mehr als ${size} fehlschlagen`,
    locked: 'nur ein solcher Lauf zur selben Zeit',
    awayUntilWhen: (when: string) => `abwesende Knoten erhalten den Auftrag bis ${when}`,
    awaySoon: (duration: string) => `abwesende Knoten erhalten den Auftrag noch ${duration} lang`,
    deadline: (when: string, duration: string) => `Bis ${when}, noch ${duration}`,
  },
};

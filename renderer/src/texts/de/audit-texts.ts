import type { auditTexts as english } from '../en/audit-texts.ts';
import { formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

const records = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'Eintrag' : 'Einträge'}`;

/** Texts of the page about what was done with this console, in German. */
export const auditTexts: Localized<typeof english> = {
  audit: {
    grid: 'Was mit dieser Konsole getan wurde',
    verdicts: 'Ergebnis der Prüfung',
    when: 'Wann',
    kind: 'Art',
    what: 'Was',
    place: 'Zeile',
    search: 'Audit-Protokoll durchsuchen',
    clearSearch: 'Suche leeren',
    verify: 'Prüfen',
    verifying: 'Wird geprüft…',
    intact: 'Unversehrt',
    damaged: 'Beschädigt',
    damagedHere: 'Die Prüfung fand hier einen Schaden: Diese Zeile oder die davor wurde verändert',
    signed: (count: number, signed: number) => `${records(count)}, ${formatNumber(signed)} signiert`,
    by: (writer: string | null) => (writer === null ? 'von niemandem, dem vertraut wird' : `von ${writer}`),
    more: (count: number) => `und ${formatNumber(count)} weitere`,
    total: (total: number, shown: number) =>
      total === shown ? records(total) : `${records(total)}, davon die neuesten ${formatNumber(shown)}`,
    empty: 'Noch nichts aufgezeichnet',
    emptyMore:
      'Aufträge, Abbrüche, Exporte und Antworten, denen nicht vertraut wurde, werden hier aufgezeichnet und signiert.',
    noMatch: 'Kein Eintrag enthält diesen Text',
    noMatchMore: 'Aufträge lassen sich nach Knoten, Agent, Aktion, Person und Nummer finden.',
  },
};

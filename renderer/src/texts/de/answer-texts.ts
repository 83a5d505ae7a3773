import type { answerTexts as english } from '../en/answer-texts.ts';
import { formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

const nodes = (count: number): string => `${formatNumber(count)} Knoten`;

/** Texts of the answers of a run: grouped, summed up, in columns, in German. */
export const answerTexts: Localized<typeof english> = {
  answers: {
    view: 'Darstellung der Antworten',
    views: { all: 'Alle Antworten', groups: 'Gruppiert', summary: 'Übersicht' },
  },
  answerGroups: {
    label: 'Gruppen gleicher Antworten',
    alike: (count: number) =>
      count === 1 ? 'Ein Knoten hat geantwortet' : `Alle ${formatNumber(count)} Knoten antworten gleich`,
    different: (groups: number, count: number) => `${formatNumber(groups)} verschiedene Antworten von ${nodes(count)}`,
    split: (most: number, rest: number) =>
      `${formatNumber(most)} gleich, ${formatNumber(rest)} ${rest === 1 ? 'weicht' : 'weichen'} ab`,
    differIn: 'Unterschiede in',
    ignore: 'Felder ignorieren',
    ignoreCount: (count: number) => `${formatNumber(count)} ${count === 1 ? 'Feld' : 'Felder'} ignoriert`,
    ignoreTitle: 'Felder, auf die es nicht ankommt',
    ignoreMore: 'Antworten, die sich nur darin unterscheiden, gelten als gleich.',
    ignoreThis: (field: string) => `${field} ignorieren`,
    most: 'Die meisten Knoten',
    these: (count: number) => (count === 1 ? 'Dieser Knoten' : `Diese ${nodes(count)}`),
    field: 'Feld',
    nothing: 'nichts',
    share: (percent: number) => (percent < 1 ? 'unter 1 %' : `${Math.round(percent)} %`),
    allFields: (count: number) => `Alle ${formatNumber(count)} Felder anzeigen`,
    fewerFields: 'Nur Unterschiede anzeigen',
    moreDifferences: (count: number) =>
      `und ${formatNumber(count)} ${count === 1 ? 'weiterer Unterschied' : 'weitere Unterschiede'}`,
    names: (count: number) => `Alle ${formatNumber(count)} Namen anzeigen`,
    fewerNames: 'Weniger Namen anzeigen',
    copyNames: 'Namen kopieren',
    aim: 'Als nächstes Ziel verwenden…',
    more: 'Weitere Gruppen anzeigen',
    shown: (shown: number, total: number) => `${formatNumber(shown)} von ${formatNumber(total)} Gruppen angezeigt`,
    rest: (count: number) => `${formatNumber(count)} weitere`,
    noData: 'Keine Daten',
  },
  summaries: {
    label: 'Übersichten',
    none: 'Noch nichts zusammenzufassen',
    noneMore: 'Die Übersichten füllen sich, sobald Antworten eintreffen.',
    answers: (count: number) => `${formatNumber(count)} ${count === 1 ? 'Antwort' : 'Antworten'}`,
    values: (distinct: number) => `${formatNumber(distinct)} ${distinct === 1 ? 'Wert' : 'Werte'}`,
    value: 'Wert',
    nodes: 'Antworten',
    share: 'Anteil',
    others: (count: number) => `${formatNumber(count)} ${count === 1 ? 'anderer Wert' : 'andere Werte'}`,
    showAll: (count: number) => `Alle ${formatNumber(count)} Werte anzeigen`,
    fewer: 'Weniger anzeigen',
    functions: {
      summary: 'Werte',
      boolean_summary: 'Werte',
      average: 'Durchschnitt',
      sum: 'Summe',
      minmax: 'Spanne',
      percentiles: 'Perzentile',
      chart: 'Verteilung',
    },
    min: 'Kleinster Wert',
    max: 'Größter Wert',
    average: 'Durchschnitt',
    sum: 'Summe',
    percentile: (percent: number) => `${percent} % sind höchstens`,
    from: 'Von',
    to: 'bis',
    bucket: (from: string, to: string, count: number) => `${from} bis ${to}: ${formatNumber(count)}`,
    chart: (title: string) => `Verteilung von ${title}`,
    asTable: 'Als Tabelle',
    impossible: (reason: string) => `Nicht berechenbar: ${reason}`,
  },
  resultColumns: {
    button: 'Spalten',
    title: 'Ausgaben als Spalten',
    search: 'Ausgaben durchsuchen',
    clear: 'Suche leeren',
    none: 'Keine Ausgabe mit diesem Namen',
    reset: 'Zurücksetzen',
    count: (shown: number, total: number) => `${formatNumber(shown)} von ${formatNumber(total)}`,
  },
};

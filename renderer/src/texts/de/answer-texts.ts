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
  answerFilter: {
    label: 'Antworten filtern',
    placeholder: 'Alle Antworten. Zum Beispiel failed oder data.exitcode>0',
    clear: 'Filter leeren',
    count: (shown: number, all: number) => `${formatNumber(shown)} von ${formatNumber(all)}`,
    completions: {
      fact: 'Teil der Antwort',
      class: 'Status',
      value: (count: number) => `${formatNumber(count)} in Sicht`,
    },
  },
  resultSelection: {
    label: 'Was mit den ausgewählten Knoten geschehen soll',
    selectAll: 'Alle auswählen, die gezeigt werden',
    again: 'Erneut auf diesen ausführen…',
    aim: 'Als nächstes Ziel verwenden…',
    compareOne: 'Mit den meisten Knoten vergleichen',
    compareTwo: 'Beide vergleichen',
    compareHint: 'Eine oder zwei Antworten auswählen',
  },
  answerPair: {
    title: 'Antworten vergleichen',
    open: 'Vergleichen mit…',
    base: 'Verglichen mit',
    here: 'Antwort von',
    withMost: 'Die meisten Knoten',
    withNode: 'Ein anderer Knoten',
    most: (count: number) => (count === 0 ? 'Die meisten Knoten' : `Die meisten Knoten (${formatNumber(count)})`),
    placeholder: 'Name eines Knotens',
    none: 'Kein Knoten dieses Laufs heißt so',
    swap: 'Beide vertauschen',
    noBase: 'Noch hat kein Knoten geantwortet.',
    same: 'Beide Antworten sind gleich.',
  },
  answerGroups: {
    label: 'Gruppen gleicher Antworten',
    alike: (count: number) =>
      count === 1 ? 'Ein Knoten hat geantwortet' : `Alle ${formatNumber(count)} Knoten antworten gleich`,
    different: (groups: number, count: number) => `${formatNumber(groups)} verschiedene Antworten von ${nodes(count)}`,
    soFar: (groups: number, answered: number) =>
      answered === 0
        ? 'Noch hat kein Knoten geantwortet'
        : groups === 1
          ? `Bisher ${nodes(answered)}, alle mit der gleichen Antwort`
          : `Bisher ${formatNumber(groups)} verschiedene Antworten von ${nodes(answered)}`,
    partly: (groups: number, answered: number, all: number) =>
      answered === 0
        ? `Von ${nodes(all)} hat keiner geantwortet`
        : groups === 1
          ? `${formatNumber(answered)} von ${nodes(all)} haben geantwortet, alle gleich`
          : `${formatNumber(groups)} verschiedene Antworten von ${formatNumber(answered)} der ${nodes(all)}`,
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

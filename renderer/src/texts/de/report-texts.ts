import type { reportTexts as english } from '../en/report-texts.ts';
import { formatBytes, formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

/** Texts of reports, in German. */
export const reportTexts: Localized<typeof english> = {
  reports: {
    button: 'Exportieren',
    title: 'Export',
    of: 'Welche Zeilen',
    all: 'Alle',
    shown: 'Wie angezeigt',
    matching: 'Passende',
    selected: 'Ausgewählte',
    scope: (label: string, count: number | null) => (count === null ? label : `${label} (${formatNumber(count)})`),
    format: 'Format',
    formats: {
      csv: { label: 'CSV', hint: 'Tabelle für Tabellenkalkulationen; nichts darin wird als Formel ausgeführt' },
      json: { label: 'JSON', hint: 'Ein Dokument mit jedem Wert, wie der Knoten ihn gemeldet hat' },
      ndjson: { label: 'NDJSON', hint: 'Eine JSON-Zeile je Zeile der Tabelle, für Pipelines' },
      markdown: { label: 'Markdown', hint: 'Für Tickets, Wikis und Chats' },
      html: { label: 'HTML', hint: 'Eine Seite mit Diagrammen zum Lesen, Versenden und Drucken' },
      pdf: { label: 'PDF', hint: 'Seiten mit Diagrammen zum Drucken und Ablegen' },
      names: { label: 'Namen', hint: 'Liste der Knoten nach Status, für das nächste Ziel' },
      evidence: { label: 'Nachweis', hint: 'Was signiert wurde, damit andere es prüfen können' },
    },
    start: 'Exportieren',
    asking: 'Speicherort wird erfragt…',
    copy: 'Kopieren als',
    copyFormats: { csv: 'CSV', markdown: 'Markdown', json: 'JSON', names: 'Namen' },
    copied: (rows: number) => `Kopiert: ${formatNumber(rows)} ${rows === 1 ? 'Zeile' : 'Zeilen'}`,
    writing: (name: string, rows: number, total: number | null) =>
      total === null
        ? `${name} wird geschrieben…`
        : `${name} wird geschrieben: ${formatNumber(rows)} von ${formatNumber(total)} Zeilen`,
    ready: (rows: number, bytes: number | null) =>
      `${formatNumber(rows)} ${rows === 1 ? 'Zeile' : 'Zeilen'}${bytes === null ? '' : `, ${formatBytes(bytes)}`}`,
    savedAt: 'Gespeichert als',
    downloaded: 'Heruntergeladen',
    failed: (name: string) => `${name} wurde nicht geschrieben.`,
    cancelled: (name: string) => `${name} wurde abgebrochen.`,
    show: 'Im Ordner anzeigen',
    again: 'Erneut herunterladen',
    cancel: 'Abbrechen',
    dismiss: 'Ausblenden',
  },
};

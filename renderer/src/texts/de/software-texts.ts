import type { softwareTexts as english } from '../en/software-texts.ts';
import { formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

const nodes = (count: number): string => `${formatNumber(count)} Knoten`;

/** Texts of the page about packages, services and resources, in German. */
export const softwareTexts: Localized<typeof english> = {
  software: {
    title: 'Software',
    kinds: { package: 'Paket', service: 'Dienst', resource: 'Ressource', updates: 'Aktualisierungen' },
    kindsLabel: 'Wonach gefragt wird',
    name: { package: 'Name des Pakets', service: 'Name des Dienstes', resource: 'Titel' },
    type: 'Typ',
    typePlaceholder: 'file, user, cron …',
    nonePast: 'Noch nichts gefragt: Namen eingeben',
    whom: 'Wer gefragt wird',
    ask: 'Fragen',
    askAgain: 'Erneut fragen',
    asking: 'Wird gefragt…',
    asked: (age: string) => `Gefragt ${age}`,
    openRun: 'Lauf öffnen',
    choose: 'Versionen und Zustände der ganzen Flotte sehen',
    chooseMore:
      'Paket, Dienst oder Ressource nennen: Die Knoten antworten, wie es bei ihnen darum steht, und gleiche Antworten stehen beisammen.',
    recent: 'Schon gefragt',
    recentNodes: (count: number) => `auf ${nodes(count)}`,
    allUpdates: 'Alle Pakete, die neuer sein könnten',
    lacking: (agent: string) => `Kein Knoten hat den Agenten ${agent}`,
    lackingMore: 'Mit ihm beantworten Knoten solche Fragen. Wo er aktiv ist, steht im Katalog.',
    awaiting: (answered: number, expected: number) =>
      `Bisher haben ${formatNumber(answered)} von ${nodes(expected)} geantwortet`,
    nobody: 'Noch hat niemand geantwortet',
    nobodyMore: 'Gruppen erscheinen, sobald Antworten eintreffen.',
    headline: {
      alike: (count: number) => (count === 1 ? 'Ein Knoten' : `Gleich auf allen ${nodes(count)}`),
      different: (groups: number, count: number) => `${formatNumber(groups)} verschiedene auf ${nodes(count)}`,
      soFar: (groups: number) =>
        groups === 1 ? 'Bisher überall gleich' : `Bisher ${formatNumber(groups)} verschiedene`,
      partly: (groups: number, answered: number, all: number) =>
        groups === 0
          ? `Von ${nodes(all)} hat keiner geantwortet`
          : `${formatNumber(answered)} von ${nodes(all)} haben geantwortet: ${groups === 1 ? 'gleich' : `${formatNumber(groups)} verschiedene`}`,
    },
    state: {
      absent: 'Nicht installiert',
      running: 'Läuft',
      stopped: 'Gestoppt',
      unknown: 'Unbekannt',
      differs: 'Andere Parameter',
      asMost: 'Wie auf den meisten Knoten',
    },
    act: (count: number) => `Auf ${nodes(count)} handeln`,
    aim: 'Eine andere Aktion…',
    acts: {
      install: 'Neueste Version installieren…',
      installVersion: (version: string) => `${version} installieren…`,
      update: 'Auf die neueste Version aktualisieren…',
      uninstall: 'Deinstallieren…',
      purge: 'Samt Konfiguration deinstallieren…',
      start: 'Starten…',
      stop: 'Stoppen…',
      restart: 'Neu starten…',
      enable: 'Mit dem Knoten starten lassen…',
      disable: 'Nicht mehr mit dem Knoten starten lassen…',
      runonce: 'Puppet ausführen…',
      again: 'Diese erneut fragen…',
    },
    updates: {
      label: 'Pakete, die neuer sein könnten',
      search: 'Pakete finden',
      clearSearch: 'Alle Pakete zeigen',
      headline: (packages: number, answered: number) =>
        packages === 1
          ? `Ein Paket könnte neuer sein; ${nodes(answered)} haben geantwortet`
          : `${formatNumber(packages)} Pakete könnten neuer sein; ${nodes(answered)} haben geantwortet`,
      current: (count: number) => `${nodes(count)} ohne Aktualisierungen`,
      columns: { package: 'Paket', version: 'Neueste Version', nodes: 'Knoten' },
      others: (count: number) => `und ${formatNumber(count)} weitere`,
      update: (count: number) => `Auf ${nodes(count)} aktualisieren…`,
      look: (name: string) => `Versionen von ${name} ansehen`,
      none: 'Nichts zu aktualisieren',
      noneMore:
        'Alle Knoten, die geantwortet haben, sind auf dem neuesten Stand dessen, was sie kennen. Von neueren Paketen erfahren sie durch package refresh.',
      noMatch: 'Kein Paket heißt so',
      shown: (shown: number, total: number) =>
        `${formatNumber(shown)} von ${formatNumber(total)} Paketen werden gezeigt`,
      more: 'Weitere Pakete zeigen',
    },
  },
};

import type { commandTexts as english } from '../en/command-texts.ts';
import { formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

/** Texts of commands, of the palette and of shortcuts, in German. */
export const commandTexts: Localized<typeof english> = {
  commands: {
    groups: { here: 'Auf dieser Seite', pages: 'Gehe zu', window: 'Fenster', look: 'Darstellung' },
    titles: {
      palette: 'Suche und Befehle',
      goToNode: 'Zu einem Knoten gehen…',
      shortcuts: 'Tastenkürzel anzeigen',
      mainInput: 'Zur Suche oder zum Filter der Seite',
      newWindow: 'Diese Seite in neuem Fenster öffnen',
      copyLink: 'Link zu dieser Seite kopieren',
      lock: 'Konsole sperren',
      switchFleet: 'Zu einer anderen Flotte wechseln…',
      manageFleets: 'Flotten hinzufügen oder verwalten…',
      refreshFleet: 'Inventar aktualisieren',
      clearFilter: 'Filter leeren',
      askPuppet: 'Knoten nach ihrem Puppet fragen',
      runAll: 'Puppet auf all diesen Knoten ausführen…',
      pauseRun: 'Lauf anhalten',
      resumeRun: 'Lauf fortsetzen',
      stopRun: 'Lauf stoppen…',
      cancelRun: 'Lauf abbrechen…',
      runAgain: 'Erneut ausführen…',
    },
    goTo: (page: string) => `Gehe zu: ${page}`,
    theme: (theme: string) => `Farben: ${theme}`,
    density: (density: string) => `Dichte: ${density}`,
    language: (language: string) => `Sprache: ${language}`,
    keywords: {
      palette: 'finden suchen befehl find command',
      fleets: 'Profil Umgebung Produktion Staging Kunde Konsole',
      look: 'design farben dunkel hell modus kontrast dichte zeilen kompakt theme dark light mode contrast density',
      language: 'sprache language englisch english deutsch german',
    },
  },
  clipboard: {
    refused: 'Das ließ sich nicht kopieren',
    refusedMore:
      'Der Browser hat diese Seite nicht an die Zwischenablage gelassen: Sie ist gesperrt, oder das Fenster war nicht vorn. Der Text ist hier markiert und lässt sich von Hand kopieren.',
    text: 'Zu kopierender Text',
    again: 'Erneut versuchen',
  },
  palette: {
    title: 'Suche und Befehle',
    titleNodes: 'Zu einem Knoten gehen',
    placeholder: 'Seiten, Knoten, Vorlagen, Rezepte, Aktionen, Läufe suchen…',
    placeholderNodes: 'Teil des Namens eingeben',
    list: 'Ergebnisse',
    sections: {
      nodes: 'Knoten',
      presets: 'Vorlagen',
      recipes: 'Rezepte',
      actions: 'Neuer Lauf',
      runs: 'Läufe',
      fleets: 'Flotten',
    },
    allNodes: (count: number) => `Alle ${formatNumber(count)} Knoten, deren Name das enthält`,
    none: 'Nichts mit diesem Namen',
    noneMore: 'Weniger Wörter versuchen oder nur einen Teil.',
    count: (count: number) => (count === 1 ? '1 Ergebnis' : `${formatNumber(count)} Ergebnisse`),
    choose: 'wählen',
    move: 'bewegen',
    close: 'schließen',
  },
  shortcuts: {
    title: 'Tastenkürzel',
    grid: 'In Listen',
    inGrid: [
      { keys: ['ArrowUp', 'ArrowDown'], does: 'Bewegen' },
      { keys: ['PageUp', 'PageDown', 'Home', 'End'], does: 'Weit bewegen' },
      { keys: ['Enter'], does: 'Öffnen' },
      { keys: ['Space'], does: 'Auswählen' },
      { keys: ['shift+ArrowDown'], does: 'Auswahl erweitern' },
      { keys: ['mod+a'], does: 'Alles auswählen' },
      { keys: ['Escape'], does: 'Schließen oder Auswahl aufheben' },
    ],
    then: 'dann',
    or: 'oder',
  },
};

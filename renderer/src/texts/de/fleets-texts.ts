import type { fleetsTexts as english } from '../en/fleets-texts.ts';
import type { Localized } from '../localized.ts';

/** Texte der Flotten, mit denen jemand arbeitet. */
export const fleetsTexts: Localized<typeof english> = {
  fleets: {
    shown: (name: string) => `Dieses Fenster zeigt ${name}`,
    notSetUp: 'nicht eingerichtet',
    manage: 'Flotten verwalten…',
    opening: (name: string) => `${name} wird geöffnet…`,
    title: (name: string) => `${name} – Muster`,
    colours: { none: 'Keine', red: 'Rot', orange: 'Orange', green: 'Grün', blue: 'Blau', violet: 'Violett' },
    colour: 'Farbe',
    colourOf: (name: string) => `Farbe von ${name}`,
    list: 'Ihre Flotten',
    listMore:
      'Jede hat ein Verzeichnis mit eigenen Schlüsseln, eigenem Verlauf und eigenen Zeitplänen. Die Farbe kennzeichnet ihre Fenster, damit niemand eine Flotte für eine andere hält.',
    here: 'In diesem Fenster',
    usual: 'Standard',
    usualMore: 'Befehle und neue Fenster arbeiten mit ihr, wenn keine andere genannt wird.',
    open: 'Öffnen',
    openOf: (name: string) => `${name} öffnen`,
    use: 'Zum Standard machen',
    useOf: (name: string) => `Zum Standard machen: ${name}`,
    rename: 'Umbenennen…',
    renameOf: (name: string) => `${name} umbenennen`,
    forget: 'Vergessen…',
    forgetOf: (name: string) => `${name} vergessen`,
    forgetTitle: (name: string) => `${name} vergessen?`,
    forgetMore: (home: string) =>
      `Der Name verschwindet aus dieser Liste. Schlüssel, Verlauf und Zeitpläne bleiben in ${home}; wer dieses Verzeichnis hinzufügt, hat die Flotte wieder.`,
    forgetGo: 'Vergessen',
    name: 'Name',
    newName: 'Neuer Name',
    save: 'Speichern',
    add: 'Weitere Flotte hinzufügen…',
    addTitle: 'Weitere Flotte hinzufügen',
    addMore:
      'Sie bekommt einen Namen und ein eigenes Verzeichnis. Ist das noch nicht eingerichtet, geschieht es im nächsten Schritt.',
    folder: 'Verzeichnis',
    folderHint: 'auf dem Rechner der Konsole; leer lassen für ein neues',
    addGo: 'Hinzufügen und öffnen',
    badName:
      '1 bis 64 Buchstaben ohne Umlaute, Ziffern, Punkte, Binde- und Unterstriche; vorn ein Buchstabe oder eine Ziffer.',
  },
};

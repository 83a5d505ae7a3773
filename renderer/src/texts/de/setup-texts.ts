import { formatDuration, formatNumber } from '../format.ts';
import type { setupTexts as english } from '../en/setup-texts.ts';
import type { Localized } from '../localized.ts';

const nodes = (count: number): string => `${formatNumber(count)} Knoten`;

/** Texts of the first run, in German. */
export const setupTexts: Localized<typeof english> = {
  setup: {
    title: 'Diese Konsole einrichten',
    more: 'Sie braucht ihren Broker und einen eigenen Schlüssel, dem die Flotte vertraut.',
    steps: { connect: 'Verbinden', enrol: 'Aufnehmen', try: 'Ausprobieren' },
    stepsLabel: 'Schritte',
    ways: 'Was liegt vor?',
    way: { join: 'Eine Einladung', bring: 'Zertifikat und Schlüssel' },
    paths: 'Pfade auf dem Computer dieser Konsole, die die Dateien selbst liest: Kein Schlüssel gelangt ins Fenster.',
    file: 'Datei der Einladung',
    fileExample: '~/alice.join',
    fileHint: 'von muster ca invite',
    read: 'Einladung lesen',
    reading: 'Wird gelesen…',
    forName: 'Für',
    broker: 'Broker',
    authority: 'Zertifizierungsstelle',
    fingerprint: 'Fingerabdruck ihres Zertifikats',
    compare:
      'Wer eingeladen hat, kann ihn bestätigen: Diese Konsole glaubt künftig allen, die diese Stelle zertifiziert.',
    expires: 'Gültig bis',
    name: 'Eigener Name',
    nameHint: (names: string) => `die Einladung gilt für ${names}`,
    join: (name: string) => (name === '' ? 'Beitreten' : `Als ${name} beitreten`),
    urls: 'Broker',
    urlsHint: 'amqps://HOST:5671; mehrere mit Kommas',
    ca: 'Zertifikat der Zertifizierungsstelle',
    certificate: 'Eigenes Zertifikat',
    key: 'Sein privater Schlüssel',
    proxy: {
      title: 'Verbindung über einen Proxy',
      url: 'Proxy',
      urlHint: 'http://HOST:PORT oder https://HOST:PORT',
      username: 'Anmeldename',
      usernameHint: 'falls er ihn verlangt',
      passwordFile: 'Passwortdatei',
      allowHttp: 'Das Passwort unverschlüsselt senden',
      allowHttpHint: 'Andere im Netz könnten es lesen. Ein Proxy mit https kommt ohne aus.',
      ca: 'Zertifizierungsstelle des Proxys',
      caHint: 'falls sie keine öffentliche ist',
      except: 'Direkt erreicht',
      exceptHint: 'Namen und Adressen, mit Kommas',
    },
    bring: 'Prüfen und verbinden',
    checking: 'Wird geprüft…',
    evenSo: 'Ohne den Broker einrichten',
    joining: (name: string) => `Beitritt als ${name}`,
    makingKey: 'Schlüssel wird erzeugt…',
    keyMade: 'Der Schlüssel wurde auf diesem Computer erzeugt und bleibt dort. Sein Fingerabdruck:',
    asking: 'Ein Zertifikat wird angefragt…',
    held: 'Wartet, bis jemand zustimmt',
    heldMore:
      'Dort wird der Fingerabdruck oben mit dem angezeigten verglichen: Seite Sicherheit, Beitrittsanfragen, oder muster join list. Danach geht es von selbst weiter, auch nach einem Neustart.',
    leave: 'Nicht mehr warten',
    opening: 'Konsole wird geöffnet…',
    copy: 'Fingerabdruck kopieren',
    home: (folder: string) => `Eingerichtet wird in ${folder}`,
    demo: 'Noch keine Flotte?',
    demoMore:
      'Aus einem Checkout von Muster startet eine Flotte zum Ausprobieren, mit eigenem Broker und eigenen Agenten, und dazu eine Konsole:',
    demoCommand: 'npm run demo',
    demoBroker: 'RabbitMQ, das dafür nötig ist, ist hier installiert.',
    demoNoBroker: 'Dafür ist RabbitMQ nötig, das hier nicht installiert ist.',
    tryTitle: 'Die Konsole ist eingerichtet',
    tryMore: 'Zwei Fragen an die Flotte zeigen, ob alles funktioniert.',
    connection: {
      waiting: 'Verbindung zum Broker wird aufgebaut…',
      up: 'Mit dem Broker verbunden',
      down: 'Keine Verbindung zum Broker',
    },
    discovering: 'Wer ist da?',
    discovered: (count: number, ms: number) =>
      `${nodes(count)} ${count === 1 ? 'hat' : 'haben'} in ${formatDuration(ms)} geantwortet`,
    nobody: 'Niemand hat geantwortet: Noch ist kein Agent verbunden',
    nobodyMore: 'Agenten treten mit einer eigenen Einladung bei: muster-agent join DATEI',
    pinging: (done: number, all: number) => `Ping: ${formatNumber(done)} von ${nodes(all)} haben geantwortet`,
    pinged: (done: number, all: number) => {
      if (done !== all) return `${formatNumber(done)} von ${nodes(all)} haben auf eine signierte Anfrage geantwortet`;
      return all === 1
        ? 'Er hat auf eine signierte Anfrage geantwortet'
        : `Alle ${nodes(all)} haben auf eine signierte Anfrage geantwortet`;
    },
    again: 'Noch einmal fragen',
    start: 'Konsole öffnen',
  },
};

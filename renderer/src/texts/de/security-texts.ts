import type { securityTexts as english } from '../en/security-texts.ts';
import { formatDay, formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

const counted = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`;
/** After „vor“ and „in“. */
const countedDays = (count: number): string => counted(count, 'Tag', 'Tagen');

/** Texts of the page about keys, certificates and who may do what, in German. */
export const securityTexts: Localized<typeof english> = {
  security: {
    title: 'Sicherheit',
    pages: 'Seiten der Sicherheit',
    tabs: { keys: 'Schlüssel', joins: 'Beitrittsanfragen', policies: 'Richtlinien', audit: 'Audit-Protokoll' },
    joins: {
      title: 'Wer beitreten möchte',
      more: 'Jede Anfrage zeigt den Fingerabdruck eines Schlüssels, der dort erzeugt wurde. Nur genehmigen, wenn er mit dem dort angezeigten übereinstimmt.',
      none: 'Niemand wartet auf Genehmigung',
      noneMore: 'Wer eingeladen ist und eine Genehmigung braucht, erscheint hier: muster ca invite.',
      refresh: 'Erneut nachsehen',
      who: 'Name',
      key: 'Schlüssel (SHA-256)',
      age: 'Angefragt',
      replaces: 'Hat ein gültiges Zertifikat',
      approve: 'Genehmigen',
      reject: 'Ablehnen',
      cancel: 'Abbrechen',
      approveTitle: (name: string) => `${name} beitreten lassen?`,
      rejectTitle: (name: string) => `${name} ablehnen?`,
      compare: 'Dieser Schlüssel muss der dort angezeigte sein:',
      replaceMore: (name: string) =>
        `${name} hat ein noch gültiges Zertifikat. Es wird widerrufen: Wer es jetzt verwendet, verliert die Flotte. Nur fortfahren, wenn der Rechner neu aufgesetzt wurde.`,
      replaceConfirm: 'Genehmigen und das alte widerrufen',
      rejectMore: 'Wer die Einladung hat, kann mit einem anderen Schlüssel erneut anfragen.',
      done: (name: string, isApproved: boolean) => (isApproved ? `${name} wurde genehmigt` : `${name} wurde abgelehnt`),
    },
    key: 'Schlüssel',
    own: 'Zertifikat dieser Konsole',
    ownMore: 'Jeder Auftrag wird mit dem Schlüssel dieses Zertifikats signiert.',
    authorities: 'Zertifizierungsstellen',
    authoritiesMore: 'Knoten, Personen und Brokern wird vertraut, wenn eine von diesen für sie bürgt.',
    name: 'Name',
    state: 'Status',
    until: 'Bis',
    fingerprint: 'Fingerabdruck (SHA-256)',
    noRole: 'Keine Rolle',
    copyFingerprint: 'Ganzen Fingerabdruck kopieren',
    validities: { valid: 'Gültig', soon: 'Läuft bald ab', expired: 'Abgelaufen', early: 'Noch nicht gültig' },
    tester: {
      about:
        'Wie ein Knoten mit diesen Richtlinien entscheiden würde, nach dem, was das Inventar von ihm weiß. Kein Knoten wird gefragt.',
      policies: 'Richtlinien',
      question: 'Frage',
      open: 'Dateien öffnen…',
      policy: 'Richtlinie',
      policyOf: (agent: string) => `${agent}.policy`,
      groups: 'groups',
      settings: 'settings.json',
      caller: 'Aufrufer',
      callerExample: 'alice',
      agent: 'Agent',
      action: 'Aktion',
      inputs: 'Eingaben',
      inputsHint: 'ein Schlüssel=Wert je Zeile',
      node: 'Knoten',
      noNodes: 'Kein solcher Knoten im Inventar',
      noAgents: 'Kein solcher Agent in der Flotte',
      noActions: 'Keine solche Aktion',
      knows: (facts: number, classes: number, agents: number) =>
        `${counted(facts, 'Fakt', 'Fakten')}, ${counted(classes, 'Klasse', 'Klassen')}, ${counted(agents, 'Agent', 'Agenten')}`,
      check: 'Prüfen',
      allowed: 'Erlaubt',
      denied: 'Verweigert',
      place: (file: string, line: number, column: number | null) =>
        column === null ? `${file}, Zeile ${line}` : `${file}, Zeile ${line}, Spalte ${column}`,
      showLine: (place: string) => `${place} anzeigen`,
      noRule: 'Durch keine Zeile einer Richtlinie',
      faults: 'Diese Dateien sind so nicht verwendbar',
      waiting: 'Hier erscheint die Antwort',
      waitingMore: 'Richtlinie öffnen oder einfügen, angeben, wer was auf welchem Knoten will, und prüfen.',
    },
    day: (timeMs: number) => formatDay(timeMs),
    daysLeft: (count: number) =>
      count < 0 ? `vor ${countedDays(-count)}` : count === 0 ? 'heute' : `in ${countedDays(count)}`,
  },
};

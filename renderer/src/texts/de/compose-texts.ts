import type { composeTexts as english } from '../en/compose-texts.ts';
import { formatNumber } from '../format.ts';
import type { Localized } from '../localized.ts';

const nodes = (count: number): string => `${formatNumber(count)} Knoten`;

/** Texts about what a run is given: versions of its agent, rules of its inputs, in German. */
export const composeTexts: Localized<typeof english> = {
  versions: {
    several: (count: number) => `${formatNumber(count)} Versionen:`,
    onNodes: (version: string, count: number) => `${version} auf ${nodes(count)}`,
    follows: (version: string) =>
      `Das Formular ist das von ${version}, das die meisten dieser Knoten haben. Eingaben, die nicht alle Versionen kennen, sind gekennzeichnet.`,
    only: (versions: readonly string[], count: number) => `nur ${versions.join(', ')}, ${nodes(count)}`,
    onlyHint: 'Knoten mit einer anderen Version lehnen einen Lauf mit dieser Eingabe ab',
    lackAgent: (count: number, agent: string) =>
      `${nodes(count)} des Ziels ${count === 1 ? 'hat' : 'haben'} den Agenten ${agent} nicht.`,
    lackAction: (count: number, action: string, versions: readonly string[]) =>
      `${nodes(count)} mit ${versions.join(', ')} ${count === 1 ? 'hat' : 'haben'} die Aktion ${action} nicht.`,
  },
  inputRules: {
    types: {
      integer: 'Ganze Zahl',
      float: 'Zahl',
      number: 'Zahl',
      boolean: '',
      list: '',
      array: 'JSON-Array',
      hash: 'JSON-Objekt',
    },
    pattern: (regex: string) => `Passt auf ${regex}`,
    longest: (length: number) => `höchstens ${formatNumber(length)} Zeichen`,
    default: (value: string) => `Standard: ${value}`,
  },
  json: {
    ends: 'Noch kein JSON: endet zu früh',
    unexpected: (found: string, line: number, column: number) =>
      `Kein JSON: ${found} in Zeile ${line}, Spalte ${column}`,
  },
  reveal: { show: 'Eingabe anzeigen', hide: 'Eingabe verbergen' },
  confirmCount: (count: number) => `Zum Fortfahren ${formatNumber(count)} eingeben, die Anzahl der Knoten`,
};

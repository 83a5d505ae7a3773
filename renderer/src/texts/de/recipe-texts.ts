import { formatNumber } from '../format.ts';

/** Texte zu Rezepten: Läufe, die unter einem Namen gespeichert sind. */
export const recipeTexts = {
  recipes: {
    title: 'Rezepte',
    tabs: 'Was ausgeführt wird',
    tab: { actions: 'Aktionen', recipes: 'Rezepte' },
    saveAs: 'Als Rezept speichern…',
    search: 'Rezepte durchsuchen',
    empty: 'Noch keine Rezepte',
    emptyMore:
      'Einen Lauf zusammenstellen und als Rezept speichern: Alles bleibt erhalten, außer dem, was jedes Mal gefragt werden soll.',
    noMatch: 'Das steht in keinem Rezept',
    use: (name: string) => `Rezept ${name} verwenden`,
    asks: (count: number) => (count === 1 ? 'fragt nach 1 Eingabe' : `fragt nach ${formatNumber(count)} Eingaben`),
    edit: 'Ändern…',
    duplicate: 'Duplizieren…',
    copyOf: (name: string) => `${name} Kopie`,
    exportAll: 'Alle Rezepte exportieren',
    importTitle: 'Rezepte importieren',
    newTitle: 'Als Rezept speichern',
    editTitle: (name: string) => `Rezept ${name} ändern`,
    inputs: 'Bei jeder Verwendung gefragt',
    inputsMore:
      'Was angekreuzt ist, wird gefragt und ist mit dem jetzigen Wert vorbelegt. Alles andere bleibt, wie es ist.',
    label: (prompt: string) => `Wie nach ${prompt} gefragt wird`,
    value: (text: string) => `Jetzt: ${text.slice(0, 120)}`,
    secret: 'Geheim: wird nie gespeichert',
    needed: (prompt: string) => `${prompt} braucht einen Wert oder muss gefragt werden`,
    inUse: (name: string) => `Rezept ${name}`,
    kept: (count: number) =>
      count === 1
        ? '1 weitere Eingabe ist so, wie das Rezept sie vorgibt.'
        : `${formatNumber(count)} weitere Eingaben sind so, wie das Rezept sie vorgibt.`,
    showAll: 'Alle Eingaben zeigen',
    showAsked: 'Nur zeigen, was gefragt wird',
    change: 'Rezept speichern…',
    leave: 'Rezept verlassen',
    nothing: 'Dieses Rezept fragt nach nichts.',
  },
};

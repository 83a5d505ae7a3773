import { styleText } from 'node:util';

const styles = { red: 'red', green: 'green', yellow: 'yellow', bold: 'bold', dim: 'dim' } as const;

/** Text in a colour, or as it is where colours are not wanted. */
export type Palette = Readonly<Record<keyof typeof styles, (text: string) => string>>;

export function createPalette(colours: boolean): Palette {
  const paint = (name: keyof typeof styles) => (text: string) =>
    colours && text !== '' ? styleText(styles[name], text, { validateStream: false }) : text;
  return { red: paint('red'), green: paint('green'), yellow: paint('yellow'), bold: paint('bold'), dim: paint('dim') };
}

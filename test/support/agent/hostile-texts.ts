// What somebody who owns a node puts wherever a console shows something.

/** Markup that makes a global `owned` wherever it is taken for markup. */
export const markup = '"><img src=x onerror="globalThis.owned=true"><script>globalThis.owned=true</script>';

/** A title for the terminal, a cleared screen, colours (in seven bits and in eight), reversed text, and a line of its own. */
export const escapes = '\u001B]0;owned\u0007\u001B[2J\u001B[31mred\u009B31m \u202Egpj.exe\r\nOK: all is well\b\b';

/** What spreadsheets run. */
export const formulas = ['=HYPERLINK("http://attacker.example","x")', '+1+cmd|calc', '@SUM(1)', '\t=1+1', '\r=1+1'];

/** Names that reach into the prototypes of objects that are filled carelessly. */
export const pollution =
  '{"__proto__":{"owned":true},"constructor":{"prototype":{"owned":true}},"toString":"x","hasOwnProperty":1}';

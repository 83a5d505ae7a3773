/** The looks of a report in HTML, on a screen and on paper. It loads nothing. */
export const htmlStyle = `
:root {
  color-scheme: light;
  --ink: #191d26; --soft: #4a5263; --faint: #5f6879; --line: #e4e7ec; --strong: #c6ccd6; --sunken: #f8f9fb;
  --ok: #17784a; --ok-fill: #2f9e68; --bad: #bf2f2a; --bad-fill: #d64a43; --warn: #8a5a00; --warn-fill: #d99a1c;
  --idle: #596275; --idle-fill: #aeb6c4; --bar: #6b77dd;
}
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--ink); background: #fff;
  font: 13px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1400px; margin: 0 auto; padding: 40px 32px 32px; }
h1, h2, dl, p, ul { margin: 0; padding: 0; }
h1 { font-size: 25px; font-weight: 650; line-height: 1.25; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 14px; font-weight: 650; margin-bottom: 8px; overflow-wrap: anywhere; }
.kind { margin-bottom: 4px; color: var(--faint); font-size: 12px; font-weight: 500; }
.about { display: grid; grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); gap: 12px 28px; margin: 20px 0 28px; }
.about div { min-width: 0; }
.about .wide { grid-column: 1 / -1; }
dt { color: var(--faint); font-size: 11.5px; }
dd { margin: 1px 0 0; overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: isolate; }
.parts { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 24px 40px; margin-bottom: 32px; }
.parts section { min-width: 0; break-inside: avoid; }
.parts .whole { grid-column: 1 / -1; }
.share { display: block; width: 100%; height: 14px; border-radius: 4px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-top: 8px; list-style: none; }
.legend b { font-weight: 600; }
.legend svg { width: 9px; height: 9px; margin-inline-end: 6px; }
.bars { width: 100%; border-collapse: collapse; }
.bars th { width: 40%; padding: 2px 12px 2px 0; font-weight: 400; text-align: start; overflow-wrap: anywhere; }
.bars td { padding: 2px 0; }
.bars td:last-child { width: 72px; text-align: end; }
.bars svg { display: block; width: 100%; height: 10px; }
.rest { margin-top: 4px; color: var(--faint); font-size: 12px; }
.figure { color: var(--soft); list-style: none; white-space: pre-wrap; overflow-wrap: anywhere; }
.rows { width: 100%; border-collapse: collapse; font-size: 12px; }
.rows caption { margin-bottom: 8px; font-size: 14px; font-weight: 650; text-align: start; }
.rows thead th { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--strong); color: var(--soft); font-size: 11.5px; font-weight: 600; text-align: start; vertical-align: bottom; }
.rows tbody th, .rows td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); font-weight: 400; text-align: start; vertical-align: top; white-space: pre-wrap; overflow-wrap: break-word; unicode-bidi: isolate; }
.rows tbody .short { white-space: nowrap; }
.rows tbody .long { min-width: 180px; overflow-wrap: anywhere; }
.rows tbody th { font-weight: 550; }
.rows thead .end, .rows tbody .end { text-align: end; white-space: nowrap; }
.rows .data { font-family: ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', monospace; font-size: 11.5px; }
.state { white-space: nowrap; font-weight: 550; }
.state svg { width: 8px; height: 8px; margin-inline-end: 6px; }
.ok { color: var(--ok); } .bad { color: var(--bad); } .warn { color: var(--warn); } .idle { color: var(--idle); }
.fill-ok { fill: var(--ok-fill); } .fill-bad { fill: var(--bad-fill); } .fill-warn { fill: var(--warn-fill); } .fill-idle { fill: var(--idle-fill); }
.fill { fill: var(--bar); }
.none { padding: 24px 0; color: var(--faint); }
footer { margin-top: 24px; padding-top: 12px; border-top: 1px solid var(--line); color: var(--faint); font-size: 11.5px; }
@media (min-width: 900px) { .rows thead th { position: sticky; top: 0; background: #fff; } }
@page { margin: 14mm 12mm; }
@media print {
  body { font-size: 9.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  h1 { font-size: 18pt; }
  .rows, .rows .data { font-size: 8pt; }
  .rows thead th { position: static; font-size: 8pt; }
  .rows tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;

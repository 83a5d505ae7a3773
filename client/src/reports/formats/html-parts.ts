import { cleanLine, cleanText, escapeHtml } from '@muster/protocol/text';
import type { ReportBar, ReportChart, ReportFigure, ReportTone } from '../report.ts';
import { countText } from '../values.ts';

/** A text that says what it says wherever it stands in HTML: between tags, or in an attribute with quotes. */
export const htmlText = (text: string): string => escapeHtml(cleanText(text));

const htmlLine = (text: string): string => htmlText(cleanLine(text));

const fillOf = (tone: ReportTone | undefined): string => (tone === undefined ? 'fill' : `fill-${tone}`);

const dot = (tone: ReportTone | undefined): string =>
  `<svg viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" class="${fillOf(tone)}"/></svg>`;

/** The state of a node: its words, and a dot in their colour. */
export const htmlState = (words: string, tone: ReportTone): string =>
  `<span class="state ${tone}">${dot(tone)}${htmlLine(words)}</span>`;

const rounded = (value: number): string => String(Math.round(value * 1000) / 1000);

function share({ bars }: ReportChart): string {
  const total = bars.reduce((sum, { count }) => sum + count, 0);
  let x = 0;
  let parts = '';
  for (const { label, count, tone } of bars) {
    const width = total === 0 ? 0 : (count / total) * 1000;
    parts += `<rect x="${rounded(x)}" width="${rounded(width)}" height="14" class="${fillOf(tone)}"><title>${htmlLine(label)}: ${countText(count)}</title></rect>`;
    x += width;
  }
  const percent = (count: number) => (total === 0 ? '' : ` (${rounded(Math.round((count / total) * 1000) / 10)} %)`);
  const legend = bars
    .map(
      ({ label, count, tone }) => `<li>${dot(tone)}${htmlLine(label)} <b>${countText(count)}</b>${percent(count)}</li>`,
    )
    .join('');
  return `<svg class="share" viewBox="0 0 1000 14" preserveAspectRatio="none" aria-hidden="true">${parts}</svg><ul class="legend">${legend}</ul>`;
}

function bar({ label, count, tone }: ReportBar, most: number): string {
  const width = rounded(most === 0 ? 0 : Math.max(4, (count / most) * 1000));
  return `<tr><th scope="row">${htmlLine(label)}</th><td><svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="10" class="${fillOf(tone)}"/></svg></td><td>${countText(count)}</td></tr>`;
}

/** Counts as a drawing, with their numbers. */
export function htmlChart(chart: ReportChart): string {
  const most = Math.max(0, ...chart.bars.map(({ count }) => count));
  const drawing =
    chart.form === 'share'
      ? share(chart)
      : `<table class="bars"><tbody>${chart.bars.map((one) => bar(one, most)).join('')}</tbody></table>`;
  const rest = chart.rest === undefined ? '' : `<p class="rest">${htmlLine(chart.rest)}</p>`;
  const isWhole = chart.form === 'share' ? ' class="whole"' : '';
  return `<section${isWhole}><h2>${htmlLine(chart.title)}</h2>${drawing}${rest}</section>\n`;
}

export const htmlFigure = ({ title, lines }: ReportFigure): string =>
  `<section><h2>${htmlLine(title)}</h2><ul class="figure">${lines.map((line) => `<li>${htmlText(line)}</li>`).join('')}</ul></section>\n`;

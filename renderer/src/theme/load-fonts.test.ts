import { expect, it } from 'vitest';
import { loadFonts } from './load-fonts.ts';

it('waits for the fonts of texts and of code, and goes on without one that cannot be had', async () => {
  const asked: string[] = [];
  const load = (font: string): Promise<FontFace[]> => {
    asked.push(font);
    return font.includes('Mono') ? Promise.reject(new Error('no such file')) : Promise.resolve([]);
  };
  await loadFonts({ fonts: { load } });
  expect(asked).toEqual(["1em 'Inter Variable'", "1em 'JetBrains Mono Variable'"]);
});

/**
 * Resolves when the window's letters are there, so that nothing is shown in others first; also when they cannot be had, for any will do. Never
 * rejects.
 */
export async function loadFonts({ fonts }: { readonly fonts: Pick<FontFaceSet, 'load'> }): Promise<void> {
  await Promise.allSettled(
    ['Inter Variable', 'JetBrains Mono Variable'].map((family) => fonts.load(`1em '${family}'`)),
  );
}

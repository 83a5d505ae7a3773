/**
 * Two templates of bits-ui carry a style attribute, which the window's content security policy refuses. It becomes an
 * attribute of our own, and `theme/base.css` says what it means.
 */
const withoutInlineStyles = {
  name: 'without-inline-styles',
  markup: ({ content, filename = '' }) =>
    filename.includes('/bits-ui/')
      ? { code: content.replaceAll('style="display: contents;"', 'data-display-contents') }
      : undefined,
};

export default { compilerOptions: { runes: true }, preprocess: [withoutInlineStyles] };

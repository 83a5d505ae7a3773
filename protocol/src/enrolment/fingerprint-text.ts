/** A fingerprint as people compare it: eight groups of eight digits. */
export const fingerprintText = (fingerprint: string): string => (fingerprint.match(/.{1,8}/g) ?? []).join(' ');

/** A fingerprint, or its beginning, as somebody wrote it: without blanks and colons, in small letters; undefined when it is none. */
export function readFingerprint(text: string): string | undefined {
  const digits = text.replace(/[\s:]/g, '').toLowerCase();
  return /^[0-9a-f]{8,64}$/.test(digits) ? digits : undefined;
}

/**
 * Names of certificates as Puppet has them: small letters, digits, `-`, `_` and dots between them. Such a name is no option of a
 * program, leads to no other folder, and is one name and not several.
 */
export const certnamePattern = '^[a-z0-9_]([.]?[a-z0-9_-])*$';

/** Most characters of a name. */
export const certnameLength = 100;

const pattern = new RegExp(certnamePattern);

export const isCertname = (text: string): boolean => text.length <= certnameLength && pattern.test(text);

/** What yum can be told to forget; dnf knows some of them. */
export const cleanModes = ['all', 'headers', 'packages', 'metadata', 'dbcache', 'plugins', 'expire-cache'] as const;

/** What stands in for a sensitive input wherever it is stored, written down or shown. */
export const masked = '(sensitive)';

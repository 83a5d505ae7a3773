/** MCollective's status codes and their texts. */
export const statusCodes = {
  ok: 0,
  aborted: 1,
  unknownAction: 2,
  missingData: 3,
  invalidData: 4,
  unknownError: 5,
} as const;

export type StatusCode = (typeof statusCodes)[keyof typeof statusCodes];

export const statusTexts: Readonly<Record<StatusCode, string>> = {
  0: 'OK',
  1: 'Request Aborted',
  2: 'Unknown Action',
  3: 'Missing Request Data',
  4: 'Invalid Request Data',
  5: 'Unknown Request Status',
};

/** Version of the console, as it tells others; the one in `package.json`. */
export const consoleVersion = '0.1.0';

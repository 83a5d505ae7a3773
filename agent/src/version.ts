/** Version of the agent, as it tells others; the one in `package.json`. */
export const agentVersion = '0.1.0';

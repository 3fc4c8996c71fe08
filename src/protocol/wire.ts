/** Constants of the socket, for both ends. */

/** The subprotocol a client asks for. */
export const subprotocol = 'estafet.v1';

/** The name of the cookie that carries a browser's session. */
export const sessionCookie = 'estafet';

/** The room that is there from the start and that everybody is in: its id and its name. */
export const generalRoom = 'general';

/** The author of what no person did. */
export const systemUser = 'system';

/** WebSocket close codes (4000 to 4999 are an application's own, RFC 6455 section 7.4.2). */
export const closeCodes = {
  /** The server is stopping; connect to another at once. */
  goingAway: 1001,
  badFrame: 4400,
  notSignedIn: 4401,
  tooLarge: 1009,
  helloDeadline: 4408,
  tooSlow: 4429,
  internal: 1011,
} as const;

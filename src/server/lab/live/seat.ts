/** Who speaks to the lab: a socket, wherever it ends. */

/** Names a socket among those of all servers, and of all lives of a server. */
export type Seat = string;

export interface Speaker {
  readonly seat: Seat;
  /** The server that it ends at. */
  readonly server: string;
  /** A person's id, */
  readonly user: string;
  /** and what they are called. */
  readonly name: string;
  readonly isGuest: boolean;
}

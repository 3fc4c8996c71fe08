/** The signed-in sockets of this server: by session, to end them when it ends, and by person, for who is online. */

/** A signed-in socket, as the roster sees it. */
export interface Guest {
  readonly userId: string;
  readonly tokenHash: string;
  sessionEnded(): void;
}

const add = <T>(map: Map<string, Set<T>>, key: string, value: T): void => {
  const values = map.get(key);
  if (values === undefined) map.set(key, new Set([value]));
  else values.add(value);
};

const remove = <T>(map: Map<string, Set<T>>, key: string, value: T): void => {
  const values = map.get(key);
  values?.delete(value);
  if (values?.size === 0) map.delete(key);
};

export class Roster<G extends Guest = Guest> {
  readonly #bySession = new Map<string, Set<G>>();
  readonly #byUser = new Map<string, Set<G>>();
  readonly #onlineChanged: () => void;

  /** `onlineChanged` is called when a person's first socket comes or the last one goes. */
  constructor(onlineChanged: () => void) {
    this.#onlineChanged = onlineChanged;
  }

  /** Ids of the people who have a socket here. */
  online(): Iterable<string> {
    return this.#byUser.keys();
  }

  enter(guest: G): void {
    const wasOnline = this.#byUser.has(guest.userId);
    add(this.#bySession, guest.tokenHash, guest);
    add(this.#byUser, guest.userId, guest);
    if (!wasOnline) this.#onlineChanged();
  }

  leave(guest: G): void {
    remove(this.#bySession, guest.tokenHash, guest);
    remove(this.#byUser, guest.userId, guest);
    if (!this.#byUser.has(guest.userId)) this.#onlineChanged();
  }

  /** Ends the sockets of sessions that have ended. */
  end(tokenHashes: readonly string[]): void {
    for (const tokenHash of tokenHashes) {
      for (const guest of [...(this.#bySession.get(tokenHash) ?? [])]) guest.sessionEnded();
    }
  }
}

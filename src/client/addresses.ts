/**
 * The addresses that a client knows, and which one it tries next. Pure: chance comes in as a number.
 *
 * The address that was given comes first. After a loss, one of the survivors is picked by chance, so that the clients
 * of a dead server spread over the others; those said to be down come after those said to be up; each is tried once
 * before any is tried again.
 */
import { limits } from '../protocol/index.ts';

export interface LearnedAddress {
  /** The server's name; null for the front door. */
  readonly name: string | null;
  readonly url: string;
  readonly down: boolean;
}

export interface AddressBook {
  /** What the program asked for. Always kept. */
  readonly given: readonly string[];
  /** What the cluster last said of itself. */
  readonly learned: readonly LearnedAddress[];
  /** Addresses worth a try before the cluster has said anything, the likelier ones first. */
  readonly guessed: readonly string[];
  /** Tried since a connection last stood, the newest last. */
  readonly tried: readonly string[];
  /** Where to begin. */
  readonly preferred: string | null;
}

/** The origin of an http(s) or ws(s) address, as http(s); null when it is none. */
export const originOf = (address: unknown): string | null => {
  if (typeof address !== 'string' || !URL.canParse(address)) return null;
  const url = new URL(address.replace(/^ws(s?):/i, 'http$1:'));
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : null;
};

const unique = (urls: readonly string[]): string[] => [...new Set(urls)];

/** A book with the given origins (see `originOf`). */
export const addressBook = (given: readonly string[], guessed: readonly string[] = []): AddressBook => {
  const kept = unique(given).slice(0, limits.clientAddressesMax);
  return {
    given: kept,
    learned: [],
    guessed: unique(guessed).slice(0, limits.clientAddressesMax - kept.length),
    tried: [],
    preferred: kept[0] ?? null,
  };
};

/** Replaces what the cluster says of itself. What is not an address, or would go from TLS to plain, is left out. */
export const learn = (book: AddressBook, told: readonly LearnedAddress[]): AddressBook => {
  const tlsOnly = book.given.length > 0 && book.given.every((url) => url.startsWith('https:'));
  const learned = new Map<string, LearnedAddress>();
  for (const { name, url: address, down } of told) {
    const url = originOf(address);
    if (url === null || (tlsOnly && !url.startsWith('https:')) || learned.has(url)) continue;
    if (learned.size + book.given.length >= limits.clientAddressesMax) break;
    learned.set(url, { name, url, down });
  }
  return learned.size === 0 ? book : { ...book, learned: [...learned.values()], guessed: [] };
};

/** Notes addresses as tried, in vain. */
export const markTried = (book: AddressBook, ...urls: readonly string[]): AddressBook => ({
  ...book,
  tried: unique([...book.tried, ...urls].reverse())
    .reverse()
    .slice(-2 * limits.clientAddressesMax),
});

/** Forgets which were tried, and begins at `preferred` next time. */
export const settle = (book: AddressBook, preferred: string): AddressBook => ({ ...book, tried: [], preferred });

/** All known addresses, the likelier ones first. */
export const known = (book: AddressBook): string[] => {
  const down = new Set(book.learned.filter((address) => address.down).map((address) => address.url));
  const all = unique([...book.given, ...book.learned.map((address) => address.url), ...book.guessed]);
  return [...all.filter((url) => !down.has(url)), ...all.filter((url) => down.has(url))];
};

/**
 * The address to try next, and the book with it noted as tried.
 * @param chance from 0 up to but not including 1
 */
export const choose = (book: AddressBook, chance: number): { readonly url: string; readonly book: AddressBook } => {
  const take = (from: AddressBook, url: string) => ({ url, book: markTried(from, url) });
  if (book.tried.length === 0 && book.preferred !== null) return take(book, book.preferred);
  const all = known(book);
  const down = new Set(book.learned.filter((address) => address.down).map((address) => address.url));
  const guessed = new Set(book.guessed.filter((url) => !book.given.includes(url)));
  const untried = all.filter((url) => !book.tried.includes(url));
  const likely = untried.filter((url) => !down.has(url) && !guessed.has(url));
  const guess = untried.filter((url) => guessed.has(url)).slice(0, 1);
  const candidates = [likely, guess, untried].find((urls) => urls.length > 0);
  if (candidates !== undefined) return take(book, candidates[Math.floor(chance * candidates.length)]!);
  // All tried: begin again, with anything but the one just tried unless it is the only one.
  const newest = book.tried.at(-1);
  const others = all.filter((url) => url !== newest);
  const pool = others.length > 0 ? others : all;
  return take({ ...book, tried: newest === undefined ? [] : [newest] }, pool[Math.floor(chance * pool.length)]!);
};

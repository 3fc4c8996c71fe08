/** `estafet token`: asks a live server of the data folder for a token, with the machine key as the right to do so. */
import { Refusal, readMachineKey, runningServers } from '../cluster/supervisor/index.ts';
import type { ErrorBody, Role, User } from '../protocol/index.ts';

export interface TokenOptions {
  readonly name: string;
  readonly role?: Role;
  readonly data: string;
  readonly json?: boolean;
}

interface Issued {
  readonly token: string;
  readonly user: User;
}

/** Longer than a takeover takes, during which a server holds the request. */
const answerTimeoutMs = 20_000;
/** A server that does not even say that it is alive within this time is passed over. */
const aliveTimeoutMs = 1_000;

/** Asks one server. Null when it did not answer or cannot now, so that another may be asked. */
const ask = async (url: string, key: string, { name, role }: TokenOptions): Promise<Issued | null> => {
  let answer: Response;
  try {
    await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(aliveTimeoutMs) });
    answer = await fetch(`${url}/api/v1/tokens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, role }),
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    if (answer.status >= 500) return null;
    if (answer.ok) return (await answer.json()) as Issued;
  } catch {
    return null;
  }
  const { error } = (await answer.json()) as { readonly error: ErrorBody };
  throw new Refusal('data', `No token was made: ${error.message} (${error.code})`);
};

/**
 * Has a token made by the first server that can.
 * @throws Refusal when there is none, or the key or the name is not good
 */
export const issueToken = async (options: TokenOptions): Promise<Issued> => {
  const key = readMachineKey(options.data);
  const servers = runningServers(options.data);
  if (servers.length === 0) {
    throw new Refusal(
      'unavailable',
      `No server of ${options.data} is running: start them with "estafet up --data ${options.data}".`,
    );
  }
  for (const { url } of servers) {
    const issued = await ask(url, key, options);
    if (issued !== null) return issued;
  }
  const names = servers.map(({ name }) => name).join(', ');
  throw new Refusal(
    'unavailable',
    `No server answered (${names}). Their logs, in ${options.data}, say why; try again in a moment.`,
  );
};

/** Prints a new token on the standard output, and nothing else there. */
export const token = async (options: TokenOptions): Promise<void> => {
  const issued = await issueToken(options);
  process.stdout.write(`${options.json === true ? JSON.stringify(issued) : issued.token}\n`);
};

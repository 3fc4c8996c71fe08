/** Debian's Chromium for tests, without the background services that a machine without internet would wait for. */
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser. The caller closes it. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args });

/**
 * Starts a browser of its own that keeps what it knows in a folder, like a person's: closed and started again with the same
 * folder, it is the same one. Closing the context closes it. `hosts` are names that lead to this machine.
 */
export const startProfile = (
  folder: string,
  options: BrowserContextOptions & { readonly hosts?: readonly string[] } = {},
): Promise<BrowserContext> => {
  const { hosts = [], ...rest } = options;
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ');
  return chromium.launchPersistentContext(folder, {
    ...rest,
    executablePath,
    args: rules === '' ? args : [...args, `--host-resolver-rules=${rules}`],
  });
};

/** What the page knows of the device beside the store: whether it starts without a server, and what it may offer. */
import { cell } from '../store/cell.ts';

/**
 * Whether the page opens without a server. `insecure`: browsers allow it at https addresses and on the machine itself
 * only. `refused`: this browser does not do it, or not now.
 */
export type OfflineStart = 'preparing' | 'ready' | 'insecure' | 'refused';

export const offlineStart = cell<OfflineStart>('preparing');

/** Whether the servers have another version of this page than the one that runs. */
export const newVersion = cell(false);

/** The browser's offer to install the page, kept until somebody wants it. */
export interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

export const installOffer = cell<InstallOffer | null>(null);

/** From the beginning: the browser says it once, and early. */
export const listenForInstallOffer = (): void => {
  addEventListener('beforeinstallprompt', (event) => {
    // Otherwise some browsers lay a bar of their own over the page.
    event.preventDefault();
    installOffer.set(event as InstallOffer);
  });
  addEventListener('appinstalled', () => installOffer.set(null));
};

/** Where a file is fetched: at this page's own server while that lives, else at the one that the page is connected to. */
import { useChat, useStore } from '../store/hooks.ts';

/** Address of a file's bytes. It changes when the server does, so that what could not be loaded is asked for again. */
export const useFileAddress = (): ((id: string, options?: { readonly download?: boolean }) => string) => {
  const store = useStore();
  // Whenever the connection moves.
  useChat((state) => state.link);
  const base = store.serverUrl === location.origin ? '' : store.serverUrl;
  return (id, { download = false } = {}) => `${base}/api/v1/files/${id}${download ? '?download=true' : ''}`;
};

/** Where a file is fetched, and again when it could not be had: a server may die in the middle of a picture. */
import { useEffect, useState } from 'react';
import { useChat, useStore } from '../store/hooks.ts';

/**
 * Address of a file's bytes: at this page's own address where that is the front door or the server that the page is
 * connected to, else at that server.
 */
export const useFileAddress = (): ((id: string, options?: { readonly download?: boolean }) => string) => {
  const store = useStore();
  const front = useChat((state) => state.cluster?.front ?? null);
  // Whenever the connection moves.
  useChat((state) => state.link);
  const isHere = front === location.origin || store.serverUrl === location.origin;
  const base = isHere ? '' : store.serverUrl;
  return (id, { download = false } = {}) => `${base}/api/v1/files/${id}${download ? '?download=true' : ''}`;
};

const retryBaseMs = 1_000;
const retryMaxMs = 30_000;
/** It counts as broken after this many failures; it is tried on all the same. */
const failuresShown = 2;

interface Loading {
  /** What to show: it stays when it has come, wherever the connection goes. */
  readonly address: string;
  /** Changes at each attempt, so that the element that loads is a new one. */
  readonly attempt: number;
  readonly isBroken: boolean;
  readonly onLoaded: () => void;
  readonly onFailed: () => void;
}

/** Loads what is at a file's address, until it has come. */
export const useLoading = (id: string): Loading => {
  const current = useFileAddress()(id);
  const [address, setAddress] = useState(current);
  const [isLoaded, setLoaded] = useState(false);
  const [failures, setFailures] = useState(0);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!isLoaded) setAddress(current);
  }, [current, isLoaded]);
  useEffect(() => {
    if (failures === 0 || isLoaded) return;
    const waitMs = Math.min(retryMaxMs, retryBaseMs * 2 ** (failures - 1));
    const timer = setTimeout(() => setAttempt((now) => now + 1), waitMs);
    return () => clearTimeout(timer);
  }, [failures, isLoaded]);
  return {
    address,
    attempt,
    isBroken: !isLoaded && failures >= failuresShown,
    onLoaded: () => setLoaded(true),
    onFailed: () => setFailures((now) => now + 1),
  };
};

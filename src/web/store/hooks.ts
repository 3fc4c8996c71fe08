/** How components read the store: a part of the state, and again only when that part changed. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Chat } from '../../client/index.ts';
import type { ChatStore } from './chat-store.ts';
import type { ChatState } from './state.ts';

export const StoreContext = createContext<ChatStore | null>(null);

/** The store of this page. */
export const useStore = (): ChatStore => {
  const store = useContext(StoreContext);
  if (!store) throw new Error('There is no store around this component.');
  return store;
};

/** A part of the state. `select` must give the same object for the same state. */
export const useChat = <T>(select: (state: ChatState) => T): T => {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => select(store.state));
};

export const SdkContext = createContext<Chat | null>(null);

/** The SDK itself, for the stores of other parts than the chat: what channels they watch is not the chat's to know. */
export const useSdk = (): Chat => {
  const chat = useContext(SdkContext);
  if (!chat) throw new Error('There is no connection around this component.');
  return chat;
};

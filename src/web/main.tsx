import './ui/tokens.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { connect } from '../client/index.ts';
import { App } from './app/app.tsx';
import { fitToKeyboard } from './app/viewport.ts';
import { startLanguages } from './i18n/index.ts';
import { ChatStore } from './store/chat-store.ts';
import { SdkContext, StoreContext } from './store/hooks.ts';

fitToKeyboard();
const device = import('./offline/device.ts').then(({ openDevice }) => openDevice());
const [remembered] = await Promise.all([device, startLanguages()]);
const { outbox, restored } = remembered;
const chat = connect({
  servers: [location.origin],
  outbox,
  ...(restored ? { after: restored.position, you: restored.you.id } : {}),
});
const store = new ChatStore(chat, restored);
remembered.keep(store);
createRoot(document.getElementById('root')!).render(
  <SdkContext value={chat}>
    <StoreContext value={store}>
      <App />
    </StoreContext>
  </SdkContext>,
);
// Nothing on the screen waits for it.
const whenIdle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1_000));
whenIdle(() => void import('./offline/offline-start.ts').then(({ startOffline }) => startOffline(store)));

import './ui/tokens.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { connect, indexedDbOutbox } from '../client/index.ts';
import { App } from './app/app.tsx';
import { fitToKeyboard } from './app/viewport.ts';
import { startLanguages } from './i18n/index.ts';
import { ChatStore } from './store/chat-store.ts';
import { StoreContext } from './store/hooks.ts';

fitToKeyboard();
const device = import('./offline/device.ts').then(({ openDevice }) => openDevice());
const [remembered] = await Promise.all([device, startLanguages()]);
const { restored } = remembered;
const chat = connect({
  servers: [location.origin],
  outbox: indexedDbOutbox(),
  ...(restored ? { after: restored.position, you: restored.you.id } : {}),
});
const store = new ChatStore(chat, restored);
remembered.keep(store);
createRoot(document.getElementById('root')!).render(
  <StoreContext value={store}>
    <App />
  </StoreContext>,
);

import './ui/tokens.css';
import './ui/base.css';
import { createRoot } from 'react-dom/client';
import { connect } from '../client/index.ts';
import { App } from './app/app.tsx';
import { fitToKeyboard } from './app/viewport.ts';
import { startLanguages } from './i18n/index.ts';
import { ChatStore } from './store/chat-store.ts';
import { StoreContext } from './store/hooks.ts';
import { browserOutbox } from './store/outbox.ts';

const store = new ChatStore(connect({ servers: [location.origin], outbox: browserOutbox(localStorage) }));
fitToKeyboard();
await startLanguages();
createRoot(document.getElementById('root')!).render(
  <StoreContext value={store}>
    <App />
  </StoreContext>,
);

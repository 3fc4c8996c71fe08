import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { appShell } from './scripts/app-shell.ts';

/** react-aria carries its own few strings in 30 languages; the page has three, and react-aria none for Indonesian. */
const kept = /(?:en-US|pt-BR)\.m?js$/;
const fewerLocales: Plugin = {
  name: 'fewer-locales',
  enforce: 'pre',
  load(id) {
    const locale = /react-(?:aria|stately)[^?]*\/intl\/[^?]*[a-z]{2}-[A-Z]{2}\.m?js$/.test(id);
    return locale && !kept.test(id) ? 'export default {};' : null;
  },
};

/** Of marked, the page has the lexer only; what marked makes ready for whoever renders with it would come along. */
const lexerOnly: Plugin = {
  name: 'lexer-only',
  transform(code, id) {
    if (!id.endsWith('/marked/lib/marked.esm.js')) return null;
    const rest = code.search(/;var \w+=new \w+;function \w+\(/);
    const [, lexer] = /(\w+) as Lexer\b/.exec(code) ?? [];
    const [, tokenizer] = /(\w+) as Tokenizer\b/.exec(code) ?? [];
    if (rest < 0 || !lexer || !tokenizer) return null;
    return { code: `${code.slice(0, rest + 1)}export{${lexer} as Lexer,${tokenizer} as Tokenizer};`, map: null };
  },
};

const web = fileURLToPath(new URL('./src/web', import.meta.url));

/** Where the page finds a server while it is developed: `estafet up`, or one given by name. */
const target = process.env.ESTAFET_URL ?? 'http://localhost:8080';

// What is built is what people run, whoever builds it: a test runner's environment would make it React's for developers.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

export default defineConfig({
  root: 'src/web',
  plugins: [react(), fewerLocales, lexerOnly, appShell(web)],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    // Everything is a file of its own: the page's policy allows no inline script and no data: address.
    assetsInlineLimit: 0,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target }, '/files': { target }, '/ws': { target, ws: true } },
  },
});

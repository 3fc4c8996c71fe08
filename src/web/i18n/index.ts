/**
 * The languages of the page. The browser's wishes decide first, then whatever was chosen in the settings. Only the
 * language in use is loaded; a test holds all of them complete, so there is no falling back from one to another.
 *
 * The words of the chat and of what is around every page are the namespace `translation`. Each other part of the app
 * has a namespace of its own, which is loaded with it (`loadWords`) and is the first one that its components ask:
 * `useTranslation('cluster')`; what they need of the common words they name as `t('translation:common.close')`.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { readSetting, writeSetting } from '../app/settings.ts';
import { chooseLanguage, isLanguage, type Language, languages } from './choose.ts';

export { type Language, languages } from './choose.ts';

/** Where the words of each part are. */
const parts = {
  translation: (language: Language) => import(`./${language}.json`),
  cluster: (language: Language) => import(`../cluster/words/${language}.json`),
  lab: (language: Language) => import(`../lab/words/${language}.json`),
} as const;
type Part = keyof typeof parts;

/** The parts that have been asked for: a change of language brings them along. */
const wanted = new Set<Part>(['translation']);

const loadPart = async (part: Part, language: Language): Promise<void> => {
  if (i18next.hasResourceBundle(language, part)) return;
  const words = await parts[part](language);
  i18next.addResourceBundle(language, part, words.default);
};

const load = async (language: Language): Promise<void> => {
  await Promise.all([...wanted].map((part) => loadPart(part, language)));
};

const show = async (language: Language): Promise<void> => {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = localeOf(language);
};

/** Loads the language of this browser and gets the words ready. */
export const startLanguages = async (): Promise<void> => {
  await i18next.use(initReactI18next).init({
    resources: {},
    fallbackLng: false,
    interpolation: { escapeValue: false },
  });
  const chosen = readSetting('language');
  await show(isLanguage(chosen) ? chosen : chooseLanguage(navigator.languages));
};

/** Loads the words of one more part, before its first component is rendered. */
export const loadWords = async (part: Exclude<Part, 'translation'>): Promise<void> => {
  wanted.add(part);
  await loadPart(part, currentLanguage());
};

/** Fetches the other languages, for when the server that this page came from is gone. */
export const loadAllLanguages = async (): Promise<void> => {
  await Promise.all(languages.map(({ code }) => load(code)));
};

/** Changes the language and remembers it. */
export const setLanguage = async (language: Language): Promise<void> => {
  writeSetting('language', language);
  await show(language);
};

/** Which of the languages is shown. */
export const currentLanguage = (): Language => (isLanguage(i18next.language) ? i18next.language : 'en');

/** How dates and numbers are written: as the browser writes this language, else as it is written in most places. */
export const localeOf = (language: string): string => {
  const wished = navigator.languages.find((wish) => wish.toLowerCase().split('-')[0] === language);
  return wished ?? { en: 'en', id: 'id-ID', pt: 'pt-BR' }[language] ?? language;
};

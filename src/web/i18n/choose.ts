/** The languages there are, and which of them suits a browser. */

export const languages = [
  { code: 'en', name: 'English' },
  { code: 'id', name: 'Bahasa Indonesia' },
  { code: 'pt', name: 'Português' },
] as const;
export type Language = (typeof languages)[number]['code'];

export const isLanguage = (code: string | null): code is Language =>
  languages.some((language) => language.code === code);

/** The first of the wished-for languages that there is, else English. `in` is what old systems call Indonesian. */
export const chooseLanguage = (wishes: readonly string[]): Language => {
  for (const wish of wishes) {
    const code = wish.toLowerCase().split('-')[0]!.replace(/^in$/, 'id');
    if (isLanguage(code)) return code;
  }
  return 'en';
};

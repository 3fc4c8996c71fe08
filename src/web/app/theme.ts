/** Light or dark: what the system says, unless one was chosen. `public/theme.js` does the same before the first paint. */
import { readSetting, writeSetting } from './settings.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const currentTheme = (): Theme => {
  const chosen = readSetting('theme');
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
};

export const setTheme = (theme: Theme): void => {
  writeSetting('theme', theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};

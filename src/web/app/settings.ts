/** What this browser remembers: small strings, which may be lost at any time. Storage that is forbidden is no error. */

const prefix = 'estafet.';

export const readSetting = (name: string): string | null => {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
};

/** Remembers a value; null or an empty one is forgotten. */
export const writeSetting = (name: string, value: string | null): void => {
  try {
    if (value) localStorage.setItem(prefix + name, value);
    else localStorage.removeItem(prefix + name);
  } catch {
    // A private window or a full disk: the setting lasts as long as the page.
  }
};

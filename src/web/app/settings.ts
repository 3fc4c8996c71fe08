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

/** Forgets all values whose names begin so. */
export const forgetSettings = (start: string): void => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix + start)) localStorage.removeItem(key);
  } catch {
    // There was nothing to forget.
  }
};

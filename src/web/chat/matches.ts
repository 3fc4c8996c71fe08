/** Finding by a part of a name, whatever the accents and the case. */

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
const asked = (wanted: string): string => plain(wanted.trim().replace(/^[#@]/, ''));

export const matches = (wanted: string, name: string): boolean => plain(name).includes(asked(wanted));

/** Whether the name, or one of its words, begins so. */
export const startsWith = (wanted: string, name: string): boolean => {
  const sought = asked(wanted);
  const shown = plain(name).replace(/^#/, '');
  return shown.startsWith(sought) || shown.split(/[\s,_-]+/).some((word) => word.startsWith(sought));
};

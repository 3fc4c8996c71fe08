/** Finding by a part of a name, whatever the accents and the case. */

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();

export const matches = (wanted: string, name: string): boolean =>
  plain(name).includes(plain(wanted.trim().replace(/^#/, '')));

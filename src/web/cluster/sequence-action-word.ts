/** What was done to a server, in a word or two; as it was told when this page does not know it. */
import type { TFunction } from 'i18next';
import type { ClusterAction } from '../../protocol/index.ts';

/** Every action once: the compiler holds it complete. */
const known: Readonly<Record<ClusterAction, true>> = {
  kill: true,
  pause: true,
  resume: true,
  restart: true,
  'cut-link': true,
  'heal-link': true,
  'slow-link': true,
  'slow-disk': true,
  wipe: true,
  add: true,
  remove: true,
  'step-down': true,
  roll: true,
};

const isKnown = (action: string): action is ClusterAction => Object.hasOwn(known, action);

export const actionWord = (t: TFunction<'cluster'>, action: string | null): string =>
  action !== null && isKnown(action) ? t(`sequence.actions.${action}`) : (action ?? '');

/** Whether this browser may show notifications, and whether the person wants them here. Asked for only by a click. */
import { readSetting, writeSetting } from '../app/settings.ts';
import { cell } from '../store/cell.ts';

export type NotifyState =
  /** The page came over plain HTTP: browsers allow none there. */
  | 'insecure'
  /** This browser has none. */
  | 'unsupported'
  /** The person refused them in the browser's own settings, where alone that can be changed. */
  | 'blocked'
  | 'off'
  | 'on';

const now = (): NotifyState => {
  if (!window.isSecureContext) return 'insecure';
  if (!('Notification' in window)) return 'unsupported';
  if (Notification.permission === 'denied') return 'blocked';
  return Notification.permission === 'granted' && readSetting('notify') === 'on' ? 'on' : 'off';
};

export const notifyState = cell<NotifyState>(now());

/** Turns notifications on or off in this browser. Only from a click: browsers ignore anything else. */
export const wantNotifications = async (wanted: boolean): Promise<void> => {
  const before = notifyState.get();
  if (before === 'insecure' || before === 'unsupported') return;
  if (wanted && Notification.permission === 'default') await Notification.requestPermission();
  writeSetting('notify', wanted ? 'on' : null);
  notifyState.set(now());
};

/**
 * Which dialog is open over the page: one at a time, or none. `openDialog` may be called from anywhere; `DialogHost`
 * shows it, on every page.
 */
import { cell, useCell } from '../store/cell.ts';

/** The dialogs that open from more than one place. Rooms and people are named by their ids. */
export type Dialog =
  | { readonly kind: 'create' }
  | { readonly kind: 'browse' }
  | { readonly kind: 'switch' }
  /** About a room: its name and topic, how it notifies, what can be done with it. */
  | { readonly kind: 'room'; readonly room: string }
  /** People of the workspace, to be brought into a room. */
  | { readonly kind: 'invite'; readonly room: string }
  /** How others come into the workspace. */
  | { readonly kind: 'workspace' }
  /** A new conversation between people. */
  | { readonly kind: 'direct' }
  /** Of somebody; with a room, what one may do about them there. */
  | { readonly kind: 'profile'; readonly user: string; readonly room?: string }
  /** What this device keeps, and does without a server. */
  | { readonly kind: 'device' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'shortcuts' };

const open = cell<Dialog | null>(null);

export const openDialog = (dialog: Dialog): void => open.set(dialog);
export const closeDialog = (): void => open.set(null);
export const useDialog = (): Dialog | null => useCell(open);

import { lazy, Suspense } from 'react';
import { useDialog } from './dialog-kind.ts';

/** Nobody needs a dialog to read: they come after the page. */
export const loadDialogs = () => import('./dialogs.tsx');
const Dialogs = lazy(async () => ({ default: (await loadDialogs()).Dialogs }));

/** The dialog that is open, if one is. */
export const DialogHost = () => {
  const dialog = useDialog();
  if (!dialog) return null;
  return (
    <Suspense fallback={null}>
      <Dialogs dialog={dialog} />
    </Suspense>
  );
};

/** What screen readers are told without asking: what changes for everybody, not every message. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabStore } from './hooks.ts';

export const Announcer = () => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const [text, setText] = useState('');
  useEffect(
    () =>
      store.onNews(({ events = [], host }) => {
        const last = events.findLast(({ what }) => what === 'dials' || what === 'run-ended' || what === 'moved');
        if (host === null) setText(t('page.noHost'));
        else if (last?.what === 'dials') setText(t('announce.dials'));
        else if (last?.what === 'run-ended') setText(t('announce.runEnded'));
        else if (last?.what === 'moved') setText(t('announce.moved'));
      }),
    [store, t],
  );
  return (
    <p className="hidden-visually" role="status">
      {text}
    </p>
  );
};

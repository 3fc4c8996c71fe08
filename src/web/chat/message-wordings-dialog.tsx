import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ErrorCode, EstafetError, type Message } from '../../client/index.ts';
import type { Wording } from '../../protocol/index.ts';
import { momentOf } from '../i18n/dates.ts';
import { localeOf } from '../i18n/index.ts';
import { useStore } from '../store/hooks.ts';
import { MarkdownView } from '../text/markdown-view.tsx';
import { Modal } from '../ui/modal.tsx';
import { scrollable } from '../ui/scrollable.ts';
import './message-wordings-dialog.css';

interface WordingsDialogProps {
  readonly message: Message;
  readonly onClose: () => void;
}

type Found = { readonly wordings: readonly Wording[] } | { readonly code: ErrorCode } | null;

/** How a message read before, the newest wording first. */
export const WordingsDialog = ({ message, onClose }: WordingsDialogProps) => {
  const { t, i18n } = useTranslation();
  const store = useStore();
  const locale = localeOf(i18n.language);
  const [found, setFound] = useState<Found>(null);
  useEffect(() => {
    let wanted = true;
    store.request('GET', `/api/v1/messages/${message.id}/wordings`).then(
      (answer) => wanted && setFound(answer as { readonly wordings: readonly Wording[] }),
      (error: unknown) => wanted && setFound({ code: error instanceof EstafetError ? error.code : 'internal' }),
    );
    return () => {
      wanted = false;
    };
  }, [store, message.id]);
  const earlier = found && 'wordings' in found ? [...found.wordings].sort((a, b) => b.at - a.at) : [];
  const all = [{ text: message.text, at: message.editedAt ?? message.at }, ...earlier];
  return (
    <Modal title={t('wordings.title')} onClose={onClose}>
      {found && 'code' in found ? <p role="alert">{t(`errors.${found.code}`, { count: 0 })}</p> : null}
      <ol className="wordings" {...scrollable} aria-label={t('wordings.title')}>
        {all.map(({ text, at }, place) => (
          <li key={at}>
            <p className="wordings-at">
              {place === 0 ? t('wordings.now') : null}{' '}
              <time dateTime={new Date(at).toISOString()}>{momentOf(at, locale)}</time>
            </p>
            <MarkdownView text={text} mentions={none} you="" />
          </li>
        ))}
      </ol>
    </Modal>
  );
};

const none: readonly never[] = [];
